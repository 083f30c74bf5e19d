/** Files on their way into a message. They belong to the draft, not to the field, so that changing channels does not stop them. */
import { signal, type Signal } from "@preact/signals";
import { ApiError } from "../api/errors";
import type { FileInfo } from "../api/types";
import { uploadFile, type Upload } from "../api/upload";
import { t } from "../i18n";
import type { ChannelId } from "../lib/ids";
import { sizeText } from "../lib/size";
import { now } from "../state/store";
import type { DraftKey } from "../state/state";
import { errorText, toast } from "./feedback";

export interface Attached {
    readonly clientId: string;
    readonly name: string;
    readonly size: number;
    readonly status: "uploading" | "done" | "failed";
    readonly progress: number;
    readonly info: FileInfo | null;
    readonly error: string;
}

const FILES_PER_POST = 10;
const lists = new Map<DraftKey, Signal<readonly Attached[]>>();
const running = new Map<string, { readonly upload: Upload; readonly file: File; readonly channelId: ChannelId }>();
let counter = 0;

/** The files of a draft. At first those the draft was saved with. */
export function attachedOf(key: DraftKey): Signal<readonly Attached[]> {
    let list = lists.get(key);
    if (!list) {
        list = signal((now().drafts[key]?.files ?? []).map((info) => doneOf(info.id, info)));
        lists.set(key, list);
    }
    return list;
}

function doneOf(clientId: string, info: FileInfo): Attached {
    return { clientId, name: info.name, size: info.size, status: "done", progress: 1, info, error: "" };
}

export function attach(key: DraftKey, channelId: ChannelId, files: readonly File[]): void {
    const list = attachedOf(key);
    const limit = Number(now().config["MaxFileSize"]) || Number.POSITIVE_INFINITY;
    const room = FILES_PER_POST - list.value.length;
    if (files.length > room) toast(t("file.too_many", { n: FILES_PER_POST }), "danger");
    for (const file of files.slice(0, Math.max(0, room))) {
        if (file.size > limit) {
            toast(t("file.too_large", { name: file.name, limit: sizeText(limit) }), "danger");
            continue;
        }
        const clientId = `${Date.now()}-${++counter}`;
        list.value = [...list.value, { clientId, name: file.name, size: file.size, status: "uploading", progress: 0, info: null, error: "" }];
        start(key, channelId, clientId, file);
    }
}

function start(key: DraftKey, channelId: ChannelId, clientId: string, file: File): void {
    const upload = uploadFile(channelId, clientId, file, (progress) => change(key, clientId, { progress }));
    running.set(clientId, { upload, file, channelId });
    upload.done.then((info) => {
        running.delete(clientId);
        change(key, clientId, { status: "done", progress: 1, info });
    }).catch((error: unknown) => {
        if (error instanceof ApiError && error.id === "anser.cancelled") return;
        change(key, clientId, { status: "failed", error: errorText(error) });
    });
}

function change(key: DraftKey, clientId: string, patch: Partial<Attached>): void {
    const list = attachedOf(key);
    list.value = list.value.map((each) => (each.clientId === clientId ? { ...each, ...patch } : each));
}

export function retryUpload(key: DraftKey, clientId: string): void {
    const known = running.get(clientId);
    if (!known) return;
    change(key, clientId, { status: "uploading", progress: 0, error: "" });
    start(key, known.channelId, clientId, known.file);
}

/** Cancels what is on its way, or takes a finished file off the message. */
export function detach(key: DraftKey, clientId: string): void {
    running.get(clientId)?.upload.cancel();
    running.delete(clientId);
    const list = attachedOf(key);
    list.value = list.value.filter((each) => each.clientId !== clientId);
}

export function clearAttached(key: DraftKey): void {
    attachedOf(key).value = [];
}
