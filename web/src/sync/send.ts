/** Sending with the result shown first: the post stands in the channel at once, and is settled, or marked as not sent, when the server answers. */
import { api } from "../api/client";
import { ApiError, isUnreachable } from "../api/errors";
import type { FileInfo, Post } from "../api/types";
import { asId, type ChannelId, type PostId } from "../lib/ids";
import type { SendStatus } from "../state/state";
import { dispatch, now } from "../state/store";

let lastMs = 0;

/** "<user id>:<ms>", never the same twice. */
function pendingIdNew(): PostId {
    lastMs = Math.max(Date.now(), lastMs + 1);
    return asId<PostId>(`${now().me}:${lastMs}`);
}

export function sendPost(channelId: ChannelId, rootId: PostId | "", message: string, files: readonly FileInfo[]): Promise<void> {
    const id = pendingIdNew();
    /* Not earlier than the channel's last post: clocks differ, and one's own message belongs at the end. */
    const at = Math.max(lastMs, (now().channels[channelId]?.last_post_at ?? 0) + 1);
    const post: Post = {
        id, pending_post_id: id, create_at: at, update_at: at, edit_at: 0, delete_at: 0, is_pinned: false, user_id: now().me, channel_id: channelId,
        root_id: rootId, message, type: "", props: {}, file_ids: files.map((file) => file.id), reply_count: 0, metadata: { files },
    };
    dispatch({ kind: "send_started", post });
    return deliver(post);
}

export function retryPost(pendingId: PostId): Promise<void> {
    const post = now().posts[pendingId];
    if (!post) return Promise.resolve();
    dispatch({ kind: "send_retried", pendingId });
    return deliver(post);
}

async function deliver(pending: Post): Promise<void> {
    keepOutbox();
    try {
        const post = await api.postCreate({
            channel_id: pending.channel_id, root_id: pending.root_id, message: pending.message, file_ids: pending.file_ids ?? [], pending_post_id: pending.pending_post_id,
        });
        laterMs = 2_000;
        dispatch({ kind: "send_done", post });
    } catch (error) {
        const willRetry = isUnreachable(error);
        dispatch({ kind: "send_failed", pendingId: pending.id, willRetry });
        if (willRetry) tryLater();
        if (!willRetry && error instanceof ApiError) throw error;
    } finally {
        keepOutbox();
    }
}

/** The socket may stay open while requests fail: then no reconnection would send what waits. */
let laterTimer = 0, laterMs = 2_000;

function tryLater(): void {
    window.clearTimeout(laterTimer);
    laterTimer = window.setTimeout(() => {
        laterMs = Math.min(60_000, laterMs * 2);
        if (now().connection.kind === "online") void retryAll();
    }, laterMs);
}

/** When the connection is back: what was not sent goes out, in the order it was written. The pending id keeps a post that did arrive from doubling. */
export async function retryAll(): Promise<void> {
    for (const id of unsent((status) => status === "waiting")) await retryPost(id).catch(() => undefined);
}

export function dropPost(pendingId: PostId): void {
    dispatch({ kind: "send_dropped", pendingId });
    keepOutbox();
}

function unsent(wanted: (status: SendStatus) => boolean): PostId[] {
    return Object.entries(now().sends).filter(([, status]) => status !== undefined && wanted(status)).map(([id]) => asId<PostId>(id)).sort();
}

/* What is not sent yet survives a reload. */

const outboxKey = (): string => `anser.outbox.${now().me}`;

function keepOutbox(): void {
    try {
        localStorage.setItem(outboxKey(), JSON.stringify(unsent(() => true).flatMap((id) => now().posts[id] ?? [])));
    } catch {
        /* Storage is full or off: the posts live as long as the page. */
    }
}

/** Once, after the first load. */
export function restoreOutbox(): void {
    let posts: readonly Post[] = [];
    try {
        posts = JSON.parse(localStorage.getItem(outboxKey()) ?? "[]") as Post[];
    } catch {
        return;
    }
    for (const post of posts) {
        if (now().sends[post.id]) continue;
        dispatch({ kind: "send_started", post });
        dispatch({ kind: "send_failed", pendingId: post.id, willRetry: true });
    }
}
