/** Coming and going: log in, sign up, reset, log out. */
import { api } from "../api/client";
import { ApiError } from "../api/errors";
import { language } from "../i18n";
import { now } from "../state/store";
import { bootInto, endSession } from "../sync/session";
import { goHome, go, joinByInvite, resolve } from "./navigate";
import { applyLanguage } from "./settings";
import { attempt } from "./feedback";

const NOT_VERIFIED = "api.user.login.not_verified.app_error";

/** An address that is not confirmed yet is not a mistake: it leads to the letter. */
async function login(loginId: string, password: string, email: string): Promise<boolean> {
    try {
        await api.login(loginId, password);
        return true;
    } catch (error) {
        if (!(error instanceof ApiError) || error.id !== NOT_VERIFIED) throw error;
        go({ page: "verify", token: "", email });
        return false;
    }
}

export async function logIn(loginId: string, password: string): Promise<void> {
    if (await login(loginId, password, loginId)) await afterLogin();
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
    if (!(await login(user.username, user.password, user.email))) return;
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
