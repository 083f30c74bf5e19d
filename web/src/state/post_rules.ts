/** What kind of post is this? Facts of the protocol, asked by reducers, selectors and views alike. */
import type { Post } from "../api/types";

/** These do not count as unread, nor in a channel's totals. */
const JOIN_LEAVE: ReadonlySet<string> = new Set([
    "system_join_leave", "system_add_remove", "system_join_channel", "system_guest_join_channel", "system_leave_channel", "system_add_to_channel",
    "system_add_guest_to_chan", "system_remove_from_channel", "system_join_team", "system_leave_team", "system_add_to_team", "system_remove_from_team",
]);

export const isJoinLeave = (post: Post): boolean => JOIN_LEAVE.has(post.type);
export const isSystem = (post: Post): boolean => post.type.startsWith("system_");
export const isEphemeral = (post: Post): boolean => post.type === "system_ephemeral";
export const isPending = (post: Post): boolean => post.id === (post.pending_post_id as string) && post.id.includes(":");
export const isReply = (post: Post): boolean => post.root_id !== "";
export const rootOf = (post: Post): Post["id"] => (post.root_id === "" ? post.id : post.root_id);
export const isFromWebhook = (post: Post): boolean => post.props?.["from_webhook"] === "true";
