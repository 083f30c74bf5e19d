/** Tells others that one is typing, at most once in the interval the server asks for. */
import type { ChannelId, PostId } from "../lib/ids";
import { now } from "../state/store";
import { socketSend } from "../sync/session";

let lastAt = 0;
let lastKey = "";

export function tellTyping(channelId: ChannelId, rootId: PostId | "", at: number): void {
    const interval = Number(now().config["TimeBetweenUserTypingUpdatesMilliseconds"]) || 5_000;
    const key = rootId || channelId;
    if (key === lastKey && at - lastAt < interval) return;
    lastAt = at;
    lastKey = key;
    socketSend("user_typing", { channel_id: channelId, parent_id: rootId });
}
