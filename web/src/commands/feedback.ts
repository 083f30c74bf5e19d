/** How the app answers a command: a short notice, or the reason it did not work. */
import { ApiError, isUnreachable } from "../api/errors";
import { t } from "../i18n";
import { dispatch } from "../state/store";

const TOAST_MS = 5_000;
let lastToast = 0;

export function toast(text: string, tone: "plain" | "danger" = "plain"): void {
    const id = ++lastToast;
    dispatch({ kind: "toast_shown", id, text, tone });
    window.setTimeout(() => dispatch({ kind: "toast_gone", id }), TOAST_MS);
}

export function errorText(error: unknown): string {
    if (isUnreachable(error)) return t("error.unreachable");
    if (error instanceof ApiError && error.message) return error.message;
    /* A bug of ours: it must not pass in silence. */
    if (!(error instanceof ApiError)) console.error(error);
    return t("error.unknown");
}

/** Runs what the user asked for; a refusal is shown, not thrown. True when it worked. */
export async function attempt(work: Promise<unknown>): Promise<boolean> {
    try {
        await work;
        return true;
    } catch (error) {
        toast(errorText(error), "danger");
        return false;
    }
}

export async function copyText(text: string, done: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        copyByHand(text);
    }
    toast(done);
}

/** Without https there is no clipboard API. */
function copyByHand(text: string): void {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "offscreen";
    const host = document.querySelector("dialog[open]") ?? document.body;
    host.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
}
