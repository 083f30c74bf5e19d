/** The bar above a conversation. */
import { Archive, ArrowLeft, Bell, BellOff, ChevronDown, Globe, Info, Link, Lock, LogOut, Pencil, Pin, Search, Star, StarOff, UserPlus, Users, X, Bookmark, AtSign } from "lucide";
import { useState } from "preact/hooks";
import type { Channel } from "../../api/types";
import { api } from "../../api/client";
import { t } from "../../i18n";
import type { ChannelId } from "../../lib/ids";
import { askArchive, askLeave, closeDirect, copyChannelLink, restoreChannel, setNotifyProps, toggleFavorite, toggleMute } from "../../commands/channels";
import { attempt } from "../../commands/feedback";
import { can, channelTitle, isFavorite, isMuted, partnerOf } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { MenuButton, type MenuEntry } from "../../ui/floating";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/parts";
import { ChannelIcon } from "../parts/channel_icon";
import { MarkdownLine } from "../parts/markdown_view";
import { openProfile, statusText } from "../parts/person";
import { useSelect } from "../parts/use_select";
import type { Side } from "../../state/state";
import "./channel.css";

export function ChannelHeader({ channelId }: { readonly channelId: ChannelId }) {
    const channel = useSelect((state) => state.channels[channelId]);
    const title = useSelect((state) => (channel ? channelTitle(state, channel) : ""));
    const stats = useSelect((state) => state.stats[channelId]);
    const favorite = useSelect((state) => isFavorite(state, channelId));
    const muted = useSelect((state) => isMuted(state, channelId));
    const partner = useSelect((state) => (channel ? partnerOf(state, channel) : ""));
    const status = useSelect((state) => (partner ? (state.statuses[partner] ?? "offline") : ""));
    const side = useSelect((state) => state.ui.side?.kind);
    if (!channel) return <header class="channel-header" />;
    const isGrouped = channel.type !== "D";
    return (
        <header class="channel-header">
            <IconButton icon={ArrowLeft} size={20} class="phone-only" label={t("action.back")} onClick={() => dispatch({ kind: "pane", pane: "list" })} />
            <div class="channel-heading">
                <div class="channel-heading-line">
                    <MenuButton label={t("channel.menu")} entries={() => headerMenu(channel)} draw={(open, isOpen) => (
                        <h1 class="channel-title">
                            <button type="button" class="channel-title-button" aria-haspopup="menu" aria-expanded={isOpen} onClick={open}>
                                <ChannelIcon channel={channel} size={16} /> <span class="clip">{title}</span> <Icon of={ChevronDown} size={14} />
                            </button>
                        </h1>
                    )} />
                    <IconButton small icon={Star} label={favorite ? t("channel.unfavorite") : t("channel.favorite")} pressed={favorite} class={`star ${favorite ? "on" : ""}`} onClick={() => toggleFavorite(channel)} />
                    {muted && <IconButton small icon={BellOff} label={t("channel.unmute")} onClick={() => toggleMute(channelId)} />}
                </div>
                <div class="channel-sub">
                    {partner && status && <button type="button" class="sub-button" onClick={(event) => openProfile(partner, event.currentTarget)}>{statusText(status)}</button>}
                    {isGrouped && stats && (
                        <button type="button" class="sub-button num" aria-label={t("channel.members_count", { n: stats.member_count })} title={t("channel.members_count", { n: stats.member_count })} onClick={() => toggleSide({ kind: "members", channelId })}>
                            <Icon of={Users} size={14} /> {stats.member_count}
                        </button>
                    )}
                    {(stats?.pinnedpost_count ?? 0) > 0 && (
                        <button type="button" class="sub-button num" aria-label={t("channel.pinned_count", { n: stats?.pinnedpost_count ?? 0 })} title={t("channel.pinned_count", { n: stats?.pinnedpost_count ?? 0 })} onClick={() => toggleSide({ kind: "pinned", channelId })}>
                            <Icon of={Pin} size={14} /> {stats?.pinnedpost_count}
                        </button>
                    )}
                    <HeaderText channel={channel} />
                </div>
            </div>
            <SearchBox />
            <IconButton icon={AtSign} size={20} class="desk-only" label={t("search.mentions")} pressed={side === "mentions"} onClick={() => toggleSide({ kind: "mentions" })} />
            <IconButton icon={Bookmark} size={20} class="desk-only" label={t("search.saved")} pressed={side === "saved"} onClick={() => toggleSide({ kind: "saved" })} />
            <IconButton icon={Info} size={20} label={t("channel.info")} pressed={side === "info"} onClick={() => toggleSide({ kind: "info", channelId })} />
        </header>
    );
}

export function toggleSide(side: Side): void {
    dispatch({ kind: "side", side: now().ui.side?.kind === side.kind ? null : side });
}

function HeaderText({ channel }: { readonly channel: Channel }) {
    const mayEdit = useSelect((state) => mayEditProperties(channel, state));
    if (channel.header) return <span class="channel-header-text clip" title={channel.header}><MarkdownLine text={channel.header} options={NO_MENTIONS} /></span>;
    if (!mayEdit || channel.delete_at > 0) return null;
    return <button type="button" class="sub-button add-header" onClick={() => dispatch({ kind: "dialog", dialog: { kind: "channel_edit", channelId: channel.id, field: "header" } })}>{t("channel.add_header")}</button>;
}

const NO_MENTIONS = { noMentions: true } as const;

export function mayEditProperties(channel: Channel, state = now()): boolean {
    if (channel.type === "D" || channel.type === "G") return true;
    return can(state, channel.type === "P" ? "manage_private_channel_properties" : "manage_public_channel_properties", channel.id);
}

export function headerMenu(channel: Channel): MenuEntry[] {
    const state = now();
    const isDirect = channel.type === "D" || channel.type === "G";
    const isDefault = channel.name === "town-square";
    const muted = isMuted(state, channel.id);
    const favorite = isFavorite(state, channel.id);
    const mayEdit = mayEditProperties(channel, state) && channel.delete_at === 0;
    const mayMembers = !isDirect && channel.delete_at === 0 && can(state, channel.type === "P" ? "manage_private_channel_members" : "manage_public_channel_members", channel.id);
    const mayArchive = !isDirect && !isDefault && channel.delete_at === 0 && can(state, channel.type === "P" ? "delete_private_channel" : "delete_public_channel", channel.id);
    const level = state.members[channel.id]?.notify_props?.["desktop"] ?? "default";
    const edit = (field: "header" | "purpose" | "name") => dispatch({ kind: "dialog", dialog: { kind: "channel_edit", channelId: channel.id, field } });
    const entries: (MenuEntry | false)[] = [
        { kind: "item", label: t("channel.info"), icon: Info, run: () => toggleSide({ kind: "info", channelId: channel.id }) },
        channel.type !== "D" && { kind: "item", label: t("channel.members"), icon: Users, run: () => toggleSide({ kind: "members", channelId: channel.id }) },
        mayMembers && !isDefault && { kind: "item", label: t("channel.add_people"), icon: UserPlus, run: () => dispatch({ kind: "dialog", dialog: { kind: "members_add", channelId: channel.id } }) },
        { kind: "item", label: t("channel.pinned"), icon: Pin, run: () => toggleSide({ kind: "pinned", channelId: channel.id }) },
        { kind: "line" },
        { kind: "item", label: favorite ? t("channel.unfavorite") : t("channel.favorite"), icon: favorite ? StarOff : Star, run: () => toggleFavorite(channel) },
        { kind: "item", label: muted ? t("channel.unmute") : t("channel.mute"), icon: muted ? Bell : BellOff, run: () => toggleMute(channel.id) },
        ...(["default", "all", "mention", "none"] as const).map((each): MenuEntry => ({ kind: "item", label: t(`notify.level_${each}`), checked: level === each, run: () => setNotifyProps(channel.id, { desktop: each }) })),
        { kind: "line" },
        mayEdit && { kind: "item", label: t("channel.edit_header"), icon: Pencil, run: () => edit("header") },
        mayEdit && !isDirect && { kind: "item", label: t("channel.edit_purpose"), icon: Pencil, run: () => edit("purpose") },
        mayEdit && !isDirect && { kind: "item", label: t("channel.rename"), icon: Pencil, run: () => edit("name") },
        mayEdit && channel.type === "O" && !isDefault && can(state, "convert_public_channel_to_private", channel.id) && { kind: "item", label: t("channel.make_private"), icon: Lock, run: () => void attempt(api.channelPrivacySet(channel.id, "P").then((changed) => dispatch({ kind: "channel_updated", channel: changed }))) },
        mayEdit && channel.type === "P" && can(state, "convert_private_channel_to_public", channel.id) && { kind: "item", label: t("channel.make_public"), icon: Globe, run: () => void attempt(api.channelPrivacySet(channel.id, "O").then((changed) => dispatch({ kind: "channel_updated", channel: changed }))) },
        !isDirect && { kind: "item", label: t("channel.copy_link"), icon: Link, run: () => copyChannelLink(channel) },
        mayArchive && { kind: "item", label: t("channel.archive"), icon: Archive, danger: true, run: () => askArchive(channel) },
        channel.delete_at > 0 && can(state, "manage_team", channel.id) && { kind: "item", label: t("channel.restore"), icon: Archive, run: () => restoreChannel(channel.id) },
        isDirect ? { kind: "item", label: t("channel.close_direct"), icon: X, run: () => closeDirect(channel) } : !isDefault && { kind: "item", label: t("channel.leave"), icon: LogOut, danger: true, run: () => askLeave(channel) },
    ];
    return entries.filter((entry): entry is MenuEntry => entry !== false);
}

export function SearchBox() {
    const terms = useSelect((state) => (state.ui.side?.kind === "search" ? state.ui.side.terms : ""));
    const [text, setText] = useState(terms);
    return (
        <>
            <form class="search-box desk-only" role="search" onSubmit={(event) => {
                event.preventDefault();
                if (text.trim()) dispatch({ kind: "side", side: { kind: "search", terms: text.trim() } });
            }}>
                <Icon of={Search} />
                <input class="search-input" type="search" value={text} aria-label={t("search.label")} placeholder={t("search.label")} autoComplete="off" spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
            </form>
            <IconButton icon={Search} size={20} class="phone-only" label={t("search.label")} onClick={() => dispatch({ kind: "side", side: { kind: "search", terms: "" } })} />
        </>
    );
}
