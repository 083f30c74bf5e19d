/** Drafts: kept in this browser at once, on the server a little later, so that they survive a crash and follow the user. */
import { api } from "../api/client";
import { asId, type FileId, type TeamId } from "../lib/ids";
import { dispatch, now } from "../state/store";
import type { DraftKey, LocalDraft } from "../state/state";
import { valuesOf } from "../lib/record";

const SERVER_AFTER_MS = 1_000;
const timers = new Map<DraftKey, number>();

const storageKey = (): string => `anser.drafts.${now().me}`;

export function loadLocalDrafts(): void {
    try {
        const drafts = JSON.parse(localStorage.getItem(storageKey()) ?? "[]") as LocalDraft[];
        dispatch({ kind: "drafts_loaded", drafts });
    } catch {
        /* Unreadable, or storage is off: there are no local drafts then. */
    }
}

export async function loadServerDrafts(teamId: TeamId): Promise<void> {
    try {
        const drafts = (await api.drafts(teamId)) ?? [];
        dispatch({
            kind: "drafts_loaded",
            drafts: drafts.map((draft) => ({ channelId: draft.channel_id, rootId: draft.root_id, message: draft.message, files: draft.metadata?.files ?? [], updatedAt: draft.update_at })),
        });
    } catch {
        /* The feature may be off. */
    }
}

export function saveDraft(key: DraftKey, draft: LocalDraft | null): void {
    const old = now().drafts[key];
    if (!draft && !old) return;
    dispatch({ kind: "draft_set", key, draft });
    keepLocally();
    const { channelId, rootId } = draft ?? (old as LocalDraft);
    window.clearTimeout(timers.get(key));
    timers.set(key, window.setTimeout(() => void saveOnServer(key, asId(channelId), rootId), SERVER_AFTER_MS));
}

function keepLocally(): void {
    try {
        localStorage.setItem(storageKey(), JSON.stringify(valuesOf(now().drafts)));
    } catch {
        /* Storage is full or off: the server's copy has to do. */
    }
}

async function saveOnServer(key: DraftKey, channelId: LocalDraft["channelId"], rootId: LocalDraft["rootId"]): Promise<void> {
    timers.delete(key);
    const draft = now().drafts[key];
    try {
        if (draft) {
            await api.draftSave({ channel_id: channelId, root_id: rootId, message: draft.message, user_id: now().me, file_ids: draft.files.map((file) => file.id as FileId) });
        } else {
            await api.draftDelete(channelId, rootId);
        }
    } catch {
        /* The local copy stands. */
    }
}
