/** The messages of a channel. */
import { ArrowDown, UserPlus, Pencil } from "lucide";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Channel } from "../../api/types";
import { language, t } from "../../i18n";
import type { ChannelId, PostId } from "../../lib/ids";
import { dayText } from "../../lib/time";
import { markChannelRead } from "../../commands/read";
import { attempt } from "../../commands/feedback";
import { channelTitle, can, partnerOf } from "../../state/select";
import { rowsOf, type Row } from "../../state/rows";
import { dispatch, now, store } from "../../state/store";
import { loadLatest, loadNewer, loadOlder, loadTimeline } from "../../sync/load";
import { Icon } from "../../ui/icon";
import { Bone, Button, Empty } from "../../ui/parts";
import { Mark } from "../../ui/mark";
import { VirtualList, type Start, type VirtualListHandle } from "../../ui/virtual_list";
import { Face } from "../parts/person";
import { PostView } from "../parts/post_view";
import { useMinute, useSelect } from "../parts/use_select";
import "./timeline.css";

export function Timeline({ channelId }: { readonly channelId: ChannelId }) {
    const isLoaded = useSelect((state) => state.timelines[channelId] !== undefined);
    const [failed, setFailed] = useState(false);
    const isOnline = useSelect((state) => state.connection.kind === "online");
    useEffect(() => {
        if (isLoaded) return;
        setFailed(false);
        loadTimeline(channelId).catch(() => setFailed(true));
    }, [channelId, isLoaded, isOnline]);
    if (isLoaded) return <Loaded key={channelId} channelId={channelId} />;
    if (failed) {
        return (
            <Empty title={t("timeline.failed")} text={t("error.unreachable")}>
                <Button onClick={() => void attempt(loadTimeline(channelId))}>{t("action.retry")}</Button>
            </Empty>
        );
    }
    return <TimelineBones />;
}

export function TimelineBones() {
    return (
        <div class="timeline-bones" aria-busy="true" aria-label={t("timeline.loading")}>
            {[220, 380, 300, 160, 420, 260].map((width, i) => (
                <div key={i} class="timeline-bone">
                    <Bone width={36} height={36} />
                    <div><Bone width={110} /><Bone width={width} /></div>
                </div>
            ))}
        </div>
    );
}

const estimate = (row: Row): number => (row.kind !== "post" ? 36 : 30 + Math.min(12, Math.ceil((now().posts[row.key]?.message.length ?? 0) / 90)) * 23);

function Loaded({ channelId }: { readonly channelId: ChannelId }) {
    const timeline = useSelect((state) => state.timelines[channelId]);
    const posts = useSelect((state) => (timeline ? signatureOf(state.posts, timeline.ids) : ""));
    const newSince = useSelect((state) => state.newSince[channelId] ?? 0);
    const highlight = useSelect((state) => state.ui.highlight);
    const minute = useMinute();
    const handle = useRef<VirtualListHandle>(null);
    const [isAtEnd, setAtEnd] = useState(true);
    const [seenUntil, setSeenUntil] = useState(0);
    const ids = timeline?.ids ?? [];
    const rows = useMemo(() => rowsOf(store.peek(), ids, newSince), [ids, posts, newSince]);
    const start = useMemo<Start>(() => {
        const lit = now().ui.highlight;
        if (lit && ids.includes(lit)) return { kind: "key", key: lit };
        return rows.some((row) => row.kind === "new") ? { kind: "key", key: "new-line" } : { kind: "end" };
    }, []);

    useEffect(() => {
        if (highlight && ids.includes(highlight)) handle.current?.scrollToKey(highlight);
    }, [highlight]);

    const last = ids.at(-1);
    useEffect(() => {
        const at = last ? (now().posts[last]?.create_at ?? 0) : 0;
        if (isAtEnd) setSeenUntil(at);
        /* One's own message is always shown. */
        if (last && now().sends[last]) handle.current?.scrollToEnd();
    }, [last, isAtEnd]);

    const unseen = isAtEnd ? 0 : ids.filter((id) => {
        const post = now().posts[id];
        return post !== undefined && post.create_at > seenUntil && post.user_id !== now().me;
    }).length;
    const atNewest = timeline?.atNewest ?? false;

    return (
        <div class="timeline">
            <VirtualList
                role="log" label={t("timeline.label")} handle={handle} items={rows} keyOf={(row) => row.key} estimate={estimate} start={start} followsEnd={atNewest}
                render={(row) => <RowView row={row} minute={minute} />}
                onNearStart={() => {
                    if (!timeline?.atOldest) loadOlder(channelId).catch(() => undefined);
                }}
                onNearEnd={() => {
                    if (!atNewest) loadNewer(channelId).catch(() => undefined);
                }}
                onAtEnd={(atEnd) => {
                    setAtEnd(atEnd);
                    if (atEnd && atNewest) markChannelRead(channelId);
                }}
                header={timeline?.atOldest ? <Beginning channelId={channelId} /> : <div class="timeline-more"><Bone width={180} /><Bone width={260} /></div>}
                footer={<div class="timeline-foot" />}
            />
            {(!isAtEnd || !atNewest) && (
                <button type="button" class={`jump-pill ${unseen > 0 ? "unseen" : ""}`} onClick={() => {
                    if (atNewest) handle.current?.scrollToEnd();
                    else void attempt(loadLatest(channelId)).then(() => handle.current?.scrollToEnd());
                }}>
                    <Icon of={ArrowDown} size={14} /> {unseen > 0 ? t("timeline.new_count", { n: unseen }) : t("timeline.jump_latest")}
                </button>
            )}
        </div>
    );
}

/** Changes whenever rows may: ids are compared by the timeline, deletions and pins here. */
function signatureOf(posts: ReturnType<typeof now>["posts"], ids: readonly PostId[]): string {
    let text = "";
    for (const id of ids) {
        const post = posts[id];
        if (post && (post.delete_at > 0 || post.is_pinned)) text += `${id}${post.is_pinned ? "p" : "d"}`;
    }
    return text;
}

function RowView({ row, minute }: { readonly row: Row; readonly minute: number }) {
    switch (row.kind) {
        case "day": return <div class="line-day" role="separator"><span>{dayText(row.at, minute, language.value)}</span></div>;
        case "new": return <div class="line-new" role="separator"><span>{t("timeline.new")}</span></div>;
        case "post": return <PostView id={row.key} isCompact={row.isCompact} place="channel" />;
    }
}

function Beginning({ channelId }: { readonly channelId: ChannelId }) {
    const channel = useSelect((state) => state.channels[channelId]);
    const title = useSelect((state) => (channel ? channelTitle(state, channel) : ""));
    const partner = useSelect((state) => (channel ? partnerOf(state, channel) : ""));
    const isSelf = useSelect((state) => partner === state.me);
    const mayInvite = useSelect((state) => channel !== undefined && can(state, channel.type === "P" ? "manage_private_channel_members" : "manage_public_channel_members", channelId));
    const mayEdit = useSelect((state) => channel !== undefined && can(state, channel.type === "P" ? "manage_private_channel_properties" : "manage_public_channel_properties", channelId));
    if (!channel) return null;
    return (
        <div class="beginning">
            {partner ? <Face id={partner} size={56} withStatus /> : <Mark size={44} />}
            <h2>{channel.type === "O" || channel.type === "P" ? `#${title}` : title}</h2>
            <p>{beginningText(channel, title, isSelf)}</p>
            {channel.purpose && <p class="beginning-purpose">{channel.purpose}</p>}
            {(channel.type === "O" || channel.type === "P") && channel.delete_at === 0 && (
                <div class="beginning-actions">
                    {mayInvite && channel.name !== "town-square" && <Button small icon={UserPlus} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "members_add", channelId } })}>{t("channel.add_people")}</Button>}
                    {mayEdit && <Button small icon={Pencil} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "channel_edit", channelId, field: "purpose" } })}>{channel.purpose ? t("channel.edit_purpose") : t("channel.set_purpose")}</Button>}
                </div>
            )}
        </div>
    );
}

function beginningText(channel: Channel, name: string, isSelf: boolean): string {
    switch (channel.type) {
        case "D": return isSelf ? t("beginning.self") : t("beginning.direct", { name });
        case "G": return t("beginning.group");
        case "P": return t("beginning.private", { name });
        case "O": return t("beginning.public", { name });
    }
}
