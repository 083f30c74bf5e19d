/** Threads one follows: their unread counts, the inbox, the totals. */
import type { ChannelId, PostId, TeamId } from "../lib/ids";
import { mapEntry, valuesOf, withEntries, withEntry } from "../lib/record";
import type { PostList, Thread, Threads } from "../api/types";
import { listPosts, sortedIds, unsentIn, withPosts } from "./posts";
import type { ServerEvent } from "./events";
import type { State, ThreadTotals } from "./state";

export const inboxKey = (teamId: TeamId, unreadOnly: boolean): string => `${teamId}/${unreadOnly ? "unread" : "all"}`;

export function withThreadList(state: State, rootId: PostId, list: PostList): State {
    const next = withPosts(state, listPosts(list));
    const received = listPosts(list).filter((post) => post.root_id === rootId && post.delete_at === 0).map((post) => post.id);
    const pending = unsentIn(state, (post) => post.root_id === rootId);
    const known = list.has_next === undefined ? [] : (state.replies[rootId] ?? []);
    return { ...next, replies: withEntry(next.replies, rootId, sortedIds(next, [...known, ...received, ...pending])) };
}

export function withThread(state: State, thread: Thread): State {
    const old = state.threads[thread.id];
    const merged: Thread = { ...thread, participants: thread.participants ?? old?.participants ?? null, post: null };
    const next: State = { ...(thread.post ? withPosts(state, [thread.post]) : state), threads: withEntry(state.threads, thread.id, merged) };
    return {
        ...next,
        posts: mapEntry(next.posts, thread.id, (root) => ({
            ...root,
            reply_count: thread.reply_count,
            last_reply_at: Math.max(thread.last_reply_at, root.last_reply_at ?? 0),
            participants: thread.participants ?? root.participants ?? null,
            is_following: true,
        })),
    };
}

export function withInbox(state: State, teamId: TeamId, unreadOnly: boolean, page: Threads, append: boolean): State {
    const threads = page.threads ?? [];
    let next = state;
    for (const thread of threads) next = withThread(next, thread);
    const key = inboxKey(teamId, unreadOnly);
    const known = append ? (state.inboxes[key]?.ids ?? []) : [];
    const ids = [...new Set([...known, ...threads.map((thread) => thread.id)])];
    next = { ...next, inboxes: withEntry(next.inboxes, key, { ids, hasMore: threads.length >= 30 }) };
    return withTotals(next, teamId, { unread: page.total_unread_threads, mentions: page.total_unread_mentions });
}

export function withTotals(state: State, teamId: TeamId, totals: ThreadTotals): State {
    return { ...state, threadTotals: withEntry(state.threadTotals, teamId, totals) };
}

/** The event says what the thread's counts were before, so totals follow even for threads that were never loaded. */
export function applyThreadUpdate(state: State, event: Extract<ServerEvent, { kind: "thread_updated" }>): State {
    const { thread } = event;
    let next = withThread(state, thread);
    next = shiftTotals(next, event.teamId, {
        unread: Number(thread.unread_replies > 0) - Number(event.previousReplies > 0),
        mentions: thread.unread_mentions - event.previousMentions,
    });
    return listFirst(next, event.teamId, thread.id);
}

export function applyThreadRead(state: State, event: Extract<ServerEvent, { kind: "thread_read" }>): State {
    const next: State = {
        ...state,
        threads: mapEntry(state.threads, event.threadId, (thread) => ({
            ...thread, last_viewed_at: event.at, unread_replies: event.replies, unread_mentions: event.mentions,
        })),
    };
    return shiftTotals(next, event.teamId, {
        unread: Number(event.replies > 0) - Number(event.previousReplies > 0),
        mentions: event.mentions - event.previousMentions,
    });
}

export function readAllThreads(state: State, teamId: TeamId | "", channelId: ChannelId | ""): State {
    const read = valuesOf(state.threads)
        .filter((thread) => !channelId || state.posts[thread.id]?.channel_id === channelId)
        .map((thread) => ({ ...thread, unread_replies: 0, unread_mentions: 0 }));
    const next: State = { ...state, threads: withEntries(state.threads, read, (thread) => thread.id) };
    return channelId || !teamId ? next : withTotals(next, teamId, { unread: 0, mentions: 0 });
}

export function followThread(state: State, threadId: PostId, isFollowing: boolean): State {
    return {
        ...state,
        posts: mapEntry(state.posts, threadId, (root) => ({ ...root, is_following: isFollowing })),
        inboxes: isFollowing ? state.inboxes : mapInboxes(state, (ids) => ids.filter((id) => id !== threadId)),
    };
}

/** A thread of a direct message belongs to no team: it counts in the one on screen. */
function shiftTotals(state: State, teamId: TeamId | "", step: ThreadTotals): State {
    const id = teamId || state.teamId;
    if (!id || (step.unread === 0 && step.mentions === 0)) return state;
    const old = state.threadTotals[id] ?? { unread: 0, mentions: 0 };
    return withTotals(state, id, { unread: Math.max(0, old.unread + step.unread), mentions: Math.max(0, old.mentions + step.mentions) });
}

function listFirst(state: State, teamId: TeamId | "", threadId: PostId): State {
    const team = teamId || state.teamId;
    if (!team) return state;
    let inboxes = state.inboxes;
    for (const key of [inboxKey(team, false), inboxKey(team, true)]) {
        const isUnreadList = key.endsWith("/unread");
        inboxes = mapEntry(inboxes, key, (inbox) => {
            if (isUnreadList && !inbox.ids.includes(threadId) && (state.threads[threadId]?.unread_replies ?? 0) === 0) return inbox;
            return { ...inbox, ids: [threadId, ...inbox.ids.filter((id) => id !== threadId)] };
        });
    }
    return { ...state, inboxes };
}

function mapInboxes(state: State, change: (ids: readonly PostId[]) => readonly PostId[]): State["inboxes"] {
    let inboxes = state.inboxes;
    for (const key of Object.keys(inboxes)) inboxes = mapEntry(inboxes, key, (inbox) => ({ ...inbox, ids: change(inbox.ids) }));
    return inboxes;
}
