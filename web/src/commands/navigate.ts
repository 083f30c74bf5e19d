/** From an address to a screen. Everything that changes the place goes through `go`, so that back, forward and links agree. */
import { api } from "../api/client";
import { ApiError } from "../api/errors";
import type { Channel, Team, User } from "../api/types";
import { asId, type ChannelId, type PostId, type UserId } from "../lib/ids";
import { valuesOf } from "../lib/record";
import { isReply } from "../state/post_rules";
import { isEntrance, pathOf, routeOf, teamNameOf, type Route } from "../state/route";
import { channelByRoute, teamOrder } from "../state/select";
import { dispatch, now } from "../state/store";
import { quietly } from "../sync/follow";
import { loadAround, loadChannel, loadPartners, loadStats, loadTimeline } from "../sync/load";
import { bootInto, socketSend } from "../sync/session";
import { wantAuthors } from "../sync/people";
import { attempt, errorText, toast } from "./feedback";
import { leaveUnreadAlone, markChannelRead } from "./read";
import { openThread } from "./threads";

/** Where one arrives in a team that is new to one. */
export const DEFAULT_CHANNEL = "town-square";
const HIGHLIGHT_MS = 4_000;

/** Where somebody wanted to go before having to log in. */
let destination = "";

/** Somebody with an account followed an invite: after logging in they are still to join. */
export function keepInvite(inviteId: string, token: string): void {
    if (inviteId || token) destination = pathOf({ page: "signup", inviteId, token });
}

/** Only the latest navigation may finish. */
let turn = 0;

export function go(route: Route, replace = false): void {
    const path = pathOf(route);
    if (path !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"]({}, "", path);
    dispatch({ kind: "routed", route });
    void resolve();
}

export function goPath(path: string, replace = false): void {
    const url = new URL(path, location.origin);
    go(routeOf(url.pathname, url.search), replace);
}

/** Reads the address bar, now and whenever back or forward is used. */
export function startNavigation(): void {
    const read = () => dispatch({ kind: "routed", route: routeOf(location.pathname, location.search) });
    window.addEventListener("popstate", () => {
        read();
        void resolve();
    });
    read();
}

export async function resolve(): Promise<void> {
    const mine = ++turn;
    const { phase, ui } = now();
    if (phase === "out") {
        if (isEntrance(ui.route)) return;
        if (ui.route.page !== "root") destination = location.pathname + location.search;
        go({ page: "login" }, true);
        return;
    }
    if (phase !== "in") return;
    try {
        await show(ui.route, () => mine === turn);
    } catch (error) {
        if (mine !== turn) return;
        const missing = error instanceof ApiError && (error.status === 404 || error.status === 403);
        dispatch({ kind: "channel_error", error: missing ? "missing" : "failed" });
    }
}

async function show(route: Route, isCurrent: () => boolean): Promise<void> {
    switch (route.page) {
        case "login":
        case "reset":
        case "reset_complete":
        case "root": return goHome();
        case "verify": return;
        case "signup":
            if (route.inviteId || route.token) return joinByInvite(route.inviteId, route.token);
            return goHome();
        case "select_team":
        case "create_team": return;
        case "team": {
            if (!(await enterTeam(route.team))) return;
            if (isCurrent()) goToChannelOfTeam(route.team);
            return;
        }
        case "channel":
        case "direct": {
            if (!(await enterTeam(route.team)) || !isCurrent()) return;
            const channel = channelByRoute(now()) ?? (await findChannel(route));
            if (isCurrent()) await enterChannel(channel.id);
            return;
        }
        case "threads": {
            const team = await enterTeam(route.team);
            if (!team || !isCurrent()) return;
            dispatch({ kind: "channel_error", error: "" });
            if (route.threadId) openThread(asId<PostId>(route.threadId));
            return;
        }
        case "permalink": return goToPost(asId<PostId>(route.postId), route.team);
    }
}

/** After logging in: to where one wanted to go; else to the last place; else to where teams are chosen. */
export function goHome(): void {
    if (destination) {
        const path = destination;
        destination = "";
        goPath(path, true);
        return;
    }
    const state = now();
    const team = (state.teamId ? state.teams[state.teamId] : undefined) ?? teamOrder(state)[0];
    if (team) go({ page: "team", team: team.name }, true);
    else go({ page: "select_team" }, true);
}

/** Makes the named team the one on screen. Nothing is loaded when it is already. */
async function enterTeam(name: string): Promise<Team | null> {
    const known = valuesOf(now().teams).find((team) => team.name === name);
    if (known && known.id === now().teamId) return known;
    if (!known) {
        const joined = await joinTeamByName(name);
        if (!joined) {
            go({ page: "select_team" }, true);
            return null;
        }
    }
    await bootInto(true, name, "");
    const team = valuesOf(now().teams).find((each) => each.name === name) ?? null;
    if (team && now().teamId !== team.id) dispatch({ kind: "team_entered", teamId: team.id });
    return team;
}

/** A link to an open team lets one in. */
async function joinTeamByName(name: string): Promise<boolean> {
    try {
        const team = await api.teamByName(name);
        await api.teamMemberAdd(team.id, now().me);
        return true;
    } catch {
        return false;
    }
}

export async function joinByInvite(inviteId: string, token: string): Promise<void> {
    try {
        const member = await api.teamJoinByInvite(inviteId, token);
        await bootInto(true, "", "");
        const team = now().teams[member.team_id];
        if (team) go({ page: "channel", team: team.name, channel: DEFAULT_CHANNEL }, true);
        else goHome();
    } catch (error) {
        toast(errorText(error), "danger");
        go({ page: "select_team" }, true);
    }
}

function goToChannelOfTeam(teamName: string): void {
    const state = now();
    const home = state.teamId ? state.homes[state.teamId] : undefined;
    const inTeam = valuesOf(state.channels).filter((channel) => channel.team_id === state.teamId && state.members[channel.id] && channel.delete_at === 0);
    const channel = (home && state.members[home] ? state.channels[home] : undefined) ?? inTeam.find((each) => each.name === DEFAULT_CHANNEL) ?? inTeam[0];
    if (channel) go(channelRoute(channel, teamName), true);
    else dispatch({ kind: "channel_error", error: "missing" });
}

let rememberTimer = 0;

/** The place to come back to, on this and other devices. */
function remember(channel: Channel): void {
    const { me, teamId } = now();
    if (!teamId) return;
    window.clearTimeout(rememberTimer);
    rememberTimer = window.setTimeout(() => quietly(api.preferencesSave([
        { user_id: me, category: "last", name: "team", value: teamId },
        { user_id: me, category: "last", name: "channel", value: channel.id },
    ])), 2_000);
}

export function channelRoute(channel: Channel, teamName = currentTeamName()): Route {
    const state = now();
    if (channel.type === "D") {
        const partner = state.users[(channel.name.split("__").find((id) => id !== state.me) ?? state.me) as UserId];
        if (partner) return { page: "direct", team: teamName, user: partner.username };
    }
    return { page: "channel", team: teamName, channel: channel.name };
}

export function currentTeamName(): string {
    const state = now();
    return (state.teamId && state.teams[state.teamId]?.name) || teamNameOf(state.ui.route);
}

export function goToChannel(channelId: ChannelId): void {
    const channel = now().channels[channelId];
    if (!channel) return;
    const team = channel.team_id ? now().teams[channel.team_id]?.name : undefined;
    go(channelRoute(channel, team ?? currentTeamName()));
}

/** A channel the address names and one is not in: a public one is joined, a direct one is opened. */
async function findChannel(route: Extract<Route, { page: "channel" | "direct" }>): Promise<Channel> {
    const { me, teamId } = now();
    if (route.page === "direct") {
        const user = await api.userByName(route.user);
        dispatch({ kind: "users_received", users: [user] });
        return loadChannel((await api.channelDirect(me, user.id)).id);
    }
    if (!teamId) throw new ApiError("anser.no_team", 404, "");
    const channel = /^[0-9a-f]{40}$/.test(route.channel)
        ? (valuesOf(now().channels).find((each) => each.name === route.channel) ?? (await api.channelByName(teamId, route.channel)))
        : await api.channelByName(teamId, route.channel);
    if (!now().members[channel.id]) await api.channelMemberAdd(channel.id, me);
    return loadChannel(channel.id);
}

async function enterChannel(channelId: ChannelId): Promise<void> {
    const channel = now().channels[channelId];
    if (!channel) return;
    if (now().channelId !== channelId || now().ui.channelError) {
        leaveUnreadAlone("");
        dispatch({ kind: "channel_entered", channelId });
        closeForeignSide(channelId);
    }
    socketSend("presence", { channel_id: channelId, team_id: now().teamId });
    remember(channel);
    loadPartners([channel]);
    if (!now().stats[channelId]) quietly(loadStats(channelId));
    await loadTimeline(channelId);
    if (now().channelId === channelId) markChannelRead(channelId);
}

/** The panel beside the channel belongs to it, except a search one is working through. */
function closeForeignSide(channelId: ChannelId): void {
    const { side } = now().ui;
    if (!side || side.kind === "search" || side.kind === "saved" || side.kind === "mentions") return;
    const own = side.kind === "thread" ? now().posts[side.rootId]?.channel_id : side.channelId;
    if (own !== channelId) dispatch({ kind: "side", side: null });
}

/** Shows a message in its channel with what stands around it. */
export async function goToPost(postId: PostId, teamName = currentTeamName()): Promise<void> {
    const info = await api.postInfo(postId);
    const team = info.team_id ? (now().teams[info.team_id]?.name ?? teamName) : teamName || (teamOrder(now())[0]?.name ?? "");
    if (!(await enterTeam(team))) return;
    if (!now().members[info.channel_id]) {
        if (info.channel_type === "O") await api.channelMemberAdd(info.channel_id, now().me);
        await loadChannel(info.channel_id);
    }
    const channel = now().channels[info.channel_id];
    const post = await api.post(postId);
    wantAuthors([post]);
    if (!channel) return;
    const rootId = isReply(post) ? (post.root_id as PostId) : postId;
    if (!now().timelines[channel.id]?.ids.includes(rootId)) await loadAround(channel.id, rootId);
    const route = channelRoute(channel, team);
    history.replaceState({}, "", pathOf(route));
    dispatch({ kind: "routed", route });
    await enterChannel(channel.id);
    if (isReply(post)) openThread(rootId, postId);
    highlight(postId);
}

export function highlight(postId: PostId): void {
    dispatch({ kind: "highlight", postId });
    window.setTimeout(() => {
        if (now().ui.highlight === postId) dispatch({ kind: "highlight", postId: "" });
    }, HIGHLIGHT_MS);
}

export function jumpToPost(postId: PostId): void {
    void attempt(goToPost(postId));
}

/** The team or channel on screen is gone: to another one. */
export function leavePlace(): void {
    const state = now();
    if (state.teamId && state.teams[state.teamId]) goToChannelOfTeam(currentTeamName());
    else goHome();
}

/** Shows that a conversation is on its way; when it cannot be had, the one before comes back. */
export async function openNew(open: () => Promise<Channel>): Promise<Channel> {
    dispatch({ kind: "channel_pending" });
    try {
        return await loadChannel((await open()).id);
    } catch (error) {
        void resolve();
        throw error;
    }
}

export async function openDirect(userId: UserId): Promise<void> {
    const state = now();
    const user: User | undefined = state.users[userId];
    if (!user) return;
    const name = [state.me, userId].sort().join("__");
    const known = valuesOf(state.channels).find((channel) => channel.name === name && state.members[channel.id]);
    if (!known) await openNew(() => api.channelDirect(state.me, userId));
    quietly(api.preferencesSave([{ user_id: state.me, category: "direct_channel_show", name: userId, value: "true" }]));
    dispatch({ kind: "preferences_changed", list: [{ user_id: state.me, category: "direct_channel_show", name: userId, value: "true" }] });
    go({ page: "direct", team: currentTeamName(), user: user.username });
}
