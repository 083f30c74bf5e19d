/** Fetches people who are mentioned somewhere but not known yet, in batches, each once. */
import { api } from "../api/client";
import type { Post } from "../api/types";
import type { UserId } from "../lib/ids";
import { dispatch, now } from "../state/store";
import { directPartner } from "../api/client";
import { valuesOf } from "../lib/record";

const BATCH = 100;
const GATHER_MS = 20;
const POLL_EVERY_MS = 60_000;

const wanted = new Set<UserId>();
const asked = new Set<UserId>();
let timer = 0;

export function wantUsers(ids: Iterable<UserId>): void {
    const { users } = now();
    for (const id of ids) if (id && !users[id] && !asked.has(id)) wanted.add(id);
    if (wanted.size > 0 && timer === 0) timer = window.setTimeout(() => void fetchWanted(), GATHER_MS);
}

async function fetchWanted(): Promise<void> {
    timer = 0;
    const ids = [...wanted].slice(0, BATCH);
    for (const id of ids) {
        wanted.delete(id);
        asked.add(id);
    }
    try {
        const [users, statuses] = await Promise.all([api.usersByIds(ids), api.statuses(ids)]);
        dispatch({ kind: "users_received", users });
        dispatch({ kind: "statuses_received", statuses });
    } catch {
        for (const id of ids) asked.delete(id);
    }
    if (wanted.size > 0) timer = window.setTimeout(() => void fetchWanted(), GATHER_MS);
}

export function wantAuthors(posts: Iterable<Post>): void {
    const ids: UserId[] = [];
    for (const post of posts) {
        ids.push(post.user_id);
        for (const person of post.participants ?? []) ids.push(person.id);
        for (const reaction of post.metadata?.reactions ?? []) ids.push(reaction.user_id);
    }
    wantUsers(ids);
}

export function wantStatus(ids: readonly UserId[]): void {
    api.statuses(ids).then((statuses) => dispatch({ kind: "statuses_received", statuses })).catch(() => undefined);
}

/** The server tells only about oneself: the dots of others are asked for once a minute. */
export function pollStatuses(): () => void {
    const poll = async () => {
        const state = now();
        if (state.phase !== "in" || document.hidden) return;
        const partners = valuesOf(state.channels).filter((channel) => channel.type === "D").map((channel) => directPartner(channel.name, state.me));
        const authors = (state.channelId ? state.timelines[state.channelId]?.ids ?? [] : []).slice(-60).map((id) => state.posts[id]?.user_id);
        const ids = [...new Set([state.me, ...partners, ...authors])].filter((id): id is UserId => Boolean(id)).slice(0, 200);
        if (ids.length === 0) return;
        try {
            dispatch({ kind: "statuses_received", statuses: await api.statuses(ids) });
        } catch {
            /* The dots stay as they are until the next round. */
        }
    };
    const interval = window.setInterval(() => void poll(), POLL_EVERY_MS);
    return () => window.clearInterval(interval);
}

/* Names in messages: @somebody who is not known yet. Asked once each, whether or not there is such a person. */
const askedNames = new Set<string>();
const wantedNames = new Set<string>();
let nameTimer = 0;

export function wantNames(names: Iterable<string>): void {
    for (const name of names) if (!askedNames.has(name)) wantedNames.add(name);
    if (wantedNames.size > 0 && nameTimer === 0) nameTimer = window.setTimeout(() => void fetchNames(), 100);
}

async function fetchNames(): Promise<void> {
    nameTimer = 0;
    const names = [...wantedNames].slice(0, BATCH);
    for (const name of names) {
        wantedNames.delete(name);
        askedNames.add(name);
    }
    try {
        dispatch({ kind: "users_received", users: await api.usersByNames(names) });
    } catch {
        /* Unknown names stay plain text. */
    }
}

const wantedEmojis = new Set<string>();
let emojiTimer = 0;

/** Custom emoji by name. Standard ones are never asked for. */
export function wantEmojis(names: Iterable<string>): void {
    const { emojis } = now();
    for (const name of names) if (emojis[name] === undefined) wantedEmojis.add(name);
    if (wantedEmojis.size > 0 && emojiTimer === 0) emojiTimer = window.setTimeout(() => void fetchEmojis(), 50);
}

async function fetchEmojis(): Promise<void> {
    emojiTimer = 0;
    const names = [...wantedEmojis].slice(0, BATCH);
    wantedEmojis.clear();
    try {
        dispatch({ kind: "emojis_received", asked: names, emojis: await api.emojiByNames(names) });
    } catch {
        dispatch({ kind: "emojis_received", asked: names, emojis: [] });
    }
}
