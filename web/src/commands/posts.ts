/** What one can do with a message. */
import { api } from "../api/client";
import { ApiError } from "../api/errors";
import type { FileInfo, Post } from "../api/types";
import { t } from "../i18n";
import type { ChannelId, PostId } from "../lib/ids";
import { isEphemeral, isReply, rootOf } from "../state/post_rules";
import { isSaved } from "../state/select";
import { dispatch, now } from "../state/store";
import { quietly } from "../sync/follow";
import { loadLatest } from "../sync/load";
import { dropPost, retryPost, sendPost } from "../sync/send";
import { attempt, copyText } from "./feedback";
import { currentTeamName, go, goPath } from "./navigate";
import { leaveUnreadAlone } from "./read";
import { markThreadUnread, openThread } from "./threads";
import { endSession } from "../sync/session";
import { leaveChannel } from "./channels";

const COMMAND_UNKNOWN = "api.command.execute_command.not_found.app_error";

/** Sends what was written: a message, or a command when it starts with a slash. False: keep the text, it was not taken. */
export async function submit(channelId: ChannelId, rootId: PostId | "", text: string, files: readonly FileInfo[]): Promise<boolean> {
    const message = text.trimEnd();
    if (!message && files.length === 0) return false;
    if (/^\/[\w-]/.test(message) && files.length === 0) return runSlash(channelId, rootId, message);
    const timeline = now().timelines[channelId];
    if (!rootId && timeline && !timeline.atNewest) quietly(loadLatest(channelId));
    dispatch({ kind: "new_line_cleared", channelId });
    void attempt(sendPost(channelId, rootId, message, files));
    return true;
}

async function runSlash(channelId: ChannelId, rootId: PostId | "", command: string): Promise<boolean> {
    switch (command.split(/\s/, 1)[0]) {
        case "/shortcuts":
            dispatch({ kind: "dialog", dialog: { kind: "shortcuts" } });
            return true;
        case "/settings":
            dispatch({ kind: "dialog", dialog: { kind: "settings", tab: "profile" } });
            return true;
        case "/search":
            dispatch({ kind: "side", side: { kind: "search", terms: command.slice(7).trim() } });
            return true;
        case "/logout":
            await endSession();
            return true;
        case "/leave":
            void leaveChannel(channelId);
            return true;
    }
    try {
        const response = await api.commandExecute({ command, channel_id: channelId, team_id: now().teamId, root_id: rootId });
        if (response.goto_location) goPath(response.goto_location);
        return true;
    } catch (error) {
        if (error instanceof ApiError && error.id === COMMAND_UNKNOWN) {
            dispatch({
                kind: "dialog",
                dialog: {
                    kind: "confirm", title: t("command.unknown"), text: t("command.unknown_text", { command: command.split(" ")[0] ?? command }),
                    action: t("command.send_as_text"), danger: false, run: () => void attempt(sendPost(channelId, rootId, command, [])),
                },
            });
            return false;
        }
        await attempt(Promise.reject(error));
        return false;
    }
}

export async function editPost(post: Post, message: string): Promise<boolean> {
    if (message.trim() === "") {
        askDelete(post.id);
        return false;
    }
    if (message === (post.message_source ?? post.message)) return true;
    return attempt(api.postPatch(post.id, message).then((changed) => dispatch({ kind: "post_changed", post: changed })));
}

export function startEditing(postId: PostId | ""): void {
    dispatch({ kind: "editing", postId });
}

export function askDelete(postId: PostId): void {
    const post = now().posts[postId];
    if (post && isEphemeral(post)) dispatch({ kind: "post_deleted", post: { ...post, delete_at: Date.now() } });
    else dispatch({ kind: "dialog", dialog: { kind: "post_delete", postId } });
}

export function deletePost(postId: PostId): Promise<boolean> {
    return attempt(api.postDelete(postId).then(() => {
        const post = now().posts[postId];
        if (post) dispatch({ kind: "post_deleted", post: { ...post, delete_at: Date.now() } });
    }));
}

export function pinPost(post: Post): void {
    const isPinned = !post.is_pinned;
    void attempt((isPinned ? api.postPin(post.id) : api.postUnpin(post.id)).then(() => {
        const fresh = now().posts[post.id];
        if (fresh) dispatch({ kind: "post_changed", post: { ...fresh, is_pinned: isPinned } });
    }));
}

export function savePost(postId: PostId): void {
    const { me } = now();
    const list = [{ user_id: me, category: "flagged_post", name: postId, value: "true" }];
    if (isSaved(now(), postId)) {
        dispatch({ kind: "preferences_deleted", list });
        void attempt(api.preferencesDelete(list));
    } else {
        dispatch({ kind: "preferences_changed", list });
        void attempt(api.preferencesSave(list));
    }
}

export function permalink(postId: PostId): string {
    return `${location.origin}/${currentTeamName() || "_redirect"}/pl/${postId}`;
}

export function copyLink(postId: PostId): void {
    void copyText(permalink(postId), t("post.link_copied"));
}

export function copyMessage(post: Post): void {
    void copyText(post.message_source ?? post.message, t("post.text_copied"));
}

export function replyTo(post: Post): void {
    openThread(rootOf(post));
}

export function markUnreadFrom(post: Post): void {
    if (isReply(post)) {
        markThreadUnread(rootOf(post), post.id);
        return;
    }
    leaveUnreadAlone(post.channel_id);
    void attempt(api.postSetUnread(post.id).then((unread) => dispatch({ kind: "post_unread", unread: { ...unread, channel_id: post.channel_id } })));
}

export function toggleReaction(post: Post, name: string): void {
    const { me } = now();
    const reaction = { user_id: me, post_id: post.id, emoji_name: name, create_at: Date.now() };
    const isMine = (post.metadata?.reactions ?? []).some((each) => each.user_id === me && each.emoji_name === name);
    dispatch({ kind: isMine ? "reaction_removed" : "reaction_added", reaction });
    const undo = () => dispatch({ kind: isMine ? "reaction_added" : "reaction_removed", reaction });
    void attempt((isMine ? api.reactionRemove(post.id, name) : api.reactionAdd(me, post.id, name)).catch((error: unknown) => {
        undo();
        throw error;
    }));
    if (!isMine) rememberEmoji(name);
}

/* Recently used emoji, most recent first. */
const RECENT_KEY = "anser.emoji.recent";
const RECENT_COUNT = 24;

export function recentEmojis(): string[] {
    try {
        return JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]") as string[];
    } catch {
        return [];
    }
}

export function rememberEmoji(name: string): void {
    try {
        localStorage.setItem(RECENT_KEY, JSON.stringify([name, ...recentEmojis().filter((each) => each !== name)].slice(0, RECENT_COUNT)));
    } catch {
        /* Nothing is remembered without storage. */
    }
}

export function retrySend(pendingId: PostId): void {
    void attempt(retryPost(pendingId));
}

export function dropSend(pendingId: PostId): void {
    dropPost(pendingId);
}

export function goToThreads(): void {
    go({ page: "threads", team: currentTeamName(), threadId: "" });
}
