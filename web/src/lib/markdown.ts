/** Markdown of messages to a tree of plain values; views turn it into nodes, never into HTML text.
 *
 *  The dialect is the one v4 clients share: GitHub's (tables, task lists, autolinks, strikethrough), a line break is a break, and
 *  @mentions, ~channels, #hashtags and :emoji:. Two habits are ours: an address ends where Chinese text begins, and emphasis works next to
 *  full-width punctuation. HTML is shown as it was typed. */
import { Lexer, Marked, type Token, type Tokens } from "marked";

export type Inline =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "strong" | "em" | "del"; readonly children: readonly Inline[] }
    | { readonly kind: "code"; readonly text: string }
    | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] }
    | { readonly kind: "image"; readonly src: string; readonly alt: string }
    | { readonly kind: "break" }
    | { readonly kind: "mention"; readonly name: string }
    | { readonly kind: "channel"; readonly name: string }
    | { readonly kind: "hashtag"; readonly text: string }
    | { readonly kind: "emoji"; readonly name: string };

export type Block =
    | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
    | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
    | { readonly kind: "code"; readonly language: string; readonly text: string }
    | { readonly kind: "quote"; readonly blocks: readonly Block[] }
    | { readonly kind: "list"; readonly isOrdered: boolean; readonly start: number; readonly items: readonly ListItem[] }
    | { readonly kind: "table"; readonly header: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
    | { readonly kind: "rule" };

export interface ListItem {
    readonly task: "none" | "open" | "done";
    readonly blocks: readonly Block[];
}

export interface Cell {
    readonly align: "left" | "center" | "right" | "";
    readonly children: readonly Inline[];
}

const CJK = "\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\uff00-\\uffef\\u3000-\\u303f";
const HAS_CJK = new RegExp(`[${CJK}]`);
const STRONG_BESIDE_CJK = /^\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*(?!\*)/;
const BARE_ADDRESS = new RegExp(`^(?:https?:\\/\\/|ftp:\\/\\/|www\\.)[^\\s<>"\`${CJK}“”‘’]+`, "i");
/** After these an address may end, but not with them. */
const TRAILING = /[.,;:!?'*_~)\]}]+$/;

const marked = new Marked({
    gfm: true,
    breaks: true,
    tokenizer: {
        /* One tilde starts a ~channel; only two strike through. */
        del(src) {
            const match = /^~~(?=\S)([\s\S]*?\S)~~(?!~)/.exec(src);
            return match ? { type: "del", raw: match[0], text: match[1] ?? "", tokens: this.lexer.inlineTokens(match[1] ?? "") } : undefined;
        },
        emStrong(src) {
            const match = STRONG_BESIDE_CJK.exec(src);
            const text = match?.[1];
            if (!match || !text || !HAS_CJK.test(text.slice(-1) + src.charAt(match[0].length))) return false;
            return { type: "strong", raw: match[0], text, tokens: this.lexer.inlineTokens(text) } as Tokens.Strong;
        },
        url(src) {
            const match = BARE_ADDRESS.exec(src);
            if (!match) return false;
            const raw = withoutTrailing(match[0]);
            const href = /^www\./i.test(raw) ? `http://${raw}` : raw;
            return { type: "link", raw, text: raw, href, tokens: [{ type: "text", raw, text: raw, escaped: false }] } as Tokens.Link;
        },
        /* "Setext" headings turn a line of dashes under a sentence into a surprise. */
        lheading() {
            return undefined;
        },
        /* Indented text is not code in chat. */
        code() {
            return undefined;
        },
    },
});

function withoutTrailing(address: string): string {
    let text = address;
    for (;;) {
        const tail = TRAILING.exec(text)?.[0];
        if (!tail) return text;
        const last = text.slice(-1);
        if (last === ")" && count(text, "(") >= count(text, ")")) return text;
        if (last === "_" || last === "~") return text;
        text = text.slice(0, -1);
    }
}

const count = (text: string, char: string): number => text.split(char).length - 1;

const KEPT = 600;
const cache = new Map<string, readonly Block[]>();

/** Parsed once per text; the list is shared and must not be changed. */
export function parseMarkdown(text: string): readonly Block[] {
    const known = cache.get(text);
    if (known) return known;
    const blocks = toBlocks(new Lexer({ ...marked.defaults }).lex(text.replace(/\r\n?/g, "\n")));
    if (cache.size >= KEPT) cache.delete(cache.keys().next().value as string);
    cache.set(text, blocks);
    return blocks;
}

/** One line, for channel headers and previews: blocks are joined, their inline content stays. */
export function parseInline(text: string): readonly Inline[] {
    return spaced(parseMarkdown(text).map(inlineOf));
}

function inlineOf(block: Block): readonly Inline[] {
    switch (block.kind) {
        case "paragraph":
        case "heading": return block.children.map((each) => (each.kind === "break" ? { kind: "text", text: " " } : each));
        case "code": return [{ kind: "code", text: block.text.split("\n")[0] ?? "" }];
        case "quote": return spaced(block.blocks.map(inlineOf));
        case "list": return spaced(block.items.map((item) => spaced(item.blocks.map(inlineOf))));
        case "table": return spaced(block.header.map((cell) => cell.children));
        case "rule": return [];
    }
}

function spaced(parts: readonly (readonly Inline[])[]): readonly Inline[] {
    return parts.flatMap((part, i) => (i > 0 ? [{ kind: "text", text: " " } as const, ...part] : part));
}

/** The words alone, e.g. for labels and notifications. */
export function plainText(inlines: readonly Inline[]): string {
    return inlines.map((each) => {
        switch (each.kind) {
            case "text":
            case "code":
            case "hashtag": return each.text;
            case "strong":
            case "em":
            case "del":
            case "link": return plainText(each.children);
            case "image": return each.alt;
            case "break": return " ";
            case "mention": return `@${each.name}`;
            case "channel": return `~${each.name}`;
            case "emoji": return `:${each.name}:`;
        }
    }).join("");
}

function toBlocks(tokens: readonly Token[]): Block[] {
    return tokens.flatMap((token) => toBlock(token));
}

function toBlock(token: Token): Block[] {
    switch (token.type) {
        case "space":
        case "def": return [];
        case "heading": return [{ kind: "heading", level: (token as Tokens.Heading).depth, children: toInlines(token.tokens ?? []) }];
        case "code": return [{ kind: "code", language: ((token as Tokens.Code).lang ?? "").split(/\s/, 1)[0] ?? "", text: (token as Tokens.Code).text }];
        case "blockquote": return [{ kind: "quote", blocks: toBlocks(token.tokens ?? []) }];
        case "hr": return [{ kind: "rule" }];
        case "list": {
            const list = token as Tokens.List;
            return [{
                kind: "list", isOrdered: list.ordered, start: typeof list.start === "number" ? list.start : 1,
                items: list.items.map((item) => ({
                    task: item.task ? (item.checked ? "done" : "open") : "none",
                    blocks: toBlocks(item.tokens.filter((each) => each.type !== "checkbox")),
                })),
            }];
        }
        case "table": {
            const table = token as Tokens.Table;
            const cell = (each: Tokens.TableCell): Cell => ({ align: each.align ?? "", children: toInlines(each.tokens) });
            return [{ kind: "table", header: table.header.map(cell), rows: table.rows.map((row) => row.map(cell)) }];
        }
        case "html": return [{ kind: "paragraph", children: splitText((token as Tokens.HTML).raw.replace(/\n+$/, "")) }];
        default: {
            const inner = "tokens" in token && token.tokens ? token.tokens : [{ type: "text", raw: token.raw, text: token.raw } as Token];
            const children = toInlines(inner.filter((each) => each.type !== "checkbox"));
            return children.length > 0 ? [{ kind: "paragraph", children }] : [];
        }
    }
}

function toInlines(tokens: readonly Token[]): Inline[] {
    const result: Inline[] = [];
    let text = "";
    const flush = () => {
        if (text) result.push(...splitText(text));
        text = "";
    };
    for (const token of tokens) {
        if (token.type === "text" && !(token as Tokens.Text).tokens) {
            text += decodeEntities((token as Tokens.Text).raw);
        } else if (token.type === "escape") {
            /* An escaped sign must not start a mention or an emoji. */
            flush();
            result.push({ kind: "text", text: (token as Tokens.Escape).text });
        } else if (token.type === "html") {
            text += token.raw;
        } else {
            flush();
            result.push(...toInline(token));
        }
    }
    flush();
    return result;
}

function toInline(token: Token): Inline[] {
    switch (token.type) {
        case "strong":
        case "em":
        case "del": return [{ kind: token.type, children: toInlines(token.tokens ?? []) }];
        case "codespan": return [{ kind: "code", text: (token as Tokens.Codespan).text }];
        case "br": return [{ kind: "break" }];
        case "link": {
            const link = token as Tokens.Link;
            const href = safeHref(link.href);
            const children = toInlines(link.tokens).map((each) => (each.kind === "mention" || each.kind === "channel" || each.kind === "hashtag" ? { kind: "text" as const, text: plainText([each]) } : each));
            return href ? [{ kind: "link", href, children }] : [{ kind: "text", text: token.raw }];
        }
        case "image": {
            const image = token as Tokens.Image;
            const src = safeHref(image.href);
            return src && /^https?:/i.test(src) ? [{ kind: "image", src, alt: image.text }] : [{ kind: "text", text: token.raw }];
        }
        case "text": return toInlines((token as Tokens.Text).tokens ?? []);
        default: return [{ kind: "text", text: token.raw }];
    }
}

/** Only addresses that cannot run code. */
export function safeHref(href: string): string {
    const trimmed = href.trim();
    if (/^(?:https?|ftp|mailto|tel|xmpp|sip|matrix|zoommtg|ssh|sftp|tg|weixin|dingtalk):/i.test(trimmed)) return trimmed;
    return /^(?:\/(?!\/)|#)/.test(trimmed) ? trimmed : "";
}

const SPECIAL = /(?<![\p{L}\p{N}_@.])@([a-z0-9][a-z0-9.\-_]*)|(?<=[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef\u3000-\u303f])@([a-z0-9][a-z0-9.\-_]*)|(?<![\w~])~([a-z0-9][a-z0-9.\-_]*)|(?<![\p{L}\p{N}_#&/])(#\p{L}[\p{L}\p{N}\-_.]*[\p{L}\p{N}])|(?<![\w:]):([a-z0-9_+-]+):/giu;

/** Finds what is special in running text. Whether a name exists is for the view to say. */
export function splitText(text: string): Inline[] {
    const result: Inline[] = [];
    let at = 0;
    const plain = (piece: string) => {
        const lines = piece.split("\n");
        lines.forEach((line, i) => {
            if (i > 0) result.push({ kind: "break" });
            if (line) result.push({ kind: "text", text: line });
        });
    };
    for (const match of text.matchAll(SPECIAL)) {
        if (match.index > at) plain(text.slice(at, match.index));
        at = match.index + match[0].length;
        const [, mention, mentionAfterCjk, channel, hashtag, emoji] = match;
        const name = mention ?? mentionAfterCjk;
        if (name !== undefined) {
            const tail = /[.\-_]+$/.exec(name)?.[0] ?? "";
            result.push({ kind: "mention", name: name.slice(0, name.length - tail.length) });
            if (tail) plain(tail);
        } else if (channel !== undefined) {
            const tail = /[.\-_]+$/.exec(channel)?.[0] ?? "";
            result.push({ kind: "channel", name: channel.slice(0, channel.length - tail.length) });
            if (tail) plain(tail);
        } else if (hashtag !== undefined) {
            result.push({ kind: "hashtag", text: hashtag });
        } else if (emoji !== undefined) {
            result.push({ kind: "emoji", name: emoji });
        }
    }
    if (at < text.length) plain(text.slice(at));
    return result;
}

const ENTITIES: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", hellip: "…", mdash: "—", ndash: "–" };

function decodeEntities(text: string): string {
    return text.includes("&") ? text.replace(/&(?:#(\d{1,7})|(\w{2,8}));/g, (whole, code: string | undefined, name: string | undefined) => {
        if (code) return Number(code) > 0 && Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
        return (name && ENTITIES[name]) ?? whole;
    }) : text;
}

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\u20e3\s])+$/u;

/** A message of nothing but one to three emoji is shown larger. */
export function isJumbo(blocks: readonly Block[]): boolean {
    const block = blocks[0];
    if (blocks.length !== 1 || block?.kind !== "paragraph") return false;
    let shown = 0;
    for (const each of block.children) {
        if (each.kind === "emoji") shown += 1;
        else if (each.kind === "text" && each.text.trim() === "") continue;
        else if (each.kind === "text" && ONLY_EMOJI.test(each.text)) shown += [...segmenter.segment(each.text.replace(/\s/g, ""))].length;
        else return false;
    }
    return shown > 0 && shown <= 3;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
