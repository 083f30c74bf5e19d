/** Turns a frame of the socket into a `ServerEvent`; null where the app has nothing to do. The only maker of those values. */
import { asId, type ChannelId, type PostId, type TeamId, type UserId } from "../lib/ids";
import type { ServerEvent } from "../state/events";
import type { ChannelMember, ChannelUnreadAt, Draft, Emoji, Post, Preference, Reaction, Role, StringMap, Team, TeamMember, Thread, User, Channel } from "../api/types";

export interface WireEvent {
    readonly event: string;
    readonly data: { readonly [key: string]: unknown } | null;
    readonly broadcast?: { readonly user_id?: string; readonly channel_id?: string; readonly team_id?: string } | null;
    readonly seq: number;
}

export interface WireReply {
    readonly seq_reply: number;
    readonly status: string;
    readonly data?: { readonly [key: string]: unknown };
}

export function parseFrame(text: string): WireEvent | WireReply | null {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null && ("event" in value || "seq_reply" in value) ? (value as WireEvent | WireReply) : null;
    } catch {
        return null;
    }
}

export function isReplyFrame(frame: WireEvent | WireReply): frame is WireReply {
    return Boolean((frame as WireReply).seq_reply);
}

/** `me` decides whose mention a list of mentions is. */
export function decode(wire: WireEvent, me: UserId): ServerEvent | null {
    const data = wire.data ?? {};
    const text = (key: string): string => (typeof data[key] === "string" ? (data[key] as string) : "");
    const count = (key: string): number => (typeof data[key] === "number" ? (data[key] as number) : 0);
    /* Many fields are strings that hold JSON; some servers send the object itself. */
    const inner = <T>(key: string): T | null => {
        const value = data[key];
        if (typeof value !== "string") return (value ?? null) as T | null;
        try {
            return JSON.parse(value) as T;
        } catch {
            return null;
        }
    };
    const channelId = asId<ChannelId>(text("channel_id") || (wire.broadcast?.channel_id ?? ""));
    const teamId = asId<TeamId>(text("team_id") || (wire.broadcast?.team_id ?? ""));
    const userId = asId<UserId>(text("user_id") || (wire.broadcast?.user_id ?? ""));
    const some = <T>(value: T | null, make: (value: T) => ServerEvent): ServerEvent | null => (value === null ? null : make(value));

    switch (wire.event) {
        case "posted":
            return some(inner<Post>("post"), (post) => ({
                kind: "posted", post, teamId: asId<TeamId>(text("team_id")), mentionsMe: (inner<string[]>("mentions") ?? []).includes(me),
                channelName: text("channel_display_name"), senderName: text("sender_name"), setOnline: data["set_online"] === true,
            }));
        case "ephemeral_message": return some(inner<Post>("post"), (post) => ({ kind: "ephemeral", post }));
        case "post_edited": return some(inner<Post>("post"), (post) => ({ kind: "post_edited", post }));
        case "post_deleted": return some(inner<Post>("post"), (post) => ({ kind: "post_deleted", post }));
        case "post_unread":
            return { kind: "post_unread", unread: { ...(data as unknown as ChannelUnreadAt), channel_id: channelId } };
        case "reaction_added": return some(inner<Reaction>("reaction"), (reaction) => ({ kind: "reaction_added", reaction }));
        case "reaction_removed": return some(inner<Reaction>("reaction"), (reaction) => ({ kind: "reaction_removed", reaction }));
        case "typing": return { kind: "typing", channelId, rootId: asId<PostId>(text("parent_id")), userId: asId<UserId>(text("user_id")) };
        case "status_change": return { kind: "status_changed", userId: asId<UserId>(text("user_id")), status: text("status") };
        case "channel_created": return { kind: "channel_created", channelId };
        case "channel_updated":
            return some(inner<Channel>("channel"), (channel) => ({ kind: "channel_updated", channel })) ?? (channelId ? { kind: "channel_changed", channelId } : null);
        case "channel_scheme_updated": return { kind: "channel_changed", channelId };
        case "channel_deleted": return { kind: "channel_deleted", channelId, deleteAt: count("delete_at") };
        case "channel_restored": return { kind: "channel_restored", channelId };
        case "channel_converted": return { kind: "channel_converted", channelId };
        case "channel_member_updated": return some(inner<ChannelMember>("channelMember"), (member) => ({ kind: "channel_member_updated", member }));
        case "multiple_channels_viewed":
            return { kind: "channel_viewed", times: (data["channel_times"] ?? {}) as { [id: string]: number } };
        case "channel_viewed": return { kind: "channel_viewed", times: { [channelId]: 0 } };
        case "direct_added":
        case "group_added": return { kind: "direct_added", channelId };
        case "user_added": return { kind: "user_added", userId, channelId };
        case "user_removed": return {
            kind: "user_removed", userId: asId<UserId>(text("user_id") || me), channelId, removerId: asId<UserId>(text("remover_id")),
        };
        case "added_to_team": return { kind: "team_added", teamId, userId };
        case "leave_team": return { kind: "team_left", teamId, userId };
        case "update_team":
        case "restore_team": return some(inner<Team>("team"), (team) => ({ kind: "team_updated", team }));
        case "delete_team": return some(inner<Team>("team"), (team) => ({ kind: "team_deleted", team }));
        case "memberrole_updated": return some(inner<TeamMember>("member"), (member) => ({ kind: "team_member_updated", member }));
        case "user_updated": return some(inner<User>("user"), (user) => ({ kind: "user_updated", user }));
        case "user_role_updated": return { kind: "user_roles_updated", userId, roles: text("roles") };
        case "role_updated": return some(inner<Role>("role"), (role) => ({ kind: "role_updated", role }));
        case "new_user": return { kind: "user_new", userId };
        case "preference_changed": return some(inner<Preference>("preference"), (each) => ({ kind: "preferences_changed", list: [each] }));
        case "preferences_changed": return some(inner<Preference[]>("preferences"), (list) => ({ kind: "preferences_changed", list }));
        case "preferences_deleted": return some(inner<Preference[]>("preferences"), (list) => ({ kind: "preferences_deleted", list }));
        case "sidebar_category_created":
        case "sidebar_category_updated":
        case "sidebar_category_deleted": return { kind: "categories_changed", teamId };
        case "sidebar_category_order_updated": return { kind: "categories_ordered", teamId, order: (inner<string[]>("order") ?? []) };
        case "thread_updated":
            return some(inner<Thread>("thread"), (thread) => ({
                kind: "thread_updated", thread, teamId, previousMentions: count("previous_unread_mentions"), previousReplies: count("previous_unread_replies"),
            }));
        case "thread_follow_changed":
            return { kind: "thread_followed", threadId: asId<PostId>(text("thread_id")), isFollowing: data["state"] === true, replyCount: count("reply_count") };
        case "thread_read_changed":
            if (!text("thread_id")) return { kind: "threads_read_all", teamId, channelId };
            return {
                kind: "thread_read", threadId: asId<PostId>(text("thread_id")), at: count("timestamp"), teamId, mentions: count("unread_mentions"),
                replies: count("unread_replies"), previousMentions: count("previous_unread_mentions"), previousReplies: count("previous_unread_replies"),
            };
        case "draft_created":
        case "draft_updated": return some(inner<Draft>("draft"), (draft) => ({ kind: "draft_saved", draft }));
        case "draft_deleted": return some(inner<Draft>("draft"), (draft) => ({ kind: "draft_deleted", draft }));
        case "emoji_added": return some(inner<Emoji>("emoji"), (emoji) => ({ kind: "emoji_added", emoji }));
        case "config_changed": return some(inner<StringMap>("config"), (config) => ({ kind: "config_changed", config }));
        default: return null;
    }
}
