/** What is fetched beyond the first load: channels, stretches of posts, threads, teams. Each puts its reply into the state. */
import { api } from "../api/client";
import type { Channel, PostList } from "../api/types";
import type { ChannelId, PostId, TeamId, UserId } from "../lib/ids";
import { dispatch, now } from "../state/store";
import { listPosts } from "../state/posts";
import { valuesOf } from "../lib/record";
import { wantAuthors } from "./people";

/** One request of a kind at a time: a second caller waits for the first one's. */
const running = new Map<string, Promise<void>>();

export function once(key: string, work: () => Promise<void>): Promise<void> {
    const known = running.get(key);
    if (known) return known;
    const promise = work().finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
}

function received(channelId: ChannelId, list: PostList, place: "replace" | "before" | "after" | "latest"): void {
    wantAuthors(listPosts(list));
    dispatch({ kind: "posts_received", channelId, list, place });
}

/** The channel's posts around what is unread, unless they are there already. */
export function loadTimeline(channelId: ChannelId): Promise<void> {
    if (now().timelines[channelId]) return Promise.resolve();
    return once(`timeline/${channelId}`, async () => received(channelId, await api.postsUnread(channelId), "replace"));
}

export function loadLatest(channelId: ChannelId): Promise<void> {
    return once(`latest/${channelId}`, async () => received(channelId, await api.postsLatest(channelId), "latest"));
}

export function loadOlder(channelId: ChannelId): Promise<void> {
    return once(`older/${channelId}`, async () => {
        const timeline = now().timelines[channelId];
        const first = timeline?.ids.find((id) => !now().sends[id]);
        if (!timeline || timeline.atOldest || !first) return;
        received(channelId, await api.postsBefore(channelId, first), "before");
    });
}

export function loadNewer(channelId: ChannelId): Promise<void> {
    return once(`newer/${channelId}`, async () => {
        const timeline = now().timelines[channelId];
        const last = timeline?.ids.findLast((id) => !now().sends[id]);
        if (!timeline || timeline.atNewest || !last) return;
        received(channelId, await api.postsAfter(channelId, last), "after");
    });
}

/** The stretch around one post, for a permalink. */
export async function loadAround(channelId: ChannelId, postId: PostId): Promise<void> {
    const [before, after, post] = await Promise.all([api.postsBefore(channelId, postId), api.postsAfter(channelId, postId), api.post(postId)]);
    const list: PostList = {
        order: [...(after.order ?? []), postId, ...(before.order ?? [])],
        posts: { ...before.posts, ...after.posts, [postId]: post },
        next_post_id: after.next_post_id,
        prev_post_id: before.prev_post_id,
    };
    received(channelId, list, "replace");
}

export async function loadSince(channelId: ChannelId): Promise<void> {
    const { timelines, posts } = now();
    const timeline = timelines[channelId];
    if (!timeline) return loadTimeline(channelId);
    if (!timeline.atNewest) return;
    const since = Math.max(0, ...timeline.ids.map((id) => posts[id]?.update_at ?? 0));
    const list = await api.postsSince(channelId, since);
    if ((list.order ?? []).length >= 1000) return loadLatest(channelId);
    wantAuthors(listPosts(list));
    dispatch({ kind: "posts_since", channelId, list });
}

export function loadThread(rootId: PostId): Promise<void> {
    return once(`thread/${rootId}`, async () => {
        let list = await api.postThread(rootId);
        wantAuthors(listPosts(list));
        dispatch({ kind: "thread_received", rootId, list: { ...list, has_next: undefined } });
        while (list.has_next) {
            const last = listPosts(list).reduce((a, b) => (a.create_at > b.create_at ? a : b));
            list = await api.postThreadAfter(rootId, last.id, last.create_at);
            wantAuthors(listPosts(list));
            dispatch({ kind: "thread_received", rootId, list: { ...list, has_next: list.has_next ?? false } });
            if (listPosts(list).length < 2) break;
        }
    });
}

export async function loadThreadInfo(rootId: PostId): Promise<void> {
    const { me, teamId } = now();
    if (!teamId) return;
    try {
        dispatch({ kind: "thread_info", thread: await api.thread(me, teamId, rootId) });
    } catch {
        /* Not followed: there is no such record. */
    }
}

export async function loadInbox(teamId: TeamId, unreadOnly: boolean, before?: PostId): Promise<void> {
    const threads = await api.threads(now().me, teamId, { unread: unreadOnly, before: before ?? "" });
    wantAuthors((threads.threads ?? []).flatMap((thread) => (thread.post ? [thread.post] : [])));
    dispatch({ kind: "users_received", users: (threads.threads ?? []).flatMap((thread) => (thread.participants ?? []).filter((each): each is never => "username" in each)) });
    dispatch({ kind: "inbox_received", teamId, unreadOnly, threads, append: before !== undefined });
}

export async function loadThreadTotals(): Promise<void> {
    const { me, teamId } = now();
    if (!teamId) return;
    const totals = await api.threadTotals(me, teamId);
    dispatch({ kind: "thread_totals", teamId, unread: totals.total_unread_threads, mentions: totals.total_unread_mentions });
}

export async function loadChannel(channelId: ChannelId): Promise<Channel> {
    const [channel, member] = await Promise.all([api.channel(channelId), api.channelMember(channelId)]);
    dispatch({ kind: "channels_received", channels: [channel], members: [member] });
    loadPartners([channel]);
    return channel;
}

/** The faces of direct and group channels. */
export function loadPartners(channels: readonly Channel[]): void {
    const { me, users, groupUsers } = now();
    const people = channels.filter((channel) => channel.type === "D").map((channel) => channel.name.split("__").find((id) => id !== me) ?? me) as UserId[];
    const missing = people.filter((id) => !users[id]);
    if (missing.length > 0) {
        void Promise.all([api.usersByIds(missing), api.statuses(missing)]).then(([list, statuses]) => {
            dispatch({ kind: "users_received", users: list });
            dispatch({ kind: "statuses_received", statuses });
        }).catch(() => undefined);
    }
    const groups = channels.filter((channel) => channel.type === "G" && !groupUsers[channel.id]).map((channel) => channel.id);
    if (groups.length > 0) {
        void api.usersOfGroupChannels(groups).then((found) => dispatch({ kind: "group_users_received", groups: found })).catch(() => undefined);
    }
}

export async function loadCategories(teamId: TeamId): Promise<void> {
    dispatch({ kind: "categories_received", teamId, categories: await api.categories(teamId) });
}

export async function loadStats(channelId: ChannelId): Promise<void> {
    try {
        dispatch({ kind: "stats_received", stats: await api.channelStats(channelId) });
    } catch {
        /* The header then shows no count. */
    }
}

export async function loadTeams(): Promise<void> {
    const [teams, members, unreads] = await Promise.all([api.myTeams(), api.myTeamMembers(), api.myTeamUnreads()]);
    dispatch({ kind: "teams_received", teams, members, unreads });
    await loadRoles();
}

/** Roles seen on memberships whose rights are not known yet. */
export async function loadRoles(): Promise<void> {
    const { users, me, teamMembers, members, roles } = now();
    const names = new Set([users[me]?.roles ?? "", ...valuesOf(teamMembers).map((member) => member.roles), ...valuesOf(members).map((member) => member.roles)].flatMap((text) => text.split(" ")));
    const missing = [...names].filter((name) => name && !roles[name]);
    if (missing.length > 0) dispatch({ kind: "roles_received", roles: await api.roles(missing) });
}
