/** What integrations attach, and previews of links. Data from outside: every field is checked for its type before it is shown. */
import type { Embed, Post } from "../../api/types";
import { t } from "../../i18n";
import { safeHref } from "../../lib/markdown";
import { jumpToPost } from "../../commands/navigate";
import { asId, type PostId, type UserId } from "../../lib/ids";
import { Markdown } from "./markdown_view";
import { Face, useUserName } from "./person";
import { TimeView } from "./time_view";

type Fields = { readonly [key: string]: unknown };

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const text = (fields: Fields, key: string): string => (typeof fields[key] === "string" ? (fields[key] as string) : typeof fields[key] === "number" ? String(fields[key]) : "");
const COLORS: { readonly [name: string]: string } = { good: "var(--green)", warning: "var(--amber)", danger: "var(--cinnabar)" };

export function Attachments({ post }: { readonly post: Post }) {
    const list = post.props?.["attachments"];
    if (!Array.isArray(list)) return null;
    return <>{list.filter(isFields).map((each, i) => <Attachment key={i} fields={each} post={post} />)}</>;
}

function Attachment({ fields, post }: { readonly fields: Fields; readonly post: Post }) {
    const color = text(fields, "color");
    const bar = COLORS[color] ?? (/^#[0-9a-f]{3,8}$/i.test(color) ? color : "var(--line-strong)");
    const link = safeHref(text(fields, "title_link"));
    const rows = Array.isArray(fields["fields"]) ? fields["fields"].filter(isFields) : [];
    const image = text(fields, "image_url");
    const pretext = text(fields, "pretext");
    return (
        <div class="attachment-box">
            {pretext && <Markdown text={pretext} />}
            <div class="attachment" style={{ borderInlineStartColor: bar }}>
                {text(fields, "author_name") && <div class="attachment-author">{text(fields, "author_name")}</div>}
                {text(fields, "title") && <div class="attachment-title">{link ? <a href={link} target="_blank" rel="noopener noreferrer nofollow">{text(fields, "title")}</a> : text(fields, "title")}</div>}
                {text(fields, "text") && <Markdown text={text(fields, "text")} />}
                {rows.length > 0 && <dl class="attachment-fields">{rows.map((row, i) => <div key={i} class={row["short"] ? "" : "long"}><dt>{text(row, "title")}</dt><dd><Markdown text={text(row, "value")} /></dd></div>)}</dl>}
                {/^https?:/.test(image) && <img class="attachment-image" src={image} alt="" loading="lazy" referrerPolicy="no-referrer" width={post.metadata?.images?.[image]?.width} height={post.metadata?.images?.[image]?.height} />}
                {text(fields, "footer") && <div class="attachment-footer">{text(fields, "footer")}</div>}
            </div>
        </div>
    );
}

export function Embeds({ post }: { readonly post: Post }) {
    const embeds = (post.metadata?.embeds ?? []).filter((each) => each.type === "opengraph" || each.type === "permalink");
    return <>{embeds.slice(0, 1).map((embed, i) => (embed.type === "permalink" ? <PermalinkCard key={i} embed={embed} /> : <LinkCard key={i} embed={embed} />))}</>;
}

function LinkCard({ embed }: { readonly embed: Embed }) {
    if (!isFields(embed.data)) return null;
    const title = text(embed.data, "title"), description = text(embed.data, "description"), site = text(embed.data, "site_name");
    const href = safeHref(embed.url ?? text(embed.data, "url"));
    if (!href || !(title || description)) return null;
    return (
        <a class="link-card" href={href} target="_blank" rel="noopener noreferrer nofollow">
            {site && <span class="link-site">{site}</span>}
            <span class="link-title">{title || href}</span>
            {description && <span class="link-description">{description}</span>}
        </a>
    );
}

function PermalinkCard({ embed }: { readonly embed: Embed }) {
    const data = isFields(embed.data) ? embed.data : {};
    const post = isFields(data["post"]) ? (data["post"] as unknown as Post) : null;
    const author = useUserName(asId<UserId>(post?.user_id ?? ""));
    if (!post) return null;
    const open = () => jumpToPost(asId<PostId>(post.id));
    return (
        <div class="permalink-card">
            <div class="permalink-head">
                <Face id={post.user_id} size={20} /> <strong>{author}</strong> <TimeView at={post.create_at} style="short" />
                <span class="permalink-place clip">{text(data, "channel_display_name") && `~${text(data, "channel_display_name")}`}</span>
                <button type="button" class="link-button" onClick={open}>{t("post.show_in_channel")}</button>
            </div>
            <Markdown text={post.message} />
        </div>
    );
}
