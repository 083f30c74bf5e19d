/** When a channel counts as read: when it is on screen, the window has the user's attention, and the user has not marked it unread. */
import { api } from "../api/client";
import type { ChannelId } from "../lib/ids";
import { channelUnread } from "../state/select";
import { dispatch, now } from "../state/store";
import { quietly } from "../sync/follow";

/** The channel the user marked as unread by hand: it stays so until left. */
let leftUnread: ChannelId | "" = "";
let timer = 0;

export function leaveUnreadAlone(channelId: ChannelId | ""): void {
    leftUnread = channelId;
}

export function markChannelRead(channelId: ChannelId): void {
    const state = now();
    if (!state.ui.isFocused || leftUnread === channelId || state.ui.route.page === "threads") return;
    const channel = state.channels[channelId];
    const member = state.members[channelId];
    if (!channel || !member) return;
    const { messages, mentions } = channelUnread(state, channelId);
    if (messages === 0 && mentions === 0 && channel.total_msg_count_root <= member.msg_count_root && member.last_viewed_at > 0) return;
    dispatch({ kind: "channel_marked_read", channelId, at: channel.last_post_at });
    window.clearTimeout(timer);
    timer = window.setTimeout(() => quietly(api.channelView(channelId)), 50);
}

export function markChannelsRead(ids: readonly ChannelId[]): void {
    for (const channelId of ids) dispatch({ kind: "channel_marked_read", channelId, at: now().channels[channelId]?.last_post_at ?? 0 });
    if (ids.length > 0) quietly(api.channelsMarkRead(ids));
}

/** Called when the window gains or loses the user's attention. */
export function attentionChanged(isFocused: boolean): void {
    dispatch({ kind: "focused", isFocused });
    const { channelId } = now();
    if (isFocused && channelId) markChannelRead(channelId);
}
