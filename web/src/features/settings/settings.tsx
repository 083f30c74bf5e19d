/** One's own settings. Each change is saved where it is made. */
import { useRef, useState } from "preact/hooks";
import { language, t, type Language } from "../../i18n";
import { isEmail, isUsername } from "../../lib/names";
import {
    askNotifications, notificationPermission, patchMe, resetPicture, savePreference, setLanguage, setNotify, setPassword, setPicture, setTheme, themeNow, type Theme,
} from "../../commands/settings";
import { errorText, toast } from "../../commands/feedback";
import { isMilitaryTime, me, preference, unreadsFirst } from "../../state/select";
import { toggleUnreadsFirst } from "../../commands/channels";
import { dispatch } from "../../state/store";
import type { User } from "../../api/types";
import { Dialog } from "../../ui/dialog";
import { Button, Check, Field } from "../../ui/parts";
import { Face } from "../parts/person";
import { useClock } from "../parts/time_view";
import { useSelect } from "../parts/use_select";
import "./settings.css";

const TABS = ["profile", "security", "notifications", "display", "sidebar"] as const;
type Tab = (typeof TABS)[number];

export function Settings({ tab }: { readonly tab: string }) {
    const active = TABS.find((each) => each === tab) ?? "profile";
    const user = useSelect(me);
    if (!user) return null;
    return (
        <Dialog title={t("settings.title")} size="wide" class="settings" onClose={() => dispatch({ kind: "dialog", dialog: null })}>
            <div class="settings-grid">
                <nav class="settings-tabs" aria-label={t("settings.title")}>
                    {TABS.map((each) => <button key={each} type="button" aria-current={each === active ? "page" : undefined} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "settings", tab: each } })}>{t(`settings.tab_${each}`)}</button>)}
                </nav>
                <div class="settings-page"><Page tab={active} user={user} /></div>
            </div>
        </Dialog>
    );
}

function Page({ tab, user }: { readonly tab: Tab; readonly user: User }) {
    switch (tab) {
        case "profile": return <Profile user={user} />;
        case "security": return <Security user={user} />;
        case "notifications": return <Notifications user={user} />;
        case "display": return <Display />;
        case "sidebar": return <SidebarSettings />;
    }
}

function Profile({ user }: { readonly user: User }) {
    const [first, setFirst] = useState(user.first_name);
    const [last, setLast] = useState(user.last_name);
    const [nickname, setNickname] = useState(user.nickname);
    const [username, setUsername] = useState(user.username);
    const [position, setPosition] = useState(user.position);
    const [isBusy, setBusy] = useState(false);
    const picker = useRef<HTMLInputElement>(null);
    const nameError = isUsername(username.trim().toLowerCase()) || username === user.username ? "" : t("signup.username_wrong");
    const save = async () => {
        setBusy(true);
        const changed = { first_name: first.trim(), last_name: last.trim(), nickname: nickname.trim(), position: position.trim(), ...(username !== user.username ? { username: username.trim().toLowerCase() } : {}) };
        if (await patchMe(changed)) toast(t("settings.saved"));
        setBusy(false);
    };
    return (
        <form class="settings-form" onSubmit={(event) => {
            event.preventDefault();
            if (!nameError) void save();
        }}>
            <div class="picture-row">
                <Face id={user.id} size={64} />
                <Button small onClick={() => picker.current?.click()}>{t("settings.picture_choose")}</Button>
                <Button small tone="plain" onClick={() => void resetPicture()}>{t("settings.picture_reset")}</Button>
                <input ref={picker} class="offscreen" type="file" accept="image/png,image/jpeg,image/gif,image/bmp" tabIndex={-1} aria-label={t("settings.picture_choose")} onChange={(event) => {
                    const file = event.currentTarget.files?.[0];
                    event.currentTarget.value = "";
                    if (file) void setPicture(file);
                }} />
            </div>
            <div class="two-columns">
                <Field label={t("settings.first_name")} value={first} onInput={setFirst} maxLength={64} autoComplete="given-name" />
                <Field label={t("settings.last_name")} value={last} onInput={setLast} maxLength={64} autoComplete="family-name" />
                <Field label={t("settings.nickname")} value={nickname} onInput={setNickname} maxLength={64} hint={t("settings.nickname_hint")} />
                <Field label={t("settings.position")} value={position} onInput={setPosition} maxLength={128} hint={t("settings.position_hint")} />
            </div>
            <Field label={t("signup.username")} value={username} onInput={setUsername} maxLength={64} error={nameError} />
            <div class="settings-save"><Button type="submit" tone="primary" busy={isBusy}>{t("action.save")}</Button></div>
        </form>
    );
}

function Security({ user }: { readonly user: User }) {
    const [email, setEmail] = useState(user.email);
    const [emailPassword, setEmailPassword] = useState("");
    const [current, setCurrent] = useState("");
    const [next, setNext] = useState("");
    const [error, setError] = useState("");
    const [isBusy, setBusy] = useState(false);
    const least = useSelect((state) => Number(state.config["PasswordMinimumLength"]) || 8);
    const saveEmail = async () => {
        if (await patchMe({ email: email.trim(), password: emailPassword })) {
            setEmailPassword("");
            toast(t("settings.saved"));
        }
    };
    const savePassword = () => {
        if (next.length < least) {
            setError(t("signup.password_short", { n: least }));
            return;
        }
        setBusy(true);
        setError("");
        setPassword(current, next).then(() => {
            setCurrent("");
            setNext("");
        }).catch((reason: unknown) => setError(errorText(reason))).finally(() => setBusy(false));
    };
    return (
        <>
            <form class="settings-form" onSubmit={(event) => {
                event.preventDefault();
                if (isEmail(email.trim())) void saveEmail();
            }}>
                <h3>{t("signup.email")}</h3>
                <Field label={t("signup.email")} type="email" value={email} onInput={setEmail} autoComplete="email" />
                {email.trim() !== user.email && <Field label={t("settings.password_current")} type="password" value={emailPassword} onInput={setEmailPassword} autoComplete="current-password" />}
                <div class="settings-save"><Button type="submit" disabled={email.trim() === user.email || !isEmail(email.trim()) || !emailPassword}>{t("settings.email_change")}</Button></div>
            </form>
            <form class="settings-form" onSubmit={(event) => {
                event.preventDefault();
                savePassword();
            }}>
                <h3>{t("login.password")}</h3>
                <input type="text" class="offscreen" autoComplete="username" value={user.username} readOnly tabIndex={-1} aria-hidden="true" />
                <Field label={t("settings.password_current")} type="password" value={current} onInput={setCurrent} autoComplete="current-password" />
                <Field label={t("settings.password_new")} type="password" value={next} onInput={setNext} autoComplete="new-password" hint={t("signup.password_hint", { n: least })} error={error} />
                <div class="settings-save"><Button type="submit" busy={isBusy} disabled={!current || !next}>{t("settings.password_change")}</Button></div>
            </form>
        </>
    );
}

function Notifications({ user }: { readonly user: User }) {
    const props = user.notify_props ?? {};
    const [keys, setKeys] = useState((props["mention_keys"] ?? "").split(",").filter((key) => key && key !== user.username && key !== `@${user.username}`).join(", "));
    const [permission, setPermission] = useState(notificationPermission());
    const level = props["desktop"] ?? "mention";
    return (
        <div class="settings-form">
            <h3>{t("settings.desktop")}</h3>
            {permission === "default" && <div class="notice"><span>{t("settings.notifications_ask")}</span><Button small tone="primary" onClick={() => void askNotifications().then(() => setPermission(notificationPermission()))}>{t("settings.notifications_allow")}</Button></div>}
            {permission === "denied" && <p class="notice">{t("settings.notifications_denied")}</p>}
            <fieldset class="choice">
                <legend class="offscreen">{t("settings.desktop")}</legend>
                {(["all", "mention", "none"] as const).map((each) => <Check key={each} type="radio" name="desktop-level" label={t(`notify.level_${each}`)} checked={level === each} onChange={() => void setNotify({ desktop: each })} />)}
            </fieldset>
            <Check label={t("settings.sound")} checked={props["desktop_sound"] !== "false"} onChange={(on) => void setNotify({ desktop_sound: String(on) })} />
            <h3>{t("settings.words")}</h3>
            <Check label={t("settings.words_first")} hint={user.first_name || t("settings.words_first_none")} checked={props["first_name"] === "true"} onChange={(on) => void setNotify({ first_name: String(on) })} />
            <Check label={t("settings.words_all")} checked={props["channel"] !== "false"} onChange={(on) => void setNotify({ channel: String(on) })} />
            <Field label={t("settings.words_own")} value={keys} onInput={setKeys} hint={t("settings.words_hint")} />
            <div class="settings-save"><Button onClick={() => void setNotify({ mention_keys: keys.split(/[,，]/).map((key) => key.trim()).filter(Boolean).join(",") }).then((worked) => worked && toast(t("settings.saved")))}>{t("action.save")}</Button></div>
            <h3>{t("settings.email_title")}</h3>
            <Check label={t("settings.email_on")} checked={props["email"] !== "false"} onChange={(on) => void setNotify({ email: String(on) })} />
        </div>
    );
}

function Display() {
    const [theme, choose] = useState<Theme>(themeNow());
    const clock = useClock();
    const military = useSelect(isMilitaryTime);
    const names = useSelect((state) => preference(state, "display_settings", "name_format", state.config["TeammateNameDisplay"] ?? "username"));
    const withCtrl = useSelect((state) => preference(state, "advanced_settings", "send_on_ctrl_enter") === "true");
    return (
        <div class="settings-form">
            <fieldset class="choice">
                <legend class="field-label">{t("settings.theme")}</legend>
                <div class="theme-row">
                    {(["system", "light", "dark", "contrast"] as const).map((each) => (
                        <label key={each} class={`theme-card theme-${each}`}>
                            <input type="radio" name="theme" class="offscreen" checked={theme === each} onChange={() => {
                                choose(each);
                                setTheme(each);
                            }} />
                            <span class="theme-sample" aria-hidden="true"><i /><i /><i /></span>
                            <span>{t(`settings.theme_${each}`)}</span>
                        </label>
                    ))}
                </div>
            </fieldset>
            <label class="field">
                <span class="field-label">{t("settings.language")}</span>
                <select class="input" value={language.value} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
                    <option value="en" lang="en">English</option>
                    <option value="zh-CN" lang="zh-CN">简体中文</option>
                </select>
            </label>
            <fieldset class="choice">
                <legend class="field-label">{t("settings.clock")}</legend>
                <Check type="radio" name="clock" label={t("settings.clock_24")} checked={clock.is24} onChange={() => savePreference("display_settings", "use_military_time", "true")} />
                <Check type="radio" name="clock" label={t("settings.clock_12")} checked={!clock.is24 && !military} onChange={() => savePreference("display_settings", "use_military_time", "false")} />
            </fieldset>
            <label class="field">
                <span class="field-label">{t("settings.names")}</span>
                <select class="input" value={names} onChange={(event) => savePreference("display_settings", "name_format", event.currentTarget.value)}>
                    {(["username", "nickname_full_name", "full_name"] as const).map((each) => <option key={each} value={each}>{t(`settings.names_${each}`)}</option>)}
                </select>
            </label>
            <Check label={t("settings.ctrl_enter")} hint={t("settings.ctrl_enter_hint")} checked={withCtrl} onChange={(on) => savePreference("advanced_settings", "send_on_ctrl_enter", String(on))} />
        </div>
    );
}

function SidebarSettings() {
    const isFirst = useSelect(unreadsFirst);
    const limit = useSelect((state) => preference(state, "sidebar_settings", "limit_visible_dms_gms", "40"));
    return (
        <div class="settings-form">
            <Check label={t("sidebar.unreads_first")} hint={t("settings.unreads_hint")} checked={isFirst} onChange={toggleUnreadsFirst} />
            <label class="field">
                <span class="field-label">{t("settings.direct_limit")}</span>
                <select class="input" value={limit} onChange={(event) => savePreference("sidebar_settings", "limit_visible_dms_gms", event.currentTarget.value)}>{["10", "15", "20", "40"].map((each) => <option key={each} value={each}>{each}</option>)}</select>
            </label>
        </div>
    );
}
