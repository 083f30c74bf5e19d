/** Teams, and oneself at the foot. */
import { LogOut, Moon, Plus, Settings, Smile, CircleUserRound } from "lucide";
import { teamImageUrl } from "../../api/client";
import type { Team } from "../../api/types";
import { t } from "../../i18n";
import { logOut } from "../../commands/session";
import { setCustomStatus, setStatus } from "../../commands/settings";
import { customStatus, me, teamBadge, teamOrder } from "../../state/select";
import { dispatch } from "../../state/store";
import { MenuButton, type MenuEntry } from "../../ui/floating";
import { Icon } from "../../ui/icon";
import { Badge } from "../../ui/parts";
import { EmojiView } from "../parts/emoji_view";
import { NavLink } from "../parts/nav_link";
import { Face, statusText, useUserName } from "../parts/person";
import { sameFields, sameList, useSelect } from "../parts/use_select";
import "./sidebar.css";

export function Rail() {
    const teams = useSelect((state) => teamOrder(state).filter((team): team is Team => team !== undefined), sameList);
    return (
        <nav class="rail" aria-label={t("rail.label")}>
            <ul class="rail-teams">
                {teams.map((team) => <li key={team.id}><TeamLink team={team} /></li>)}
                <li><NavLink to={{ page: "select_team" }} class="rail-add" label={t("rail.add")}><Icon of={Plus} size={20} /></NavLink></li>
            </ul>
            <AccountButton />
        </nav>
    );
}

function TeamLink({ team }: { readonly team: Team }) {
    const isCurrent = useSelect((state) => state.teamId === team.id);
    const badge = useSelect((state) => teamBadge(state, team.id), sameFields);
    const label = badge.mentions > 0 ? `${team.display_name}, ${t("badge.mentions", { n: badge.mentions })}` : badge.hasUnread ? `${team.display_name}, ${t("badge.unread")}` : team.display_name;
    return (
        <NavLink to={{ page: "team", team: team.name }} class={`rail-team ${isCurrent ? "current" : ""} ${badge.hasUnread ? "unread" : ""}`} label={label} current={isCurrent}>
            <TeamIcon team={team} />
            {!isCurrent && <Badge count={badge.mentions} />}
        </NavLink>
    );
}

export function TeamIcon({ team }: { readonly team: Team }) {
    if (team.last_team_icon_update) return <img class="team-icon" src={teamImageUrl(team.id, team.last_team_icon_update)} alt="" width={36} height={36} />;
    return <span class="team-icon drawn-text" title={team.display_name} data-text={initials(team.display_name)} />;
}

/** Two letters, or the first two characters of a Chinese name. */
export function initials(name: string): string {
    const words = name.trim().split(/[\s_-]+/);
    if (words.length > 1 && /^[a-z]/i.test(words[0] ?? "")) return ((words[0]?.charAt(0) ?? "") + (words[1]?.charAt(0) ?? "")).toUpperCase();
    return [...(words[0] ?? "")].slice(0, 2).join("");
}

export function AccountButton() {
    const userId = useSelect((state) => state.me);
    const name = useUserName(userId);
    const status = useSelect((state) => state.statuses[userId] ?? "offline");
    return (
        <MenuButton label={t("account.menu")} entries={accountMenu} draw={(open, isOpen) => (
            <button type="button" class="account-button" aria-label={`${t("account.menu")}: ${name}, ${statusText(status)}`} aria-haspopup="menu" aria-expanded={isOpen} onClick={open}>
                <Face id={userId} size={36} withStatus />
            </button>
        )} />
    );
}

function accountMenu(): MenuEntry[] {
    return [
        { kind: "head", content: <AccountHead /> },
        { kind: "item", label: t("account.set_status"), icon: Smile, run: () => dispatch({ kind: "dialog", dialog: { kind: "custom_status" } }) },
        { kind: "line" },
        ...(["online", "away", "dnd", "offline"] as const).map((status): MenuEntry => ({ kind: "item", label: statusText(status), ...(status === "dnd" ? { icon: Moon } : { icon: CircleUserRound }), run: () => setStatus(status) })),
        { kind: "line" },
        { kind: "item", label: t("settings.title"), icon: Settings, run: () => dispatch({ kind: "dialog", dialog: { kind: "settings", tab: "profile" } }) },
        { kind: "item", label: t("account.log_out"), icon: LogOut, run: () => void logOut() },
    ];
}

function AccountHead() {
    const user = useSelect(me);
    const status = useSelect((state) => customStatus(me(state), Date.now()), (a, b) => a?.text === b?.text && a?.emoji === b?.emoji);
    const name = useUserName(user?.id ?? ("" as never));
    if (!user) return null;
    return (
        <div class="account-head">
            <Face id={user.id} size={36} withStatus />
            <div class="account-names"><strong class="clip">{name}</strong><span class="clip">@{user.username}</span></div>
            {status && (
                <button type="button" class="account-status" title={t("account.clear_status")} onClick={() => void setCustomStatus(null)}>
                    {status.emoji && <EmojiView name={status.emoji} />} <span class="clip">{status.text}</span> <span aria-hidden="true">×</span>
                </button>
            )}
        </div>
    );
}
