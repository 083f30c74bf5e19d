/** What the server may tell us, and what happens here. `sync/decode.ts` is the only maker of server events. */
import type { ChannelId, PostId, TeamId, UserId } from "../lib/ids";
import type {
    Boot, Categories, Category, Channel, ChannelMember, ChannelStats, ChannelUnreadAt, Draft, Emoji, Post, PostList, Preference, Reaction, Role,
    Status, StringMap, Team, TeamMember, TeamUnread, Thread, Threads, User,
} from "../api/types";
import type { Route } from "./route";
import type { Connection, Dialog, DraftKey, LocalDraft, Popover, Side } from "./state";

export type ServerEvent =
    | { readonly kind: "posted"; readonly post: Post; readonly teamId: TeamId | ""; readonly mentionsMe: boolean; readonly channelName: string; readonly senderName: string; readonly setOnline: boolean }
    | { readonly kind: "ephemeral"; readonly post: Post }
    | { readonly kind: "post_edited"; readonly post: Post }
    | { readonly kind: "post_deleted"; readonly post: Post }
    | { readonly kind: "post_unread"; readonly unread: ChannelUnreadAt }
    | { readonly kind: "reaction_added"; readonly reaction: Reaction }
    | { readonly kind: "reaction_removed"; readonly reaction: Reaction }
    | { readonly kind: "typing"; readonly channelId: ChannelId; readonly rootId: PostId | ""; readonly userId: UserId }
    | { readonly kind: "status_changed"; readonly userId: UserId; readonly status: string }
    | { readonly kind: "channel_created"; readonly channelId: ChannelId }
    | { readonly kind: "channel_updated"; readonly channel: Channel }
    | { readonly kind: "channel_changed"; readonly channelId: ChannelId }
    | { readonly kind: "channel_deleted"; readonly channelId: ChannelId; readonly deleteAt: number }
    | { readonly kind: "channel_restored"; readonly channelId: ChannelId }
    | { readonly kind: "channel_converted"; readonly channelId: ChannelId }
    | { readonly kind: "channel_member_updated"; readonly member: ChannelMember }
    | { readonly kind: "channel_viewed"; readonly times: { readonly [channelId: string]: number } }
    | { readonly kind: "direct_added"; readonly channelId: ChannelId }
    | { readonly kind: "user_added"; readonly userId: UserId; readonly channelId: ChannelId }
    | { readonly kind: "user_removed"; readonly userId: UserId; readonly channelId: ChannelId; readonly removerId: UserId | "" }
    | { readonly kind: "team_added"; readonly teamId: TeamId; readonly userId: UserId }
    | { readonly kind: "team_left"; readonly teamId: TeamId; readonly userId: UserId }
    | { readonly kind: "team_updated"; readonly team: Team }
    | { readonly kind: "team_deleted"; readonly team: Team }
    | { readonly kind: "team_member_updated"; readonly member: TeamMember }
    | { readonly kind: "user_updated"; readonly user: User }
    | { readonly kind: "user_roles_updated"; readonly userId: UserId; readonly roles: string }
    | { readonly kind: "role_updated"; readonly role: Role }
    | { readonly kind: "preferences_changed"; readonly list: readonly Preference[] }
    | { readonly kind: "preferences_deleted"; readonly list: readonly Preference[] }
    | { readonly kind: "categories_changed"; readonly teamId: TeamId | "" }
    | { readonly kind: "categories_ordered"; readonly teamId: TeamId; readonly order: readonly string[] }
    | { readonly kind: "thread_updated"; readonly thread: Thread; readonly teamId: TeamId | ""; readonly previousMentions: number; readonly previousReplies: number }
    | { readonly kind: "thread_followed"; readonly threadId: PostId; readonly isFollowing: boolean; readonly replyCount: number }
    | { readonly kind: "thread_read"; readonly threadId: PostId; readonly at: number; readonly teamId: TeamId | ""; readonly mentions: number; readonly replies: number; readonly previousMentions: number; readonly previousReplies: number }
    | { readonly kind: "threads_read_all"; readonly teamId: TeamId | ""; readonly channelId: ChannelId | "" }
    | { readonly kind: "draft_saved"; readonly draft: Draft }
    | { readonly kind: "draft_deleted"; readonly draft: Draft }
    | { readonly kind: "emoji_added"; readonly emoji: Emoji }
    | { readonly kind: "config_changed"; readonly config: StringMap }
    | { readonly kind: "user_new"; readonly userId: UserId };

export type LocalEvent =
    | { readonly kind: "booted"; readonly boot: Boot }
    | { readonly kind: "boot_failed" }
    | { readonly kind: "logged_out" }
    | { readonly kind: "connection"; readonly connection: Connection }
    | { readonly kind: "routed"; readonly route: Route }
    | { readonly kind: "team_entered"; readonly teamId: TeamId }
    | { readonly kind: "channel_entered"; readonly channelId: ChannelId }
    | { readonly kind: "channel_pending" }
    | { readonly kind: "channel_error"; readonly error: "" | "missing" | "failed" }
    | { readonly kind: "channel_left"; readonly channelId: ChannelId }
    | { readonly kind: "channel_marked_read"; readonly channelId: ChannelId; readonly at: number }
    | { readonly kind: "new_line_cleared"; readonly channelId: ChannelId }
    | { readonly kind: "channels_received"; readonly channels: readonly Channel[]; readonly members: readonly ChannelMember[] }
    | { readonly kind: "member_notify"; readonly channelId: ChannelId; readonly props: StringMap }
    | { readonly kind: "stats_received"; readonly stats: ChannelStats }
    | { readonly kind: "categories_received"; readonly teamId: TeamId; readonly categories: Categories }
    | { readonly kind: "categories_edited"; readonly teamId: TeamId; readonly categories: readonly Category[] }
    | { readonly kind: "teams_received"; readonly teams: readonly Team[]; readonly members: readonly TeamMember[]; readonly unreads: readonly TeamUnread[] }
    | { readonly kind: "users_received"; readonly users: readonly User[] }
    | { readonly kind: "group_users_received"; readonly groups: { readonly [channelId: string]: readonly User[] } }
    | { readonly kind: "statuses_received"; readonly statuses: readonly Status[] }
    | { readonly kind: "roles_received"; readonly roles: readonly Role[] }
    | { readonly kind: "posts_received"; readonly channelId: ChannelId; readonly list: PostList; readonly place: "replace" | "before" | "after" | "latest" }
    | { readonly kind: "posts_since"; readonly channelId: ChannelId; readonly list: PostList }
    | { readonly kind: "posts_seen"; readonly list: PostList }
    | { readonly kind: "timelines_dropped"; readonly keep: ChannelId | "" }
    | { readonly kind: "thread_received"; readonly rootId: PostId; readonly list: PostList }
    | { readonly kind: "thread_info"; readonly thread: Thread }
    | { readonly kind: "inbox_received"; readonly teamId: TeamId; readonly unreadOnly: boolean; readonly threads: Threads; readonly append: boolean }
    | { readonly kind: "thread_totals"; readonly teamId: TeamId; readonly unread: number; readonly mentions: number }
    | { readonly kind: "send_started"; readonly post: Post }
    | { readonly kind: "send_failed"; readonly pendingId: PostId; readonly willRetry: boolean }
    | { readonly kind: "send_retried"; readonly pendingId: PostId }
    | { readonly kind: "send_done"; readonly post: Post }
    | { readonly kind: "send_dropped"; readonly pendingId: PostId }
    | { readonly kind: "post_changed"; readonly post: Post }
    | { readonly kind: "typing_started"; readonly key: string; readonly userId: UserId; readonly at: number }
    | { readonly kind: "typing_stopped"; readonly key: string; readonly userId: UserId; readonly at: number }
    | { readonly kind: "draft_set"; readonly key: DraftKey; readonly draft: LocalDraft | null }
    | { readonly kind: "drafts_loaded"; readonly drafts: readonly LocalDraft[] }
    | { readonly kind: "emojis_received"; readonly asked: readonly string[]; readonly emojis: readonly Emoji[] }
    | { readonly kind: "side"; readonly side: Side | null }
    | { readonly kind: "dialog"; readonly dialog: Dialog | null }
    | { readonly kind: "popover"; readonly popover: Popover | null }
    | { readonly kind: "pane"; readonly pane: "list" | "main" | "side" }
    | { readonly kind: "focused"; readonly isFocused: boolean }
    | { readonly kind: "editing"; readonly postId: PostId | "" }
    | { readonly kind: "highlight"; readonly postId: PostId | "" }
    | { readonly kind: "toast_shown"; readonly id: number; readonly text: string; readonly tone: "plain" | "danger" }
    | { readonly kind: "toast_gone"; readonly id: number };

export type AppEvent = ServerEvent | LocalEvent;
