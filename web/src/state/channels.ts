/** Channels, memberships, what is unread in them, and the sidebar. */
import type { ChannelId, TeamId } from "../lib/ids";
import { mapEntry, valuesOf, withEntries, withEntry, without } from "../lib/record";
import type { Categories, Category, Channel, ChannelMember, ChannelUnreadAt, Post } from "../api/types";
import { isJoinLeave, isReply } from "./post_rules";
import type { ServerEvent } from "./events";
import type { State } from "./state";

export function withChannels(state: State, channels: readonly Channel[], members: readonly ChannelMember[]): State {
    return {
        ...state,
        channels: withEntries(state.channels, channels, (channel) => channel.id),
        members: withEntries(state.members, members.filter((member) => member.user_id === state.me), (member) => member.channel_id),
    };
}

/** All channels of a team as just loaded: what is no longer among them was left or archived meanwhile. */
export function replaceTeamChannels(state: State, teamId: TeamId, channels: readonly Channel[], members: readonly ChannelMember[]): State {
    const keep = new Set(channels.map((channel) => channel.id));
    let next = state;
    for (const channel of valuesOf(state.channels)) {
        if (state.members[channel.id] && !keep.has(channel.id) && (channel.team_id === teamId || !channel.team_id)) next = dropMember(next, channel.id);
    }
    return withChannels(next, channels, members);
}

export function dropMember(state: State, channelId: ChannelId): State {
    return { ...state, members: without(state.members, channelId) };
}

/** A new post raises the channel's totals, and the member's counts unless the post is one's own. */
export function countPost(before: State, event: Extract<ServerEvent, { kind: "posted" }>): State {
    const { post } = event;
    const channel = before.channels[post.channel_id];
    /* Posts of a channel come in the order of their times: the totals already hold this one, e.g. from a load that overtook the event. */
    if (channel && post.create_at <= channel.last_post_at) return before;
    const state = countInOtherTeam(before, event);
    if (!channel) return state;
    const counts = !isJoinLeave(post);
    const isRoot = !isReply(post);
    const next: State = {
        ...state,
        channels: withEntry(state.channels, channel.id, {
            ...channel,
            last_post_at: Math.max(channel.last_post_at, post.create_at),
            last_root_post_at: isRoot ? Math.max(channel.last_root_post_at, post.create_at) : channel.last_root_post_at,
            total_msg_count: channel.total_msg_count + (counts ? 1 : 0),
            total_msg_count_root: channel.total_msg_count_root + (counts && isRoot ? 1 : 0),
        }),
    };
    if (post.user_id === state.me && !post.props?.["from_webhook"]) return isRoot ? markRead(next, channel.id, post.create_at) : next;
    if (!event.mentionsMe) return next;
    return {
        ...next,
        members: mapEntry(next.members, channel.id, (member) => ({
            ...member,
            mention_count: member.mention_count + 1,
            mention_count_root: member.mention_count_root + (isRoot ? 1 : 0),
        })),
    };
}

function countInOtherTeam(state: State, event: Extract<ServerEvent, { kind: "posted" }>): State {
    const { post, teamId, mentionsMe } = event;
    if (!teamId || teamId === state.teamId || isReply(post) || isJoinLeave(post) || post.user_id === state.me) return state;
    return {
        ...state,
        teamUnreads: mapEntry(state.teamUnreads, teamId, (unread) => ({
            ...unread,
            msg_count_root: unread.msg_count_root + 1,
            mention_count_root: unread.mention_count_root + (mentionsMe ? 1 : 0),
        })),
    };
}

export function markRead(state: State, channelId: ChannelId, at: number): State {
    const channel = state.channels[channelId];
    const member = state.members[channelId];
    if (!channel || !member) return state;
    return {
        ...state,
        members: withEntry(state.members, channelId, {
            ...member,
            msg_count: channel.total_msg_count,
            msg_count_root: channel.total_msg_count_root,
            mention_count: 0,
            mention_count_root: 0,
            last_viewed_at: Math.max(member.last_viewed_at, at),
        }),
    };
}

export function markUnread(state: State, unread: ChannelUnreadAt): State {
    const id = unread.channel_id;
    return {
        ...state,
        members: mapEntry(state.members, id, (member) => ({
            ...member,
            msg_count: unread.msg_count,
            msg_count_root: unread.msg_count_root,
            mention_count: unread.mention_count,
            mention_count_root: unread.mention_count_root,
            last_viewed_at: unread.last_viewed_at,
        })),
        newSince: withEntry(state.newSince, id, unread.last_viewed_at),
    };
}

export function countPins(state: State, before: Post | undefined, after: Post): State {
    if (!before || before.is_pinned === after.is_pinned) return state;
    const step = after.is_pinned ? 1 : -1;
    return { ...state, stats: mapEntry(state.stats, after.channel_id, (stats) => ({ ...stats, pinnedpost_count: Math.max(0, stats.pinnedpost_count + step) })) };
}

export function countMembers(state: State, channelId: ChannelId, step: 1 | -1): State {
    return { ...state, stats: mapEntry(state.stats, channelId, (stats) => ({ ...stats, member_count: Math.max(0, stats.member_count + step) })) };
}

export function withCategories(state: State, teamId: TeamId, wire: Categories): State {
    const byId = new Map((wire.categories ?? []).map((category) => [category.id, category]));
    const order = wire.order ?? [...byId.keys()];
    const list = [...order.flatMap((id) => byId.get(id) ?? []), ...(wire.categories ?? []).filter((category) => !order.includes(category.id))];
    return { ...state, categories: withEntry(state.categories, teamId, list.map(tidy)) };
}

function tidy(category: Category): Category {
    return { ...category, channel_ids: category.channel_ids ?? [] };
}

export function withCategoryOrder(state: State, teamId: TeamId, order: readonly string[]): State {
    return {
        ...state,
        categories: mapEntry(state.categories, teamId, (list) => [...list].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))),
    };
}
