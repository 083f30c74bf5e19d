/** Everything the app knows, as one immutable value. Wire nouns are kept as the server sent them; what can be derived is a selector. */
import type { CategoryId, ChannelId, PostId, TeamId, UserId } from "../lib/ids";
import type { Rec } from "../lib/record";
import type {
    Category, Channel, ChannelMember, ChannelStats, Emoji, FileInfo, Post, Role, StringMap, Team, TeamMember, TeamUnread, Thread, User,
} from "../api/types";
import type { Route } from "./route";

/** The stretch of a channel that is loaded: without gaps, oldest first, roots only (replies live in threads). */
export interface Timeline {
    readonly ids: readonly PostId[];
    readonly atOldest: boolean;
    readonly atNewest: boolean;
}

export interface LocalDraft {
    readonly channelId: ChannelId;
    readonly rootId: PostId | "";
    readonly message: string;
    readonly files: readonly FileInfo[];
    readonly updatedAt: number;
}

/** A draft belongs to a thread, or to a channel. */
export type DraftKey = PostId | ChannelId;

export interface ThreadTotals {
    readonly unread: number;
    readonly mentions: number;
}

export interface Inbox {
    readonly ids: readonly PostId[];
    readonly hasMore: boolean;
}

/** "waiting": the server could not be reached, it goes out by itself later. "failed": the server refused it, the user decides. */
export type SendStatus = "sending" | "waiting" | "failed";

export type Connection =
    | { readonly kind: "connecting" }
    | { readonly kind: "online" }
    | { readonly kind: "offline"; readonly retryAt: number };

export type Side =
    | { readonly kind: "thread"; readonly rootId: PostId; readonly focusId?: PostId }
    | { readonly kind: "search"; readonly terms: string }
    | { readonly kind: "pinned"; readonly channelId: ChannelId }
    | { readonly kind: "saved" }
    | { readonly kind: "mentions" }
    | { readonly kind: "members"; readonly channelId: ChannelId }
    | { readonly kind: "info"; readonly channelId: ChannelId };

/** Where a popover points to, in the window's pixels. */
export interface Anchor {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
}

export type Dialog =
    | { readonly kind: "switcher" }
    | { readonly kind: "browse" }
    | { readonly kind: "channel_new" }
    | { readonly kind: "direct_new" }
    | { readonly kind: "channel_edit"; readonly channelId: ChannelId; readonly field: "header" | "purpose" | "name" }
    | { readonly kind: "members_add"; readonly channelId: ChannelId }
    | { readonly kind: "invite" }
    | { readonly kind: "team_settings" }
    | { readonly kind: "settings"; readonly tab: string }
    | { readonly kind: "custom_status" }
    | { readonly kind: "shortcuts" }
    | { readonly kind: "post_delete"; readonly postId: PostId }
    | { readonly kind: "image"; readonly postId: PostId; readonly index: number }
    | { readonly kind: "category_new"; readonly channelId: ChannelId | "" }
    | { readonly kind: "confirm"; readonly title: string; readonly text: string; readonly action: string; readonly danger: boolean; readonly run: () => void };

export type Popover =
    | { readonly kind: "profile"; readonly userId: UserId; readonly anchor: Anchor }
    | { readonly kind: "emoji"; readonly anchor: Anchor; readonly pick: (name: string) => void };

export interface Toast {
    readonly id: number;
    readonly text: string;
    readonly tone: "plain" | "danger";
}

export interface Ui {
    readonly route: Route;
    readonly side: Side | null;
    readonly dialog: Dialog | null;
    readonly popover: Popover | null;
    readonly toasts: readonly Toast[];
    /** The window has the user's attention. */
    readonly isFocused: boolean;
    /** On a phone one pane is shown at a time. */
    readonly pane: "list" | "main" | "side";
    readonly editing: PostId | "";
    readonly channelError: "" | "missing" | "failed";
    /** The message a permalink or a search result led to: marked for a moment. */
    readonly highlight: PostId | "";
}

export interface State {
    readonly phase: "loading" | "failed" | "out" | "in";
    readonly config: StringMap;
    readonly me: UserId;
    readonly users: Rec<UserId, User>;
    readonly statuses: Rec<UserId, string>;
    /** "<category>/<name>" → value. */
    readonly preferences: Rec<string, string>;
    readonly roles: Rec<string, Role>;
    readonly teams: Rec<TeamId, Team>;
    readonly teamMembers: Rec<TeamId, TeamMember>;
    readonly teamUnreads: Rec<TeamId, TeamUnread>;
    readonly teamId: TeamId | "";
    readonly channels: Rec<ChannelId, Channel>;
    readonly members: Rec<ChannelId, ChannelMember>;
    readonly stats: Rec<ChannelId, ChannelStats>;
    readonly categories: Rec<TeamId, readonly Category[]>;
    /** Members of group channels, other than oneself. */
    readonly groupUsers: Rec<ChannelId, readonly UserId[]>;
    readonly channelId: ChannelId | "";
    /** Where one was in each team: to come back to. */
    readonly homes: Rec<TeamId, ChannelId>;
    readonly posts: Rec<PostId, Post>;
    readonly timelines: Rec<ChannelId, Timeline>;
    /** Posts on their way, or stuck: by pending id. */
    readonly sends: Rec<PostId, SendStatus>;
    /** Where the "new messages" line stands in a channel: above the first post later than this. */
    readonly newSince: Rec<ChannelId, number>;
    readonly threads: Rec<PostId, Thread>;
    readonly replies: Rec<PostId, readonly PostId[]>;
    readonly threadTotals: Rec<TeamId, ThreadTotals>;
    readonly inboxes: Rec<string, Inbox>;
    readonly typing: Rec<string, Rec<UserId, number>>;
    readonly drafts: Rec<DraftKey, LocalDraft>;
    /** Custom emoji by name; null: asked, and there is none. */
    readonly emojis: Rec<string, Emoji | null>;
    readonly connection: Connection;
    readonly ui: Ui;
}

export const INITIAL: State = {
    phase: "loading",
    config: {},
    me: "" as UserId,
    users: {},
    statuses: {},
    preferences: {},
    roles: {},
    teams: {},
    teamMembers: {},
    teamUnreads: {},
    teamId: "",
    channels: {},
    members: {},
    stats: {},
    categories: {},
    groupUsers: {},
    channelId: "",
    homes: {},
    posts: {},
    timelines: {},
    sends: {},
    newSince: {},
    threads: {},
    replies: {},
    threadTotals: {},
    inboxes: {},
    typing: {},
    drafts: {},
    emojis: {},
    connection: { kind: "connecting" },
    ui: {
        route: { page: "root" },
        side: null,
        dialog: null,
        popover: null,
        toasts: [],
        isFocused: true,
        pane: "main",
        editing: "",
        channelError: "",
        highlight: "",
    },
};

export type { CategoryId };
