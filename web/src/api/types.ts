/** What the v4 protocol carries, as far as the web app reads it. Times are Unix milliseconds; 0 means never. */
import type { CategoryId, ChannelId, FileId, PostId, TeamId, UserId } from "../lib/ids";

export type StringMap = { readonly [key: string]: string | undefined };

export interface User {
    readonly id: UserId;
    readonly create_at?: number;
    readonly update_at?: number;
    readonly delete_at: number;
    readonly username: string;
    readonly email: string;
    readonly nickname: string;
    readonly first_name: string;
    readonly last_name: string;
    readonly position: string;
    readonly roles: string;
    readonly props?: StringMap;
    readonly notify_props?: StringMap;
    readonly last_picture_update?: number;
    readonly locale: string;
    readonly timezone?: StringMap | null;
    readonly is_bot?: boolean;
    readonly bot_description?: string;
}

export interface CustomStatus {
    readonly emoji: string;
    readonly text: string;
    readonly duration?: string;
    readonly expires_at?: string;
}

export interface Team {
    readonly id: TeamId;
    readonly delete_at: number;
    readonly display_name: string;
    readonly name: string;
    readonly description: string;
    readonly type: string;
    readonly invite_id: string;
    readonly allow_open_invite: boolean;
    readonly last_team_icon_update?: number;
}

export interface TeamMember {
    readonly team_id: TeamId;
    readonly user_id: UserId;
    readonly roles: string;
    readonly delete_at: number;
    readonly scheme_admin: boolean;
}

export interface TeamUnread {
    readonly team_id: TeamId;
    readonly msg_count: number;
    readonly mention_count: number;
    readonly msg_count_root: number;
    readonly mention_count_root: number;
    readonly thread_count: number;
    readonly thread_mention_count: number;
}

/** O public, P private, D direct, G group. */
export type ChannelType = "O" | "P" | "D" | "G";

export interface Channel {
    readonly id: ChannelId;
    readonly create_at: number;
    readonly update_at: number;
    readonly delete_at: number;
    readonly team_id: TeamId;
    readonly type: ChannelType;
    readonly display_name: string;
    readonly name: string;
    readonly header: string;
    readonly purpose: string;
    readonly last_post_at: number;
    readonly total_msg_count: number;
    readonly total_msg_count_root: number;
    readonly last_root_post_at: number;
    readonly creator_id: UserId;
}

export interface ChannelMember {
    readonly channel_id: ChannelId;
    readonly user_id: UserId;
    readonly roles: string;
    readonly last_viewed_at: number;
    readonly msg_count: number;
    readonly mention_count: number;
    readonly msg_count_root: number;
    readonly mention_count_root: number;
    readonly notify_props: StringMap | null;
    readonly scheme_admin: boolean;
}

export interface ChannelStats {
    readonly channel_id: ChannelId;
    readonly member_count: number;
    readonly guest_count: number;
    readonly pinnedpost_count: number;
    readonly files_count: number;
}

export interface Reaction {
    readonly user_id: UserId;
    readonly post_id: PostId;
    readonly emoji_name: string;
    readonly create_at: number;
}

export interface FileInfo {
    readonly id: FileId;
    readonly user_id: UserId;
    readonly post_id?: PostId;
    readonly create_at: number;
    readonly name: string;
    readonly extension: string;
    readonly size: number;
    readonly mime_type: string;
    readonly width?: number;
    readonly height?: number;
    readonly has_preview_image?: boolean;
}

export interface Embed {
    readonly type: string;
    readonly url?: string;
    readonly data?: unknown;
}

export interface ImageSize {
    readonly width: number;
    readonly height: number;
}

export interface PostMetadata {
    readonly embeds?: readonly Embed[] | null;
    readonly emojis?: readonly Emoji[] | null;
    readonly files?: readonly FileInfo[] | null;
    readonly images?: { readonly [url: string]: ImageSize | null | undefined } | null;
    readonly reactions?: readonly Reaction[] | null;
}

export interface Post {
    readonly id: PostId;
    readonly create_at: number;
    readonly update_at: number;
    readonly edit_at: number;
    readonly delete_at: number;
    readonly is_pinned: boolean;
    readonly user_id: UserId;
    readonly channel_id: ChannelId;
    readonly root_id: PostId | "";
    readonly message: string;
    readonly message_source?: string;
    readonly type: string;
    readonly props: { readonly [key: string]: unknown } | null;
    readonly file_ids?: readonly FileId[] | null;
    readonly pending_post_id: string;
    readonly reply_count: number;
    readonly last_reply_at?: number;
    readonly participants?: readonly { readonly id: UserId }[] | null;
    readonly is_following?: boolean;
    readonly metadata?: PostMetadata;
}

export interface PostList {
    readonly order: readonly PostId[] | null;
    readonly posts: { readonly [id: string]: Post | undefined } | null;
    readonly next_post_id: string;
    readonly prev_post_id: string;
    readonly has_next?: boolean;
}

export interface SearchResults extends PostList {
    readonly matches?: { readonly [id: string]: readonly string[] | undefined } | null;
}

export interface Status {
    readonly user_id: UserId;
    readonly status: string;
    readonly manual?: boolean;
    /** Seconds, not milliseconds. */
    readonly dnd_end_time?: number;
}

export interface Preference {
    readonly user_id: UserId;
    readonly category: string;
    readonly name: string;
    readonly value: string;
}

export interface Role {
    readonly name: string;
    readonly permissions: readonly string[] | null;
}

export interface Category {
    readonly id: CategoryId;
    readonly user_id: UserId;
    readonly team_id: TeamId;
    readonly sort_order: number;
    readonly sorting: string;
    readonly type: "favorites" | "channels" | "direct_messages" | "custom";
    readonly display_name: string;
    readonly muted: boolean;
    readonly collapsed: boolean;
    readonly channel_ids: readonly ChannelId[];
}

export interface Categories {
    readonly categories: readonly Category[] | null;
    readonly order: readonly CategoryId[] | null;
}

export interface Thread {
    readonly id: PostId;
    readonly reply_count: number;
    readonly last_reply_at: number;
    readonly last_viewed_at: number;
    readonly participants: readonly { readonly id: UserId }[] | null;
    readonly post: Post | null;
    readonly unread_replies: number;
    readonly unread_mentions: number;
    readonly delete_at?: number;
}

export interface Threads {
    readonly total: number;
    readonly total_unread_threads: number;
    readonly total_unread_mentions: number;
    readonly threads: readonly Thread[] | null;
}

export interface Draft {
    readonly create_at: number;
    readonly update_at: number;
    readonly user_id: UserId;
    readonly channel_id: ChannelId;
    readonly root_id: PostId | "";
    readonly message: string;
    readonly file_ids?: readonly FileId[] | null;
    readonly metadata?: PostMetadata;
}

export interface Emoji {
    readonly id: string;
    readonly name: string;
    readonly creator_id?: UserId;
}

export interface ChannelUnreadAt {
    readonly channel_id: ChannelId;
    readonly msg_count: number;
    readonly mention_count: number;
    readonly msg_count_root: number;
    readonly mention_count_root: number;
    readonly last_viewed_at: number;
}

export interface UserAutocomplete {
    readonly users: readonly User[] | null;
    readonly out_of_channel?: readonly User[] | null;
}

export interface Command {
    readonly trigger: string;
    readonly auto_complete_desc: string;
    readonly auto_complete_hint: string;
    readonly display_name: string;
}

export interface Suggestion {
    readonly Complete: string;
    readonly Suggestion: string;
    readonly Hint: string;
    readonly Description: string;
}

export interface CommandResponse {
    readonly response_type?: string;
    readonly text?: string;
    readonly goto_location?: string;
    readonly trigger_id?: string;
}

export interface EmailInvite {
    readonly email: string;
    readonly error: { readonly id: string; readonly message: string } | null;
}

export interface PostInfo {
    readonly channel_id: ChannelId;
    readonly channel_type: ChannelType;
    readonly channel_display_name: string;
    readonly has_joined_channel: boolean;
    readonly team_id: TeamId | "";
    readonly team_display_name: string;
    readonly has_joined_team: boolean;
}

/** Our own first load: everything the first screen shows, in one reply. */
export interface Boot {
    readonly config: StringMap;
    readonly license: StringMap;
    readonly user: User | null;
    readonly preferences?: readonly Preference[] | null;
    readonly teams?: readonly Team[] | null;
    readonly team_members?: readonly TeamMember[] | null;
    readonly team_unreads?: readonly TeamUnread[] | null;
    readonly roles?: readonly Role[] | null;
    readonly team_id?: TeamId | "";
    readonly channels?: readonly Channel[] | null;
    readonly channel_members?: readonly ChannelMember[] | null;
    readonly categories?: Categories | null;
    readonly channel_id?: ChannelId | "";
    readonly posts?: PostList | null;
    readonly users?: readonly User[] | null;
    readonly statuses?: readonly Status[] | null;
    readonly threads?: { readonly total_unread_threads: number; readonly total_unread_mentions: number } | null;
    readonly server_time?: number;
}
