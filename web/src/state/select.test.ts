import { describe, expect, it } from "vitest";
import { asId, type PostId } from "../lib/ids";
import { booted, channelOf, DIRECT, JULIET, memberOf, ORCHARD, postOf, ROMEO, SQUARE, userOf } from "./fixtures";
import { can, channelTitle, channelUnread, customStatus, fullName, lastOwnPost, mentionKeys, sidebarGroups, totalBadge, userName } from "./select";
import { rowsOf } from "./rows";
import { pathOf, routeOf } from "./route";

const unreadIn = (more: Parameters<typeof memberOf>[1]) => booted({ channel_members: [memberOf(SQUARE, more), memberOf(ORCHARD), memberOf(DIRECT)] });

describe("unread", () => {
    it("is what the channel has beyond what one has read", () => {
        expect(channelUnread(unreadIn({ msg_count_root: 1, mention_count_root: 1 }), SQUARE)).toEqual({ messages: 2, mentions: 1, isMuted: false });
    });

    it("of a muted channel shows mentions only", () => {
        expect(channelUnread(unreadIn({ msg_count_root: 1, mention_count_root: 1, notify_props: { mark_unread: "mention" } }), SQUARE)).toEqual({ messages: 0, mentions: 1, isMuted: true });
    });

    it("of an archived channel is nothing", () => {
        const state = booted({ channels: [channelOf(SQUARE, { delete_at: 9, total_msg_count_root: 9 })] });
        expect(channelUnread(state, SQUARE).messages).toBe(0);
    });

    it("never falls below nothing", () => {
        expect(channelUnread(unreadIn({ msg_count_root: 99 }), SQUARE).messages).toBe(0);
    });

    it("of direct messages is in the total, though they belong to no team", () => {
        const state = booted({ channel_members: [memberOf(SQUARE), memberOf(DIRECT, { msg_count_root: 1, mention_count_root: 2 })] });
        expect(totalBadge(state)).toEqual({ mentions: 2, hasUnread: true });
    });
});

describe("sidebar", () => {
    it("places channels the server has not sorted yet in their default category", () => {
        const { groups } = sidebarGroups(booted(), false);
        expect(groups.map((group) => group.channelIds)).toEqual([[], [ORCHARD, SQUARE], [DIRECT]]);
    });

    it("hides a direct message one has closed, until something is unread in it", () => {
        const preferences = [{ user_id: JULIET, category: "direct_channel_show", name: ROMEO as string, value: "false" }];
        expect(sidebarGroups(booted({ preferences }), false).groups[2]?.channelIds).toEqual([]);
        const unread = booted({ preferences, channel_members: [memberOf(SQUARE), memberOf(ORCHARD), memberOf(DIRECT, { msg_count_root: 0 })] });
        expect(sidebarGroups(unread, false).groups[2]?.channelIds).toEqual([DIRECT]);
    });

    it("puts the unread first, mentions before the rest", () => {
        const state = booted({ channel_members: [memberOf(SQUARE, { msg_count_root: 1 }), memberOf(ORCHARD), memberOf(DIRECT, { msg_count_root: 1, mention_count_root: 2 })] });
        const { unread, groups } = sidebarGroups(state, true);
        expect(unread).toEqual([DIRECT, SQUARE]);
        expect(groups[1]?.channelIds).toEqual([ORCHARD]);
    });
});

describe("names", () => {
    it("follow the chosen form", () => {
        const users = [userOf(ROMEO, { first_name: "Romeo", last_name: "Montague", nickname: "Rom" })];
        const named = (value: string) => userName(booted({ users, preferences: [{ user_id: JULIET, category: "display_settings", name: "name_format", value }] }), ROMEO);
        expect(named("username")).toBe("romeo");
        expect(named("full_name")).toBe("Romeo Montague");
        expect(named("nickname_full_name")).toBe("Rom");
    });

    it("put a Chinese family name first, without a space", () => {
        expect(fullName(userOf(ROMEO, { first_name: "华", last_name: "李" }))).toBe("李华");
    });

    it("of a direct channel is the other person's", () => {
        const state = booted();
        expect(channelTitle(state, state.channels[DIRECT]!)).toBe("romeo");
    });
});

it("rights come from the channel's, the team's and the user's roles", () => {
    expect(can(booted(), "create_post", SQUARE)).toBe(true);
    expect(can(booted(), "delete_post", SQUARE)).toBe(false);
    expect(can(booted({ user: userOf(JULIET, { roles: "system_user system_admin" }) }), "anything", SQUARE)).toBe(true);
});

it("a custom status ends when it says", () => {
    const user = userOf(JULIET, { props: { customStatus: JSON.stringify({ emoji: "coffee", text: "break", duration: "one_hour", expires_at: "2026-01-01T10:00:00Z" }) } });
    expect(customStatus(user, Date.parse("2026-01-01T09:00:00Z"))?.text).toBe("break");
    expect(customStatus(user, Date.parse("2026-01-01T11:00:00Z"))).toBeNull();
});

it("words that call one include the name and the chosen keywords", () => {
    expect(mentionKeys(booted({ user: userOf(JULIET, { notify_props: { mention_keys: "Capulet,,balcony", channel: "true" } }) }))).toEqual({ words: ["@juliet", "capulet", "balcony"], firstName: "", all: true });
});

it("arrow-up finds the last message of one's own that can be edited", () => {
    const posts = { a: postOf("a", 1, { user_id: JULIET }), b: postOf("b", 2, { user_id: JULIET, type: "system_join_channel" }), c: postOf("c", 3) };
    const state = booted({ posts: { order: [], posts, next_post_id: "", prev_post_id: "" } });
    expect(lastOwnPost(state, ["a", "b", "c"].map((each) => asId<PostId>(each)))?.id).toBe("a");
});

describe("rows", () => {
    const at = (minute: number) => new Date(2026, 0, 5, 9, minute).getTime();
    const rows = (list: ReturnType<typeof postOf>[], newSince = 0) => rowsOf({ me: JULIET, posts: Object.fromEntries(list.map((post) => [post.id, post])) }, list.map((post) => post.id), newSince)
        .map((row) => (row.kind === "post" ? `${row.key}${row.isCompact ? "-" : ""}` : row.kind));

    it("stand together when one person writes on", () => {
        expect(rows([postOf("a", at(0)), postOf("b", at(1)), postOf("c", at(2), { user_id: JULIET }), postOf("d", at(9), { user_id: JULIET })])).toEqual(["day", "a", "b-", "c", "d"]);
    });

    it("have a line above what is new, not above one's own", () => {
        expect(rows([postOf("a", at(0)), postOf("b", at(1), { user_id: JULIET }), postOf("c", at(2))], at(0))).toEqual(["day", "a", "b", "new", "c"]);
    });

    it("begin anew each day", () => {
        expect(rows([postOf("a", at(0)), postOf("b", at(0) + 86_400_000)])).toEqual(["day", "a", "day", "b"]);
    });
});

describe("addresses", () => {
    it("lead to their screens and back", () => {
        for (const path of ["/", "/login", "/reset_password", "/select_team", "/create_team", "/verona/channels/town-square", "/verona/messages/@romeo", "/verona/threads", "/verona/threads/abc", "/verona/pl/abc", "/signup_user_complete/?id=xyz"]) {
            const [pathname = "", query = ""] = path.split("?");
            expect(pathOf(routeOf(pathname, query))).toBe(path);
        }
    });

    it("know a team alone", () => {
        expect(routeOf("/verona", "")).toEqual({ page: "team", team: "verona" });
        expect(routeOf("/_redirect/pl/abc", "")).toEqual({ page: "permalink", team: "", postId: "abc" });
    });
});

