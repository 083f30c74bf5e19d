/** What an event calls for beyond changing the state: missing records are fetched, typing fades, a desktop notification goes up. */
import { api } from "../api/client";
import type { ChannelId, PostId, TeamId, UserId } from "../lib/ids";
import type { ServerEvent } from "../state/events";
import { dispatch, now } from "../state/store";
import type { State } from "../state/state";
import { loadCategories, loadChannel, loadRoles, loadTeams } from "./load";
import { notifyOf } from "./notify";
import { wantAuthors, wantUsers } from "./people";

const TYPING_FADES_MS = 6_000;
const GATHER_MS = 150;

/** Set by `commands/`: marks the channel on screen as read, when the user looks at it. */
let onReadableRootPost: (channelId: ChannelId) => void = () => undefined;
/** Set by `commands/`: the screen's channel or team is gone. */
let onPlaceLost: () => void = () => undefined;

export function followConfigure(hooks: { onReadableRootPost: (channelId: ChannelId) => void; onPlaceLost: () => void }): void {
    ({ onReadableRootPost, onPlaceLost } = hooks);
}

export function follow(event: ServerEvent, before: State): void {
    switch (event.kind) {
        case "posted":
            wantAuthors([event.post]);
            if (!now().members[event.post.channel_id] && (!event.teamId || event.teamId === now().teamId)) quietly(loadChannel(event.post.channel_id));
            if (event.post.channel_id === now().channelId && event.post.root_id === "") onReadableRootPost(event.post.channel_id);
            notifyOf(event);
            return;
        case "ephemeral": return wantAuthors([event.post]);
        case "reaction_added": return wantUsers([event.reaction.user_id]);
        case "typing": return showTyping(event.rootId || event.channelId, event.userId);
        case "channel_created":
        case "direct_added":
            quietly(loadChannel(event.channelId));
            return reloadCategories(now().teamId);
        case "channel_changed":
            if (now().members[event.channelId]) quietly(loadChannel(event.channelId));
            return;
        case "user_added":
            wantUsers([event.userId]);
            if (event.userId !== now().me) return;
            quietly(loadChannel(event.channelId).then(loadRoles));
            return reloadCategories(now().teamId);
        case "user_removed":
            if (event.userId === now().me && before.channelId === event.channelId) onPlaceLost();
            return;
        case "channel_viewed":
            if (Object.keys(event.times).some((id) => isElsewhere(id as ChannelId))) quietly(loadTeams());
            return;
        case "categories_changed":
            if (!event.teamId || event.teamId === now().teamId) reloadCategories(now().teamId);
            return;
        case "preferences_changed":
            if (event.list.some((each) => each.category === "favorite_channel")) reloadCategories(now().teamId);
            return;
        case "team_added":
            if (event.userId === now().me) quietly(loadTeams());
            return;
        case "team_left":
            if (event.userId === now().me && before.teamId === event.teamId) onPlaceLost();
            return;
        case "team_deleted":
            if (before.teamId === event.team.id) onPlaceLost();
            return;
        case "team_member_updated":
        case "user_roles_updated":
        case "channel_member_updated": return quietly(loadRoles());
        case "thread_updated": return wantUsers((event.thread.participants ?? []).map((each) => each.id));
        default: return;
    }
}

/** In another team: what is unread there is known only as a sum. */
function isElsewhere(channelId: ChannelId): boolean {
    const { channels, teamId } = now();
    const channel = channels[channelId];
    return !channel || (Boolean(channel.team_id) && channel.team_id !== teamId);
}

function showTyping(key: string, userId: UserId): void {
    const at = Date.now();
    wantUsers([userId]);
    dispatch({ kind: "typing_started", key, userId, at });
    window.setTimeout(() => dispatch({ kind: "typing_stopped", key, userId, at }), TYPING_FADES_MS);
}

let categoriesTimer = 0;

function reloadCategories(teamId: TeamId | ""): void {
    if (!teamId) return;
    window.clearTimeout(categoriesTimer);
    categoriesTimer = window.setTimeout(() => quietly(loadCategories(teamId)), GATHER_MS);
}

/** What was to be fetched aside from the user's wish; the next event or load makes up for a failure. */
export function quietly(work: Promise<unknown>): void {
    work.catch(() => undefined);
}

export async function fetchPost(id: PostId): Promise<void> {
    const post = await api.post(id);
    wantAuthors([post]);
    dispatch({ kind: "post_changed", post });
}
