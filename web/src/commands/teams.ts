/** Making, joining, leaving and filling teams. */
import { api } from "../api/client";
import type { EmailInvite, Team } from "../api/types";
import { t } from "../i18n";
import type { TeamId, UserId } from "../lib/ids";
import { dispatch, now } from "../state/store";
import { bootInto } from "../sync/session";
import { attempt, copyText } from "./feedback";
import { DEFAULT_CHANNEL, go, goHome } from "./navigate";

export async function createTeam(displayName: string, name: string): Promise<void> {
    const team = await api.teamCreate(name, displayName);
    await bootInto(true, team.name, DEFAULT_CHANNEL);
    go({ page: "channel", team: team.name, channel: DEFAULT_CHANNEL });
}

export async function joinTeam(team: Team): Promise<void> {
    await api.teamMemberAdd(team.id, now().me);
    await bootInto(true, team.name, DEFAULT_CHANNEL);
    go({ page: "channel", team: team.name, channel: DEFAULT_CHANNEL });
}

export function goToTeam(team: Team): void {
    go({ page: "team", team: team.name });
}

export function askLeaveTeam(team: Team): void {
    dispatch({
        kind: "dialog",
        dialog: {
            kind: "confirm", title: t("team.leave_title", { name: team.display_name }), text: t("team.leave_text"), action: t("team.leave"), danger: true,
            run: () => void attempt(api.teamMemberRemove(team.id, now().me)).then((worked) => {
                if (!worked) return;
                dispatch({ kind: "team_left", teamId: team.id, userId: now().me });
                goHome();
            }),
        },
    });
}

export function inviteLink(team: Team): string {
    return `${location.origin}/signup_user_complete/?id=${team.invite_id}`;
}

export function copyInviteLink(team: Team): void {
    void copyText(inviteLink(team), t("invite.link_copied"));
}

export function inviteByEmail(teamId: TeamId, emails: readonly string[]): Promise<EmailInvite[]> {
    return api.teamInviteByEmail(teamId, emails);
}

export async function addToTeam(teamId: TeamId, users: readonly UserId[]): Promise<boolean> {
    return attempt(api.teamMembersAdd(teamId, users));
}

export async function patchTeam(teamId: TeamId, patch: Partial<Team>): Promise<boolean> {
    return attempt(api.teamPatch(teamId, patch).then((team) => dispatch({ kind: "team_updated", team })));
}
