import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../state/events";
import { booted, channelOf, DIRECT, JULIET, memberOf, postOf, ROMEO, SQUARE, VERONA } from "../state/fixtures";
import { decode, isReplyFrame, parseFrame, type WireEvent } from "./decode";
import { wantsNotification } from "./notify";
import { waitMs } from "./socket";
import { sendsOn } from "../lib/send_key";
import { reduce } from "../state/reduce";

const wire = (event: string, data: object, broadcast: WireEvent["broadcast"] = {}): WireEvent => ({ event, data: data as WireEvent["data"], broadcast, seq: 1 });

describe("decoding", () => {
    it("opens JSON within JSON, and knows whose mention it is", () => {
        const post = postOf("p", 5);
        const event = decode(wire("posted", { post: JSON.stringify(post), mentions: JSON.stringify([JULIET]), team_id: VERONA, set_online: true }), JULIET);
        expect(event).toMatchObject({ kind: "posted", post: { id: "p" }, mentionsMe: true, teamId: VERONA, setOnline: true });
        expect(decode(wire("posted", { post: JSON.stringify(post) }), JULIET)).toMatchObject({ mentionsMe: false });
    });

    it("takes the channel from the broadcast where the data has none", () => {
        expect(decode(wire("post_unread", { msg_count: 1 }, { channel_id: SQUARE }), JULIET)).toMatchObject({ kind: "post_unread", unread: { channel_id: SQUARE, msg_count: 1 } });
        expect(decode(wire("group_added", { teammate_ids: "[]" }, { channel_id: SQUARE }), JULIET)).toEqual({ kind: "direct_added", channelId: SQUARE });
    });

    it("tells the three forms of thread_read_changed apart", () => {
        expect(decode(wire("thread_read_changed", {}, { team_id: VERONA }), JULIET)).toMatchObject({ kind: "threads_read_all", teamId: VERONA });
        expect(decode(wire("thread_read_changed", { timestamp: 5 }, { channel_id: SQUARE }), JULIET)).toMatchObject({ kind: "threads_read_all", channelId: SQUARE });
        expect(decode(wire("thread_read_changed", { thread_id: "t", timestamp: 5, unread_replies: 0 }), JULIET)).toMatchObject({ kind: "thread_read", threadId: "t", at: 5 });
    });

    it("takes a user as an object", () => {
        expect(decode(wire("user_updated", { user: { id: ROMEO } }), JULIET)).toMatchObject({ kind: "user_updated", user: { id: ROMEO } });
    });

    it("knows that one was removed oneself when only the channel is named", () => {
        expect(decode(wire("user_removed", { channel_id: SQUARE, remover_id: ROMEO }, { user_id: JULIET }), JULIET)).toMatchObject({ kind: "user_removed", userId: JULIET, channelId: SQUARE });
    });

    it("passes over what it does not know, and what is broken", () => {
        expect(decode(wire("plugin_enabled", {}), JULIET)).toBeNull();
        expect(decode(wire("posted", { post: "{broken" }), JULIET)).toBeNull();
        expect(parseFrame("nonsense")).toBeNull();
        expect(parseFrame("[]")).toBeNull();
    });

    it("tells replies from events", () => {
        const reply = parseFrame('{"status":"OK","seq_reply":3}');
        expect(reply && isReplyFrame(reply)).toBe(true);
    });
});

describe("notifications", () => {
    const event = (more: Partial<Extract<ServerEvent, { kind: "posted" }>> = {}) => ({
        kind: "posted" as const, post: postOf("new", 20), teamId: VERONA, mentionsMe: true, channelName: "", senderName: "", setOnline: false, ...more,
    });

    it("come for mentions and direct messages", () => {
        expect(wantsNotification(booted(), event())).toBe(true);
        expect(wantsNotification(booted(), event({ mentionsMe: false }))).toBe(false);
        expect(wantsNotification(booted(), event({ mentionsMe: false, post: postOf("new", 20, { channel_id: DIRECT }) }))).toBe(true);
    });

    it("do not come for what one sees, wrote, muted, or when one wants quiet", () => {
        const seen = reduce(booted(), { kind: "channel_entered", channelId: SQUARE });
        expect(wantsNotification(seen, event())).toBe(false);
        expect(wantsNotification(reduce(seen, { kind: "focused", isFocused: false }), event())).toBe(true);
        expect(wantsNotification(booted(), event({ post: postOf("new", 20, { user_id: JULIET }) }))).toBe(false);
        expect(wantsNotification(booted({ channel_members: [memberOf(SQUARE, { notify_props: { mark_unread: "mention" } })] }), event())).toBe(false);
        expect(wantsNotification(booted({ statuses: [{ user_id: JULIET, status: "dnd" }] }), event())).toBe(false);
    });

    it("follow the channel's own level", () => {
        const state = booted({ channels: [channelOf(SQUARE)], channel_members: [memberOf(SQUARE, { notify_props: { desktop: "all" } })] });
        expect(wantsNotification(state, event({ mentionsMe: false }))).toBe(true);
    });
});

it("reconnection waits longer each time, up to a minute, never all at once", () => {
    expect([1, 2, 3, 4].map((n) => waitMs(n, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waitMs(40, 0.5)).toBe(60_000);
    expect(waitMs(1, 0)).toBeLessThan(waitMs(1, 0.99));
});

describe("the key that sends", () => {
    const enter = { key: "Enter", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 13 };
    const plain = { withCtrl: false, inFence: false };

    it("is Enter, never while composing", () => {
        expect(sendsOn(enter, plain)).toBe(true);
        expect(sendsOn({ ...enter, isComposing: true }, plain)).toBe(false);
        expect(sendsOn({ ...enter, keyCode: 229 }, plain)).toBe(false);
        expect(sendsOn({ ...enter, shiftKey: true }, plain)).toBe(false);
    });

    it("is Ctrl+Enter where one has chosen so, and in a code block", () => {
        for (const options of [{ withCtrl: true, inFence: false }, { withCtrl: false, inFence: true }]) {
            expect(sendsOn(enter, options)).toBe(false);
            expect(sendsOn({ ...enter, ctrlKey: true }, options)).toBe(true);
        }
    });
});
