/** Panels about a channel: what it is, who is in it. */
import { ChevronRight, Link, Pencil, Pin, UserMinus, UserPlus, Users } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { api } from "../../api/client";
import type { User } from "../../api/types";
import { t } from "../../i18n";
import type { ChannelId } from "../../lib/ids";
import { fold } from "../../lib/match";
import { copyChannelLink, removeMember } from "../../commands/channels";
import { attempt } from "../../commands/feedback";
import { can, channelTitle, fullName } from "../../state/select";
import { dispatch } from "../../state/store";
import { Icon } from "../../ui/icon";
import { Button, Empty, IconButton, Spinner } from "../../ui/parts";
import { Markdown } from "../parts/markdown_view";
import { Face, openProfile, useUserName } from "../parts/person";
import { useSelect } from "../parts/use_select";
import { mayEditProperties } from "./channel_header";
import { SideHead } from "../parts/side_head";
import "./channel.css";

export function ChannelInfo({ channelId }: { readonly channelId: ChannelId }) {
    const channel = useSelect((state) => state.channels[channelId]);
    const title = useSelect((state) => (channel ? channelTitle(state, channel) : ""));
    const stats = useSelect((state) => state.stats[channelId]);
    const mayEdit = useSelect((state) => channel !== undefined && channel.delete_at === 0 && mayEditProperties(channel, state));
    if (!channel) return null;
    const isDirect = channel.type === "D" || channel.type === "G";
    const edit = (field: "header" | "purpose") => mayEdit && <IconButton small icon={Pencil} label={field === "header" ? t("channel.edit_header") : t("channel.edit_purpose")} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "channel_edit", channelId, field } })} />;
    return (
        <>
            <SideHead title={t("channel.info")} subtitle={title} />
            <div class="info">
                <dl>
                    {!isDirect && <div class="info-card"><dt>{t("channel.purpose")} {edit("purpose")}</dt><dd class="info-text">{channel.purpose || <span class="info-none">{t("channel.no_purpose")}</span>}</dd></div>}
                    <div class="info-card"><dt>{t("channel.header")} {edit("header")}</dt><dd class="info-text">{channel.header ? <Markdown text={channel.header} /> : <span class="info-none">{t("channel.no_header")}</span>}</dd></div>
                    {!isDirect && <div class="info-card"><dt>{t("channel.address")}</dt><dd class="info-text">~{channel.name}</dd></div>}
                </dl>
                <div class="info-actions">
                    {channel.type !== "D" && <InfoAction icon={Users} label={t("channel.members")} hint={stats ? String(stats.member_count) : ""} onClick={() => dispatch({ kind: "side", side: { kind: "members", channelId } })} />}
                    <InfoAction icon={Pin} label={t("channel.pinned")} hint={stats ? String(stats.pinnedpost_count) : ""} onClick={() => dispatch({ kind: "side", side: { kind: "pinned", channelId } })} />
                    {!isDirect && <InfoAction icon={Link} label={t("channel.copy_link")} hint="" onClick={() => copyChannelLink(channel)} />}
                </div>
            </div>
        </>
    );
}

function InfoAction({ icon, label, hint, onClick }: { readonly icon: typeof Link; readonly label: string; readonly hint: string; readonly onClick: () => void }) {
    return <button type="button" class="menu-item" onClick={onClick}><Icon of={icon} /> <span class="menu-label">{label}</span> <span class="menu-hint num">{hint}</span> <Icon of={ChevronRight} size={14} /></button>;
}

const PAGE = 100;

export function MembersPanel({ channelId }: { readonly channelId: ChannelId }) {
    const channel = useSelect((state) => state.channels[channelId]);
    const title = useSelect((state) => (channel ? channelTitle(state, channel) : ""));
    const count = useSelect((state) => state.stats[channelId]?.member_count);
    const mayManage = useSelect((state) => channel !== undefined && (channel.type === "O" || channel.type === "P") && channel.name !== "town-square"
        && can(state, channel.type === "P" ? "manage_private_channel_members" : "manage_public_channel_members", channelId));
    const [people, setPeople] = useState<readonly User[] | null>(null);
    const [filter, setFilter] = useState("");
    const [hasMore, setMore] = useState(false);

    const load = async (page: number, known: readonly User[]) => {
        await attempt(api.users({ in_channel: channelId, page, per_page: PAGE, sort: "admin" }).catch(() => api.users({ in_channel: channelId, page, per_page: PAGE })).then(async (found) => {
            dispatch({ kind: "users_received", users: found });
            if (found.length > 0) dispatch({ kind: "statuses_received", statuses: await api.statuses(found.map((user) => user.id)) });
            setPeople([...known, ...found]);
            setMore(found.length === PAGE);
        }));
    };
    useEffect(() => {
        setPeople(null);
        void load(0, []);
    }, [channelId, count]);

    const shown = (people ?? []).filter((user) => filter === "" || fold(`${user.username} ${fullName(user)} ${user.nickname}`).includes(fold(filter)));
    return (
        <>
            <SideHead title={t("channel.members")} subtitle={title} />
            <div class="people-tools">
                <input class="input" type="search" value={filter} placeholder={t("people.filter")} aria-label={t("people.filter")} onInput={(event) => setFilter(event.currentTarget.value)} />
                {mayManage && <Button icon={UserPlus} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "members_add", channelId } })}>{t("action.add")}</Button>}
            </div>
            <div class="people-list" role="list">
                {people === null && <div class="side-wait"><Spinner label={t("people.loading")} /></div>}
                {shown.map((user) => <MemberRow key={user.id} user={user} channelId={channelId} mayRemove={mayManage} onRemoved={() => setPeople((people ?? []).filter((each) => each.id !== user.id))} />)}
                {people !== null && shown.length === 0 && <Empty mark={false} title={t("people.none")} />}
                {hasMore && <div class="list-more"><Button small onClick={() => void load(Math.ceil((people?.length ?? 0) / PAGE), people ?? [])}>{t("action.more")}</Button></div>}
            </div>
        </>
    );
}

function MemberRow({ user, channelId, mayRemove, onRemoved }: { readonly user: User; readonly channelId: ChannelId; readonly mayRemove: boolean; readonly onRemoved: () => void }) {
    const name = useUserName(user.id);
    const isMe = useSelect((state) => state.me === user.id);
    return (
        <div class="person-row" role="listitem">
            <Face id={user.id} size={32} withStatus />
            <button type="button" class="person-row-main" onClick={(event) => openProfile(user.id, event.currentTarget)}>
                <strong class="clip">{name}{isMe && ` (${t("user.you")})`}</strong>
                <span class="clip">@{user.username}{fullName(user) && name !== fullName(user) && ` · ${fullName(user)}`}</span>
            </button>
            {mayRemove && !isMe && <IconButton small icon={UserMinus} label={t("channel.remove_person", { name })} onClick={() => void removeMember(channelId, user.id).then((worked) => worked && onRemoved())} />}
        </div>
    );
}

