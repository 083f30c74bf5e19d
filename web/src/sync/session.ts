/** From the first request to the last: first load, socket, resynchronisation, log-out. */
import { api } from "../api/client";
import { cookie, httpConfigure } from "../api/http";
import type { Boot } from "../api/types";
import { channelNameOf, teamNameOf } from "../state/route";
import { dispatch, now } from "../state/store";
import { listPosts } from "../state/posts";
import { decode, type WireEvent } from "./decode";
import { loadLocalDrafts, loadServerDrafts } from "./drafts";
import { follow } from "./follow";
import { loadPartners, loadSince, loadThread } from "./load";
import { pollStatuses, wantAuthors, wantStatus } from "./people";
import { restoreOutbox, retryAll } from "./send";
import { openSocket, type Socket } from "./socket";

let socket: Socket | null = null;
/** When the last load came in. */
let loadedAt = 0;
const LATE_MS = 2_000;
let stopPolling: () => void = () => undefined;
/** Events that came while a load was on its way wait for it: the load is the older news. */
let waiting: WireEvent[] | null = null;

export async function startSession(): Promise<void> {
    httpConfigure({ onSessionEnd: sessionEnded });
    if (cookie("MMUSERID")) connect();
    await bootInto(true);
}

/** Loads the first screen for the address on show. `withPosts` is false where the posts on screen are brought up to date otherwise. */
export async function bootInto(withPosts: boolean, team = teamNameOf(now().ui.route), channel = channelNameOf(now().ui.route)): Promise<void> {
    waiting ??= [];
    let boot: Boot;
    try {
        boot = await api.boot(team, channel);
    } catch (error) {
        if (now().phase !== "in") dispatch({ kind: "boot_failed" });
        flush();
        throw error;
    }
    dispatch({ kind: "booted", boot: withPosts ? boot : { ...boot, posts: null } });
    loadedAt = Date.now();
    if (boot.user) {
        connect();
        wantAuthors(boot.posts ? listPosts(boot.posts) : []);
        loadPartners(boot.channels ?? []);
        loadLocalDrafts();
        restoreOutbox();
        if (now().connection.kind === "online") void retryAll();
        if (!now().statuses[boot.user.id]) wantStatus([boot.user.id]);
        if (boot.team_id) void loadServerDrafts(boot.team_id);
    } else {
        disconnect();
    }
    flush();
}

function flush(): void {
    const events = waiting ?? [];
    waiting = null;
    for (const event of events) hear(event);
}

function hear(wire: WireEvent): void {
    if (waiting) {
        waiting.push(wire);
        return;
    }
    const event = decode(wire, now().me);
    if (!event) return;
    const before = now();
    dispatch(event);
    follow(event, before);
}

function connect(): void {
    if (socket) return;
    stopPolling = pollStatuses();
    let isFirst = true;
    socket = openSocket({
        onEvent: hear,
        onHello: (connectionId, isReset) => {
            httpConfigure({ connectionId });
            /* A socket that opened long after the first load may have missed what came between. */
            if (isReset || (isFirst && loadedAt > 0 && Date.now() - loadedAt > LATE_MS)) void resynchronise();
            isFirst = false;
        },
        onOnline: () => {
            dispatch({ kind: "connection", connection: { kind: "online" } });
            void retryAll();
        },
        onOffline: (retryAt) => dispatch({ kind: "connection", connection: { kind: "offline", retryAt } }),
        onConnecting: () => {
            if (now().connection.kind !== "online") dispatch({ kind: "connection", connection: { kind: "connecting" } });
        },
    });
}

function disconnect(): void {
    socket?.close();
    socket = null;
    stopPolling();
    httpConfigure({ connectionId: "" });
}

/** The server has forgotten the connection: whatever was loaded may have gaps. */
async function resynchronise(): Promise<void> {
    const { channelId, ui } = now();
    dispatch({ kind: "timelines_dropped", keep: channelId });
    try {
        await bootInto(false);
        if (channelId) await loadSince(channelId);
        if (ui.side?.kind === "thread") await loadThread(ui.side.rootId);
    } catch {
        /* Offline again: the next connection starts over. */
    }
}

function sessionEnded(): void {
    if (now().phase !== "in") return;
    disconnect();
    dispatch({ kind: "logged_out" });
}

export async function endSession(): Promise<void> {
    try {
        await api.logout();
    } finally {
        disconnect();
        dispatch({ kind: "logged_out" });
    }
}

export function socketSend(action: string, data: { readonly [key: string]: unknown } = {}): void {
    socket?.send(action, data);
}

export function retryConnection(): void {
    socket?.retryNow();
}
