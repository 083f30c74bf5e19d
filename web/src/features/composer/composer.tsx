/** Where messages are written: text, files, emoji; the draft is kept as one types. */
import { Bold, Code, Italic, Link, List, ListOrdered, Paperclip, SendHorizontal, Smile, Strikethrough, TextQuote, Type, X, RotateCw, type IconNode } from "lucide";
import type { ComponentChildren, TargetedClipboardEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { ChannelId, PostId } from "../../lib/ids";
import { tableFromCells } from "../../lib/paste";
import { sizeText } from "../../lib/size";
import { attach, attachedOf, clearAttached, detach, retryUpload, type Attached } from "../../commands/uploads";
import { rememberEmoji, replyTo, startEditing, submit } from "../../commands/posts";
import { restoreChannel } from "../../commands/channels";
import { tellTyping } from "../../commands/typing";
import { can, channelTitle, isArchived, lastOwnPost, typingIn, userName } from "../../state/select";
import type { DraftKey } from "../../state/state";
import { dispatch, now } from "../../state/store";
import { saveDraft } from "../../sync/drafts";
import { boxOf } from "../../ui/floating";
import { Icon } from "../../ui/icon";
import { Button, IconButton } from "../../ui/parts";
import { isPicture, iconOf } from "../parts/files_view";
import { applyEdit, TextEditor, type Format, type TextEditorHandle } from "../parts/text_editor";
import { sameList, useSelect } from "../parts/use_select";
import { fileThumbnailUrl } from "../../api/client";
import "./composer.css";

const DRAFT_AFTER_MS = 400;
const ASK_ABOVE_MEMBERS = 5;
const FORMATS_KEY = "anser.composer.formats";

const FORMATS: readonly { readonly format: Format; readonly icon: IconNode }[] = [
    { format: "bold", icon: Bold }, { format: "italic", icon: Italic }, { format: "strike", icon: Strikethrough }, { format: "code", icon: Code },
    { format: "link", icon: Link }, { format: "quote", icon: TextQuote }, { format: "list", icon: List }, { format: "numbers", icon: ListOrdered },
];

export function Composer({ channelId, rootId, autoFocus }: { readonly channelId: ChannelId; readonly rootId: PostId | ""; readonly autoFocus?: boolean }) {
    const archived = useSelect((state) => isArchived(state, channelId));
    const mayPost = useSelect((state) => can(state, "create_post", channelId) || Object.keys(state.roles).length === 0);
    const mayRestore = useSelect((state) => can(state, "manage_team", channelId));
    if (archived) {
        return (
            <Closed text={t("composer.archived")}>
                {mayRestore && <Button small onClick={() => restoreChannel(channelId)}>{t("channel.restore")}</Button>}
            </Closed>
        );
    }
    if (!mayPost) return <Closed text={t("composer.read_only")} />;
    return <OpenComposer key={rootId || channelId} channelId={channelId} rootId={rootId} autoFocus={autoFocus ?? false} />;
}

function Closed({ text, children }: { readonly text: string; readonly children?: ComponentChildren }) {
    return <div class="composer composer-closed"><p>{text}</p>{children}</div>;
}

function OpenComposer({ channelId, rootId, autoFocus }: { readonly channelId: ChannelId; readonly rootId: PostId | ""; readonly autoFocus: boolean }) {
    const key: DraftKey = rootId || channelId;
    const [text, setText] = useState(() => now().drafts[key]?.message ?? "");
    const [showsFormats, setShowsFormats] = useState(() => localStorage.getItem(FORMATS_KEY) === "on");
    const attached = attachedOf(key);
    const editor = useRef<TextEditorHandle>(null);
    const picker = useRef<HTMLInputElement>(null);
    const latest = useRef(text);
    latest.current = text;
    const timer = useRef(0);
    const title = useSelect((state) => {
        const channel = state.channels[channelId];
        return channel ? channelTitle(state, channel) : "";
    });
    const isDirect = useSelect((state) => ["D", "G"].includes(state.channels[channelId]?.type ?? ""));

    /* A draft from another device, while nothing is being written here. */
    const remote = useSelect((state) => state.drafts[key]?.message ?? "");
    useEffect(() => {
        if (timer.current === 0 && document.activeElement !== editor.current?.element() && remote !== latest.current) setText(remote);
    }, [remote]);

    function keepDraft(): void {
        window.clearTimeout(timer.current);
        timer.current = 0;
        const files = attached.value.flatMap((each) => each.info ?? []);
        const message = latest.current;
        const known = now().drafts[key];
        if ((known?.message ?? "") === message && (known?.files ?? []).length === files.length) return;
        saveDraft(key, message.trim() || files.length > 0 ? { channelId, rootId, message, files, updatedAt: Date.now() } : null);
    }

    useEffect(() => keepDraft, [key]);
    const doneCount = attached.value.filter((each) => each.status === "done").length;
    useEffect(() => {
        if (doneCount > 0) keepDraft();
    }, [doneCount]);

    function change(next: string): void {
        setText(next);
        latest.current = next;
        if (next) tellTyping(channelId, rootId, Date.now());
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(keepDraft, DRAFT_AFTER_MS);
    }

    async function send(): Promise<void> {
        const message = latest.current;
        const files = attached.value;
        if (files.some((each) => each.status === "uploading") || [...message].length > limit || (!message.trim() && files.every((each) => !each.info))) return;
        if (asksFirst(message, () => void sendNow(message, files))) return;
        await sendNow(message, files);
    }

    async function sendNow(message: string, files: readonly Attached[]): Promise<void> {
        setText("");
        latest.current = "";
        clearAttached(key);
        keepDraft();
        const taken = await submit(channelId, rootId, message, files.flatMap((each) => each.info ?? []));
        if (!taken && latest.current === "") change(message);
    }

    /** Calling everybody in a large channel deserves a second thought. */
    function asksFirst(message: string, run: () => void): boolean {
        const members = now().stats[channelId]?.member_count ?? 0;
        const name = /(?:^|[^\w@])@(all|channel|here)\b/i.exec(message)?.[1];
        if (!name || isDirect || members <= ASK_ABOVE_MEMBERS) return false;
        dispatch({
            kind: "dialog", dialog: {
                kind: "confirm", title: t("composer.call_all_title"), text: t("composer.call_all_text", { name: `@${name.toLowerCase()}`, n: members - 1 }), action: t("composer.send"), danger: false, run,
            },
        });
        return true;
    }

    function onKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
        if (event.key !== "ArrowUp" || latest.current !== "" || event.ctrlKey || event.metaKey || event.altKey) return;
        const state = now();
        const ids = rootId ? [rootId, ...(state.replies[rootId] ?? [])] : (state.timelines[channelId]?.ids ?? []);
        if (event.shiftKey) {
            const last = state.posts[ids.at(-1) ?? ("" as PostId)];
            if (last && !rootId) replyTo(last);
        } else {
            const own = lastOwnPost(state, ids);
            if (!own) return;
            startEditing(own.id);
        }
        event.preventDefault();
    }

    function onPaste(event: TargetedClipboardEvent<HTMLTextAreaElement>): void {
        const table = tableFromCells(event.clipboardData?.getData("text/plain") ?? "", event.clipboardData?.getData("text/html") ?? "");
        if (table) {
            event.preventDefault();
            const element = event.currentTarget;
            const start = element.selectionStart;
            const before = start > 0 && element.value.charAt(start - 1) !== "\n" ? "\n" : "";
            const made = `${before}${table}\n`;
            applyEdit(element, { start, end: element.selectionEnd, text: made, selectFrom: start + made.length, selectTo: start + made.length });
            return;
        }
        const files = [...(event.clipboardData?.files ?? [])];
        /* A spreadsheet copies its cells as text and as a picture: the text is meant. */
        if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
        event.preventDefault();
        attach(key, channelId, files);
    }

    const label = rootId ? t("composer.reply_label") : t("composer.label", { name: isDirect ? title : `#${title}` });
    const limit = useSelect((state) => Number(state.config["MaxPostSize"]) || 16_383);
    const left = limit - [...text].length;
    const isUploading = attached.value.some((each) => each.status === "uploading");
    const canSend = !isUploading && left >= 0 && (text.trim() !== "" || attached.value.some((each) => each.info));
    return (
        <div class="composer">
            <div class="composer-box" onClick={(event) => {
                if (event.target === event.currentTarget) editor.current?.focus();
            }}>
                <TextEditor handle={editor} value={text} onChange={change} onSubmit={() => void send()} onKey={onKey} onPaste={onPaste} onBlur={keepDraft}
                    channelId={channelId} rootId={rootId} label={label} placeholder={rootId ? t("composer.reply_placeholder") : label} autoFocus={autoFocus} />
                {attached.value.length > 0 && (
                    <ul class="attached-list" aria-label={t("composer.files")}>
                        {attached.value.map((each) => <AttachedItem key={each.clientId} item={each} draftKey={key} />)}
                    </ul>
                )}
                {showsFormats && (
                    <div class="composer-formats" role="toolbar" aria-label={t("composer.formatting")}>
                        {FORMATS.map(({ format, icon }) => <IconButton key={format} small icon={icon} label={t(`format.${format}` as "format.bold")} onClick={() => editor.current?.format(format)} />)}
                    </div>
                )}
                <div class="composer-tools">
                    <IconButton icon={Paperclip} label={t("composer.attach")} onClick={() => picker.current?.click()} />
                    <IconButton icon={Smile} label={t("composer.emoji")} onClick={(event) => dispatch({
                        kind: "popover", popover: {
                            kind: "emoji", anchor: boxOf(event.currentTarget), pick: (name) => {
                                rememberEmoji(name);
                                window.setTimeout(() => editor.current?.insert(`:${name}: `));
                            },
                        },
                    })} />
                    <IconButton icon={Type} label={t("composer.formatting")} pressed={showsFormats} onClick={() => {
                        localStorage.setItem(FORMATS_KEY, showsFormats ? "off" : "on");
                        setShowsFormats(!showsFormats);
                    }} />
                    <span class="composer-gap" />
                    {left < 200 && <span class={`composer-left num ${left < 0 ? "over" : ""}`} role="status">{t("composer.left", { n: left })}</span>}
                    <button type="button" class="send-button" disabled={!canSend} aria-label={t("composer.send")} title={isUploading ? t("composer.wait_files") : t("composer.send")} onClick={() => void send()}>
                        <Icon of={SendHorizontal} />
                    </button>
                </div>
                <input ref={picker} type="file" multiple class="offscreen" tabIndex={-1} aria-hidden="true" onChange={(event) => {
                    attach(key, channelId, [...(event.currentTarget.files ?? [])]);
                    event.currentTarget.value = "";
                    editor.current?.focus();
                }} />
            </div>
            <TypingLine typingKey={key} />
        </div>
    );
}

function AttachedItem({ item, draftKey }: { readonly item: Attached; readonly draftKey: DraftKey }) {
    const extension = item.name.includes(".") ? (item.name.split(".").at(-1) ?? "") : "";
    return (
        <li class={`attached attached-${item.status}`}>
            {item.info && isPicture(item.info)
                ? <img class="attached-thumb" src={fileThumbnailUrl(item.info.id)} alt="" width={36} height={36} />
                : <span class="file-icon"><Icon of={iconOf(extension)} size={20} /></span>}
            <span class="file-text">
                <span class="file-name clip" title={item.name}>{item.name}</span>
                <span class="file-size">{item.status === "failed" ? <span class="attached-error">{item.error || t("file.failed")}</span> : sizeText(item.size)}</span>
            </span>
            {item.status === "failed" && <IconButton small icon={RotateCw} label={t("file.retry", { name: item.name })} onClick={() => retryUpload(draftKey, item.clientId)} />}
            <IconButton small icon={X} label={item.status === "uploading" ? t("file.cancel", { name: item.name }) : t("file.remove", { name: item.name })} onClick={() => detach(draftKey, item.clientId)} />
            {item.status === "uploading" && <progress class="attached-progress" value={item.progress} max={1} aria-label={t("file.uploading", { name: item.name })} />}
        </li>
    );
}

function TypingLine({ typingKey }: { readonly typingKey: string }) {
    const names = useSelect((state) => typingIn(state, typingKey).map((id) => userName(state, id)).filter(Boolean), sameList);
    const text = names.length === 0 ? "" : names.length === 1 ? t("typing.one", { name: names[0] ?? "" })
        : names.length <= 3 ? t("typing.some", { names: names.slice(0, -1).join(", "), last: names.at(-1) ?? "" }) : t("typing.many");
    return <div class="typing-line" aria-live="off">{text}</div>;
}

/** Files dropped anywhere over a conversation belong to its message. */
export function DropZone({ channelId, rootId, children, class: className = "" }: {
    readonly channelId: ChannelId; readonly rootId: PostId | ""; readonly children: ComponentChildren; readonly class?: string;
}) {
    const [isOver, setOver] = useState(false);
    const depth = useRef(0);
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    return (
        <div class={`drop-zone ${className}`}
            onDragEnter={(event) => {
                if (!hasFiles(event)) return;
                depth.current += 1;
                setOver(true);
            }}
            onDragLeave={() => {
                depth.current = Math.max(0, depth.current - 1);
                if (depth.current === 0) setOver(false);
            }}
            onDragOver={(event) => {
                if (hasFiles(event)) event.preventDefault();
            }}
            onDrop={(event) => {
                if (!hasFiles(event)) return;
                event.preventDefault();
                depth.current = 0;
                setOver(false);
                attach(rootId || channelId, channelId, [...(event.dataTransfer?.files ?? [])]);
            }}>
            {children}
            {isOver && <div class="drop-hint"><span><Icon of={Paperclip} size={20} /> {t("composer.drop")}</span></div>}
        </div>
    );
}
