/** The next state. Pure: no clock, no network, so a test is one line and a log can be replayed. */
import type { ChannelId } from "../lib/ids";
import { mapEntry, unreachable, withEntries, withEntry, without } from "../lib/record";
import type { Boot, Draft, Post } from "../api/types";
import {
    countMembers, countPins, countPost, dropMember, markRead, markUnread, replaceTeamChannels, withCategories, withCategoryOrder, withChannels,
} from "./channels";
import type { AppEvent, ServerEvent } from "./events";
import { dropTeam, withGroupUsers, withoutPreferences, withoutTyping, withPreferences, withStatuses, withTeams, withTyping, withUsers } from "./people";
import { isReply, rootOf } from "./post_rules";
import {
    countReply, dropPending, insertPost, listPosts, removePost, settlePending, withPosts, withPostsSince, withReaction, withTimelineList,
} from "./posts";
import { INITIAL, type LocalDraft, type State, type Ui } from "./state";
import { applyThreadRead, applyThreadUpdate, followThread, readAllThreads, withInbox, withThread, withThreadList, withTotals } from "./threads";

export function reduce(state: State, event: AppEvent): State {
    switch (event.kind) {
        /* Session */
        case "booted": return applyBoot(state, event.boot);
        case "boot_failed": return { ...state, phase: "failed" };
        case "logged_out": return { ...INITIAL, phase: "out", config: state.config, ui: { ...INITIAL.ui, route: state.ui.route, toasts: state.ui.toasts } };
        case "connection": return { ...state, connection: event.connection };
        case "config_changed": return { ...state, config: event.config };

        /* Posts */
        case "posted": return applyPosted(state, event);
        case "ephemeral": return insertPost(withPosts(state, [event.post]), event.post);
        case "post_edited":
        case "post_changed": return withPosts(countPins(state, state.posts[event.post.id], event.post), [event.post]);
        case "post_deleted": return removePost(countPins(state, state.posts[event.post.id], { ...event.post, is_pinned: false }), event.post.id, event.post.delete_at);
        case "post_unread": return markUnread(state, event.unread);
        case "reaction_added": return withReaction(state, event.reaction, true);
        case "reaction_removed": return withReaction(state, event.reaction, false);
        case "posts_received": return withTimelineList(state, event.channelId, event.list, event.place);
        case "posts_since": return withPostsSince(state, event.channelId, event.list);
        case "posts_seen": return withPosts(state, listPosts(event.list));
        case "timelines_dropped": return dropTimelines(state, event.keep);
        case "send_started": return startSend(state, event.post);
        case "send_failed": return state.posts[event.pendingId] ? { ...state, sends: withEntry(state.sends, event.pendingId, event.willRetry ? "waiting" : "failed") } : state;
        case "send_retried": return { ...state, sends: withEntry(state.sends, event.pendingId, "sending") };
        case "send_done": return applySent(state, event.post);
        case "send_dropped": return dropPending(state, event.pendingId);

        /* Channels */
        case "channel_updated": return withChannels(state, [{ ...state.channels[event.channel.id], ...keepTotals(state, event.channel) }], []);
        case "channel_deleted": return { ...state, channels: mapEntry(state.channels, event.channelId, (channel) => ({ ...channel, delete_at: event.deleteAt || 1 })) };
        case "channel_restored": return { ...state, channels: mapEntry(state.channels, event.channelId, (channel) => ({ ...channel, delete_at: 0 })) };
        case "channel_converted": return { ...state, channels: mapEntry(state.channels, event.channelId, (channel) => ({ ...channel, type: "P" as const })) };
        case "channel_member_updated": return event.member.user_id === state.me ? withChannels(state, [], [keepCounts(state, event.member)]) : state;
        case "channel_viewed": return Object.entries(event.times).reduce((next, [id, at]) => markRead(next, id as ChannelId, at), state);
        case "channel_marked_read": return markRead(state, event.channelId, event.at);
        case "channels_received": return withChannels(state, event.channels, event.members);
        case "member_notify": return { ...state, members: mapEntry(state.members, event.channelId, (member) => ({ ...member, notify_props: { ...member.notify_props, ...event.props } })) };
        case "stats_received": return { ...state, stats: withEntry(state.stats, event.stats.channel_id, event.stats) };
        case "user_added": return countMembers(state, event.channelId, 1);
        case "user_removed": return event.userId === state.me ? dropMember(state, event.channelId) : countMembers(state, event.channelId, -1);
        case "channel_left": return dropMember(state, event.channelId);
        case "categories_received": return withCategories(state, event.teamId, event.categories);
        case "categories_edited": return { ...state, categories: withEntry(state.categories, event.teamId, event.categories) };
        case "categories_ordered": return withCategoryOrder(state, event.teamId, event.order);
        /* These only call for a fetch, which `sync/` does. */
        case "channel_created":
        case "channel_changed":
        case "direct_added":
        case "categories_changed":
        case "team_added":
        case "user_new": return state;

        /* Teams and people */
        case "team_left": return event.userId === state.me ? dropTeam(state, event.teamId) : state;
        case "team_updated": return { ...state, teams: mapEntry(state.teams, event.team.id, (team) => ({ ...team, ...event.team, invite_id: event.team.invite_id || team.invite_id })) };
        case "team_deleted": return dropTeam(state, event.team.id);
        case "team_member_updated": return event.member.user_id === state.me ? { ...state, teamMembers: withEntry(state.teamMembers, event.member.team_id, event.member) } : state;
        case "teams_received": return withTeams(state, event.teams, event.members, event.unreads);
        case "user_updated": return withUsers(state, [event.user]);
        case "user_roles_updated": return { ...state, users: mapEntry(state.users, event.userId, (user) => ({ ...user, roles: event.roles })) };
        case "users_received": return withUsers(state, event.users);
        case "group_users_received": return withGroupUsers(state, event.groups);
        case "status_changed": return { ...state, statuses: withEntry(state.statuses, event.userId, event.status) };
        case "statuses_received": return withStatuses(state, event.statuses);
        case "role_updated": return { ...state, roles: withEntry(state.roles, event.role.name, event.role) };
        case "roles_received": return { ...state, roles: withEntries(state.roles, event.roles, (role) => role.name) };
        case "preferences_changed": return withPreferences(state, event.list);
        case "preferences_deleted": return withoutPreferences(state, event.list);
        /* The view needs to know when: `sync/` adds the time and sends "typing_started". */
        case "typing": return state;
        case "typing_started": return withTyping(state, event.key, event.userId, event.at);
        case "typing_stopped": return withoutTyping(state, event.key, event.userId, event.at);

        /* Threads */
        case "thread_updated": return applyThreadUpdate(state, event);
        case "thread_followed": return followThread(state, event.threadId, event.isFollowing);
        case "thread_read": return applyThreadRead(state, event);
        case "threads_read_all": return readAllThreads(state, event.teamId, event.channelId);
        case "thread_received": return withThreadList(state, event.rootId, event.list);
        case "thread_info": return withThread(state, event.thread);
        case "inbox_received": return withInbox(state, event.teamId, event.unreadOnly, event.threads, event.append);
        case "thread_totals": return withTotals(state, event.teamId, { unread: event.unread, mentions: event.mentions });

        /* Drafts and emoji */
        case "draft_saved": return { ...state, drafts: withEntry(state.drafts, event.draft.root_id || event.draft.channel_id, localDraft(event.draft)) };
        case "draft_deleted": return { ...state, drafts: without(state.drafts, event.draft.root_id || event.draft.channel_id) };
        case "draft_set": return { ...state, drafts: event.draft ? withEntry(state.drafts, event.key, event.draft) : without(state.drafts, event.key) };
        case "drafts_loaded": return { ...state, drafts: withEntries(state.drafts, newerDrafts(state, event.drafts), (draft) => draft.rootId || draft.channelId) };
        case "emoji_added": return { ...state, emojis: withEntry(state.emojis, event.emoji.name, event.emoji) };
        case "emojis_received": {
            const asked = event.asked.reduce((all, name) => withEntry(all, name, null), state.emojis);
            return { ...state, emojis: event.emojis.reduce((all, emoji) => withEntry(all, emoji.name, emoji), asked) };
        }

        /* Screens */
        case "routed": return withUi(state, { route: event.route, popover: null, pane: "main" });
        case "team_entered": return { ...state, teamId: event.teamId };
        case "channel_entered": return enterChannel(state, event.channelId);
        case "channel_pending": return withUi({ ...state, channelId: "" }, { channelError: "", editing: "" });
        case "channel_error": return withUi(event.error ? { ...state, channelId: "" } : state, { channelError: event.error });
        case "new_line_cleared": return { ...state, newSince: without(state.newSince, event.channelId) };
        case "side": return withUi(state, { side: event.side, pane: event.side ? "side" : state.ui.pane === "side" ? "main" : state.ui.pane, popover: null });
        case "dialog": return withUi(state, { dialog: event.dialog, popover: null });
        case "popover": return withUi(state, { popover: event.popover });
        case "pane": return withUi(state, { pane: event.pane });
        case "focused": return state.ui.isFocused === event.isFocused ? state : withUi(state, { isFocused: event.isFocused });
        case "editing": return withUi(state, { editing: event.postId });
        case "highlight": return withUi(state, { highlight: event.postId });
        case "toast_shown": return withUi(state, { toasts: [...state.ui.toasts, { id: event.id, text: event.text, tone: event.tone }].slice(-4) });
        case "toast_gone": return withUi(state, { toasts: state.ui.toasts.filter((toast) => toast.id !== event.id) });
        default: return unreachable(event, state);
    }
}

function withUi(state: State, patch: Partial<Ui>): State {
    return { ...state, ui: { ...state.ui, ...patch } };
}

function applyBoot(state: State, boot: Boot): State {
    const user = boot.user;
    if (!user) return { ...INITIAL, phase: "out", config: boot.config, ui: { ...INITIAL.ui, route: state.ui.route } };
    const teamId = boot.team_id ?? "";
    let next: State = { ...state, phase: "in", config: boot.config, me: user.id, users: withEntry(state.users, user.id, user) };
    next = { ...next, preferences: {} };
    next = withPreferences(next, boot.preferences ?? []);
    next = withTeams(next, boot.teams ?? [], boot.team_members ?? [], boot.team_unreads ?? []);
    next = { ...next, roles: withEntries(next.roles, boot.roles ?? [], (role) => role.name) };
    next = withUsers(next, boot.users ?? []);
    next = withStatuses(next, boot.statuses ?? []);
    if (teamId) {
        next = replaceTeamChannels(next, teamId, boot.channels ?? [], boot.channel_members ?? []);
        if (boot.categories) next = withCategories(next, teamId, boot.categories);
        if (boot.threads) next = withTotals(next, teamId, { unread: boot.threads.total_unread_threads, mentions: boot.threads.total_unread_mentions });
    }
    if (boot.channel_id && boot.posts) next = withTimelineList(next, boot.channel_id, boot.posts, "replace");
    if (teamId && boot.channel_id) next = { ...next, homes: withEntry(next.homes, teamId, boot.channel_id) };
    return { ...next, teamId };
}

function applyPosted(state: State, event: Extract<ServerEvent, { kind: "posted" }>): State {
    const { post } = event;
    const isKnown = state.posts[post.id] !== undefined;
    let next = settlePending(state, post);
    next = insertPost(withPosts(next, [post]), post);
    next = withoutTyping(next, rootOfTyping(post), post.user_id, 0);
    if (event.setOnline && (next.statuses[post.user_id] ?? "offline") === "offline") next = { ...next, statuses: withEntry(next.statuses, post.user_id, "online") };
    if (isKnown) return next;
    if (isReply(post)) next = countReply(next, post);
    return countPost(lineWhileAway(next, post), event);
}

/** What arrives in the open channel while one looks elsewhere is new when one comes back. */
function lineWhileAway(state: State, post: Post): State {
    const isAway = !state.ui.isFocused && state.channelId === post.channel_id && !isReply(post) && post.user_id !== state.me;
    return isAway && !state.newSince[post.channel_id] ? { ...state, newSince: withEntry(state.newSince, post.channel_id, post.create_at - 1) } : state;
}

const rootOfTyping = (post: Post): string => (isReply(post) ? rootOf(post) : post.channel_id);

/** The reply to one's own POST. Reply and event may come in either order: the first one counts the post, the second finds it known. */
function applySent(state: State, post: Post): State {
    const isKnown = state.posts[post.id] !== undefined;
    let next = settlePending(state, post);
    next = insertPost(withPosts(next, [post]), post);
    if (isKnown) return next;
    if (isReply(post)) return countReply(next, post);
    return countPost(next, { kind: "posted", post, teamId: state.channels[post.channel_id]?.team_id ?? "", mentionsMe: false, channelName: "", senderName: "", setOnline: false });
}

/** What was loaded before a gap in the events may be stale: it is loaded again when shown. */
function dropTimelines(state: State, keep: ChannelId | ""): State {
    const kept = keep ? state.timelines[keep] : undefined;
    return { ...state, timelines: kept && keep ? withEntry({}, keep, kept) : {}, replies: {}, inboxes: {} };
}

function startSend(state: State, post: Post): State {
    const next = withPosts({ ...state, sends: withEntry(state.sends, post.id, "sending") }, [post]);
    return insertPost(next, post);
}

function enterChannel(state: State, channelId: ChannelId): State {
    const member = state.members[channelId];
    const channel = state.channels[channelId];
    const hasUnread = member && channel && channel.total_msg_count_root > member.msg_count_root;
    const newSince = hasUnread && member.last_viewed_at > 0 ? withEntry(state.newSince, channelId, member.last_viewed_at) : without(state.newSince, channelId);
    const homes = state.teamId ? withEntry(state.homes, state.teamId, channelId) : state.homes;
    return withUi({ ...state, channelId, homes, newSince }, { channelError: "", editing: "" });
}

/** A channel_updated event may be older than counts already raised by posts. */
function keepTotals(state: State, channel: State["channels"][ChannelId] & object): typeof channel {
    const known = state.channels[channel.id];
    if (!known) return channel;
    return {
        ...channel,
        total_msg_count: Math.max(channel.total_msg_count ?? 0, known.total_msg_count),
        total_msg_count_root: Math.max(channel.total_msg_count_root ?? 0, known.total_msg_count_root),
        last_post_at: Math.max(channel.last_post_at ?? 0, known.last_post_at),
        last_root_post_at: Math.max(channel.last_root_post_at ?? 0, known.last_root_post_at),
    };
}

function keepCounts(state: State, member: State["members"][ChannelId] & object): typeof member {
    const known = state.members[member.channel_id];
    return known && member.last_viewed_at < known.last_viewed_at ? { ...known, roles: member.roles, notify_props: member.notify_props, scheme_admin: member.scheme_admin } : member;
}

function localDraft(draft: Draft): LocalDraft {
    return {
        channelId: draft.channel_id, rootId: draft.root_id, message: draft.message, files: draft.metadata?.files ?? [], updatedAt: draft.update_at,
    };
}

function newerDrafts(state: State, drafts: readonly LocalDraft[]): LocalDraft[] {
    return drafts.filter((draft) => (state.drafts[draft.rootId || draft.channelId]?.updatedAt ?? 0) < draft.updatedAt);
}
