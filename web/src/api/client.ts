/** The v4 endpoints the web app calls, one function each, grouped by noun. */
import { asId, type ChannelId, type FileId, type PostId, type TeamId, type UserId } from "../lib/ids";
import { http } from "./http";
import type {
    Boot, Categories, Category, Channel, ChannelMember, ChannelStats, ChannelType, ChannelUnreadAt, Command, CommandResponse,
    CustomStatus, Draft, EmailInvite, Emoji, Post, PostInfo, PostList, Preference, Reaction, SearchResults, Status, StringMap,
    Suggestion, Team, TeamMember, TeamUnread, Thread, Threads, User, UserAutocomplete,
} from "./types";

const V4 = "/api/v4";
const enc = encodeURIComponent;

/** With collapsed threads, replies stay out of the channel; `skipFetchThreads` keeps roots of replies out too. */
const COLLAPSED = { collapsedThreads: true, collapsedThreadsExtended: false, skipFetchThreads: false } as const;

export interface NewUser {
    readonly email: string;
    readonly username: string;
    readonly password: string;
    readonly locale: string;
}

export interface NewPost {
    readonly channel_id: ChannelId;
    readonly root_id: PostId | "";
    readonly message: string;
    readonly file_ids: readonly FileId[];
    readonly pending_post_id: string;
    readonly props?: { readonly [key: string]: unknown };
}

export const api = {
    boot: (team: string, channel: string) => http.get<Boot>(`${V4}/anser/boot`, { team, channel }),

    /* Session */
    login: (loginId: string, password: string, token = "") =>
        http.post<User>(`${V4}/users/login`, { login_id: loginId, password, token, device_id: "" }),
    logout: () => http.post(`${V4}/users/logout`),
    userCreate: (user: NewUser, inviteId: string, token: string) =>
        http.post<User>(`${V4}/users`, user, { iid: inviteId || undefined, t: token || undefined }),
    passwordResetSend: (email: string) => http.post(`${V4}/users/password/reset/send`, { email }),
    passwordReset: (token: string, password: string) => http.post(`${V4}/users/password/reset`, { token, new_password: password }),
    emailVerify: (token: string) => http.post(`${V4}/users/email/verify`, { token }),

    /* Users */
    me: () => http.get<User>(`${V4}/users/me`),
    userByName: (name: string) => http.get<User>(`${V4}/users/username/${enc(name)}`),
    usersByIds: (ids: readonly UserId[]) => http.post<User[]>(`${V4}/users/ids`, ids),
    usersByNames: (names: readonly string[]) => http.post<User[]>(`${V4}/users/usernames`, names),
    usersOfGroupChannels: (ids: readonly ChannelId[]) => http.post<{ [id: string]: User[] }>(`${V4}/users/group_channels`, ids),
    users: (query: { in_channel?: ChannelId; in_team?: TeamId; not_in_team?: TeamId; page?: number; per_page?: number; sort?: string; active?: boolean }) =>
        http.get<User[]>(`${V4}/users`, query),
    userSearch: (body: { term: string; team_id?: TeamId; not_in_team_id?: TeamId; in_channel_id?: ChannelId; not_in_channel_id?: ChannelId; limit?: number }) =>
        http.post<User[]>(`${V4}/users/search`, body),
    userAutocomplete: (name: string, team: TeamId | "", channel: ChannelId | "", signal?: AbortSignal) =>
        http.get<UserAutocomplete>(`${V4}/users/autocomplete`, { name, in_team: team || undefined, in_channel: channel || undefined, limit: 25 }, signal),
    userPatch: (patch: Partial<User> & { readonly password?: string }) => http.put<User>(`${V4}/users/me/patch`, patch),
    userPassword: (current: string, next: string) =>
        http.put(`${V4}/users/me/password`, { current_password: current, new_password: next }),
    userImageSet: (image: Blob) => {
        const form = new FormData();
        form.append("image", image);
        return http.post(`${V4}/users/me/image`, form);
    },
    userImageReset: () => http.remove(`${V4}/users/me/image`),
    usersTyping: (channel_id: ChannelId, parent_id: string) => http.post(`${V4}/users/me/typing`, { channel_id, parent_id }),

    /* Status */
    statuses: (ids: readonly UserId[]) => http.post<Status[]>(`${V4}/users/status/ids`, ids),
    statusSet: (user_id: UserId, status: string, dnd_end_time = 0) =>
        http.put<Status>(`${V4}/users/me/status`, { user_id, status, ...(dnd_end_time ? { dnd_end_time } : {}) }),
    customStatusSet: (status: CustomStatus) => http.put(`${V4}/users/me/status/custom`, status),
    customStatusClear: () => http.remove(`${V4}/users/me/status/custom`),

    /* Preferences */
    preferences: () => http.get<Preference[]>(`${V4}/users/me/preferences`),
    preferencesSave: (list: readonly Preference[]) => http.put(`${V4}/users/me/preferences`, list),
    preferencesDelete: (list: readonly Preference[]) => http.post(`${V4}/users/me/preferences/delete`, list),

    /* Teams */
    myTeams: () => http.get<Team[]>(`${V4}/users/me/teams`),
    myTeamMembers: () => http.get<TeamMember[]>(`${V4}/users/me/teams/members`),
    myTeamUnreads: () => http.get<TeamUnread[]>(`${V4}/users/me/teams/unread`, { include_collapsed_threads: true }),
    team: (id: TeamId) => http.get<Team>(`${V4}/teams/${id}`),
    teamByName: (name: string) => http.get<Team>(`${V4}/teams/name/${enc(name)}`),
    teamNameExists: (name: string) => http.get<{ exists: boolean }>(`${V4}/teams/name/${enc(name)}/exists`),
    teamsOpen: (page: number) => http.get<Team[]>(`${V4}/teams`, { page, per_page: 200 }),
    teamCreate: (name: string, display_name: string) => http.post<Team>(`${V4}/teams`, { name, display_name, type: "O" }),
    teamPatch: (id: TeamId, patch: Partial<Team>) => http.put<Team>(`${V4}/teams/${id}/patch`, patch),
    teamInviteInfo: (inviteId: string) => http.get<Team>(`${V4}/teams/invite/${enc(inviteId)}`),
    teamInviteRenew: (id: TeamId) => http.post<Team>(`${V4}/teams/${id}/regenerate_invite_id`),
    teamJoinByInvite: (invite_id: string, token: string) =>
        http.post<TeamMember>(`${V4}/teams/members/invite`, {}, { invite_id: invite_id || undefined, token: token || undefined }),
    teamMemberAdd: (team_id: TeamId, user_id: UserId) => http.post<TeamMember>(`${V4}/teams/${team_id}/members`, { team_id, user_id }),
    teamMembersAdd: (team_id: TeamId, users: readonly UserId[]) =>
        http.post<TeamMember[]>(`${V4}/teams/${team_id}/members/batch`, users.map((user_id) => ({ team_id, user_id }))),
    teamMemberRemove: (team: TeamId, user: UserId) => http.remove(`${V4}/teams/${team}/members/${user}`),
    teamInviteByEmail: (team: TeamId, emails: readonly string[]) =>
        http.post<EmailInvite[]>(`${V4}/teams/${team}/invite/email`, emails, { graceful: true }),
    roles: (names: readonly string[]) => http.post<{ name: string; permissions: string[] | null }[]>(`${V4}/roles/names`, names),

    /* Channels */
    myChannels: (team: TeamId) => http.get<Channel[]>(`${V4}/users/me/teams/${team}/channels`),
    myChannelMembers: (team: TeamId) => http.get<ChannelMember[]>(`${V4}/users/me/teams/${team}/channels/members`),
    channel: (id: ChannelId) => http.get<Channel>(`${V4}/channels/${id}`),
    channelByName: (team: TeamId, name: string) => http.get<Channel>(`${V4}/teams/${team}/channels/name/${enc(name)}`, { include_deleted: true }),
    channelsPublic: (team: TeamId, page: number) => http.get<Channel[]>(`${V4}/teams/${team}/channels`, { page, per_page: 60 }),
    channelSearch: (team: TeamId, term: string) => http.post<Channel[]>(`${V4}/teams/${team}/channels/search`, { term }),
    channelAutocomplete: (team: TeamId, name: string, signal?: AbortSignal) =>
        http.get<Channel[]>(`${V4}/teams/${team}/channels/autocomplete`, { name }, signal),
    channelCreate: (channel: { team_id: TeamId; name: string; display_name: string; purpose: string; type: ChannelType }) =>
        http.post<Channel>(`${V4}/channels`, channel),
    channelDirect: (a: UserId, b: UserId) => http.post<Channel>(`${V4}/channels/direct`, [a, b]),
    channelGroup: (users: readonly UserId[]) => http.post<Channel>(`${V4}/channels/group`, users),
    channelPatch: (id: ChannelId, patch: Partial<Pick<Channel, "header" | "purpose" | "display_name" | "name">>) =>
        http.put<Channel>(`${V4}/channels/${id}/patch`, patch),
    channelPrivacySet: (id: ChannelId, privacy: "O" | "P") => http.put<Channel>(`${V4}/channels/${id}/privacy`, { privacy }),
    channelArchive: (id: ChannelId) => http.remove(`${V4}/channels/${id}`),
    channelRestore: (id: ChannelId) => http.post<Channel>(`${V4}/channels/${id}/restore`),
    channelStats: (id: ChannelId) => http.get<ChannelStats>(`${V4}/channels/${id}/stats`),
    channelMember: (id: ChannelId) => http.get<ChannelMember>(`${V4}/channels/${id}/members/me`),
    channelMemberAdd: (id: ChannelId, user_id: UserId) => http.post<ChannelMember>(`${V4}/channels/${id}/members`, { user_id }),
    channelMemberRemove: (id: ChannelId, user: UserId) => http.remove(`${V4}/channels/${id}/members/${user}`),
    channelNotifyProps: (id: ChannelId, user: UserId, props: StringMap) =>
        http.put(`${V4}/channels/${id}/members/${user}/notify_props`, { ...props, channel_id: id, user_id: user }),
    channelView: (channel_id: ChannelId) =>
        http.post<{ last_viewed_at_times?: { [id: string]: number } | null }>(`${V4}/channels/members/me/view`, { channel_id, prev_channel_id: "", collapsed_threads_supported: true }),
    channelsMarkRead: (ids: readonly ChannelId[]) =>
        http.post<{ last_viewed_at_times?: { [id: string]: number } | null }>(`${V4}/channels/members/me/mark_read`, ids),
    channelPinned: (id: ChannelId) => http.get<PostList>(`${V4}/channels/${id}/pinned`),

    /* Sidebar */
    categories: (team: TeamId) => http.get<Categories>(`${V4}/users/me/teams/${team}/channels/categories`),
    categoryCreate: (team: TeamId, category: Partial<Category>) =>
        http.post<Category>(`${V4}/users/me/teams/${team}/channels/categories`, category),
    categoriesUpdate: (team: TeamId, list: readonly Category[]) =>
        http.put<Category[]>(`${V4}/users/me/teams/${team}/channels/categories`, list),
    categoryDelete: (team: TeamId, id: string) => http.remove(`${V4}/users/me/teams/${team}/channels/categories/${id}`),
    categoriesOrder: (team: TeamId, order: readonly string[]) =>
        http.put<string[]>(`${V4}/users/me/teams/${team}/channels/categories/order`, order),

    /* Posts */
    postsUnread: (channel: ChannelId) =>
        http.get<PostList>(`${V4}/users/me/channels/${channel}/posts/unread`, { limit_before: 30, limit_after: 30, ...COLLAPSED }),
    postsBefore: (channel: ChannelId, before: PostId) =>
        http.get<PostList>(`${V4}/channels/${channel}/posts`, { before, per_page: 60, page: 0, ...COLLAPSED }),
    postsAfter: (channel: ChannelId, after: PostId) =>
        http.get<PostList>(`${V4}/channels/${channel}/posts`, { after, per_page: 60, page: 0, ...COLLAPSED }),
    postsLatest: (channel: ChannelId) => http.get<PostList>(`${V4}/channels/${channel}/posts`, { per_page: 60, page: 0, ...COLLAPSED }),
    postsSince: (channel: ChannelId, since: number) => http.get<PostList>(`${V4}/channels/${channel}/posts`, { since, ...COLLAPSED }),
    post: (id: PostId) => http.get<Post>(`${V4}/posts/${id}`),
    postInfo: (id: PostId) => http.get<PostInfo>(`${V4}/posts/${id}/info`),
    postThread: (id: PostId) =>
        http.get<PostList>(`${V4}/posts/${id}/thread`, { ...COLLAPSED, perPage: 200, direction: "down" }),
    postThreadAfter: (id: PostId, fromPost: PostId, fromCreateAt: number) =>
        http.get<PostList>(`${V4}/posts/${id}/thread`, { ...COLLAPSED, perPage: 200, direction: "down", fromPost, fromCreateAt }),
    postCreate: (post: NewPost) => http.post<Post>(`${V4}/posts`, post),
    postPatch: (id: PostId, message: string) => http.put<Post>(`${V4}/posts/${id}/patch`, { message }),
    postDelete: (id: PostId) => http.remove(`${V4}/posts/${id}`),
    postPin: (id: PostId) => http.post(`${V4}/posts/${id}/pin`),
    postUnpin: (id: PostId) => http.post(`${V4}/posts/${id}/unpin`),
    postSetUnread: (id: PostId) =>
        http.post<ChannelUnreadAt>(`${V4}/users/me/posts/${id}/set_unread`, { collapsed_threads_supported: true }),
    postsFlagged: (team: TeamId | "", page: number) =>
        http.get<PostList>(`${V4}/users/me/posts/flagged`, { team_id: team || undefined, page, per_page: 60 }),
    postSearch: (team: TeamId, terms: string, page: number) =>
        http.post<SearchResults>(`${V4}/teams/${team}/posts/search`, {
            terms, is_or_search: false, page, per_page: 40, time_zone_offset: -new Date().getTimezoneOffset() * 60, include_deleted_channels: false,
        }),
    reactionAdd: (user_id: UserId, post_id: PostId, emoji_name: string) =>
        http.post<Reaction>(`${V4}/reactions`, { user_id, post_id, emoji_name, create_at: 0 }),
    reactionRemove: (post: PostId, emoji: string) => http.remove(`${V4}/users/me/posts/${post}/reactions/${enc(emoji)}`),
    commandExecute: (body: { command: string; channel_id: ChannelId; team_id: TeamId | ""; root_id: PostId | "" }) =>
        http.post<CommandResponse>(`${V4}/commands/execute`, body),
    commands: (team: TeamId) => http.get<Command[]>(`${V4}/teams/${team}/commands/autocomplete`),
    commandSuggestions: (team: TeamId, channel_id: ChannelId, root_id: string, user_input: string, signal?: AbortSignal) =>
        http.get<Suggestion[]>(`${V4}/teams/${team}/commands/autocomplete_suggestions`, { channel_id, root_id, user_input }, signal),

    /* Threads */
    threads: (user: UserId, team: TeamId, query: { unread: boolean; before?: PostId | "" }) =>
        http.get<Threads>(`${V4}/users/${user}/teams/${team}/threads`, {
            per_page: 30, extended: true, deleted: false, unread: query.unread, before: query.before || undefined,
        }),
    threadTotals: (user: UserId, team: TeamId) =>
        http.get<Threads>(`${V4}/users/${user}/teams/${team}/threads`, { totalsOnly: true, per_page: 1 }),
    thread: (user: UserId, team: TeamId, id: PostId) =>
        http.get<Thread>(`${V4}/users/${user}/teams/${team}/threads/${id}`, { extended: true }),
    threadRead: (user: UserId, team: TeamId, id: PostId, at: number) =>
        http.put<Thread>(`${V4}/users/${user}/teams/${team}/threads/${id}/read/${at}`),
    threadSetUnread: (user: UserId, team: TeamId, id: PostId, post: PostId) =>
        http.post<Thread>(`${V4}/users/${user}/teams/${team}/threads/${id}/set_unread/${post}`),
    threadsReadAll: (user: UserId, team: TeamId) => http.put(`${V4}/users/${user}/teams/${team}/threads/read`),
    threadFollow: (user: UserId, team: TeamId, id: PostId, follow: boolean) => {
        const path = `${V4}/users/${user}/teams/${team}/threads/${id}/following`;
        return follow ? http.put(path) : http.remove(path);
    },

    /* Drafts and emoji */
    drafts: (team: TeamId) => http.get<Draft[] | null>(`${V4}/users/me/teams/${team}/drafts`),
    draftSave: (draft: Pick<Draft, "channel_id" | "root_id" | "message" | "user_id"> & { file_ids?: readonly FileId[] }) =>
        http.post<Draft | null>(`${V4}/drafts`, { ...draft, create_at: 0, update_at: 0, props: {} }),
    draftDelete: (channel: ChannelId, root: PostId | "") =>
        http.remove(`${V4}/users/me/channels/${channel}/drafts${root ? `/${root}` : ""}`),
    emojiByNames: (names: readonly string[]) => http.post<Emoji[]>(`${V4}/emoji/names`, names),
    emojiList: (page: number) => http.get<Emoji[]>(`${V4}/emoji`, { page, per_page: 200, sort: "name" }),
};

/* Addresses of bytes, for src and href. */
export const userImageUrl = (id: UserId, version: number): string => `${V4}/users/${id}/image?_=${version}`;
export const teamImageUrl = (id: TeamId, version: number): string => `${V4}/teams/${id}/image?_=${version}`;
export const emojiImageUrl = (id: string): string => `${V4}/emoji/${id}/image`;
export const fileUrl = (id: FileId): string => `${V4}/files/${id}`;
export const fileDownloadUrl = (id: FileId): string => `${V4}/files/${id}?download=1`;
export const filePreviewUrl = (id: FileId): string => `${V4}/files/${id}/preview`;
export const fileThumbnailUrl = (id: FileId): string => `${V4}/files/${id}/thumbnail`;
export const socketUrl = (connection: string, sequence: number): string => {
    const base = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
    return `${base}${V4}/websocket?connection_id=${enc(connection)}&sequence_number=${sequence}&posted_ack=true`;
};

/** The other person of a direct channel, from its name "<id>__<id>". */
export function directPartner(name: string, me: UserId): UserId {
    const [a = "", b = ""] = name.split("__");
    return asId<UserId>(a === me ? b : a);
}
