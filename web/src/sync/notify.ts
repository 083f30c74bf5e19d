/** Desktop notifications: for mentions and direct messages by default, for all or nothing where the user or the channel says so. */
import { userImageUrl } from "../api/client";
import { t } from "../i18n";
import { channelTitle, isMuted, me, userName } from "../state/select";
import { isJoinLeave, isReply, isSystem } from "../state/post_rules";
import type { ServerEvent } from "../state/events";
import type { State } from "../state/state";
import { now } from "../state/store";

type Posted = Extract<ServerEvent, { kind: "posted" }>;

const TEXT_LIMIT = 200;

/** Set by `commands/`: shows the post a notification is about. */
let onOpen: (event: Posted) => void = () => undefined;

export function notifyConfigure(open: (event: Posted) => void): void {
    onOpen = open;
}

/** Pure, so that the rules can be tested. */
export function wantsNotification(state: State, event: Posted): boolean {
    const { post } = event;
    if (post.user_id === state.me || isJoinLeave(post) || (isSystem(post) && !event.mentionsMe)) return false;
    if (state.statuses[state.me] === "dnd" || state.statuses[state.me] === "ooo") return false;
    const isOnScreen = state.ui.isFocused && (isReply(post)
        ? state.ui.side?.kind === "thread" && state.ui.side.rootId === post.root_id
        : state.channelId === post.channel_id);
    if (isOnScreen) return false;
    const member = state.members[post.channel_id];
    if (isMuted(state, post.channel_id)) return false;
    const own = member?.notify_props?.["desktop"] ?? "default";
    const level = own === "default" ? (me(state)?.notify_props?.["desktop"] ?? "mention") : own;
    if (level === "none") return false;
    const type = state.channels[post.channel_id]?.type;
    if (isReply(post)) return event.mentionsMe || Boolean(state.posts[post.root_id as keyof State["posts"]]?.is_following);
    return level === "all" || event.mentionsMe || type === "D" || type === "G";
}

export function notifyOf(event: Posted): void {
    const state = now();
    if (typeof Notification === "undefined" || Notification.permission !== "granted" || !wantsNotification(state, event)) return;
    const { post } = event;
    const channel = state.channels[post.channel_id];
    const sender = userName(state, post.user_id) || event.senderName.replace(/^@/, "");
    const isDirect = channel?.type === "D";
    const title = isDirect ? sender : t("notify.title", { sender, channel: channel ? channelTitle(state, channel) : event.channelName });
    const body = post.message.slice(0, TEXT_LIMIT) || t("notify.file");
    try {
        const shown = new Notification(title, {
            body, tag: post.id, icon: userImageUrl(post.user_id, state.users[post.user_id]?.last_picture_update ?? 0),
            silent: me(state)?.notify_props?.["desktop_sound"] === "false",
        });
        shown.onclick = () => {
            window.focus();
            shown.close();
            onOpen(event);
        };
    } catch {
        /* Phones allow notifications only from a service worker. */
    }
}
