/** Everything a key can do, as values: the keyboard handler and the list of shortcuts read the same rows. */
import type { Key } from "../i18n";
import { dispatch, now } from "../state/store";
import { markChannelsRead } from "./read";
import { stepChannel } from "./channels";
import { goToThreads } from "./posts";

export interface Command {
    readonly id: string;
    readonly label: Key;
    /** "mod" is Cmd on Apple's keyboards and Ctrl elsewhere. */
    readonly keys?: string;
    readonly run: () => void;
}

export const COMMANDS: readonly Command[] = [
    { id: "switch", label: "shortcuts.switch", keys: "mod+k", run: () => toggleDialog("switcher") },
    { id: "search", label: "shortcuts.search", keys: "mod+shift+f", run: () => dispatch({ kind: "side", side: { kind: "search", terms: "" } }) },
    { id: "next", label: "shortcuts.next", keys: "alt+arrowdown", run: () => stepChannel(1, false) },
    { id: "previous", label: "shortcuts.previous", keys: "alt+arrowup", run: () => stepChannel(-1, false) },
    { id: "next_unread", label: "shortcuts.next_unread", keys: "alt+shift+arrowdown", run: () => stepChannel(1, true) },
    { id: "previous_unread", label: "shortcuts.previous_unread", keys: "alt+shift+arrowup", run: () => stepChannel(-1, true) },
    { id: "threads", label: "shortcuts.threads", keys: "mod+shift+u", run: goToThreads },
    { id: "mentions", label: "shortcuts.mentions", keys: "mod+shift+m", run: () => dispatch({ kind: "side", side: { kind: "mentions" } }) },
    { id: "direct", label: "shortcuts.direct", keys: "mod+shift+k", run: () => toggleDialog("direct_new") },
    { id: "settings", label: "shortcuts.settings", keys: "mod+shift+a", run: () => dispatch({ kind: "dialog", dialog: { kind: "settings", tab: "profile" } }) },
    { id: "info", label: "shortcuts.info", keys: "mod+alt+i", run: openInfo },
    { id: "keys", label: "shortcuts.title", keys: "mod+/", run: () => toggleDialog("shortcuts") },
    { id: "close", label: "shortcuts.close", keys: "escape", run: closeOrRead },
];

export const EDITOR_KEYS: readonly { readonly label: Key; readonly keys: string }[] = [
    { label: "shortcuts.send", keys: "enter" },
    { label: "shortcuts.newline", keys: "shift+enter" },
    { label: "shortcuts.edit_last", keys: "arrowup" },
    { label: "shortcuts.reply_last", keys: "shift+arrowup" },
    { label: "format.bold", keys: "mod+b" },
    { label: "format.italic", keys: "mod+i" },
    { label: "format.strike", keys: "mod+shift+x" },
    { label: "format.code", keys: "mod+alt+c" },
    { label: "format.link", keys: "mod+alt+k" },
];

function toggleDialog(kind: "switcher" | "direct_new" | "shortcuts"): void {
    dispatch({ kind: "dialog", dialog: now().ui.dialog?.kind === kind ? null : { kind } });
}

function openInfo(): void {
    const { channelId, ui } = now();
    if (channelId) dispatch({ kind: "side", side: ui.side?.kind === "info" ? null : { kind: "info", channelId } });
}

/** Escape closes what is open; with nothing open it marks the channel read. */
function closeOrRead(): void {
    const { ui, channelId } = now();
    if (ui.side) dispatch({ kind: "side", side: null });
    else if (channelId) {
        dispatch({ kind: "new_line_cleared", channelId });
        markChannelsRead([channelId]);
    }
}

const isApple = typeof navigator !== "undefined" && /Mac|iP/.test(navigator.platform);

const SIGNS: { readonly [key: string]: string } = { arrowdown: "↓", arrowup: "↑", escape: "Esc", enter: "Enter", shift: "Shift", alt: isApple ? "⌥" : "Alt", mod: isApple ? "⌘" : "Ctrl" };

export function keyText(keys: string): string {
    return keys.split("+").map((key) => SIGNS[key] ?? key.toUpperCase()).join(isApple ? " " : " + ");
}

export function matchesKeys(keys: string, event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }): boolean {
    const parts = keys.split("+");
    const key = parts.at(-1);
    const mod = isApple ? event.metaKey : event.ctrlKey;
    const other = isApple ? event.ctrlKey : event.metaKey;
    return event.key.toLowerCase() === key && mod === parts.includes("mod") && !other && event.altKey === parts.includes("alt") && event.shiftKey === parts.includes("shift");
}

/** Does the command of these keys, if there is one. */
export function runKeys(event: KeyboardEvent): boolean {
    const command = COMMANDS.find((each) => each.keys && matchesKeys(each.keys, event));
    if (!command) return false;
    command.run();
    return true;
}
