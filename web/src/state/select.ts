/** What views ask of the state. All pure; nothing here is stored twice. */
import { asId, type ChannelId, type PostId, type UserId } from "../lib/ids";
import { valuesOf } from "../lib/record";
import { directPartner } from "../api/client";
import type { Category, Channel, CustomStatus, Post, User } from "../api/types";
import { isEphemeral, isPending, isSystem } from "./post_rules";
import { preferenceKey } from "./people";
import { channelNameOf } from "./route";
import type { State } from "./state";

/* Preferences */

export function preference(state: State, category: string, name: string, fallback = ""): string {
    return state.preferences[preferenceKey(category, name)] ?? fallback;
}

export function isMilitaryTime(state: State): boolean {
    return preference(state, "display_settings", "use_military_time", "") === "true";
}

/* People */

/** A Chinese name has the family first, and no space. */
export function fullName(user: User): string {
    const { first_name: first, last_name: last } = user;
    return HAN_ONLY.test(first + last) ? last + first : `${first} ${last}`.trim();
}

const HAN_ONLY = /^\p{Script=Han}+$/u;

/** How one person is called, as the server or the reader has chosen. */
export function userName(state: State, id: UserId): string {
    const user = state.users[id];
    if (!user) return "";
    const format = preference(state, "display_settings", "name_format", state.config["TeammateNameDisplay"] ?? "username");
    const full = fullName(user);
    if (format === "nickname_full_name") return user.nickname || full || user.username;
    if (format === "full_name") return full || user.username;
    return user.username;
}

const byName = new WeakMap<State["users"], Map<string, User>>();

/** Asked for every @name on screen: the index is made once for each set of people. */
export function userByName(state: State, name: string): User | undefined {
    let index = byName.get(state.users);
    if (!index) {
        index = new Map(valuesOf(state.users).map((user) => [user.username, user]));
        byName.set(state.users, index);
    }
    return index.get(name);
}

export function customStatus(user: User | undefined, at: number): CustomStatus | null {
    const text = user?.props?.["customStatus"];
    if (!text) return null;
    try {
        const status = JSON.parse(text) as CustomStatus;
        if (!status.emoji && !status.text) return null;
        const ends = status.expires_at && status.duration ? Date.parse(status.expires_at) : NaN;
        return ends > 0 && ends < at ? null : status;
    } catch {
        return null;
    }
}

export function me(state: State): User | undefined {
    return state.users[state.me];
}

/* Rights */

/** Does one of the roles that count here grant it? Channel, then team, then system, as the server decides. */
export function can(state: State, permission: string, channelId?: ChannelId | ""): boolean {
    const channel = channelId ? state.channels[channelId] : undefined;
    const teamId = channel ? channel.team_id : state.teamId;
    const roles = [
        ...(me(state)?.roles ?? "").split(" "),
        ...((teamId ? state.teamMembers[teamId]?.roles : "") ?? "").split(" "),
        ...((channelId ? state.members[channelId]?.roles : "") ?? "").split(" "),
    ];
    return roles.some((name) => name === "system_admin" || (state.roles[name]?.permissions ?? []).includes(permission));
}

export function isSystemAdmin(state: State): boolean {
    return (me(state)?.roles ?? "").split(" ").includes("system_admin");
}

/* Channels */

export function channelTitle(state: State, channel: Channel): string {
    if (channel.type === "D") {
        const partner = directPartner(channel.name, state.me);
        return userName(state, partner) || channel.display_name || partner;
    }
    if (channel.type === "G") {
        const others = state.groupUsers[channel.id];
        if (others?.length) return others.map((id) => userName(state, id)).join(", ");
        const own = me(state)?.username;
        return channel.display_name.split(", ").filter((name) => name !== own).join(", ");
    }
    return channel.display_name;
}

export function partnerOf(state: State, channel: Channel): UserId | "" {
    return channel.type === "D" ? directPartner(channel.name, state.me) : "";
}

export function isMuted(state: State, channelId: ChannelId): boolean {
    return state.members[channelId]?.notify_props?.["mark_unread"] === "mention";
}

export interface Unread {
    readonly messages: number;
    readonly mentions: number;
    readonly isMuted: boolean;
}

const NOTHING_UNREAD: Unread = { messages: 0, mentions: 0, isMuted: false };

/** Replies are counted in threads, not in channels. A muted channel is never bold; its mentions still count. */
export function channelUnread(state: State, channelId: ChannelId): Unread {
    const channel = state.channels[channelId];
    const member = state.members[channelId];
    if (!channel || !member || channel.delete_at > 0) return NOTHING_UNREAD;
    const muted = isMuted(state, channelId);
    const messages = Math.max(0, channel.total_msg_count_root - member.msg_count_root);
    return { messages: muted ? 0 : messages, mentions: member.mention_count_root, isMuted: muted };
}

export function isUnread(state: State, channelId: ChannelId): boolean {
    const { messages, mentions } = channelUnread(state, channelId);
    return messages > 0 || mentions > 0;
}

export function channelByRoute(state: State): Channel | undefined {
    const { route } = state.ui;
    const wanted = channelNameOf(route);
    if (!wanted || !state.teamId) return undefined;
    if (route.page === "direct") {
        const user = userByName(state, route.user);
        if (!user) return undefined;
        const name = [state.me, user.id].sort().join("__");
        return valuesOf(state.channels).find((channel) => channel.type === "D" && channel.name === name && state.members[channel.id]);
    }
    return valuesOf(state.channels).find((channel) =>
        state.members[channel.id] && channel.name === wanted && (channel.team_id === state.teamId || channel.type === "G"));
}

export interface SidebarGroup {
    readonly category: Category;
    readonly channelIds: readonly ChannelId[];
}

const DIRECT_LIMIT = 40;

export interface SidebarGroups {
    readonly unread: readonly ChannelId[];
    readonly groups: readonly SidebarGroup[];
}

let lastSidebar: { readonly of: readonly unknown[]; readonly result: SidebarGroups } | null = null;

/** The categories with what is shown in each. Sorted anew only when something that counts here has changed: most events do not. */
export function sidebarGroups(state: State, unreadsFirst: boolean): SidebarGroups {
    const of = [state.channels, state.members, state.categories, state.preferences, state.users, state.groupUsers, state.teamId, state.channelId, state.me, state.config, unreadsFirst];
    if (lastSidebar?.of.every((each, i) => each === of[i])) return lastSidebar.result;
    const result = groupsOf(state, unreadsFirst);
    lastSidebar = { of, result };
    return result;
}

/** Channels the server has not sorted yet stand in their default category. */
function groupsOf(state: State, unreadsFirst: boolean): SidebarGroups {
    const categories = (state.teamId ? state.categories[state.teamId] : undefined) ?? [];
    const placed = new Set(categories.flatMap((category) => category.channel_ids));
    const visible = valuesOf(state.channels).filter((channel) => isInSidebar(state, channel));
    const groups = categories.map((category) => {
        const own = category.channel_ids.map((id) => state.channels[id]).filter((channel): channel is Channel => channel !== undefined && isInSidebar(state, channel));
        const strays = visible.filter((channel) => !placed.has(channel.id) && categoryTypeOf(channel) === category.type);
        return { category, channelIds: sortForSidebar(state, category, [...own, ...strays]) };
    });
    if (!unreadsFirst) return { unread: [], groups };
    const unread = groups.flatMap((group) => group.channelIds).filter((id) => isUnread(state, id));
    const rest = groups.map((group) => ({ ...group, channelIds: group.channelIds.filter((id) => !unread.includes(id)) }));
    return { unread: [...unread].sort((a, b) => Number(channelUnread(state, b).mentions > 0) - Number(channelUnread(state, a).mentions > 0)), groups: rest };
}

function categoryTypeOf(channel: Channel): string {
    return channel.type === "D" || channel.type === "G" ? "direct_messages" : "channels";
}

function isInSidebar(state: State, channel: Channel): boolean {
    if (!state.members[channel.id]) return false;
    if (channel.team_id && channel.team_id !== state.teamId) return false;
    if (channel.delete_at > 0) return channel.id === state.channelId;
    if (channel.id === state.channelId || isUnread(state, channel.id)) return true;
    if (channel.type === "D") return preference(state, "direct_channel_show", directPartner(channel.name, state.me), channel.last_post_at > 0 ? "true" : "false") !== "false";
    if (channel.type === "G") return preference(state, "group_channel_show", channel.id, "true") !== "false";
    return true;
}

function sortForSidebar(state: State, category: Category, channels: readonly Channel[]): ChannelId[] {
    const manual = category.sorting === "manual";
    const recent = category.sorting === "recent" || category.type === "direct_messages";
    const at = (channel: Channel) => Math.max(channel.last_root_post_at, channel.create_at);
    const sorted = manual ? [...channels]
        : recent ? [...channels].sort((a, b) => at(b) - at(a))
        : [...channels].sort((a, b) => collator.compare(channelTitle(state, a), channelTitle(state, b)));
    if (category.type !== "direct_messages") return sorted.map((channel) => channel.id);
    const limit = Number(preference(state, "sidebar_settings", "limit_visible_dms_gms")) || DIRECT_LIMIT;
    return sorted.filter((channel, i) => i < limit || channel.id === state.channelId || isUnread(state, channel.id)).map((channel) => channel.id);
}

/** Pinyin order for Chinese names, case-blind for Latin. */
const collator = new Intl.Collator(["zh-CN", "en"], { numeric: true, sensitivity: "base" });

export function isFavorite(state: State, channelId: ChannelId): boolean {
    return Boolean(favorites(state)?.channel_ids.includes(channelId));
}

export function favorites(state: State): Category | undefined {
    return state.teamId ? state.categories[state.teamId]?.find((category) => category.type === "favorites") : undefined;
}

/** Channels in the order the sidebar shows them, for "next" and "previous". */
export function sidebarOrder(state: State): ChannelId[] {
    const { unread, groups } = sidebarGroups(state, unreadsFirst(state));
    return [...unread, ...groups.flatMap((group) => group.channelIds)];
}

export function unreadsFirst(state: State): boolean {
    return preference(state, "sidebar_settings", "show_unread_section", "false") === "true";
}

/* Badges */

export interface Badge {
    readonly mentions: number;
    readonly hasUnread: boolean;
}

export function teamBadge(state: State, teamId: State["teamId"]): Badge {
    if (!teamId) return { mentions: 0, hasUnread: false };
    if (teamId === state.teamId) {
        let mentions = 0, hasUnread = false;
        for (const channel of valuesOf(state.channels)) {
            if (channel.team_id !== teamId) continue;
            const unread = channelUnread(state, channel.id);
            mentions += unread.mentions;
            hasUnread ||= unread.messages > 0;
        }
        const threads = state.threadTotals[teamId];
        return { mentions: mentions + (threads?.mentions ?? 0), hasUnread: hasUnread || (threads?.unread ?? 0) > 0 };
    }
    const unread = state.teamUnreads[teamId];
    return {
        mentions: (unread?.mention_count_root ?? 0) + (unread?.thread_mention_count ?? 0),
        hasUnread: (unread?.msg_count_root ?? 0) > 0 || (unread?.thread_count ?? 0) > 0,
    };
}

/** For the window's title and icon: all teams, and direct messages, which belong to none. */
export function totalBadge(state: State): Badge {
    let mentions = 0, hasUnread = false;
    for (const channel of valuesOf(state.channels)) {
        if (channel.team_id) continue;
        const unread = channelUnread(state, channel.id);
        mentions += unread.mentions;
        hasUnread ||= unread.messages > 0;
    }
    for (const team of valuesOf(state.teams)) {
        const badge = teamBadge(state, team.id);
        mentions += badge.mentions;
        hasUnread ||= badge.hasUnread;
    }
    return { mentions, hasUnread };
}

export function teamOrder(state: State): State["teams"][keyof State["teams"]][] {
    const wanted = preference(state, "teams_order", "").split(",");
    const rank = (id: string) => (wanted.includes(id) ? wanted.indexOf(id) : wanted.length);
    return valuesOf(state.teams).sort((a, b) => rank(a.id) - rank(b.id) || collator.compare(a.display_name, b.display_name));
}

/* Posts */

export function isSaved(state: State, postId: PostId): boolean {
    return preference(state, "flagged_post", postId) === "true";
}

/** The latest message of one's own that can be edited, for arrow-up. */
export function lastOwnPost(state: State, ids: readonly PostId[]): Post | undefined {
    for (let i = ids.length - 1; i >= 0; i--) {
        const post = state.posts[ids[i] as PostId];
        if (post && post.user_id === state.me && !isSystem(post) && !isPending(post) && post.delete_at === 0) return post;
    }
    return undefined;
}

export function canEdit(state: State, post: Post): boolean {
    if (isSystem(post) || isPending(post) || isArchived(state, post.channel_id)) return false;
    return post.user_id === state.me ? can(state, "edit_post", post.channel_id) : can(state, "edit_others_posts", post.channel_id);
}

export function canDelete(state: State, post: Post): boolean {
    if (isEphemeral(post)) return true;
    if (isPending(post) || isArchived(state, post.channel_id)) return false;
    return post.user_id === state.me ? can(state, "delete_post", post.channel_id) : can(state, "delete_others_posts", post.channel_id);
}

export function isArchived(state: State, channelId: ChannelId): boolean {
    return (state.channels[channelId]?.delete_at ?? 0) > 0;
}

/** People typing in a channel or thread, other than oneself. */
export function typingIn(state: State, key: string): UserId[] {
    return Object.keys(state.typing[key] ?? {}).map((id) => asId<UserId>(id)).filter((id) => id !== state.me);
}

/** Words that call one: they are marked in messages. */
export function mentionKeys(state: State): { readonly words: readonly string[]; readonly firstName: string; readonly all: boolean } {
    const user = me(state);
    const props = user?.notify_props ?? {};
    const words = (props["mention_keys"] ?? "").split(",").map((word) => word.trim().toLowerCase()).filter((word) => word && !word.startsWith("@"));
    return {
        words: user ? [`@${user.username}`, ...words] : words,
        firstName: props["first_name"] === "true" ? (user?.first_name ?? "") : "",
        all: props["channel"] !== "false",
    };
}
