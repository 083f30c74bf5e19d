/** One's own settings: profile, status, preferences, looks. */
import { api } from "../api/client";
import type { CustomStatus, StringMap, User } from "../api/types";
import { fromTag, language, t, type Language } from "../i18n";
import { me, preference } from "../state/select";
import { dispatch, now } from "../state/store";
import { attempt, toast } from "./feedback";
import { httpConfigure } from "../api/http";

export type Theme = "system" | "light" | "dark" | "contrast";
const THEME_KEY = "anser.theme";
const LANGUAGE_KEY = "anser.language";
const LANGUAGE_PREFERENCE = { category: "display_settings", name: "anser_language" } as const;

export function savePreference(category: string, name: string, value: string): void {
    const list = [{ user_id: now().me, category, name, value }];
    dispatch({ kind: "preferences_changed", list });
    void attempt(api.preferencesSave(list));
}

/* Looks belong to the device: a phone at night and a desk by day may differ. */

export function themeNow(): Theme {
    const stored = read(THEME_KEY);
    return stored === "light" || stored === "dark" || stored === "contrast" ? stored : "system";
}

export function setTheme(theme: Theme): void {
    write(THEME_KEY, theme);
    applyTheme();
}

export function applyTheme(): void {
    const theme = themeNow();
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
}

/** What was chosen on this device, else by this person anywhere, else the account's, else the browser's. An account's "en" is also
 *  what it has when nobody ever chose, so it does not outweigh a browser in another language. */
export function applyLanguage(): void {
    const account = me(now())?.locale ?? "";
    const chosen = read(LANGUAGE_KEY) || preference(now(), LANGUAGE_PREFERENCE.category, LANGUAGE_PREFERENCE.name) || (account === "en" ? "" : account);
    const next = fromTag(chosen || navigator.language);
    language.value = next;
    document.documentElement.lang = next;
    httpConfigure({ language: next });
}

export function setLanguage(next: Language): void {
    write(LANGUAGE_KEY, next);
    if (now().phase === "in") {
        void patchMe({ locale: next });
        savePreference(LANGUAGE_PREFERENCE.category, LANGUAGE_PREFERENCE.name, next);
    }
    language.value = next;
    document.documentElement.lang = next;
    httpConfigure({ language: next });
}

function read(key: string): string {
    try {
        return localStorage.getItem(key) ?? "";
    } catch {
        return "";
    }
}

function write(key: string, value: string): void {
    try {
        localStorage.setItem(key, value);
    } catch {
        /* It holds until the page is closed. */
    }
}

/* Profile */

export async function patchMe(patch: Partial<User> & { readonly password?: string }): Promise<boolean> {
    return attempt(api.userPatch(patch).then((user) => dispatch({ kind: "users_received", users: [user] })));
}

export async function setNotify(props: StringMap): Promise<boolean> {
    return patchMe({ notify_props: { ...me(now())?.notify_props, ...props } });
}

export async function setPassword(current: string, next: string): Promise<void> {
    await api.userPassword(current, next);
    toast(t("settings.password_changed"));
}

export async function setPicture(image: Blob): Promise<boolean> {
    return attempt(api.userImageSet(image).then(refreshMe));
}

export async function resetPicture(): Promise<boolean> {
    return attempt(api.userImageReset().then(refreshMe));
}

async function refreshMe(): Promise<void> {
    dispatch({ kind: "users_received", users: [await api.me()] });
}

/* Status */

export function setStatus(status: string, dndEndsAtS = 0): void {
    const { me: userId } = now();
    dispatch({ kind: "status_changed", userId, status });
    void attempt(api.statusSet(userId, status, dndEndsAtS));
}

export async function setCustomStatus(status: CustomStatus | null): Promise<boolean> {
    return attempt((status ? api.customStatusSet(status) : api.customStatusClear()).then(() => {
        const user = me(now());
        if (user) dispatch({ kind: "users_received", users: [{ ...user, props: { ...user.props, customStatus: status ? JSON.stringify(status) : "" } }] });
    }));
}

/* Desktop notifications */

export function notificationPermission(): NotificationPermission | "unsupported" {
    return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

export async function askNotifications(): Promise<void> {
    if (typeof Notification === "undefined") return;
    const answer = await Notification.requestPermission();
    if (answer === "granted") new Notification("Anser", { body: t("settings.notifications_on") });
}
