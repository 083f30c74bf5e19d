/** Coming and going: log in, sign up, reset, log out. */
import { api } from "../api/client";
import { language } from "../i18n";
import { now } from "../state/store";
import { bootInto, endSession } from "../sync/session";
import { goHome, go, joinByInvite, resolve } from "./navigate";
import { applyLanguage } from "./settings";
import { attempt } from "./feedback";

export async function logIn(loginId: string, password: string): Promise<void> {
    await api.login(loginId, password);
    await afterLogin();
}

async function afterLogin(): Promise<void> {
    await bootInto(true);
    applyLanguage();
    const { route } = now().ui;
    if (route.page === "signup" && (route.inviteId || route.token)) await joinByInvite(route.inviteId, route.token);
    else goHome();
}

/** Makes the account and logs in with it. The invite, when there is one, makes the person a member at once. */
export async function signUp(user: { email: string; username: string; password: string }, inviteId: string, token: string): Promise<void> {
    await api.userCreate({ ...user, locale: language.value }, inviteId, token);
    await api.login(user.username, user.password);
    await bootInto(true);
    applyLanguage();
    goHome();
}

export async function logOut(): Promise<void> {
    await attempt(endSession());
    applyLanguage();
    go({ page: "login" });
    void resolve();
}
