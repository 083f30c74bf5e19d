/** The Markdown tree as nodes. Everything from a message is text, or an attribute that was checked. */
import { Check, Copy } from "lucide";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ImageSize } from "../../api/types";
import { t } from "../../i18n";
import { parseInline, parseMarkdown, isJumbo, type Block, type Inline } from "../../lib/markdown";
import { languageOf } from "../../lib/script";
import { valuesOf } from "../../lib/record";
import { mentionKeys, userByName, userName } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { copyText } from "../../commands/feedback";
import { channelRoute, currentTeamName, go, goPath, goToChannel, jumpToPost } from "../../commands/navigate";
import { wantNames } from "../../sync/people";
import { IconButton } from "../../ui/parts";
import { asId, type PostId } from "../../lib/ids";
import { EmojiView } from "./emoji_view";
import { openProfile } from "./person";
import { sameFields, useSelect } from "./use_select";
import "./markdown.css";

export interface MarkdownOptions {
    /** Words to mark, from a search. */
    readonly marks?: readonly string[];
    /** Sizes the server knows, so that images do not push text about. */
    readonly images?: { readonly [url: string]: ImageSize | null | undefined } | null;
    /** Names the server resolved: ~name → display name. */
    readonly channels?: { readonly [name: string]: { readonly display_name?: string } | undefined };
    readonly noMentions?: boolean;
}

interface Context extends MarkdownOptions {
    readonly words: readonly string[];
    readonly own: string;
    readonly all: boolean;
}

const EMPTY: MarkdownOptions = {};

function useContext(options: MarkdownOptions): Context {
    const keys = useSelect((state) => {
        const { words, firstName, all } = mentionKeys(state);
        return { words: words.join("\n"), firstName, all, own: state.users[state.me]?.username ?? "" };
    }, sameFields);
    return useMemo(() => ({
        ...options, own: keys.own, all: keys.all,
        words: options.noMentions ? [] : [...keys.words.split("\n").filter((word) => word && !word.startsWith("@")), ...(keys.firstName ? [keys.firstName] : [])],
    }), [keys, options]);
}

export function Markdown({ text, options = EMPTY }: { readonly text: string; readonly options?: MarkdownOptions }) {
    const context = useContext(options);
    const blocks = parseMarkdown(text);
    return <div class={`markdown ${isJumbo(blocks) ? "jumbo" : ""}`} lang={languageOf(text)}>{blocks.map((block, i) => <BlockView key={i} block={block} context={context} />)}</div>;
}

/** On one line, for headers and previews. */
export function MarkdownLine({ text, options = EMPTY }: { readonly text: string; readonly options?: MarkdownOptions }) {
    const context = useContext(options);
    return <span class="markdown-line">{inlines(parseInline(text), context)}</span>;
}

function BlockView({ block, context }: { readonly block: Block; readonly context: Context }) {
    switch (block.kind) {
        case "paragraph": return <p>{inlines(block.children, context)}</p>;
        case "heading": return <p class={`heading heading-${block.level}`} role="heading" aria-level={Math.min(6, block.level + 2)}>{inlines(block.children, context)}</p>;
        case "code": return <CodeBlock text={block.text} language={block.language} />;
        case "quote": return <blockquote>{block.blocks.map((each, i) => <BlockView key={i} block={each} context={context} />)}</blockquote>;
        case "rule": return <hr />;
        case "list": {
            const items = block.items.map((item, i) => (
                <li key={i} class={item.task === "none" ? undefined : "task"}>
                    {item.task !== "none" && <input type="checkbox" checked={item.task === "done"} disabled aria-label={item.task === "done" ? t("markdown.task_done") : t("markdown.task_open")} />}
                    {item.blocks.map((each, j) => (each.kind === "paragraph" ? <span key={j}>{inlines(each.children, context)}</span> : <BlockView key={j} block={each} context={context} />))}
                </li>
            ));
            return block.isOrdered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
        }
        case "table":
            return (
                <div class="table-scroll" tabIndex={0} role="group" aria-label={t("markdown.table")}>
                    <table>
                        <thead><tr>{block.header.map((cell, i) => <th key={i} class={cell.align && `align-${cell.align}`}>{inlines(cell.children, context)}</th>)}</tr></thead>
                        <tbody>{block.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j} class={cell.align && `align-${cell.align}`}>{inlines(cell.children, context)}</td>)}</tr>)}</tbody>
                    </table>
                </div>
            );
    }
}

const FOLDED_LINES = 24;

function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
    const lines = text.split("\n").length;
    const [isOpen, setOpen] = useState(lines <= FOLDED_LINES);
    const [isCopied, setCopied] = useState(false);
    return (
        <div class={`code-block ${isOpen ? "" : "folded"}`}>
            <div class="code-tools">
                {language && <span class="code-language">{language}</span>}
                <IconButton small icon={isCopied ? Check : Copy} label={t("markdown.copy_code")} onClick={() => {
                    void copyText(text, t("markdown.code_copied"));
                    setCopied(true);
                    window.setTimeout(() => setCopied(false), 1_500);
                }} />
            </div>
            <pre tabIndex={0}><code>{text}</code></pre>
            {lines > FOLDED_LINES && <button type="button" class="code-more link-button" onClick={() => setOpen(!isOpen)}>{isOpen ? t("markdown.less") : t("markdown.more_lines", { n: lines - FOLDED_LINES })}</button>}
        </div>
    );
}

function inlines(list: readonly Inline[], context: Context): ComponentChildren {
    return list.map((each, i) => <InlineView key={i} inline={each} context={context} />);
}

function InlineView({ inline, context }: { readonly inline: Inline; readonly context: Context }) {
    switch (inline.kind) {
        case "text": return <>{marked(inline.text, context)}</>;
        case "strong": return <strong>{inlines(inline.children, context)}</strong>;
        case "em": return <em>{inlines(inline.children, context)}</em>;
        case "del": return <del>{inlines(inline.children, context)}</del>;
        case "code": return <code>{inline.text}</code>;
        case "break": return <br />;
        case "link": return <LinkView href={inline.href}>{inlines(inline.children, context)}</LinkView>;
        case "image": return <ImageView src={inline.src} alt={inline.alt} size={context.images?.[inline.src] ?? null} />;
        case "mention": return <MentionView name={inline.name} context={context} />;
        case "channel": return <ChannelMention name={inline.name} context={context} />;
        case "hashtag":
            return <button type="button" class="hashtag" onClick={() => dispatch({ kind: "side", side: { kind: "search", terms: inline.text } })}>{inline.text}</button>;
        case "emoji": return <EmojiView name={inline.name} />;
    }
}

/** Search hits and one's own words, marked. */
function marked(text: string, { marks, words }: Context): ComponentChildren {
    const wanted = [...(marks ?? []), ...words].filter(Boolean);
    if (wanted.length === 0) return text;
    const lower = text.toLowerCase();
    if (!wanted.some((word) => lower.includes(word.toLowerCase()))) return text;
    const pattern = new RegExp(`(${wanted.map((word) => (/^[\w\s]+$/.test(word) ? `\\b${escapeRegExp(word)}${marks?.includes(word) ? "" : "\\b"}` : escapeRegExp(word))).join("|")})`, "giu");
    return text.split(pattern).map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece));
}

function escapeRegExp(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function MentionView({ name, context }: { readonly name: string; readonly context: Context }) {
    const lower = name.toLowerCase();
    const id = useSelect((state) => userByName(state, lower)?.id);
    const shown = useSelect((state) => (id ? userName(state, id) : ""));
    if (["all", "channel", "here"].includes(lower)) return <span class={`mention ${context.all && !context.noMentions ? "mention-me" : ""}`}>@{name}</span>;
    if (!id) {
        wantNames([lower]);
        return <>{`@${name}`}</>;
    }
    return <button type="button" class={`mention ${lower === context.own ? "mention-me" : ""}`} onClick={(event) => openProfile(id, event.currentTarget)}>@{shown || name}</button>;
}

function ChannelMention({ name, context }: { readonly name: string; readonly context: Context }) {
    const lower = name.toLowerCase();
    const channel = useSelect((state) => valuesOf(state.channels).find((each) => each.name === lower && each.team_id === state.teamId));
    const given = context.channels?.[lower]?.display_name;
    if (!channel && given === undefined) return <>{`~${name}`}</>;
    const route = channel ? channelRoute(channel) : ({ page: "channel", team: currentTeamName(), channel: lower } as const);
    return <button type="button" class="mention" onClick={() => (channel && now().members[channel.id] ? goToChannel(channel.id) : go(route))}>~{channel?.display_name ?? given}</button>;
}

const PERMALINK = /^\/[^/]+\/pl\/([a-z0-9]{26})$/;

/** Links into this server open here; all others in a tab of their own, without a way back to us. */
function LinkView({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
    const url = parsed(href);
    if (url && url.origin === location.origin && !/^\/(api|static|files|plugins)\//.test(url.pathname)) {
        return (
            <a href={href} onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                const post = PERMALINK.exec(url.pathname)?.[1];
                if (post) jumpToPost(asId<PostId>(post));
                else goPath(url.pathname + url.search);
            }}>{children}</a>
        );
    }
    return <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
}

function parsed(href: string): URL | null {
    try {
        return new URL(href, location.origin);
    } catch {
        return null;
    }
}

const IMAGE_MOST = { width: 480, height: 340 };

export function fitted(size: ImageSize, most = IMAGE_MOST): ImageSize {
    const scale = Math.min(1, most.width / size.width, most.height / size.height);
    return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

function ImageView({ src, alt, size }: { readonly src: string; readonly alt: string; readonly size: ImageSize | null }) {
    const [isBroken, setBroken] = useState(false);
    if (isBroken) return <a href={src} target="_blank" rel="noopener noreferrer nofollow">{alt || src}</a>;
    const box = size && size.width > 0 ? fitted(size) : null;
    return (
        <a class="image-link" href={src} target="_blank" rel="noopener noreferrer nofollow">
            <img src={src} alt={alt} loading="lazy" referrerPolicy="no-referrer" width={box?.width} height={box?.height} class={box ? "" : "unsized"} onError={() => setBroken(true)} />
        </a>
    );
}
