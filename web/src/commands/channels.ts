/** What one can do with a channel, and with its place in the sidebar. */
import { api } from "../api/client";
import type { Category, Channel, ChannelType, StringMap } from "../api/types";
import { t } from "../i18n";
import type { CategoryId, ChannelId, UserId } from "../lib/ids";
import { channelNameFrom } from "../lib/names";
import { channelTitle, favorites, isFavorite, isMuted, isUnread, partnerOf, sidebarOrder, unreadsFirst } from "../state/select";
import { dispatch, now } from "../state/store";
import { quietly } from "../sync/follow";
import { loadCategories, loadChannel } from "../sync/load";
import { attempt, copyText } from "./feedback";
import { channelRoute, goToChannel, leavePlace, openNew } from "./navigate";
import { pathOf } from "../state/route";
import { markChannelsRead } from "./read";
import { savePreference } from "./settings";

export async function createChannel(displayName: string, purpose: string, type: ChannelType): Promise<void> {
    const { teamId } = now();
    if (!teamId) return;
    const channel = await api.channelCreate({ team_id: teamId, name: channelNameFrom(displayName, Date.now()), display_name: displayName, purpose, type });
    await loadChannel(channel.id);
    quietly(loadCategories(teamId));
    goToChannel(channel.id);
}

export async function joinChannel(channel: Channel): Promise<void> {
    if (!now().members[channel.id]) await api.channelMemberAdd(channel.id, now().me);
    await loadChannel(channel.id);
    goToChannel(channel.id);
}

export async function openGroup(users: readonly UserId[]): Promise<void> {
    const channel = await openNew(() => api.channelGroup(users));
    showDirect(channel);
    goToChannel(channel.id);
}

export async function leaveChannel(channelId: ChannelId): Promise<void> {
    const wasOnScreen = now().channelId === channelId;
    const worked = await attempt(api.channelMemberRemove(channelId, now().me));
    if (!worked) return;
    dispatch({ kind: "channel_left", channelId });
    if (wasOnScreen) leavePlace();
}

/** A private channel cannot be rejoined by oneself: ask first. */
export function askLeave(channel: Channel): void {
    if (channel.type !== "P") {
        void leaveChannel(channel.id);
        return;
    }
    const name = channelTitle(now(), channel);
    dispatch({
        kind: "dialog",
        dialog: {
            kind: "confirm", title: t("channel.leave_title", { name }), text: t("channel.leave_private_text"), action: t("channel.leave"), danger: true,
            run: () => void leaveChannel(channel.id),
        },
    });
}

export function askArchive(channel: Channel): void {
    const name = channelTitle(now(), channel);
    dispatch({
        kind: "dialog",
        dialog: {
            kind: "confirm", title: t("channel.archive_title", { name }), text: t("channel.archive_text"), action: t("channel.archive"), danger: true,
            run: () => void attempt(api.channelArchive(channel.id).then(() => {
                dispatch({ kind: "channel_deleted", channelId: channel.id, deleteAt: Date.now() });
            })),
        },
    });
}

export function restoreChannel(channelId: ChannelId): void {
    void attempt(api.channelRestore(channelId).then(() => dispatch({ kind: "channel_restored", channelId })));
}

export function patchChannel(channelId: ChannelId, patch: Parameters<typeof api.channelPatch>[1]): Promise<boolean> {
    return attempt(api.channelPatch(channelId, patch).then((channel) => dispatch({ kind: "channel_updated", channel })));
}

export async function addMembers(channelId: ChannelId, users: readonly UserId[]): Promise<boolean> {
    for (const user of users) if (!(await attempt(api.channelMemberAdd(channelId, user)))) return false;
    return true;
}

export function removeMember(channelId: ChannelId, userId: UserId): Promise<boolean> {
    return attempt(api.channelMemberRemove(channelId, userId));
}

export function setNotifyProps(channelId: ChannelId, props: StringMap): void {
    const before = now().members[channelId]?.notify_props ?? {};
    dispatch({ kind: "member_notify", channelId, props });
    void attempt(api.channelNotifyProps(channelId, now().me, props)).then((worked) => {
        if (!worked) dispatch({ kind: "member_notify", channelId, props: before });
    });
}

export function toggleMute(channelId: ChannelId): void {
    setNotifyProps(channelId, { mark_unread: isMuted(now(), channelId) ? "all" : "mention" });
}

export function copyChannelLink(channel: Channel): void {
    void copyText(location.origin + pathOf(channelRoute(channel)), t("channel.link_copied"));
}

/* Sidebar */

/** Moves a channel to a category; the server answers with all categories it changed. */
export function moveToCategory(channelId: ChannelId, categoryId: CategoryId): void {
    const { teamId, categories } = now();
    const list = teamId ? categories[teamId] : undefined;
    if (!teamId || !list) return;
    const changed: Category[] = [];
    const next = list.map((category) => {
        const has = category.channel_ids.includes(channelId);
        if (category.id === categoryId ? has : !has) return category;
        const edited = { ...category, channel_ids: category.id === categoryId ? [channelId, ...category.channel_ids] : category.channel_ids.filter((id) => id !== channelId) };
        changed.push(edited);
        return edited;
    });
    dispatch({ kind: "categories_edited", teamId, categories: next });
    void attempt(api.categoriesUpdate(teamId, changed)).then((worked) => {
        if (!worked) quietly(loadCategories(teamId));
    });
}

export function toggleFavorite(channel: Channel): void {
    const { teamId, categories } = now();
    const list = (teamId ? categories[teamId] : undefined) ?? [];
    const home = list.find((category) => category.type === (channel.type === "D" || channel.type === "G" ? "direct_messages" : "channels"));
    const target = isFavorite(now(), channel.id) ? home : favorites(now());
    if (target) moveToCategory(channel.id, target.id);
}

export function editCategory(category: Category, patch: Partial<Category>): void {
    const { teamId, categories } = now();
    const list = teamId ? categories[teamId] : undefined;
    if (!teamId || !list) return;
    const edited = { ...category, ...patch };
    dispatch({ kind: "categories_edited", teamId, categories: list.map((each) => (each.id === category.id ? edited : each)) });
    quietly(api.categoriesUpdate(teamId, [edited]));
}

export async function createCategory(name: string, channelId: ChannelId | ""): Promise<boolean> {
    const { teamId, me } = now();
    if (!teamId) return false;
    return attempt(api.categoryCreate(teamId, { user_id: me, team_id: teamId, display_name: name, type: "custom", channel_ids: channelId ? [channelId] : [] })
        .then(() => loadCategories(teamId)));
}

export function deleteCategory(category: Category): void {
    void attempt(api.categoryDelete(category.team_id, category.id).then(() => loadCategories(category.team_id)));
}

/** Takes a conversation off the list; it comes back with the next message. */
export function closeDirect(channel: Channel): void {
    const partner = partnerOf(now(), channel);
    savePreference(channel.type === "D" ? "direct_channel_show" : "group_channel_show", channel.type === "D" ? partner : channel.id, "false");
    if (now().channelId === channel.id) leavePlaceAfterClose();
}

function leavePlaceAfterClose(): void {
    dispatch({ kind: "channel_error", error: "" });
    leavePlace();
}

function showDirect(channel: Channel): void {
    if (channel.type === "G") savePreference("group_channel_show", channel.id, "true");
}

export function readCategory(ids: readonly ChannelId[]): void {
    markChannelsRead(ids.filter((id) => isUnread(now(), id)));
}

export function toggleUnreadsFirst(): void {
    savePreference("sidebar_settings", "show_unread_section", unreadsFirst(now()) ? "false" : "true");
}

/** The next channel in the sidebar, or the next unread one. */
export function stepChannel(step: 1 | -1, unreadOnly: boolean): void {
    const state = now();
    const order = sidebarOrder(state);
    const from = state.channelId ? order.indexOf(state.channelId) : -1;
    for (let i = 1; i <= order.length; i++) {
        const id = order[(from + step * i + order.length * 2) % order.length];
        if (id && id !== state.channelId && (!unreadOnly || isUnread(state, id))) {
            goToChannel(id);
            return;
        }
    }
}
