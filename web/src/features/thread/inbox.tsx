/** All threads one follows, unread first when asked. */
import { CheckCheck } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { PostId, UserId } from "../../lib/ids";
import { go, currentTeamName } from "../../commands/navigate";
import { attempt } from "../../commands/feedback";
import { readAllThreads } from "../../commands/threads";
import { channelTitle } from "../../state/select";
import { inboxKey } from "../../state/threads";
import { loadInbox } from "../../sync/load";
import { Badge, Bone, Button, Empty, Tabs } from "../../ui/parts";
import { MarkdownLine } from "../parts/markdown_view";
import { Face, useUserName } from "../parts/person";
import { TimeView } from "../parts/time_view";
import { useSelect } from "../parts/use_select";
import "./thread.css";

export function Inbox() {
    const teamId = useSelect((state) => state.teamId);
    const [tab, setTab] = useState<"all" | "unread">("all");
    const inbox = useSelect((state) => (teamId ? state.inboxes[inboxKey(teamId, tab === "unread")] : undefined));
    const totals = useSelect((state) => (teamId ? state.threadTotals[teamId] : undefined));
    const [isBusy, setBusy] = useState(false);
    useEffect(() => {
        if (teamId) void attempt(loadInbox(teamId, tab === "unread"));
    }, [teamId, tab]);
    const more = async () => {
        const last = inbox?.ids.at(-1);
        if (!teamId || !last) return;
        setBusy(true);
        await attempt(loadInbox(teamId, tab === "unread", last));
        setBusy(false);
    };
    return (
        <div class="inbox">
            <div class="inbox-tools">
                <Tabs label={t("threads.title")} active={tab} onSelect={setTab} tabs={[{ id: "all", label: t("threads.all") }, { id: "unread", label: totals?.unread ? t("threads.unread_count", { n: totals.unread }) : t("threads.unread") }]} />
                <Button small tone="plain" icon={CheckCheck} disabled={!totals?.unread} onClick={readAllThreads}>{t("threads.read_all")}</Button>
            </div>
            <div class="inbox-list" role="list" aria-label={t("threads.title")}>
                {!inbox && [0, 1, 2, 3].map((i) => <div key={i} class="inbox-item"><Bone width={200} /><br /><Bone width="70%" /></div>)}
                {inbox?.ids.map((id) => <InboxItem key={id} id={id} />)}
                {inbox?.ids.length === 0 && <Empty title={tab === "unread" ? t("threads.none_unread") : t("threads.none")} text={t("threads.none_text")} />}
                {inbox?.hasMore && <div class="list-more"><Button small busy={isBusy} onClick={() => void more()}>{t("action.more")}</Button></div>}
            </div>
        </div>
    );
}

function InboxItem({ id }: { readonly id: PostId }) {
    const root = useSelect((state) => state.posts[id]);
    const thread = useSelect((state) => state.threads[id]);
    const place = useSelect((state) => {
        const channel = root ? state.channels[root.channel_id] : undefined;
        return channel ? channelTitle(state, channel) : "";
    });
    const isOpen = useSelect((state) => state.ui.side?.kind === "thread" && state.ui.side.rootId === id);
    const author = useUserName((root?.user_id ?? "") as UserId);
    if (!root || root.delete_at > 0 || !thread) return null;
    const classes = ["inbox-item", isOpen && "open", thread.unread_replies > 0 && "unread", thread.unread_mentions > 0 && "mentioned"].filter(Boolean).join(" ");
    return (
        <div role="listitem">
            <button type="button" class={classes} aria-current={isOpen || undefined} onClick={() => go({ page: "threads", team: currentTeamName(), threadId: id })}>
                <span class="inbox-line">
                    <Face id={root.user_id} size={20} />
                    <span class="inbox-author clip">{author}</span>
                    <span class="inbox-place clip">{place}</span>
                    <Badge count={thread.unread_mentions} label={t("badge.mentions", { n: thread.unread_mentions })} />
                    <TimeView at={thread.last_reply_at || root.create_at} style="short" />
                </span>
                <span class="inbox-text"><MarkdownLine text={root.message || (root.metadata?.files?.map((file) => file.name).join(", ") ?? "")} /></span>
                <span class="inbox-foot">
                    <span class="face-stack">{(thread.participants ?? []).slice(-4).map((each) => <Face key={each.id} id={each.id} size={20} />)}</span>
                    <span class="thread-count">{t("thread.replies", { n: thread.reply_count })}</span>
                    {thread.unread_replies > 0 && <span class="thread-new">{t("thread.new", { n: thread.unread_replies })}</span>}
                </span>
            </button>
        </div>
    );
}
