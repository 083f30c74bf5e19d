/** Lists of posts at the side: search results, mentions, saved, pinned. Each leads into its channel. */
import { Search } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { api } from "../../api/client";
import type { PostList, SearchResults } from "../../api/types";
import { t } from "../../i18n";
import { asId, type ChannelId, type PostId } from "../../lib/ids";
import { errorText } from "../../commands/feedback";
import { jumpToPost } from "../../commands/navigate";
import { channelTitle, mentionKeys } from "../../state/select";
import { listPosts } from "../../state/posts";
import { dispatch, now } from "../../state/store";
import { loadPartners } from "../../sync/load";
import { wantAuthors } from "../../sync/people";
import { Icon } from "../../ui/icon";
import { Button, Empty, Spinner } from "../../ui/parts";
import { PostView } from "../parts/post_view";
import { SideHead } from "../parts/side_head";
import { useSelect } from "../parts/use_select";
import "./search.css";

interface Loaded {
    readonly ids: readonly PostId[];
    readonly marks: readonly string[];
    readonly page: number;
    readonly hasMore: boolean;
}

type Fetch = (page: number) => Promise<PostList | SearchResults>;
const PAGE_SHORT = 40;

/** The words to mark in the results: what was searched for, without the operators. */
export function marksOf(terms: string): string[] {
    return [...terms.matchAll(/"([^"]+)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "")
        .filter((word) => !/^-|^(?:from|in|channel|before|after|on|ext):/i.test(word)).map((word) => word.replace(/\*$/, "")).filter(Boolean);
}

function usePostList(key: string, fetch: Fetch | null, marks: readonly string[]): { readonly list: Loaded | null; readonly error: string; readonly more: () => void; readonly isBusy: boolean } {
    const [list, setList] = useState<Loaded | null>(null);
    const [error, setError] = useState("");
    const [isBusy, setBusy] = useState(false);
    const load = (page: number, known: readonly PostId[], isCurrent: () => boolean) => {
        if (!fetch) return;
        setBusy(true);
        setError("");
        fetch(page).then((found) => {
            if (!isCurrent()) return;
            wantAuthors(listPosts(found));
            dispatch({ kind: "posts_seen", list: found });
            loadPartners(listPosts(found).flatMap((post) => now().channels[post.channel_id] ?? []));
            const order = found.order ?? [];
            const matches = "matches" in found && found.matches ? Object.values(found.matches).flatMap((words) => words ?? []) : [];
            setList({ ids: [...new Set([...known, ...order])], marks: [...new Set([...marks, ...matches])], page, hasMore: order.length >= PAGE_SHORT });
        }).catch((reason: unknown) => isCurrent() && setError(errorText(reason))).finally(() => isCurrent() && setBusy(false));
    };
    useEffect(() => {
        let isCurrent = true;
        setList(null);
        load(0, [], () => isCurrent);
        return () => {
            isCurrent = false;
        };
    }, [key]);
    return { list, error, isBusy, more: () => list && load(list.page + 1, list.ids, () => true) };
}

export function SearchPanel({ terms }: { readonly terms: string }) {
    const [text, setText] = useState(terms);
    const teamId = useSelect((state) => state.teamId);
    useEffect(() => setText(terms), [terms]);
    const { list, error, isBusy, more } = usePostList(`search/${teamId}/${terms}`, teamId && terms ? (page) => api.postSearch(teamId, terms, page) : null, marksOf(terms));
    return (
        <>
            <SideHead title={t("search.title")} subtitle={list && terms ? t("search.count", { n: list.ids.length }) : ""} />
            <form class="search-form" role="search" onSubmit={(event) => {
                event.preventDefault();
                if (text.trim()) dispatch({ kind: "side", side: { kind: "search", terms: text.trim() } });
            }}>
                <Icon of={Search} />
                <input class="search-input" type="search" value={text} aria-label={t("search.words")} placeholder={t("search.words")} autoFocus={!terms} autoComplete="off" onInput={(event) => setText(event.currentTarget.value)} />
            </form>
            {terms ? <Results list={list} error={error} isBusy={isBusy} more={more} empty={<Empty title={t("search.none", { terms })} text={t("search.none_text")} />} /> : <SearchHelp onPick={(operator) => setText(`${text} ${operator}`.trim())} />}
        </>
    );
}

const OPERATORS = ["from:", "in:", "before:", "after:", "on:"] as const;

function SearchHelp({ onPick }: { readonly onPick: (operator: string) => void }) {
    return (
        <div class="search-help">
            <p>{t("search.help")}</p>
            <ul>{OPERATORS.map((operator) => <li key={operator}><button type="button" class="operator" onClick={() => onPick(operator)}>{operator}</button> <span>{t(`search.op_${operator.slice(0, -1)}` as "search.op_from")}</span></li>)}</ul>
        </div>
    );
}

export function MentionsPanel() {
    const teamId = useSelect((state) => state.teamId);
    const words = mentionKeys(now()).words;
    const { list, error, isBusy, more } = usePostList(`mentions/${teamId}`, teamId ? (page) => api.postSearch(teamId, words.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" "), page) : null, []);
    return <><SideHead title={t("search.mentions")} /><Results list={list} error={error} isBusy={isBusy} more={more} empty={<Empty title={t("search.mentions_none")} text={t("search.mentions_text")} />} /></>;
}

export function SavedPanel() {
    const count = useSelect((state) => Object.keys(state.preferences).filter((key) => key.startsWith("flagged_post/")).length);
    const { list, error, isBusy, more } = usePostList(`saved/${count}`, (page) => api.postsFlagged("", page), []);
    return <><SideHead title={t("search.saved")} /><Results list={list} error={error} isBusy={isBusy} more={more} empty={<Empty title={t("search.saved_none")} text={t("search.saved_text")} />} /></>;
}

export function PinnedPanel({ channelId }: { readonly channelId: ChannelId }) {
    const count = useSelect((state) => state.stats[channelId]?.pinnedpost_count ?? 0);
    const title = useSelect((state) => {
        const channel = state.channels[channelId];
        return channel ? channelTitle(state, channel) : "";
    });
    const { list, error, isBusy } = usePostList(`pinned/${channelId}/${count}`, () => api.channelPinned(channelId), []);
    return <><SideHead title={t("channel.pinned")} subtitle={title} /><Results list={list && { ...list, hasMore: false }} error={error} isBusy={isBusy} more={() => undefined} empty={<Empty title={t("channel.pinned_none")} text={t("channel.pinned_text")} />} /></>;
}

function Results({ list, error, isBusy, more, empty }: { readonly list: Loaded | null; readonly error: string; readonly isBusy: boolean; readonly more: () => void; readonly empty: preact.ComponentChildren }) {
    if (error) return <Empty title={t("search.failed")} text={error} />;
    if (!list) return <div class="side-wait"><Spinner label={t("search.working")} /></div>;
    if (list.ids.length === 0) return <>{empty}</>;
    return (
        <div class="results" role="list">
            {list.ids.map((id) => <Result key={id} id={id} marks={list.marks} />)}
            {list.hasMore && <div class="list-more"><Button small busy={isBusy} onClick={more}>{t("action.more")}</Button></div>}
        </div>
    );
}

function Result({ id, marks }: { readonly id: PostId; readonly marks: readonly string[] }) {
    const post = useSelect((state) => state.posts[id]);
    const place = useSelect((state) => {
        const channel = post ? state.channels[post.channel_id] : undefined;
        return channel ? channelTitle(state, channel) : "";
    });
    if (!post || post.delete_at > 0) return null;
    return (
        <div class="result" role="listitem">
            <div class="result-head"><span class="clip">{place}{post.root_id && ` · ${t("thread.title")}`}</span><button type="button" class="link-button" onClick={() => jumpToPost(asId<PostId>(id))}>{t("post.show_in_channel")}</button></div>
            <PostView id={id} place="list" marks={marks} />
        </div>
    );
}
