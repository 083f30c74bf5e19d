/** The channels of a team, in categories. */
import {
    BellOff, ChevronDown, ChevronRight, Compass, EllipsisVertical, Folder, Hash, Link, LogOut, MessageSquare, MessagesSquare, Pencil, Plus, Search, Settings, Star, StarOff, Trash2, UserPlus,
    Users, X, Bell, CheckCheck, ListFilter, ArrowDownAZ, Clock,
} from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Category } from "../../api/types";
import { t } from "../../i18n";
import type { ChannelId } from "../../lib/ids";
import {
    askLeave, closeDirect, copyChannelLink, deleteCategory, editCategory, moveToCategory, readCategory, toggleFavorite, toggleMute, toggleUnreadsFirst,
} from "../../commands/channels";
import { channelRoute, currentTeamName } from "../../commands/navigate";
import { askLeaveTeam, copyInviteLink } from "../../commands/teams";
import { can, channelTitle, channelUnread, isFavorite, isMuted, sidebarGroups, unreadsFirst } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { boxOf, Menu, MenuButton, type Box, type MenuEntry } from "../../ui/floating";
import { Icon } from "../../ui/icon";
import { Badge, IconButton } from "../../ui/parts";
import { ChannelIcon } from "../parts/channel_icon";
import { CustomStatusIcon } from "../parts/person";
import { NavLink } from "../parts/nav_link";
import { sameFields, sameList, useSelect } from "../parts/use_select";
import "./sidebar.css";

type Groups = ReturnType<typeof sidebarGroups>;

function sameGroups(a: Groups, b: Groups): boolean {
    return sameList(a.unread, b.unread) && a.groups.length === b.groups.length
        && a.groups.every((group, i) => group.category === b.groups[i]?.category && sameList(group.channelIds, b.groups[i]?.channelIds ?? []));
}

export function Sidebar({ children }: { readonly children?: ComponentChildren }) {
    const groups = useSelect((state) => sidebarGroups(state, unreadsFirst(state)), sameGroups);
    const isFirst = useSelect(unreadsFirst);
    return (
        <nav class="sidebar" aria-label={t("sidebar.label")}>
            <TeamHead />
            <div class="sidebar-find">
                <button type="button" class="find-button" onClick={() => dispatch({ kind: "dialog", dialog: { kind: "switcher" } })}>
                    <Icon of={Search} /> <span class="clip">{t("sidebar.find")}</span> <kbd class="kbd">{/Mac|iP/.test(navigator.platform) ? "⌘K" : "Ctrl K"}</kbd>
                </button>
                <IconButton icon={ListFilter} label={t("sidebar.unreads_first")} pressed={isFirst} onClick={toggleUnreadsFirst} />
            </div>
            <div class="sidebar-scroll">
                <ThreadsLink />
                {isFirst && groups.unread.length > 0 && (
                    <section class="category" aria-label={t("sidebar.unreads")}>
                        <div class="category-head"><h3 class="category-name">{t("sidebar.unreads")}</h3>
                            <IconButton small icon={CheckCheck} label={t("sidebar.read_all")} onClick={() => readCategory(groups.unread)} />
                        </div>
                        <ul>{groups.unread.map((id) => <ChannelLine key={id} id={id} />)}</ul>
                    </section>
                )}
                {groups.groups.map(({ category, channelIds }) => <CategorySection key={category.id} category={category} channelIds={channelIds} />)}
            </div>
            <SidebarFoot />
            {children}
        </nav>
    );
}

function TeamHead() {
    const team = useSelect((state) => (state.teamId ? state.teams[state.teamId] : undefined));
    return (
        <header class="sidebar-head">
            <MenuButton label={t("team.menu")} entries={teamMenu} draw={(open, isOpen) => (
                <button type="button" class="team-button" aria-haspopup="menu" aria-expanded={isOpen} onClick={open}>
                    <span class="clip">{team?.display_name ?? ""}</span> <Icon of={ChevronDown} />
                </button>
            )} />
            <MenuButton label={t("sidebar.add")} align="end" entries={addMenu} draw={(open, isOpen) => <IconButton icon={Plus} size={20} label={t("sidebar.add")} hasMenu expanded={isOpen} onClick={open} />} />
        </header>
    );
}

function addMenu(): MenuEntry[] {
    const state = now();
    const mayCreate = can(state, "create_public_channel") || can(state, "create_private_channel");
    return [
        { kind: "item", label: t("browse.title"), icon: Compass, run: () => dispatch({ kind: "dialog", dialog: { kind: "browse" } }) },
        ...(mayCreate ? [{ kind: "item", label: t("sidebar.new_channel"), icon: Hash, run: () => dispatch({ kind: "dialog", dialog: { kind: "channel_new" } }) } as const] : []),
        { kind: "item", label: t("sidebar.new_direct"), icon: MessageSquare, run: () => dispatch({ kind: "dialog", dialog: { kind: "direct_new" } }) },
        { kind: "item", label: t("sidebar.new_category"), icon: Folder, run: () => dispatch({ kind: "dialog", dialog: { kind: "category_new", channelId: "" } }) },
    ];
}

function teamMenu(): MenuEntry[] {
    const state = now();
    const team = state.teamId ? state.teams[state.teamId] : undefined;
    if (!team) return [];
    return [
        ...(can(state, "invite_user") || can(state, "add_user_to_team") ? [{ kind: "item", label: t("invite.title"), icon: UserPlus, run: () => dispatch({ kind: "dialog", dialog: { kind: "invite" } }) } as const] : []),
        ...(team.invite_id ? [{ kind: "item", label: t("invite.copy_link"), icon: Link, run: () => copyInviteLink(team) } as const] : []),
        ...(can(state, "manage_team") ? [{ kind: "item", label: t("team.settings"), icon: Settings, run: () => dispatch({ kind: "dialog", dialog: { kind: "team_settings" } }) } as const] : []),
        { kind: "line" },
        { kind: "item", label: t("team.leave"), icon: LogOut, danger: true, run: () => askLeaveTeam(team) },
    ];
}

function ThreadsLink() {
    const totals = useSelect((state) => (state.teamId ? state.threadTotals[state.teamId] : undefined));
    const isCurrent = useSelect((state) => state.ui.route.page === "threads");
    const team = useSelect((state) => (state.teamId ? state.teams[state.teamId]?.name : "") ?? "");
    return (
        <NavLink to={{ page: "threads", team, threadId: "" }} class={`channel-link ${isCurrent ? "current" : ""} ${totals?.unread ? "unread" : ""}`} current={isCurrent}>
            <Icon of={MessagesSquare} /> <span class="channel-name clip">{t("threads.title")}</span>
            <Badge count={totals?.mentions ?? 0} label={t("badge.mentions", { n: totals?.mentions ?? 0 })} />
        </NavLink>
    );
}

const NAMES = { favorites: "sidebar.favorites", channels: "sidebar.channels", direct_messages: "sidebar.directs" } as const;

export function categoryName(category: Category): string {
    return category.type === "custom" ? category.display_name : t(NAMES[category.type]);
}

function CategorySection({ category, channelIds }: { readonly category: Category; readonly channelIds: readonly ChannelId[] }) {
    const [isOver, setOver] = useState(false);
    const shown = useSelect((state) => (category.collapsed ? channelIds.filter((id) => id === state.channelId || isCalling(state, id)) : channelIds), sameList);
    const mayCreate = useSelect((state) => can(state, "create_public_channel") || can(state, "create_private_channel"));
    if (channelIds.length === 0 && category.type === "favorites") return null;
    const name = categoryName(category);
    return (
        <section class={`category ${isOver ? "drag-over" : ""}`} aria-label={name}
            onDragOver={(event) => {
                if (!event.dataTransfer?.types.includes("anser/channel")) return;
                event.preventDefault();
                setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
                setOver(false);
                const id = event.dataTransfer?.getData("anser/channel") as ChannelId | undefined;
                if (id && !category.channel_ids.includes(id)) moveToCategory(id, category.id);
            }}>
            <div class="category-head">
                <h3 class="category-name">
                    <button type="button" class="category-toggle" aria-expanded={!category.collapsed} onClick={() => editCategory(category, { collapsed: !category.collapsed })}>
                        <Icon of={category.collapsed ? ChevronRight : ChevronDown} size={14} /> <span class="clip">{name}</span>
                    </button>
                </h3>
                <MenuButton label={t("sidebar.category_menu", { name })} entries={() => categoryMenu(category, channelIds)} draw={(open, isOpen) => (
                    <IconButton small class="category-menu" icon={EllipsisVertical} label={t("sidebar.category_menu", { name })} hasMenu expanded={isOpen} onClick={open} />
                )} />
                {category.type === "channels" && mayCreate && <IconButton small icon={Plus} label={t("sidebar.new_channel")} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "channel_new" } })} />}
                {category.type === "direct_messages" && <IconButton small icon={Plus} label={t("sidebar.new_direct")} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "direct_new" } })} />}
            </div>
            {shown.length > 0 && <ul>{shown.map((id) => <ChannelLine key={id} id={id} />)}</ul>}
            {channelIds.length === 0 && category.type === "custom" && !category.collapsed && <p class="category-empty">{t("sidebar.category_empty")}</p>}
        </section>
    );
}

function isCalling(state: ReturnType<typeof now>, id: ChannelId): boolean {
    const unread = channelUnread(state, id);
    return unread.messages > 0 || unread.mentions > 0;
}

function categoryMenu(category: Category, channelIds: readonly ChannelId[]): MenuEntry[] {
    return [
        { kind: "item", label: t("sidebar.read_all"), icon: CheckCheck, run: () => readCategory(channelIds) },
        { kind: "line" },
        { kind: "item", label: t("sidebar.sort_alpha"), icon: ArrowDownAZ, checked: category.sorting === "alpha" || (category.sorting === "" && category.type !== "direct_messages"), run: () => editCategory(category, { sorting: "alpha" }) },
        { kind: "item", label: t("sidebar.sort_recent"), icon: Clock, checked: category.sorting === "recent" || (category.sorting === "" && category.type === "direct_messages"), run: () => editCategory(category, { sorting: "recent" }) },
        { kind: "line" },
        { kind: "item", label: t("sidebar.new_category"), icon: Folder, run: () => dispatch({ kind: "dialog", dialog: { kind: "category_new", channelId: "" } }) },
        ...(category.type === "custom" ? [{ kind: "item", label: t("sidebar.category_delete"), icon: Trash2, danger: true, run: () => deleteCategory(category) } as const] : []),
    ];
}

function ChannelLine({ id }: { readonly id: ChannelId }) {
    const channel = useSelect((state) => state.channels[id]);
    const title = useSelect((state) => (channel ? channelTitle(state, channel) : ""));
    const unread = useSelect((state) => channelUnread(state, id), sameFields);
    const muted = useSelect((state) => isMuted(state, id));
    const isCurrent = useSelect((state) => state.channelId === id && state.ui.route.page !== "threads");
    const hasDraft = useSelect((state) => (state.drafts[id]?.message.trim() ?? "") !== "");
    const team = useSelect((state) => (state.teamId ? state.teams[state.teamId]?.name : undefined) ?? "");
    const [anchor, setAnchor] = useState<Box | null>(null);
    const partnerKnown = useSelect((state) => (channel?.type === "D" ? Object.keys(state.users).length : 0));
    if (!channel) return null;
    void partnerKnown;
    const isUnread = unread.messages > 0 || unread.mentions > 0;
    const classes = ["channel-link", isCurrent && "current", isUnread && "unread", muted && "muted"].filter(Boolean).join(" ");
    const partner = channel.type === "D" ? (channel.name.split("__").find((each) => each !== now().me) ?? now().me) : "";
    return (
        <li class="channel-line" draggable onDragStart={(event) => event.dataTransfer?.setData("anser/channel", id)}>
            <NavLink to={channelRoute(channel, team || currentTeamName())} class={classes} current={isCurrent} label={title}
                onContextMenu={(event) => {
                    event.preventDefault();
                    setAnchor({ left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY });
                }}>
                <span class="channel-icon"><ChannelIcon channel={channel} /></span>
                <span class="channel-name clip">{title}</span>
                {partner && <CustomStatusIcon id={partner as never} />}
                {hasDraft && !isCurrent && <span class="channel-mark" title={t("sidebar.draft")}><Icon of={Pencil} size={14} /></span>}
                {muted && <span class="channel-mark" title={t("channel.muted")}><Icon of={BellOff} size={14} /></span>}
                <Badge count={unread.mentions} />
            </NavLink>
            {isUnread && <span class="offscreen" id={`unread-${id}`}>{unread.mentions > 0 ? t("badge.mentions", { n: unread.mentions }) : t("badge.unread")}</span>}
            <IconButton small class="channel-menu" icon={EllipsisVertical} label={t("sidebar.channel_menu", { name: title })} hasMenu expanded={anchor !== null} onClick={(event) => setAnchor(boxOf(event.currentTarget))} />
            {anchor && <Menu anchor={anchor} label={t("sidebar.channel_menu", { name: title })} entries={channelMenu(id)} onClose={() => setAnchor(null)} />}
        </li>
    );
}

function channelMenu(id: ChannelId): MenuEntry[] {
    const state = now();
    const channel = state.channels[id];
    if (!channel) return [];
    const isDirect = channel.type === "D" || channel.type === "G";
    const favorite = isFavorite(state, id);
    const muted = isMuted(state, id);
    const custom = (state.teamId ? state.categories[state.teamId] ?? [] : []).filter((category) => category.type === "custom" && !category.channel_ids.includes(id));
    return [
        { kind: "item", label: t("channel.mark_read"), icon: CheckCheck, run: () => readCategory([id]) },
        { kind: "item", label: favorite ? t("channel.unfavorite") : t("channel.favorite"), icon: favorite ? StarOff : Star, run: () => toggleFavorite(channel) },
        { kind: "item", label: muted ? t("channel.unmute") : t("channel.mute"), icon: muted ? Bell : BellOff, run: () => toggleMute(id) },
        { kind: "line" },
        ...custom.map((category): MenuEntry => ({ kind: "item", label: t("sidebar.move_to", { name: category.display_name }), icon: Folder, run: () => moveToCategory(id, category.id) })),
        { kind: "item", label: t("sidebar.move_new"), icon: Folder, run: () => dispatch({ kind: "dialog", dialog: { kind: "category_new", channelId: id } }) },
        { kind: "line" },
        ...(isDirect ? [] : [{ kind: "item", label: t("channel.copy_link"), icon: Link, run: () => copyChannelLink(channel) } as const]),
        ...(isDirect
            ? [{ kind: "item", label: t("channel.close_direct"), icon: X, run: () => closeDirect(channel) } as const]
            : channel.name === "town-square" ? [] : [{ kind: "item", label: t("channel.leave"), icon: LogOut, danger: true, run: () => askLeave(channel) } as const]),
    ];
}

function SidebarFoot() {
    const mayInvite = useSelect((state) => can(state, "invite_user") || can(state, "add_user_to_team"));
    return (
        <footer class="sidebar-foot">
            {mayInvite && <button type="button" class="foot-button" onClick={() => dispatch({ kind: "dialog", dialog: { kind: "invite" } })}><Icon of={UserPlus} /> {t("invite.title")}</button>}
            <button type="button" class="foot-button" onClick={() => dispatch({ kind: "dialog", dialog: { kind: "browse" } })}><Icon of={Users} /> {t("browse.title")}</button>
        </footer>
    );
}

