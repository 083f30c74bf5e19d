import { describe, expect, it } from "vitest";
import { asId, type PostId } from "../lib/ids";
import type { Draft, Reaction } from "../api/types";
import type { AppEvent, ServerEvent } from "./events";
import { BOOT, booted, channelOf, DIRECT, JULIET, memberOf, ORCHARD, PADUA, postOf, ROMEO, SQUARE, threadOf, userOf, VERONA } from "./fixtures";
import { reduce } from "./reduce";
import { channelUnread, teamBadge } from "./select";
import { inboxKey } from "./threads";
import type { State } from "./state";

const after = (state: State, ...events: AppEvent[]): State => events.reduce(reduce, state);
const posted = (post = postOf("new", 20), more: Partial<Extract<ServerEvent, { kind: "posted" }>> = {}): ServerEvent => ({
    kind: "posted", post, teamId: VERONA, mentionsMe: false, channelName: "", senderName: "@romeo", setOnline: false, ...more,
});
const shown = (state: State): readonly string[] => state.timelines[SQUARE]?.ids ?? [];
const id = (text: string): PostId => asId<PostId>(text);

describe("first load", () => {
    it("shows the chosen team and channel", () => {
        const state = booted();
        expect(state.phase).toBe("in");
        expect(state.teamId).toBe(VERONA);
        expect(shown(state)).toEqual(["first", "second"]);
        expect(state.timelines[SQUARE]).toMatchObject({ atOldest: true, atNewest: true });
    });

    it("without a user leads to the door, and forgets what was known", () => {
        const state = after(booted(), { kind: "booted", boot: { config: { A: "1" }, license: {}, user: null } });
        expect(state).toMatchObject({ phase: "out", channels: {}, posts: {}, config: { A: "1" } });
    });

    it("drops channels that were left meanwhile", () => {
        const state = after(booted(), { kind: "booted", boot: { ...BOOT, channels: [channelOf(SQUARE)], channel_members: [memberOf(SQUARE)] } });
        expect(state.members[ORCHARD]).toBeUndefined();
        expect(state.members[SQUARE]).toBeDefined();
    });
});

describe("posted", () => {
    it("appends the post and counts it as unread", () => {
        const state = after(booted(), posted());
        expect(shown(state)).toEqual(["first", "second", "new"]);
        expect(channelUnread(state, SQUARE)).toMatchObject({ messages: 1, mentions: 0 });
    });

    it("counts a mention", () => {
        expect(channelUnread(after(booted(), posted(postOf("new", 20), { mentionsMe: true })), SQUARE).mentions).toBe(1);
    });

    it("is applied once, however often it is heard", () => {
        const state = after(booted(), posted(), posted());
        expect(shown(state)).toHaveLength(3);
        expect(channelUnread(state, SQUARE).messages).toBe(1);
    });

    it("does not count what the load already held", () => {
        const state = after(booted({ channels: [channelOf(SQUARE, { last_post_at: 20, total_msg_count_root: 4, total_msg_count: 4 })] }), posted(postOf("new", 20)));
        expect(channelUnread(state, SQUARE).messages).toBe(1);
    });

    it("by oneself is read at once", () => {
        expect(channelUnread(after(booted(), posted(postOf("mine", 20, { user_id: JULIET }))), SQUARE).messages).toBe(0);
    });

    it("that somebody joined does not count", () => {
        expect(channelUnread(after(booted(), posted(postOf("join", 20, { type: "system_join_channel" }))), SQUARE).messages).toBe(0);
    });

    it("in another team raises that team's badge", () => {
        const state = after(booted(), posted(postOf("far", 20, { channel_id: asId("far") }), { teamId: PADUA, mentionsMe: true }));
        expect(teamBadge(state, PADUA)).toEqual({ mentions: 1, hasUnread: true });
    });

    it("as a reply counts on its root, not in the channel", () => {
        const state = after(booted(), posted(postOf("reply", 20, { root_id: id("first") })));
        expect(shown(state)).toEqual(["first", "second"]);
        expect(state.posts[id("first")]).toMatchObject({ reply_count: 1, last_reply_at: 20, participants: [{ id: ROMEO }] });
        expect(channelUnread(state, SQUARE).messages).toBe(0);
    });

    it("does not leave a gap behind when newer posts are not loaded", () => {
        const state = booted({ posts: { ...BOOT.posts!, next_post_id: "later" } });
        expect(shown(after(state, posted()))).toEqual(["first", "second"]);
    });

    it("ends the sign that its author is typing", () => {
        const state = after(booted(), { kind: "typing_started", key: SQUARE, userId: ROMEO, at: 1 }, posted());
        expect(state.typing[SQUARE]).toEqual({});
    });
});

describe("sending", () => {
    const pending = postOf("juliet:1", 20, { user_id: JULIET, pending_post_id: "juliet:1", message: "hello" });
    const real = postOf("real", 21, { user_id: JULIET, pending_post_id: "juliet:1", message: "hello" });

    it("shows the post at once, and settles it whichever of reply and event comes first", () => {
        const sending = after(booted(), { kind: "send_started", post: pending });
        expect(shown(sending)).toEqual(["first", "second", "juliet:1"]);
        const ends = [
            after(sending, { kind: "send_done", post: real }, posted(real)),
            after(sending, posted(real), { kind: "send_done", post: real }),
        ];
        for (const end of ends) {
            expect(shown(end)).toEqual(["first", "second", "real"]);
            expect(end.sends).toEqual({});
            expect(end.channels[SQUARE]?.total_msg_count_root).toBe(4);
            expect(channelUnread(end, SQUARE).messages).toBe(0);
        }
    });

    it("marks what was not sent, and can try again or drop it", () => {
        const failed = after(booted(), { kind: "send_started", post: pending }, { kind: "send_failed", pendingId: pending.id, willRetry: false });
        expect(failed.sends[pending.id]).toBe("failed");
        expect(after(failed, { kind: "send_retried", pendingId: pending.id }).sends[pending.id]).toBe("sending");
        expect(shown(after(failed, { kind: "send_dropped", pendingId: pending.id }))).toEqual(["first", "second"]);
    });

    it("keeps what waits through a fresh load of the channel", () => {
        const state = after(booted(), { kind: "send_started", post: pending }, { kind: "send_failed", pendingId: pending.id, willRetry: true }, { kind: "timelines_dropped", keep: "" },
            { kind: "posts_received", channelId: SQUARE, list: BOOT.posts!, place: "replace" });
        expect(shown(state)).toEqual(["first", "second", "juliet:1"]);
        expect(state.sends[pending.id]).toBe("waiting");
    });

    it("does not mark as failed what has arrived after all", () => {
        const state = after(booted(), { kind: "send_started", post: pending }, posted(real), { kind: "send_failed", pendingId: pending.id, willRetry: true });
        expect(state.sends).toEqual({});
    });
});

describe("changes of posts", () => {
    it("edits, unless something newer is known", () => {
        const edited = after(booted(), { kind: "post_edited", post: postOf("first", 5, { message: "new", update_at: 30, edit_at: 30 }) });
        expect(edited.posts[id("first")]?.message).toBe("new");
        expect(after(edited, { kind: "post_edited", post: postOf("first", 5, { message: "old", update_at: 6 }) }).posts[id("first")]?.message).toBe("new");
    });

    it("deletes a root with its thread", () => {
        const open = after(booted(), { kind: "side", side: { kind: "thread", rootId: id("first") } }, { kind: "thread_info", thread: threadOf("first") });
        const state = after(open, { kind: "post_deleted", post: postOf("first", 5, { delete_at: 40 }) });
        expect(shown(state)).toEqual(["second"]);
        expect(state.threads).toEqual({});
        expect(state.ui.side).toBeNull();
    });

    it("deletes a reply, and the root counts one less", () => {
        const reply = postOf("reply", 20, { root_id: id("first") });
        const state = after(booted(), posted(reply), { kind: "post_deleted", post: { ...reply, delete_at: 40 } });
        expect(state.posts[id("first")]?.reply_count).toBe(0);
    });

    it("adds and removes reactions, each once", () => {
        const reaction: Reaction = { user_id: ROMEO, post_id: id("first"), emoji_name: "heart", create_at: 1 };
        const on = after(booted(), { kind: "reaction_added", reaction }, { kind: "reaction_added", reaction });
        expect(on.posts[id("first")]?.metadata?.reactions).toHaveLength(1);
        expect(after(on, { kind: "reaction_removed", reaction }).posts[id("first")]?.metadata?.reactions).toEqual([]);
    });

    it("counts pins", () => {
        const stats = { channel_id: SQUARE, member_count: 2, guest_count: 0, pinnedpost_count: 0, files_count: 0 };
        const state = after(booted(), { kind: "stats_received", stats }, { kind: "post_edited", post: postOf("first", 5, { is_pinned: true, update_at: 9 }) });
        expect(state.stats[SQUARE]?.pinnedpost_count).toBe(1);
    });
});

describe("pages of posts", () => {
    it("join on without gaps or doubles", () => {
        const state = after(booted({ posts: { ...BOOT.posts!, prev_post_id: "zeroth" } }), {
            kind: "posts_received", channelId: SQUARE, place: "before",
            list: { order: [id("first"), id("zeroth")], posts: { first: postOf("first", 5), zeroth: postOf("zeroth", 2) }, next_post_id: "first", prev_post_id: "" },
        });
        expect(shown(state)).toEqual(["zeroth", "first", "second"]);
        expect(state.timelines[SQUARE]?.atOldest).toBe(true);
    });

    it("lose nothing that was heard while they were on their way", () => {
        const state = after(booted({ posts: null }), posted(), { kind: "posts_received", channelId: SQUARE, list: BOOT.posts!, place: "replace" });
        expect(shown(state)).toEqual(["first", "second", "new"]);
    });

    it("bring up to date after a gap: new, edited and deleted", () => {
        const state = after(booted(), {
            kind: "posts_since", channelId: SQUARE,
            list: { order: [id("third"), id("second")], posts: { third: postOf("third", 30), second: postOf("second", 10, { delete_at: 31, update_at: 31 }) }, next_post_id: "", prev_post_id: "" },
        });
        expect(shown(state)).toEqual(["first", "third"]);
    });
});

describe("reading", () => {
    it("viewed elsewhere is read here", () => {
        const state = after(booted(), posted(postOf("new", 20), { mentionsMe: true }), { kind: "channel_viewed", times: { [SQUARE]: 20 } });
        expect(channelUnread(state, SQUARE)).toMatchObject({ messages: 0, mentions: 0 });
    });

    it("marked unread takes the server's counts, and draws the line", () => {
        const unread = { channel_id: SQUARE, msg_count: 1, msg_count_root: 1, mention_count: 0, mention_count_root: 1, last_viewed_at: 4 };
        const state = after(booted(), { kind: "post_unread", unread });
        expect(channelUnread(state, SQUARE)).toMatchObject({ messages: 2, mentions: 1 });
        expect(state.newSince[SQUARE]).toBe(4);
    });

    it("what came while one looked elsewhere has the line above it", () => {
        const state = after(booted(), { kind: "channel_entered", channelId: SQUARE }, { kind: "focused", isFocused: false }, posted(), posted(postOf("more", 21)));
        expect(state.newSince[SQUARE]).toBe(19);
    });

    it("entering an unread channel draws the line where one had read to", () => {
        const state = after(booted(), posted(), { kind: "channel_entered", channelId: SQUARE });
        expect(state.newSince[SQUARE]).toBe(10);
        expect(after(state, { kind: "channel_marked_read", channelId: SQUARE, at: 20 }, { kind: "channel_entered", channelId: SQUARE }).newSince[SQUARE]).toBeUndefined();
    });
});

describe("channels", () => {
    it("change, are archived, restored, made private", () => {
        const state = after(booted(), { kind: "channel_updated", channel: channelOf(ORCHARD, { display_name: "Garden", total_msg_count_root: 0 }) });
        expect(state.channels[ORCHARD]).toMatchObject({ display_name: "Garden", total_msg_count_root: 3 });
        const archived = after(state, { kind: "channel_deleted", channelId: ORCHARD, deleteAt: 50 });
        expect(archived.channels[ORCHARD]?.delete_at).toBe(50);
        expect(after(archived, { kind: "channel_restored", channelId: ORCHARD }).channels[ORCHARD]?.delete_at).toBe(0);
        expect(after(state, { kind: "channel_converted", channelId: ORCHARD }).channels[ORCHARD]?.type).toBe("P");
    });

    it("are left when one is removed; others only change the count", () => {
        const stats = { channel_id: SQUARE, member_count: 5, guest_count: 0, pinnedpost_count: 0, files_count: 0 };
        const state = after(booted(), { kind: "stats_received", stats });
        expect(after(state, { kind: "user_removed", channelId: SQUARE, userId: JULIET, removerId: ROMEO }).members[SQUARE]).toBeUndefined();
        expect(after(state, { kind: "user_removed", channelId: SQUARE, userId: ROMEO, removerId: "" }).stats[SQUARE]?.member_count).toBe(4);
        expect(after(state, { kind: "user_added", channelId: SQUARE, userId: ROMEO }).stats[SQUARE]?.member_count).toBe(6);
    });

    it("take the member's own changes", () => {
        const state = after(booted(), { kind: "channel_member_updated", member: memberOf(SQUARE, { notify_props: { mark_unread: "mention" } }) });
        expect(state.members[SQUARE]?.notify_props?.["mark_unread"]).toBe("mention");
        expect(after(state, { kind: "channel_member_updated", member: memberOf(SQUARE, { user_id: ROMEO, notify_props: {} }) }).members[SQUARE]).toBe(state.members[SQUARE]);
    });
});

describe("threads", () => {
    it("raise the totals by what the event says was before", () => {
        const unread = threadOf("first", { unread_replies: 1, unread_mentions: 1 });
        const state = after(booted(), { kind: "thread_updated", thread: unread, teamId: VERONA, previousMentions: 0, previousReplies: 0 });
        expect(state.threadTotals[VERONA]).toEqual({ unread: 1, mentions: 1 });
        const read = after(state, { kind: "thread_read", threadId: id("first"), at: 40, teamId: VERONA, mentions: 0, replies: 0, previousMentions: 1, previousReplies: 1 });
        expect(read.threadTotals[VERONA]).toEqual({ unread: 0, mentions: 0 });
        expect(read.threads[id("first")]).toMatchObject({ unread_replies: 0, last_viewed_at: 40 });
    });

    it("come first in the inbox when something happens", () => {
        const list = { total: 2, total_unread_threads: 0, total_unread_mentions: 0, threads: [threadOf("second"), threadOf("first")] };
        const state = after(booted(), { kind: "inbox_received", teamId: VERONA, unreadOnly: false, threads: list, append: false },
            { kind: "thread_updated", thread: threadOf("first"), teamId: VERONA, previousMentions: 0, previousReplies: 0 });
        expect(state.inboxes[inboxKey(VERONA, false)]?.ids).toEqual(["first", "second"]);
    });

    it("leave the inbox when no longer followed", () => {
        const list = { total: 1, total_unread_threads: 0, total_unread_mentions: 0, threads: [threadOf("first")] };
        const state = after(booted(), { kind: "inbox_received", teamId: VERONA, unreadOnly: false, threads: list, append: false }, { kind: "thread_followed", threadId: id("first"), isFollowing: false, replyCount: 1 });
        expect(state.inboxes[inboxKey(VERONA, false)]?.ids).toEqual([]);
        expect(state.posts[id("first")]?.is_following).toBe(false);
    });

    it("are read all at once", () => {
        const state = after(booted(), { kind: "thread_updated", thread: threadOf("first", { unread_replies: 2 }), teamId: VERONA, previousMentions: 0, previousReplies: 0 }, { kind: "threads_read_all", teamId: VERONA, channelId: "" });
        expect(state.threadTotals[VERONA]).toEqual({ unread: 0, mentions: 0 });
        expect(state.threads[id("first")]?.unread_replies).toBe(0);
    });
});

describe("people, teams and the rest", () => {
    it("keeps the own full record when a partial copy comes", () => {
        const state = after(booted(), { kind: "user_updated", user: userOf(JULIET, { update_at: 9, nickname: "Jule" }) });
        expect(state.users[JULIET]).toMatchObject({ nickname: "Jule", notify_props: { desktop: "mention" } });
    });

    it("takes status, roles, preferences, config, emoji", () => {
        const preference = { user_id: JULIET, category: "flagged_post", name: "first", value: "true" };
        const state = after(booted(),
            { kind: "status_changed", userId: ROMEO, status: "away" }, { kind: "user_roles_updated", userId: JULIET, roles: "system_admin" },
            { kind: "role_updated", role: { name: "x", permissions: ["y"] } }, { kind: "preferences_changed", list: [preference] },
            { kind: "config_changed", config: { B: "2" } }, { kind: "emoji_added", emoji: { id: "e", name: "goose" } });
        expect(state.statuses[ROMEO]).toBe("away");
        expect(state.users[JULIET]?.roles).toBe("system_admin");
        expect(state.roles["x"]?.permissions).toEqual(["y"]);
        expect(state.preferences["flagged_post/first"]).toBe("true");
        expect(state.config).toEqual({ B: "2" });
        expect(state.emojis["goose"]?.id).toBe("e");
        expect(after(state, { kind: "preferences_deleted", list: [preference] }).preferences["flagged_post/first"]).toBeUndefined();
    });

    it("follows teams", () => {
        const team = { ...BOOT.teams![0]!, display_name: "Fair Verona", invite_id: "" };
        const state = after(booted(), { kind: "team_updated", team });
        expect(state.teams[VERONA]).toMatchObject({ display_name: "Fair Verona", invite_id: "invite" });
        expect(after(state, { kind: "team_left", teamId: VERONA, userId: JULIET })).toMatchObject({ teamId: "" });
        expect(after(state, { kind: "team_left", teamId: VERONA, userId: ROMEO }).teams[VERONA]).toBeDefined();
        expect(after(state, { kind: "team_deleted", team }).teams[VERONA]).toBeUndefined();
        expect(after(state, { kind: "team_member_updated", member: { team_id: VERONA, user_id: JULIET, roles: "team_admin", delete_at: 0, scheme_admin: true } }).teamMembers[VERONA]?.roles).toBe("team_admin");
    });

    it("orders categories as told", () => {
        const state = after(booted(), { kind: "categories_ordered", teamId: VERONA, order: ["directs", "channels", "favorites"] });
        expect(state.categories[VERONA]?.map((each) => each.id)).toEqual(["directs", "channels", "favorites"]);
    });

    it("keeps the newer of two drafts", () => {
        const draft = { create_at: 1, update_at: 5, user_id: JULIET, channel_id: SQUARE, root_id: "" as const, message: "server" } satisfies Draft;
        const local = { channelId: SQUARE, rootId: "" as const, message: "local", files: [], updatedAt: 9 };
        const state = after(booted(), { kind: "draft_set", key: SQUARE, draft: local }, { kind: "drafts_loaded", drafts: [{ ...local, message: "old", updatedAt: 3 }] });
        expect(state.drafts[SQUARE]?.message).toBe("local");
        expect(after(state, { kind: "draft_saved", draft }).drafts[SQUARE]?.message).toBe("server");
        expect(after(state, { kind: "draft_deleted", draft }).drafts[SQUARE]).toBeUndefined();
    });

    it("lets typing fade, unless there was a newer sign", () => {
        const state = after(booted(), { kind: "typing_started", key: DIRECT, userId: ROMEO, at: 5 });
        expect(after(state, { kind: "typing_stopped", key: DIRECT, userId: ROMEO, at: 4 }).typing[DIRECT]).toEqual({ [ROMEO]: 5 });
        expect(after(state, { kind: "typing_stopped", key: DIRECT, userId: ROMEO, at: 5 }).typing[DIRECT]).toEqual({});
    });
});
