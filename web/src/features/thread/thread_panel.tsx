/** A thread beside its channel: the message it began with, the replies. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ArrowLeft, Bell, BellOff, X } from "lucide";
import { t } from "../../i18n";
import type { PostId } from "../../lib/ids";
import { goToChannel } from "../../commands/navigate";
import { followThread, readThread } from "../../commands/threads";
import { channelTitle } from "../../state/select";
import { rowsOf, type Row } from "../../state/rows";
import { dispatch, now, store } from "../../state/store";
import { Button, Empty, IconButton, Spinner } from "../../ui/parts";
import { VirtualList, type VirtualListHandle } from "../../ui/virtual_list";
import { PostView } from "../parts/post_view";
import { useSelect } from "../parts/use_select";
import "./thread.css";

export function ThreadHead({ rootId }: { readonly rootId: PostId }) {
    const root = useSelect((state) => state.posts[rootId]);
    const place = useSelect((state) => {
        const channel = root ? state.channels[root.channel_id] : undefined;
        return channel ? channelTitle(state, channel) : "";
    });
    const isFollowing = root?.is_following ?? false;
    return (
        <header class="side-head">
            <IconButton icon={ArrowLeft} size={20} class="phone-only" label={t("action.back")} onClick={() => dispatch({ kind: "side", side: null })} />
            <div class="side-title">
                <h2>{t("thread.title")}</h2>
                {root && <button type="button" class="side-subtitle clip" onClick={() => goToChannel(root.channel_id)}>{place}</button>}
            </div>
            {root && <Button small tone={isFollowing ? "normal" : "plain"} icon={isFollowing ? Bell : BellOff} onClick={() => followThread(rootId, !isFollowing)}>{isFollowing ? t("thread.following") : t("thread.follow_short")}</Button>}
            <IconButton icon={X} size={20} class="desk-only" label={t("action.close")} onClick={() => dispatch({ kind: "side", side: null })} />
        </header>
    );
}

const estimate = (row: Row): number => (row.kind !== "post" ? 36 : 60);

export function ThreadReplies({ rootId, focusId }: { readonly rootId: PostId; readonly focusId?: PostId | undefined }) {
    const root = useSelect((state) => state.posts[rootId]);
    const replies = useSelect((state) => state.replies[rootId]);
    const unread = useSelect((state) => state.threads[rootId]?.unread_replies ?? 0);
    const isFocused = useSelect((state) => state.ui.isFocused);
    const handle = useRef<VirtualListHandle>(null);
    /* Where one had read to when the thread was opened. */
    const newSince = useMemo(() => {
        const thread = now().threads[rootId];
        return thread && thread.unread_replies > 0 ? thread.last_viewed_at : 0;
    }, [rootId]);
    const ids = useMemo(() => [rootId, ...(replies ?? [])], [rootId, replies]);
    const rows = useMemo(() => rowsOf(store.peek(), ids, newSince), [ids, newSince, root]);

    useEffect(() => {
        if (unread > 0 && isFocused) readThread(rootId);
    }, [unread, isFocused, rootId]);

    const last = ids.at(-1);
    useEffect(() => {
        if (last && now().sends[last]) handle.current?.scrollToEnd();
    }, [last]);

    useEffect(() => {
        if (focusId && replies?.includes(focusId)) handle.current?.scrollToKey(focusId);
    }, [focusId, replies !== undefined]);

    if (!root) return <div class="side-wait"><Spinner label={t("thread.loading")} /></div>;
    if (root.delete_at > 0) return <Empty title={t("thread.gone")} />;
    return (
        <VirtualList role="log" label={t("thread.messages")} handle={handle} items={rows} keyOf={(row) => row.key} estimate={estimate} followsEnd
            start={focusId ? { kind: "key", key: focusId } : newSince > 0 ? { kind: "key", key: "new-line" } : { kind: "end" }}
            render={(row) => {
                if (row.kind === "day") return null;
                if (row.kind === "new") return <div class="line-new" role="separator"><span>{t("timeline.new")}</span></div>;
                return (
                    <>
                        <PostView id={row.key} isCompact={row.isCompact && row.key !== rootId} place="thread" />
                        {row.key === rootId && <div class="thread-rule"><span>{replies === undefined ? t("thread.loading") : t("thread.replies", { n: Math.max(root.reply_count, replies.length) })}</span></div>}
                    </>
                );
            }}
            footer={<div class="timeline-foot" />} />
    );
}
