/** Sending with the result shown first: the post stands in the channel at once, and is settled, or marked as not sent, when the server answers. */
import { api } from "../api/client";
import { ApiError, isUnreachable } from "../api/errors";
import type { FileInfo, Post } from "../api/types";
import { asId, type ChannelId, type PostId } from "../lib/ids";
import { dispatch, now } from "../state/store";

let lastMs = 0;
/** Not sent because the server could not be reached: these go out by themselves later. What the server refused waits for the user. */
const unreached = new Set<PostId>();

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
    try {
        const post = await api.postCreate({
            channel_id: pending.channel_id, root_id: pending.root_id, message: pending.message, file_ids: pending.file_ids ?? [], pending_post_id: pending.pending_post_id,
        });
        unreached.delete(pending.id);
        dispatch({ kind: "send_done", post });
    } catch (error) {
        dispatch({ kind: "send_failed", pendingId: pending.id });
        if (isUnreachable(error)) {
            unreached.add(pending.id);
            return;
        }
        unreached.delete(pending.id);
        if (error instanceof ApiError) throw error;
    }
}

/** When the connection is back: what was not sent goes out, in the order it was written. The pending id keeps a post that did arrive from doubling. */
export async function retryAll(): Promise<void> {
    for (const id of [...unreached].sort()) {
        unreached.delete(id);
        if (now().sends[id] === "failed") await retryPost(id).catch(() => undefined);
    }
}
