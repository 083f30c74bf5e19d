/** People, teams, rights and preferences. */
import type { ChannelId, TeamId, UserId } from "../lib/ids";
import { mapEntry, withEntries, withEntry, without } from "../lib/record";
import type { Preference, Status, Team, TeamMember, TeamUnread, User } from "../api/types";
import type { State } from "./state";

export const preferenceKey = (category: string, name: string): string => `${category}/${name}`;

/** Others' copies are partial (no e-mail, no notify_props): they never overwrite what one knows of oneself with less. */
export function withUsers(state: State, users: readonly User[]): State {
    const fresh = users.filter((user) => {
        const known = state.users[user.id];
        return !known || (user.update_at ?? 0) >= (known.update_at ?? 0);
    }).map((user) => (user.id === state.me ? { ...state.users[user.id], ...user, notify_props: user.notify_props ?? state.users[user.id]?.notify_props } : user));
    return fresh.length === 0 ? state : { ...state, users: withEntries(state.users, fresh, (user) => user.id) };
}

export function withStatuses(state: State, statuses: readonly Status[]): State {
    let next = state.statuses;
    for (const { user_id, status } of statuses) next = withEntry(next, user_id, status);
    return next === state.statuses ? state : { ...state, statuses: next };
}

export function withTeams(state: State, teams: readonly Team[], members: readonly TeamMember[], unreads: readonly TeamUnread[]): State {
    return {
        ...state,
        teams: withEntries({}, teams.filter((team) => team.delete_at === 0), (team) => team.id),
        teamMembers: withEntries({}, members.filter((member) => member.delete_at === 0), (member) => member.team_id),
        teamUnreads: withEntries({}, unreads, (unread) => unread.team_id),
    };
}

export function dropTeam(state: State, teamId: TeamId): State {
    return {
        ...state,
        teams: without(state.teams, teamId),
        teamMembers: without(state.teamMembers, teamId),
        teamUnreads: without(state.teamUnreads, teamId),
        teamId: state.teamId === teamId ? "" : state.teamId,
    };
}

export function withPreferences(state: State, list: readonly Preference[]): State {
    return { ...state, preferences: list.reduce((all, each) => withEntry(all, preferenceKey(each.category, each.name), each.value), state.preferences) };
}

export function withoutPreferences(state: State, list: readonly Preference[]): State {
    return { ...state, preferences: list.reduce((all, each) => without(all, preferenceKey(each.category, each.name)), state.preferences) };
}

export function withGroupUsers(state: State, groups: { readonly [channelId: string]: readonly User[] }): State {
    let next = withUsers(state, Object.values(groups).flat());
    for (const [id, users] of Object.entries(groups)) {
        next = { ...next, groupUsers: withEntry(next.groupUsers, id as ChannelId, users.map((user) => user.id).filter((user) => user !== state.me)) };
    }
    return next;
}

export function withTyping(state: State, key: string, userId: UserId, at: number): State {
    return { ...state, typing: withEntry(state.typing, key, withEntry(state.typing[key] ?? {}, userId, at)) };
}

/** Only when no newer sign has come meanwhile; `at` 0 means now for certain. */
export function withoutTyping(state: State, key: string, userId: UserId, at: number): State {
    const known = state.typing[key]?.[userId];
    if (known === undefined || (at > 0 && known > at)) return state;
    return { ...state, typing: mapEntry(state.typing, key, (people) => without(people, userId)) };
}
