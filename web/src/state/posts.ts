/** Posts and the loaded stretches of channels. */
import { asId, type ChannelId, type PostId, type UserId } from "../lib/ids";
import { mapEntry, withEntries, withEntry, without } from "../lib/record";
import type { Post, PostList, Reaction } from "../api/types";
import { isReply } from "./post_rules";
import type { State, Timeline } from "./state";

const EMPTY: Timeline = { ids: [], atOldest: false, atNewest: false };

export function listPosts(list: PostList): Post[] {
    return Object.values(list.posts ?? {}).filter((post): post is Post => post !== undefined);
}

/** Ids in order of time; ties by id, so that the order is total. Posts on their way stand last. */
export function sortedIds(state: State, ids: Iterable<PostId>): PostId[] {
    const at = (id: PostId) => state.posts[id]?.create_at ?? 0;
    return [...new Set(ids)].sort((a, b) => at(a) - at(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** Keeps what is known and newer: an event may overtake the reply to a request. */
export function withPosts(state: State, posts: readonly Post[]): State {
    const fresh = posts.filter((post) => {
        const known = state.posts[post.id];
        return !known || post.update_at >= known.update_at;
    });
    if (fresh.length === 0) return state;
    return { ...state, posts: withEntries(state.posts, fresh.map((post) => keepThreadFields(state.posts[post.id], post)), (post) => post.id) };
}

/** Events carry a root without its participants, and only fetches say whether one follows. */
function keepThreadFields(known: Post | undefined, post: Post): Post {
    if (!known) return post;
    return {
        ...post,
        participants: post.participants ?? known.participants ?? null,
        is_following: post.is_following ?? known.is_following,
        last_reply_at: post.last_reply_at || known.last_reply_at || 0,
        reply_count: post.root_id === "" ? Math.max(post.reply_count, post.update_at > known.update_at ? 0 : known.reply_count) : post.reply_count,
    };
}

export function withTimelineList(state: State, channelId: ChannelId, list: PostList, place: "replace" | "before" | "after" | "latest"): State {
    let next = withPosts(state, listPosts(list));
    const received = (list.order ?? []).filter((id) => {
        const post = next.posts[id];
        return post !== undefined && !isReply(post) && post.delete_at === 0 && post.channel_id === channelId;
    });
    const old = state.timelines[channelId] ?? EMPTY;
    const atOldest = list.prev_post_id === "";
    const atNewest = list.next_post_id === "";
    const pending = unsentIn(state, (post) => post.channel_id === channelId && !isReply(post));
    let timeline: Timeline;
    if (place === "replace" || place === "latest") {
        const isNewest = place === "latest" || atNewest;
        timeline = { ids: sortedIds(next, [...received, ...(isNewest ? [...pending, ...heardMeanwhile(next, channelId, list)] : [])]), atOldest, atNewest: isNewest };
    } else {
        timeline = {
            ids: sortedIds(next, [...old.ids, ...received]),
            atOldest: place === "before" ? atOldest || (list.order ?? []).length === 0 : old.atOldest,
            atNewest: place === "after" ? atNewest || (list.order ?? []).length === 0 : old.atNewest,
        };
    }
    next = { ...next, timelines: withEntry(next.timelines, channelId, timeline) };
    return next;
}

/** Posts that were heard of while the list was on its way, and are later than all in it. */
function heardMeanwhile(state: State, channelId: ChannelId, list: PostList): PostId[] {
    const newest = Math.max(0, ...listPosts(list).map((post) => post.create_at));
    return Object.values(state.posts).flatMap((post) => (post && post.channel_id === channelId && post.create_at > newest && !isReply(post) && post.delete_at === 0 && post.pending_post_id !== (post.id as string) ? post.id : []));
}

export function unsentIn(state: State, belongs: (post: Post) => boolean): PostId[] {
    return Object.keys(state.sends).map((id) => asId<PostId>(id)).filter((id) => {
        const post = state.posts[id];
        return post !== undefined && belongs(post);
    });
}

/** After a reconnection: what is new, edited or deleted since. */
export function withPostsSince(state: State, channelId: ChannelId, list: PostList): State {
    let next = state;
    for (const post of listPosts(list)) next = post.delete_at > 0 ? removePost(next, post.id, post.delete_at) : insertPost(withPosts(next, [post]), post);
    const timeline = next.timelines[channelId];
    return timeline ? { ...next, timelines: withEntry(next.timelines, channelId, { ...timeline, ids: sortedIds(next, timeline.ids) }) } : next;
}

/** Puts a post where it is shown: at the end of its channel, or of its thread. */
export function insertPost(state: State, post: Post): State {
    if (isReply(post)) return insertReply(state, post, post.root_id as PostId);
    const timeline = state.timelines[post.channel_id];
    if (!timeline?.atNewest || timeline.ids.includes(post.id)) return state;
    return { ...state, timelines: withEntry(state.timelines, post.channel_id, { ...timeline, ids: sortedIds(state, [...timeline.ids, post.id]) }) };
}

function insertReply(state: State, post: Post, rootId: PostId): State {
    const known = state.replies[rootId];
    return known && !known.includes(post.id) ? { ...state, replies: withEntry(state.replies, rootId, sortedIds(state, [...known, post.id])) } : state;
}

/** The real post takes the place of the optimistic one. Whichever of reply and event comes first does it; the other finds nothing to do. */
export function settlePending(state: State, post: Post): State {
    const pendingId = asId<PostId>(post.pending_post_id);
    if (!pendingId || pendingId === post.id || !state.posts[pendingId]) return state;
    return dropPending(state, pendingId);
}

export function dropPending(state: State, pendingId: PostId): State {
    const pending = state.posts[pendingId];
    if (!pending) return state;
    let next: State = { ...state, posts: without(state.posts, pendingId), sends: without(state.sends, pendingId) };
    next = { ...next, timelines: mapEntry(next.timelines, pending.channel_id, (timeline) => ({ ...timeline, ids: timeline.ids.filter((id) => id !== pendingId) })) };
    if (isReply(pending)) next = { ...next, replies: mapEntry(next.replies, pending.root_id as PostId, (ids) => ids.filter((id) => id !== pendingId)) };
    return next;
}

/** A deleted post leaves the channel; a deleted root takes its thread along. */
export function removePost(state: State, id: PostId, deleteAt: number): State {
    const post = state.posts[id];
    if (!post || post.delete_at > 0) return state;
    let next: State = { ...state, posts: withEntry(state.posts, id, { ...post, delete_at: deleteAt || 1, message: "", is_pinned: false }) };
    next = { ...next, timelines: mapEntry(next.timelines, post.channel_id, (timeline) => timeline.ids.includes(id) ? { ...timeline, ids: timeline.ids.filter((each) => each !== id) } : timeline) };
    if (isReply(post)) {
        const rootId = post.root_id as PostId;
        next = { ...next, replies: mapEntry(next.replies, rootId, (ids) => ids.filter((each) => each !== id)) };
        next = { ...next, posts: mapEntry(next.posts, rootId, (root) => ({ ...root, reply_count: Math.max(0, root.reply_count - 1) })) };
    } else {
        next = { ...next, replies: without(next.replies, id), threads: without(next.threads, id) };
        if (next.ui.side?.kind === "thread" && next.ui.side.rootId === id) next = { ...next, ui: { ...next.ui, side: null } };
    }
    return next;
}

/** A new reply, seen from its root: the count, the time and the faces under it. */
export function countReply(state: State, reply: Post): State {
    const rootId = reply.root_id as PostId;
    return {
        ...state,
        posts: mapEntry(state.posts, rootId, (root) => ({
            ...root,
            reply_count: reply.reply_count || root.reply_count + 1,
            last_reply_at: Math.max(root.last_reply_at ?? 0, reply.create_at),
            participants: withParticipant(root.participants ?? [], reply.user_id),
            is_following: root.is_following || reply.user_id === state.me,
        })),
    };
}

function withParticipant(list: readonly { readonly id: UserId }[], userId: UserId): readonly { readonly id: UserId }[] {
    return [...list.filter((each) => each.id !== userId), { id: userId }];
}

export function withReaction(state: State, reaction: Reaction, isOn: boolean): State {
    return {
        ...state,
        posts: mapEntry(state.posts, reaction.post_id, (post) => {
            const others = (post.metadata?.reactions ?? []).filter((each) => each.user_id !== reaction.user_id || each.emoji_name !== reaction.emoji_name);
            return { ...post, metadata: { ...post.metadata, reactions: isOn ? [...others, reaction] : others } };
        }),
    };
}
