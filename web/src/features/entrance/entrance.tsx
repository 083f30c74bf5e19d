/** The screens before a team: log in, sign up, reset, choose or make a team. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ChevronRight } from "lucide";
import { api } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { Team } from "../../api/types";
import { language, t, type Language } from "../../i18n";
import { isEmail, isTeamName, isUsername, teamNameFrom } from "../../lib/names";
import { errorText } from "../../commands/feedback";
import { go, keepInvite } from "../../commands/navigate";
import { logIn, logOut, signUp } from "../../commands/session";
import { setLanguage } from "../../commands/settings";
import { createTeam, goToTeam, joinTeam } from "../../commands/teams";
import { can, isSystemAdmin, teamOrder } from "../../state/select";
import type { Route } from "../../state/route";
import { Icon } from "../../ui/icon";
import { Mark } from "../../ui/mark";
import { Button, Field, Spinner } from "../../ui/parts";
import { NavLink } from "../parts/nav_link";
import { sameList, useSelect } from "../parts/use_select";
import "./entrance.css";

export function Entrance({ route }: { readonly route: Route }) {
    switch (route.page) {
        case "signup": return <SignUp inviteId={route.inviteId} token={route.token} />;
        case "reset": return <ResetAsk />;
        case "reset_complete": return <ResetComplete token={route.token} />;
        case "verify": return <Verify token={route.token} email={route.email} />;
        case "select_team": return <SelectTeam />;
        case "create_team": return <CreateTeam />;
        default: return <LogIn />;
    }
}

function Sheet({ title, lead, children, foot }: { readonly title: string; readonly lead?: ComponentChildren; readonly children: ComponentChildren; readonly foot?: ComponentChildren }) {
    const site = useSelect((state) => state.config["SiteName"] ?? "");
    return (
        <main class="entrance">
            <div class="entrance-top">
                <span class="entrance-brand"><Mark size={28} /> <strong>Anser</strong> <span>鸿雁</span>{site && !["Anser", "Mattermost"].includes(site) && <span class="entrance-site clip">{site}</span>}</span>
                <LanguagePicker />
            </div>
            <div class="entrance-sheet">
                <h1>{title}</h1>
                {lead && <p class="entrance-lead">{lead}</p>}
                {children}
                {foot && <div class="entrance-foot">{foot}</div>}
            </div>
        </main>
    );
}

function LanguagePicker() {
    return (
        <div class="language-picker" role="group" aria-label={t("settings.language")}>
            {([["en", "English"], ["zh-CN", "简体中文"]] as const).map(([tag, name]) => (
                <button key={tag} type="button" lang={tag} aria-pressed={language.value === tag} onClick={() => setLanguage(tag as Language)}>{name}</button>
            ))}
        </div>
    );
}

/** A form that does one thing at a time and shows why it did not work. */
function useWork(): { readonly isBusy: boolean; readonly error: string; readonly run: (work: () => Promise<unknown>) => void; readonly fail: (text: string) => void } {
    const [isBusy, setBusy] = useState(false);
    const [error, setError] = useState("");
    const run = (work: () => Promise<unknown>) => {
        setBusy(true);
        setError("");
        work().catch((reason: unknown) => setError(errorText(reason))).finally(() => setBusy(false));
    };
    return { isBusy, error, run, fail: setError };
}

function FormError({ text }: { readonly text: string }) {
    return text ? <p class="form-error" role="alert">{text}</p> : null;
}

function LogIn() {
    const [loginId, setLoginId] = useState("");
    const [password, setPassword] = useState("");
    const { isBusy, error, run, fail } = useWork();
    const noAccounts = useSelect((state) => state.config["NoAccounts"] === "true");
    const mayJoin = useSelect((state) => state.config["EnableOpenServer"] === "true" && state.config["EnableSignUpWithEmail"] !== "false");
    useEffect(() => {
        if (noAccounts) go({ page: "signup", inviteId: "", token: "" }, true);
    }, [noAccounts]);
    return (
        <Sheet title={t("login.title")} foot={
            <>
                <NavLink to={{ page: "reset" }}>{t("login.forgot")}</NavLink>
                {mayJoin && <NavLink to={{ page: "signup", inviteId: "", token: "" }}>{t("login.sign_up")}</NavLink>}
            </>
        }>
            <form class="form" onSubmit={(event) => {
                event.preventDefault();
                if (!loginId.trim() || !password) fail(t("login.fill"));
                else run(() => logIn(loginId.trim(), password));
            }}>
                <Field label={t("login.id")} name="username" value={loginId} onInput={setLoginId} autoComplete="username" autoFocus />
                <Field label={t("login.password")} name="password" type="password" value={password} onInput={setPassword} autoComplete="current-password" />
                <FormError text={error} />
                <Button type="submit" tone="primary" wide busy={isBusy}>{t("login.submit")}</Button>
            </form>
            {!mayJoin && <p class="entrance-note">{t("login.invited")}</p>}
        </Sheet>
    );
}

function SignUp({ inviteId, token }: { readonly inviteId: string; readonly token: string }) {
    const [email, setEmail] = useState("");
    const [username, setUsername] = useState("");
    const [password, setPassword] = useState("");
    const [team, setTeam] = useState<Team | null | "bad">(null);
    const [wrong, setWrong] = useState<{ readonly email?: string; readonly username?: string; readonly password?: string }>({});
    const { isBusy, error, run } = useWork();
    const isFirst = useSelect((state) => state.config["NoAccounts"] === "true");
    const least = useSelect((state) => Number(state.config["PasswordMinimumLength"]) || 8);
    const isClosed = useSelect((state) => state.config["EnableOpenServer"] !== "true" && !isFirst && !inviteId && !token && state.phase === "out");
    useEffect(() => {
        /* Only open teams tell their name before one is in; a link to a closed one is good all the same. */
        if (inviteId) api.teamInviteInfo(inviteId).then(setTeam).catch((error: unknown) => setTeam(error instanceof ApiError && error.status === 404 ? "bad" : null));
    }, [inviteId]);
    const foot = isFirst ? undefined : <span>{t("signup.have_account")} <NavLink to={{ page: "login" }} onGo={() => keepInvite(inviteId, token)}>{t("login.submit")}</NavLink></span>;
    if (isClosed || team === "bad") return <Sheet title={team === "bad" ? t("signup.bad_invite") : t("signup.closed")} lead={team === "bad" ? t("signup.bad_invite_text") : t("signup.closed_text")} foot={foot}>{null}</Sheet>;
    const title = team ? t("signup.title_team", { team: team.display_name }) : isFirst ? t("signup.title_first") : t("signup.title");
    return (
        <Sheet title={title} lead={isFirst ? t("signup.first_text") : team?.description} foot={foot}>
            <form class="form" onSubmit={(event) => {
                event.preventDefault();
                const found = {
                    ...(isEmail(email.trim()) ? {} : { email: t("signup.email_wrong") }),
                    ...(isUsername(username.trim().toLowerCase()) ? {} : { username: t("signup.username_wrong") }),
                    ...(password.length >= least ? {} : { password: t("signup.password_short", { n: least }) }),
                };
                setWrong(found);
                if (Object.keys(found).length === 0) run(() => signUp({ email: email.trim(), username: username.trim().toLowerCase(), password }, inviteId, token));
            }}>
                <Field label={t("signup.email")} name="email" type="email" value={email} onInput={setEmail} autoComplete="email" autoFocus error={wrong.email ?? ""} />
                <Field label={t("signup.username")} name="username" value={username} onInput={setUsername} autoComplete="username" hint={t("signup.username_hint")} error={wrong.username ?? ""} />
                <Field label={t("login.password")} name="password" type="password" value={password} onInput={setPassword} autoComplete="new-password" hint={t("signup.password_hint", { n: least })} error={wrong.password ?? ""} />
                <FormError text={error} />
                <Button type="submit" tone="primary" wide busy={isBusy}>{t("signup.submit")}</Button>
            </form>
        </Sheet>
    );
}

function ResetAsk() {
    const [email, setEmail] = useState("");
    const [isSent, setSent] = useState(false);
    const { isBusy, error, run, fail } = useWork();
    const back = <NavLink to={{ page: "login" }}>{t("reset.back")}</NavLink>;
    if (isSent) return <Sheet title={t("reset.sent_title")} lead={t("reset.sent_text", { email })} foot={back}>{null}</Sheet>;
    return (
        <Sheet title={t("reset.title")} lead={t("reset.text")} foot={back}>
            <form class="form" onSubmit={(event) => {
                event.preventDefault();
                if (!isEmail(email.trim())) fail(t("signup.email_wrong"));
                else run(() => api.passwordResetSend(email.trim()).then(() => setSent(true)));
            }}>
                <Field label={t("signup.email")} type="email" value={email} onInput={setEmail} autoComplete="email" autoFocus />
                <FormError text={error} />
                <Button type="submit" tone="primary" wide busy={isBusy}>{t("reset.submit")}</Button>
            </form>
        </Sheet>
    );
}

function ResetComplete({ token }: { readonly token: string }) {
    const [password, setPassword] = useState("");
    const [isDone, setDone] = useState(false);
    const { isBusy, error, run, fail } = useWork();
    const least = useSelect((state) => Number(state.config["PasswordMinimumLength"]) || 8);
    const back = <NavLink to={{ page: "login" }}>{isDone ? t("login.submit") : t("reset.back")}</NavLink>;
    if (isDone) return <Sheet title={t("reset.done_title")} lead={t("reset.done_text")} foot={back}>{null}</Sheet>;
    return (
        <Sheet title={t("reset.choose")} foot={back}>
            <form class="form" onSubmit={(event) => {
                event.preventDefault();
                if (password.length < least) fail(t("signup.password_short", { n: least }));
                else run(() => api.passwordReset(token, password).then(() => setDone(true)));
            }}>
                <Field label={t("settings.password_new")} type="password" value={password} onInput={setPassword} autoComplete="new-password" autoFocus hint={t("signup.password_hint", { n: least })} />
                <FormError text={error} />
                <Button type="submit" tone="primary" wide busy={isBusy}>{t("reset.change")}</Button>
            </form>
        </Sheet>
    );
}

function Verify({ token, email }: { readonly token: string; readonly email: string }) {
    const [state, setState] = useState<"work" | "done" | "bad" | "wait">(token ? "work" : "wait");
    useEffect(() => {
        if (token) api.emailVerify(token).then(() => setState("done")).catch(() => setState("bad"));
    }, [token]);
    const title = { work: t("verify.working"), done: t("verify.done"), bad: t("verify.bad"), wait: t("verify.wait", { email }) }[state];
    return <Sheet title={title} foot={<NavLink to={{ page: "login" }}>{t("login.submit")}</NavLink>}>{state === "work" && <Spinner label={title} />}</Sheet>;
}

function SelectTeam() {
    const own = useSelect((state) => teamOrder(state).filter((team): team is Team => team !== undefined), sameList);
    const mayCreate = useSelect((state) => can(state, "create_team"));
    const [open, setOpen] = useState<readonly Team[] | null>(null);
    const { isBusy, error, run } = useWork();
    useEffect(() => {
        api.teamsOpen(0).then((teams) => setOpen(teams.filter((team) => team.delete_at === 0))).catch(() => setOpen([]));
    }, []);
    const others = (open ?? []).filter((team) => team.allow_open_invite && !own.some((each) => each.id === team.id));
    const nothing = open !== null && own.length === 0 && others.length === 0;
    useEffect(() => {
        if (nothing && mayCreate) go({ page: "create_team" }, true);
    }, [nothing, mayCreate]);
    return (
        <Sheet title={nothing ? t("teams.none_title") : t("teams.title")} lead={nothing ? t("teams.none_text") : undefined}
            foot={<button type="button" class="link-button" onClick={() => void logOut()}>{t("account.log_out")}</button>}>
            {own.length > 0 && <TeamList label={t("teams.own")} teams={own} onPick={goToTeam} />}
            {others.length > 0 && <TeamList label={t("teams.open")} teams={others} onPick={(team) => run(() => joinTeam(team))} />}
            {open === null && <Spinner label={t("teams.loading")} />}
            <FormError text={error} />
            {mayCreate && <Button wide busy={isBusy} onClick={() => go({ page: "create_team" })}>{t("team.create_new")}</Button>}
        </Sheet>
    );
}

function TeamList({ label, teams, onPick }: { readonly label: string; readonly teams: readonly Team[]; readonly onPick: (team: Team) => void }) {
    return (
        <section class="team-list" aria-label={label}>
            <h2>{label}</h2>
            <ul>
                {teams.map((team) => (
                    <li key={team.id}>
                        <button type="button" class="team-item" onClick={() => onPick(team)}>
                            <span class="team-item-text"><strong class="clip">{team.display_name}</strong>{team.description && <span class="clip">{team.description}</span>}</span>
                            <Icon of={ChevronRight} />
                        </button>
                    </li>
                ))}
            </ul>
        </section>
    );
}

function CreateTeam() {
    const [name, setName] = useState("");
    const [address, setAddress] = useState("");
    const [isOwn, setOwn] = useState(false);
    const { isBusy, error, run, fail } = useWork();
    const isAdmin = useSelect(isSystemAdmin);
    const hasTeams = useSelect((state) => Object.keys(state.teams).length > 0);
    const url = isOwn ? address : name.trim() ? teamNameFrom(name, startedAt) : "";
    return (
        <Sheet title={t("team.create_title")} lead={isAdmin && !hasTeams ? t("team.create_first") : t("team.create_text")}
            foot={hasTeams ? <NavLink to={{ page: "root" }}>{t("action.back")}</NavLink> : <button type="button" class="link-button" onClick={() => void logOut()}>{t("account.log_out")}</button>}>
            <form class="form" onSubmit={(event) => {
                event.preventDefault();
                if (!name.trim()) fail(t("team.name_missing"));
                else if (!isTeamName(url)) fail(t("team.address_wrong"));
                else run(() => createTeam(name.trim(), url));
            }}>
                <Field label={t("team.name")} value={name} onInput={setName} autoFocus maxLength={64} placeholder={t("team.name_example")} />
                <Field label={t("team.address")} value={url} maxLength={64} hint={`${location.host}/${url || "…"}`} onInput={(value) => {
                    setOwn(true);
                    setAddress(value.toLowerCase());
                }} />
                <FormError text={error} />
                <Button type="submit" tone="primary" wide busy={isBusy}>{t("team.create")}</Button>
            </form>
        </Sheet>
    );
}

const startedAt = Date.now();
