/** Choosing an emoji: search, recent ones, groups; with keys as with the pointer. Its data is loaded when first opened. */
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api } from "../../api/client";
import { t } from "../../i18n";
import { loadEmojis, type EmojiGroup } from "../../lib/emoji";
import { fold } from "../../lib/match";
import { valuesOf } from "../../lib/record";
import { recentEmojis } from "../../commands/posts";
import { dispatch } from "../../state/store";
import { Spinner } from "../../ui/parts";
import { EmojiView } from "./emoji_view";
import { useSelect } from "./use_select";
import "./emoji.css";

interface Section {
    readonly id: string;
    readonly names: readonly string[];
}

let hasAskedCustom = false;

export function EmojiPicker({ onPick }: { readonly onPick: (name: string) => void }) {
    const [groups, setGroups] = useState<readonly EmojiGroup[] | null>(null);
    const [text, setText] = useState("");
    const [hovered, setHovered] = useState("");
    const grid = useRef<HTMLDivElement>(null);
    const custom = useSelect((state) => valuesOf(state.emojis).map((emoji) => emoji?.name ?? "").filter(Boolean).sort().join(" "));
    const hasCustom = useSelect((state) => state.config["EnableCustomEmoji"] === "true");
    useEffect(() => {
        void loadEmojis().then(setGroups);
        if (hasCustom && !hasAskedCustom) {
            hasAskedCustom = true;
            api.emojiList(0).then((emojis) => dispatch({ kind: "emojis_received", asked: [], emojis })).catch(() => undefined);
        }
    }, []);
    const sections = useMemo<readonly Section[]>(() => {
        if (!groups) return [];
        const own = custom.split(" ").filter(Boolean);
        const word = fold(text.trim()).replace(/\s+/g, "_");
        if (word) {
            const found = groups.flatMap((group) => group.entries).filter((entry) => entry.names.some((name) => name.includes(word))).map((entry) => entry.names.find((name) => name.includes(word)) ?? entry.names[0] ?? "");
            return [{ id: "results", names: [...own.filter((name) => name.includes(word)), ...found].sort((a, b) => Number(b.startsWith(word)) - Number(a.startsWith(word))).slice(0, 120) }];
        }
        return [
            { id: "recent", names: recentEmojis() },
            ...(own.length > 0 ? [{ id: "custom", names: own }] : []),
            ...groups.map((group) => ({ id: group.id, names: group.entries.map((entry) => entry.names[0] ?? "") })),
        ].filter((section) => section.names.length > 0);
    }, [groups, text, custom]);

    const onKey = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
        const cells = [...(grid.current?.querySelectorAll<HTMLButtonElement>(".emoji-cell") ?? [])];
        if (event.key === "Enter" && event.target instanceof HTMLInputElement && cells[0]) {
            event.preventDefault();
            cells[0].click();
            return;
        }
        const at = cells.indexOf(document.activeElement as HTMLButtonElement);
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 9, ArrowUp: -9 }[event.key];
        if (step === undefined || (at < 0 && event.key !== "ArrowDown")) return;
        event.preventDefault();
        if (at >= 0 && at + step < 0) event.currentTarget.querySelector("input")?.focus();
        else cells[Math.min(cells.length - 1, at < 0 ? 0 : at + step)]?.focus();
    };

    const first = sections[0]?.names[0] ?? "";
    const shown = hovered || first;
    return (
        <div class="emoji-picker" onKeyDown={onKey}>
            <input class="input emoji-search" type="search" value={text} placeholder={t("emoji.search")} aria-label={t("emoji.search")} autoFocus autoComplete="off" onInput={(event) => setText(event.currentTarget.value)} />
            {!groups ? <div class="emoji-wait"><Spinner label={t("emoji.loading")} /></div> : (
                <>
                    {!text && (
                        <div class="emoji-tabs" role="toolbar" aria-label={t("emoji.groups")}>
                            {sections.map((section) => (
                                <button key={section.id} type="button" class="icon-button small" title={groupName(section.id)} aria-label={groupName(section.id)} onClick={() => grid.current?.querySelector(`[data-group="${section.id}"]`)?.scrollIntoView({ block: "start" })}>
                                    {section.id === "recent" ? "🕘" : <EmojiView name={section.names[0] ?? "smile"} />}
                                </button>
                            ))}
                        </div>
                    )}
                    <div class="emoji-grid" ref={grid}>
                        {sections.map((section) => (
                            <section key={section.id} data-group={section.id} aria-label={groupName(section.id)}>
                                <h3>{groupName(section.id)}</h3>
                                <div class="emoji-cells">
                                    {section.names.map((name) => (
                                        <button key={name} type="button" class="emoji-cell" title={`:${name}:`} aria-label={name} onMouseEnter={() => setHovered(name)} onFocus={() => setHovered(name)} onClick={() => onPick(name)}><EmojiView name={name} /></button>
                                    ))}
                                </div>
                            </section>
                        ))}
                        {sections[0]?.names.length === 0 && <p class="emoji-none">{t("emoji.none")}</p>}
                    </div>
                    <div class="emoji-foot">{shown && <><span class="emoji-big"><EmojiView name={shown} /></span> <span class="clip">:{shown}:</span></>}</div>
                </>
            )}
        </div>
    );
}

const GROUP_KEYS = ["results", "recent", "custom", "smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"] as const;

function groupName(id: string): string {
    const known = GROUP_KEYS.find((key) => key === id);
    return known ? t(`emoji.${known}`) : id;
}

