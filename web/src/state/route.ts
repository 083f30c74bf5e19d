/** Addresses of screens, the same as other v4 web clients use, so that links in mails and messages work. */
export type Route =
    | { readonly page: "root" }
    | { readonly page: "login" }
    | { readonly page: "signup"; readonly inviteId: string; readonly token: string }
    | { readonly page: "reset" }
    | { readonly page: "reset_complete"; readonly token: string }
    | { readonly page: "verify"; readonly token: string; readonly email: string }
    | { readonly page: "select_team" }
    | { readonly page: "create_team" }
    | { readonly page: "team"; readonly team: string }
    | { readonly page: "channel"; readonly team: string; readonly channel: string }
    | { readonly page: "direct"; readonly team: string; readonly user: string }
    | { readonly page: "threads"; readonly team: string; readonly threadId: string }
    | { readonly page: "permalink"; readonly team: string; readonly postId: string };

export function routeOf(path: string, query: string): Route {
    const [first = "", second = "", third = ""] = path.split("/").filter(Boolean).map(decode);
    const params = new URLSearchParams(query);
    switch (first) {
        case "": return { page: "root" };
        case "login": return { page: "login" };
        case "signup":
        case "signup_email": return { page: "signup", inviteId: "", token: "" };
        case "signup_user_complete": return { page: "signup", inviteId: params.get("id") ?? "", token: params.get("t") ?? "" };
        case "reset_password": return { page: "reset" };
        case "reset_password_complete": return { page: "reset_complete", token: params.get("token") ?? "" };
        case "do_verify_email":
        case "should_verify_email":
            return { page: "verify", token: params.get("token") ?? "", email: params.get("email") ?? "" };
        case "select_team": return { page: "select_team" };
        case "create_team": return { page: "create_team" };
        case "_redirect": return second === "pl" ? { page: "permalink", team: "", postId: third } : { page: "root" };
    }
    switch (second) {
        case "channels": return third ? { page: "channel", team: first, channel: third } : { page: "team", team: first };
        case "messages": return third.startsWith("@")
            ? { page: "direct", team: first, user: third.slice(1) }
            : { page: "channel", team: first, channel: third };
        case "threads": return { page: "threads", team: first, threadId: third };
        case "pl": return { page: "permalink", team: first, postId: third };
    }
    return { page: "team", team: first };
}

export function pathOf(route: Route): string {
    switch (route.page) {
        case "root": return "/";
        case "login": return "/login";
        case "signup": return route.inviteId || route.token
            ? `/signup_user_complete/?${route.inviteId ? `id=${encodeURIComponent(route.inviteId)}` : `t=${encodeURIComponent(route.token)}`}`
            : "/signup";
        case "reset": return "/reset_password";
        case "reset_complete": return `/reset_password_complete?token=${encodeURIComponent(route.token)}`;
        case "verify": return `/do_verify_email?token=${encodeURIComponent(route.token)}&email=${encodeURIComponent(route.email)}`;
        case "select_team": return "/select_team";
        case "create_team": return "/create_team";
        case "team": return `/${route.team}`;
        case "channel": return `/${route.team}/channels/${encodeURIComponent(route.channel)}`;
        case "direct": return `/${route.team}/messages/@${encodeURIComponent(route.user)}`;
        case "threads": return `/${route.team}/threads${route.threadId ? `/${route.threadId}` : ""}`;
        case "permalink": return `/${route.team || "_redirect"}/pl/${route.postId}`;
    }
}

/** Screens for people who are not logged in. */
export function isEntrance(route: Route): boolean {
    return ["login", "signup", "reset", "reset_complete", "verify"].includes(route.page);
}

export function teamNameOf(route: Route): string {
    return "team" in route ? route.team : "";
}

export function channelNameOf(route: Route): string {
    if (route.page === "channel") return route.channel;
    return route.page === "direct" ? `@${route.user}` : "";
}

function decode(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}
