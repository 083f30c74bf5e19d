/** Small people and channels for tests. Never in the product. */
import { asId, type ChannelId, type PostId, type TeamId, type UserId } from "../lib/ids";
import type { Boot, Channel, ChannelMember, Post, Team, Thread, User } from "../api/types";
import { reduce } from "./reduce";
import { INITIAL, type State } from "./state";

export const JULIET = asId<UserId>("juliet");
export const ROMEO = asId<UserId>("romeo");
export const VERONA = asId<TeamId>("verona");
export const PADUA = asId<TeamId>("padua");
export const SQUARE = asId<ChannelId>("square");
export const ORCHARD = asId<ChannelId>("orchard");
export const DIRECT = asId<ChannelId>("direct");

export const userOf = (id: UserId, more: Partial<User> = {}): User => ({
    id, delete_at: 0, update_at: 1, username: id, email: "", nickname: "", first_name: "", last_name: "", position: "", roles: "system_user", locale: "en", ...more,
});

export const channelOf = (id: ChannelId, more: Partial<Channel> = {}): Channel => ({
    id, create_at: 1, update_at: 1, delete_at: 0, team_id: VERONA, type: "O", display_name: id, name: id, header: "", purpose: "", last_post_at: 10,
    total_msg_count: 3, total_msg_count_root: 3, last_root_post_at: 10, creator_id: JULIET, ...more,
});

export const memberOf = (channel_id: ChannelId, more: Partial<ChannelMember> = {}): ChannelMember => ({
    channel_id, user_id: JULIET, roles: "channel_user", last_viewed_at: 10, msg_count: 3, mention_count: 0, msg_count_root: 3, mention_count_root: 0,
    notify_props: { mark_unread: "all", desktop: "default" }, scheme_admin: false, ...more,
});

export const postOf = (id: string, create_at: number, more: Partial<Post> = {}): Post => ({
    id: asId<PostId>(id), create_at, update_at: create_at, edit_at: 0, delete_at: 0, is_pinned: false, user_id: ROMEO, channel_id: SQUARE, root_id: "",
    message: id, type: "", props: {}, pending_post_id: "", reply_count: 0, metadata: {}, ...more,
});

export const threadOf = (id: string, more: Partial<Thread> = {}): Thread => ({
    id: asId<PostId>(id), reply_count: 1, last_reply_at: 30, last_viewed_at: 0, participants: [], post: null, unread_replies: 0, unread_mentions: 0, ...more,
});

const team = (id: TeamId): Team => ({ id, delete_at: 0, display_name: id, name: id, description: "", type: "I", invite_id: "invite", allow_open_invite: false });

export const BOOT: Boot = {
    config: { TeammateNameDisplay: "username" },
    license: {},
    user: userOf(JULIET, { notify_props: { desktop: "mention", channel: "true" } }),
    preferences: [],
    teams: [team(VERONA), team(PADUA)],
    team_members: [{ team_id: VERONA, user_id: JULIET, roles: "team_user", delete_at: 0, scheme_admin: false }],
    team_unreads: [{ team_id: PADUA, msg_count: 0, mention_count: 0, msg_count_root: 0, mention_count_root: 0, thread_count: 0, thread_mention_count: 0 }],
    roles: [{ name: "channel_user", permissions: ["create_post", "edit_post"] }],
    team_id: VERONA,
    channels: [channelOf(SQUARE), channelOf(ORCHARD), channelOf(DIRECT, { type: "D", team_id: asId<TeamId>(""), name: "juliet__romeo", display_name: "" })],
    channel_members: [memberOf(SQUARE), memberOf(ORCHARD), memberOf(DIRECT)],
    categories: {
        order: [asId("favorites"), asId("channels"), asId("directs")],
        categories: [
            { id: asId("favorites"), user_id: JULIET, team_id: VERONA, sort_order: 0, sorting: "", type: "favorites", display_name: "", muted: false, collapsed: false, channel_ids: [] },
            { id: asId("channels"), user_id: JULIET, team_id: VERONA, sort_order: 1, sorting: "", type: "channels", display_name: "", muted: false, collapsed: false, channel_ids: [SQUARE] },
            { id: asId("directs"), user_id: JULIET, team_id: VERONA, sort_order: 2, sorting: "", type: "direct_messages", display_name: "", muted: false, collapsed: false, channel_ids: [DIRECT] },
        ],
    },
    channel_id: SQUARE,
    posts: { order: [asId("second"), asId("first")], posts: { first: postOf("first", 5), second: postOf("second", 10) }, next_post_id: "", prev_post_id: "" },
    users: [userOf(ROMEO)],
    statuses: [{ user_id: ROMEO, status: "online" }],
    threads: { total_unread_threads: 0, total_unread_mentions: 0 },
};

export function booted(boot: Partial<Boot> = {}): State {
    return reduce(INITIAL, { kind: "booted", boot: { ...BOOT, ...boot } });
}
