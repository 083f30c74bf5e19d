/** One message, wherever it is shown: in a channel, a thread, or a list of results. */
import { Bookmark, Copy, EllipsisVertical, Link, MailOpen, MessageSquare, Pencil, Pin, PinOff, SmilePlus, Trash2, RotateCw, TriangleAlert } from "lucide";
import { Component, type ComponentChildren } from "preact";
import type { Post } from "../../api/types";
import { t } from "../../i18n";
import type { PostId, UserId } from "../../lib/ids";
import { parseInline, plainText } from "../../lib/markdown";
import { exactText, timeText } from "../../lib/time";
import {
    askDelete, copyLink, copyMessage, dropSend, markUnreadFrom, pinPost, recentEmojis, replyTo, retrySend, savePost, startEditing, toggleReaction,
} from "../../commands/posts";
import { followThread, openThread } from "../../commands/threads";
import { canDelete, canEdit, isArchived, isSaved, userName } from "../../state/select";
import { isEphemeral, isFromWebhook, isPending, isReply, isSystem } from "../../state/post_rules";
import { dispatch, now } from "../../state/store";
import { boxOf, MenuButton, type MenuEntry } from "../../ui/floating";
import { Icon } from "../../ui/icon";
import { Button, IconButton } from "../../ui/parts";
import { Mark } from "../../ui/mark";
import { Attachments, Embeds } from "./attachments";
import { currentTeamName } from "../../commands/navigate";
import { EmojiView } from "./emoji_view";
import { FilesView } from "./files_view";
import { Markdown, type MarkdownOptions } from "./markdown_view";
import { CustomStatusIcon, Face, PersonName, useUserName } from "./person";
import { NavLink } from "./nav_link";
import { PostEditor } from "./post_editor";
import { SystemText } from "./system_text";
import { TimeView, useClock } from "./time_view";
import { sameList, useMinute, useSelect } from "./use_select";
import { agoText } from "../../lib/time";
import { language } from "../../i18n";
import "./post.css";

export interface PostProps {
    readonly id: PostId;
    /** Follows another one of the same person closely: without face and name. */
    readonly isCompact?: boolean;
    readonly place: "channel" | "thread" | "list";
    readonly marks?: readonly string[];
}

/** Drawn again only when its own properties change; what it reads from the state it watches itself. */
export class PostView extends Component<PostProps> {
    override shouldComponentUpdate(next: PostProps): boolean {
        const last = this.props;
        return next.id !== last.id || next.isCompact !== last.isCompact || next.place !== last.place || next.marks !== last.marks;
    }

    override render(): ComponentChildren {
        return <PostRow {...this.props} />;
    }
}

function PostRow({ id, isCompact = false, place, marks }: PostProps) {
    const post = useSelect((state) => state.posts[id]);
    const send = useSelect((state) => state.sends[id]);
    const isEditing = useSelect((state) => state.ui.editing === id && place !== "list");
    const isLit = useSelect((state) => state.ui.highlight === id);
    const saved = useSelect((state) => isSaved(state, id));
    const label = usePostLabel(post);
    if (!post || post.delete_at > 0) return null;
    /* What happened to the channel is told on one line, without a face. */
    const isNote = isSystem(post) && !isEphemeral(post);
    const classes = [
        "post", (isCompact || isNote) && "post-compact", isSystem(post) && "post-system", send && `post-${send}`, isLit && "post-lit", isEditing && "post-editing", post.is_pinned && "post-pinned",
    ].filter(Boolean).join(" ");
    return (
        <article class={classes} role="article" aria-label={label} id={`post-${place}-${id}`} data-post-id={id} tabIndex={-1}>
            {(post.is_pinned || saved) && place !== "list" && (
                <div class="post-flags">
                    {post.is_pinned && <span><Icon of={Pin} size={14} /> {t("post.pinned")}</span>}
                    {saved && <span><Icon of={Bookmark} size={14} /> {t("post.saved")}</span>}
                </div>
            )}
            <div class="post-side">
                {isNote ? <span class="note-mark"><Mark size={16} /></span> : isCompact ? <span class="post-side-time"><TimeView at={post.create_at} /></span> : <Author post={post} />}
            </div>
            <div class="post-main">
                {!isCompact && !isNote && <PostHead post={post} />}
                {isEditing ? <PostEditor post={post} /> : <PostBody post={post} marks={marks} />}
                {(send === "failed" || send === "waiting") && (
                    <div class={`post-unsent post-unsent-${send}`} role="alert">
                        <Icon of={TriangleAlert} /> <span>{send === "failed" ? t("post.not_sent") : t("post.will_retry")}</span>
                        <Button small icon={RotateCw} onClick={() => retrySend(id)}>{t("action.retry")}</Button>
                        <Button small tone="plain" onClick={() => dropSend(id)}>{t("action.discard")}</Button>
                    </div>
                )}
                <Reactions post={post} />
                {place === "channel" && !isReply(post) && post.reply_count > 0 && <ThreadFooter post={post} />}
            </div>
            {!isEditing && !isPending(post) && !isEphemeral(post) && <Toolbar post={post} place={place} isSaved={saved} />}
        </article>
    );
}

/** For screen readers: who, what, then when. */
function usePostLabel(post: Post | undefined): string {
    const name = useUserName((post?.user_id ?? "") as UserId);
    const clock = useClock();
    if (!post) return "";
    const words = plainText(parseInline(post.message)).slice(0, 300);
    return `${isSystem(post) ? t("user.system") : name}: ${words} ${timeText(post.create_at, clock)}`;
}

function override(post: Post, name: string): string {
    const value = post.props?.[name];
    return isFromWebhook(post) && typeof value === "string" ? value : "";
}

function Author({ post }: { readonly post: Post }) {
    if (isSystem(post)) return <span class="system-face"><Mark size={20} /></span>;
    const icon = override(post, "override_icon_url");
    return (
        <button type="button" class="face-button" tabIndex={-1} aria-hidden="true" onClick={(event) => dispatch({ kind: "popover", popover: { kind: "profile", userId: post.user_id, anchor: boxOf(event.currentTarget) } })}>
            <Face id={post.user_id} size={36} src={/^(https?:|\/)/.test(icon) ? icon : undefined} />
        </button>
    );
}

function PostHead({ post }: { readonly post: Post }) {
    const isBot = useSelect((state) => state.users[post.user_id]?.is_bot);
    return (
        <div class="post-head">
            {isSystem(post) ? <span class="post-author">{t("user.system")}</span> : <PersonName id={post.user_id} class="post-author" shown={override(post, "override_username") || undefined} />}
            {(isBot || isFromWebhook(post)) && <span class="tag">{t("user.bot")}</span>}
            {!isSystem(post) && <CustomStatusIcon id={post.user_id} />}
            <NavLink to={{ page: "permalink", team: currentTeamName(), postId: post.id }} class="post-time"><TimeView at={post.create_at} /></NavLink>
            {isEphemeral(post) && <span class="post-only-you">{t("post.only_you")}</span>}
        </div>
    );
}

function PostBody({ post, marks }: { readonly post: Post; readonly marks: readonly string[] | undefined }) {
    const options: MarkdownOptions = {
        ...(marks ? { marks } : {}), images: post.metadata?.images ?? null, channels: (post.props?.["channel_mentions"] ?? {}) as NonNullable<MarkdownOptions["channels"]>,
    };
    return (
        <div class="post-body">
            {isSystem(post) && !isEphemeral(post) ? <div class="note"><SystemText post={post} /> <span class="note-time"><TimeView at={post.create_at} /></span></div> : post.message && (
                post.type === "me" ? <em class="post-me"><Markdown text={post.message} options={options} /></em> : <Markdown text={post.message} options={options} />
            )}
            {post.edit_at > 0 && <EditedMark at={post.edit_at} />}
            <Attachments post={post} />
            <Embeds post={post} />
            <FilesView post={post} />
        </div>
    );
}

function EditedMark({ at }: { readonly at: number }) {
    const clock = useClock();
    return <span class="post-edited" title={exactText(at, clock)}>{t("post.edited")}</span>;
}

/* Reactions */

function Reactions({ post }: { readonly post: Post }) {
    const reactions = post.metadata?.reactions ?? [];
    if (reactions.length === 0) return null;
    const byName = new Map<string, UserId[]>();
    for (const each of [...reactions].sort((a, b) => a.create_at - b.create_at)) byName.set(each.emoji_name, [...(byName.get(each.emoji_name) ?? []), each.user_id]);
    return (
        <div class="reactions" role="group" aria-label={t("post.reactions")}>
            {[...byName].map(([name, users]) => <ReactionPill key={name} name={name} users={users} post={post} />)}
            <IconButton small icon={SmilePlus} label={t("post.react")} class="reaction-add" onClick={(event) => openReactionPicker(post.id, event.currentTarget)} />
        </div>
    );
}

const NAMED = 8;

function ReactionPill({ name, users, post }: { readonly name: string; readonly users: readonly UserId[]; readonly post: Post }) {
    const isMine = users.includes(now().me);
    const names = useSelect((state) => users.slice(0, NAMED).map((id) => (id === state.me ? t("user.you") : userName(state, id))), sameList);
    const rest = users.length - NAMED;
    const who = rest > 0 ? t("post.reaction_more", { names: names.join(", "), n: rest }) : names.join(", ");
    const title = t("post.reaction_title", { names: who, emoji: `:${name}:` });
    return (
        <button type="button" class={`reaction ${isMine ? "reaction-mine" : ""}`} aria-pressed={isMine} title={title} aria-label={title} onClick={() => toggleReaction(post, name)}>
            <EmojiView name={name} /> <span class="num">{users.length}</span>
        </button>
    );
}

export function openReactionPicker(postId: PostId, from: Element): void {
    dispatch({
        kind: "popover", popover: {
            kind: "emoji", anchor: boxOf(from), pick: (name) => {
                const post = now().posts[postId];
                if (post && !(post.metadata?.reactions ?? []).some((each) => each.user_id === now().me && each.emoji_name === name)) toggleReaction(post, name);
            },
        },
    });
}

/* Thread summary under its root */

function ThreadFooter({ post }: { readonly post: Post }) {
    const thread = useSelect((state) => state.threads[post.id]);
    const minute = useMinute();
    const faces = (post.participants ?? []).slice(-3);
    const unread = thread && post.is_following ? thread.unread_replies : 0;
    const lastAt = post.last_reply_at || 0;
    return (
        <div class="thread-footer">
            <button type="button" class="thread-open" onClick={() => openThread(post.id)}>
                {faces.length > 0 && <span class="face-stack">{faces.map((each) => <Face key={each.id} id={each.id} size={20} />)}</span>}
                <span class={`thread-count ${unread > 0 ? "unread" : ""}`}>{t("thread.replies", { n: post.reply_count })}</span>
                {unread > 0 && <span class="thread-new">{t("thread.new", { n: unread })}</span>}
                {lastAt > 0 && <span class="thread-last">{t("thread.last", { ago: agoText(lastAt, Math.max(minute, lastAt), language.value) })}</span>}
            </button>
        </div>
    );
}

/* Toolbar */

const QUICK = ["+1", "heart", "tada"];

function Toolbar({ post, place, isSaved: saved }: { readonly post: Post; readonly place: PostProps["place"]; readonly isSaved: boolean }) {
    const archived = useSelect((state) => isArchived(state, post.channel_id));
    const quick = [...recentEmojis(), ...QUICK].filter((name, i, all) => all.indexOf(name) === i).slice(0, 3);
    const canAct = !isSystem(post) && !archived;
    return (
        <div class="post-toolbar" role="toolbar" aria-label={t("post.actions")}>
            {canAct && place !== "list" && quick.map((name) => (
                <button key={name} type="button" class="icon-button small quick" aria-label={t("post.react_with", { emoji: `:${name}:` })} title={`:${name}:`} onClick={() => toggleReaction(post, name)}><EmojiView name={name} /></button>
            ))}
            {canAct && <IconButton small icon={SmilePlus} label={t("post.react")} class="tool-react" onClick={(event) => openReactionPicker(post.id, event.currentTarget)} />}
            {place !== "thread" && !isSystem(post) && <IconButton small icon={MessageSquare} label={t("post.reply")} class="tool-reply" onClick={() => replyTo(post)} />}
            <MenuButton label={t("post.more")} align="end" entries={() => menuOf(post, place, saved, archived)} draw={(open, isOpen) => (
                <IconButton small icon={EllipsisVertical} label={t("post.more")} hasMenu expanded={isOpen} onClick={open} />
            )} />
        </div>
    );
}

function menuOf(post: Post, place: PostProps["place"], saved: boolean, archived: boolean): MenuEntry[] {
    const state = now();
    const isRoot = !isReply(post);
    const entries: (MenuEntry | false)[] = [
        !isSystem(post) && !archived && { kind: "item", label: t("post.react"), icon: SmilePlus, run: () => openReactionPicker(post.id, document.getElementById(`post-${place}-${post.id}`) ?? document.body) },
        !isSystem(post) && place !== "thread" && { kind: "item", label: t("post.reply"), icon: MessageSquare, run: () => replyTo(post) },
        !isSystem(post) && isRoot && { kind: "item", label: post.is_following ? t("thread.unfollow") : t("thread.follow"), icon: MailOpen, run: () => followThread(post.id, !post.is_following) },
        { kind: "item", label: t("post.mark_unread"), icon: MailOpen, run: () => markUnreadFrom(post) },
        { kind: "item", label: saved ? t("post.unsave") : t("post.save"), icon: Bookmark, run: () => savePost(post.id) },
        !isSystem(post) && !archived && { kind: "item", label: post.is_pinned ? t("post.unpin") : t("post.pin"), icon: post.is_pinned ? PinOff : Pin, run: () => pinPost(post) },
        { kind: "line" },
        { kind: "item", label: t("post.copy_link"), icon: Link, run: () => copyLink(post.id) },
        post.message !== "" && { kind: "item", label: t("post.copy_text"), icon: Copy, run: () => copyMessage(post) },
        canEdit(state, post) && place !== "list" && { kind: "item", label: t("post.edit"), icon: Pencil, run: () => startEditing(post.id) },
        canDelete(state, post) && { kind: "item", label: t("post.delete"), icon: Trash2, danger: true, run: () => askDelete(post.id) },
    ];
    return entries.filter((entry): entry is MenuEntry => entry !== false);
}
