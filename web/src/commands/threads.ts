/** Threads: opening, following, reading. */
import { api } from "../api/client";
import type { PostId } from "../lib/ids";
import { dispatch, now } from "../state/store";
import { fetchPost, quietly } from "../sync/follow";
import { loadInbox, loadThread, loadThreadInfo } from "../sync/load";
import { attempt } from "./feedback";

export function openThread(rootId: PostId, focusId?: PostId): void {
    const known = now().threads[rootId];
    dispatch({ kind: "side", side: { kind: "thread", rootId, ...(focusId ? { focusId } : {}) } });
    if (!now().posts[rootId]) quietly(fetchPost(rootId));
    void attempt(loadThread(rootId));
    if (known) readThread(rootId);
    /* Only threads one follows have a record of what was read. */
    else if (now().posts[rootId]?.is_following !== false) void loadThreadInfo(rootId).then(() => readThread(rootId));
}

/** The server's event brings the counts down. */
export function readThread(rootId: PostId): void {
    const { me, teamId, threads, ui } = now();
    const thread = threads[rootId];
    if (!teamId || !thread || !ui.isFocused) return;
    if (thread.unread_replies === 0 && thread.unread_mentions === 0) return;
    quietly(api.threadRead(me, teamId, rootId, Math.max(thread.last_reply_at, Date.now())));
}

export function followThread(rootId: PostId, isFollowing: boolean): void {
    const { me, teamId } = now();
    if (!teamId) return;
    dispatch({ kind: "thread_followed", threadId: rootId, isFollowing, replyCount: 0 });
    void attempt(api.threadFollow(me, teamId, rootId, isFollowing));
}

export function readAllThreads(): void {
    const { me, teamId } = now();
    if (!teamId) return;
    dispatch({ kind: "threads_read_all", teamId, channelId: "" });
    void attempt(api.threadsReadAll(me, teamId).then(() => loadInbox(teamId, true)));
}

export function markThreadUnread(rootId: PostId, postId: PostId): void {
    const { me, teamId } = now();
    if (teamId) void attempt(api.threadSetUnread(me, teamId, rootId, postId).then((thread) => dispatch({ kind: "thread_info", thread })));
}
