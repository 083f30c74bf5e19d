/** The list of suggestions above the text, and where they come from. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Hash, Lock } from "lucide";
import { api } from "../../api/client";
import type { Channel, Command, User } from "../../api/types";
import { t } from "../../i18n";
import type { ChannelId, PostId, UserId } from "../../lib/ids";
import type { Typed } from "../../lib/complete";
import { loadEmojis, emojiFor } from "../../lib/emoji";
import { fold, matchScore } from "../../lib/match";
import { valuesOf } from "../../lib/record";
import { fullName } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { Icon } from "../../ui/icon";
import { EmojiView } from "./emoji_view";
import { Face } from "./person";

export interface Suggestion {
    readonly id: string;
    /** What replaces the typed word, trigger included. */
    readonly insert: string;
    readonly draw: () => ComponentChildren;
}

const MOST = 10;
const WAIT_MS = 120;

export function useSuggestions(typed: Typed | null, channelId: ChannelId, rootId: PostId | ""): readonly Suggestion[] {
    const [list, setList] = useState<readonly Suggestion[]>([]);
    const key = typed ? `${typed.trigger}${typed.word}` : "";
    const turn = useRef(0);
    useEffect(() => {
        const mine = ++turn.current;
        const show = (next: readonly Suggestion[]) => {
            if (mine === turn.current) setList(next);
        };
        if (!typed) {
            show([]);
            return;
        }
        show(localSuggestions(typed));
        const abort = new AbortController();
        const timer = window.setTimeout(() => {
            remoteSuggestions(typed, channelId, rootId, abort.signal).then((next) => next && show(next)).catch(() => undefined);
        }, typed.trigger === ":" || typed.trigger === "/" ? 0 : WAIT_MS);
        return () => {
            window.clearTimeout(timer);
            abort.abort();
        };
    }, [key, channelId]);
    return list;
}

function localSuggestions(typed: Typed): Suggestion[] {
    switch (typed.trigger) {
        case "@": return people(localPeople(typed.word), typed.word, []);
        case "~": return channels(localChannels(typed.word));
        default: return [];
    }
}

async function remoteSuggestions(typed: Typed, channelId: ChannelId, rootId: PostId | "", signal: AbortSignal): Promise<Suggestion[] | null> {
    const { teamId } = now();
    switch (typed.trigger) {
        case "@": {
            const found = await api.userAutocomplete(typed.word, teamId, channelId, signal);
            const inside = found.users ?? [], outside = found.out_of_channel ?? [];
            dispatch({ kind: "users_received", users: [...inside, ...outside] });
            return people(inside, typed.word, outside);
        }
        case "~": {
            if (!teamId) return null;
            const found = await api.channelAutocomplete(teamId, typed.word, signal);
            const own = localChannels(typed.word);
            return channels([...own, ...found.filter((channel) => !own.some((each) => each.id === channel.id))]);
        }
        case ":": return emojis(typed.word);
        case "/": return teamId ? commands(typed.word, await commandList(teamId), rootId) : null;
    }
}

/* People */

function localPeople(word: string): User[] {
    const score = (user: User) => Math.max(matchScore(user.username, word), matchScore(user.nickname, word) * 0.9, matchScore(fullName(user), word) * 0.9);
    return valuesOf(now().users).filter((user) => user.delete_at === 0 && (word === "" || score(user) > 30)).sort((a, b) => score(b) - score(a)).slice(0, MOST);
}

const EVERYBODY = ["channel", "here", "all"] as const;

function people(inside: readonly User[], word: string, outside: readonly User[]): Suggestion[] {
    const special = EVERYBODY.filter((name) => word !== "" ? name.startsWith(word.toLowerCase()) : true);
    const person = (user: User, isOutside: boolean): Suggestion => ({
        id: `@${user.username}`, insert: `@${user.username} `, draw: () => <PersonLine id={user.id} user={user} isOutside={isOutside} />,
    });
    return [
        ...inside.slice(0, MOST).map((user) => person(user, false)),
        ...special.map((name): Suggestion => ({
            id: `@${name}`, insert: `@${name} `,
            draw: () => <><span class="suggest-icon">@</span><strong>@{name}</strong><span class="suggest-note clip">{t(`composer.everybody_${name}`)}</span></>,
        })),
        ...outside.slice(0, 5).map((user) => person(user, true)),
    ];
}

function PersonLine({ id, user, isOutside }: { readonly id: UserId; readonly user: User; readonly isOutside: boolean }) {
    const more = [fullName(user), user.nickname && `(${user.nickname})`].filter(Boolean).join(" ");
    return <><Face id={id} size={24} withStatus /><strong>@{user.username}</strong><span class="suggest-note clip">{more}{isOutside && ` · ${t("composer.not_in_channel")}`}</span></>;
}

/* Channels */

function localChannels(word: string): Channel[] {
    const state = now();
    const score = (channel: Channel) => Math.max(matchScore(channel.display_name, word), matchScore(channel.name, word));
    return valuesOf(state.channels)
        .filter((channel) => (channel.type === "O" || channel.type === "P") && channel.team_id === state.teamId && channel.delete_at === 0 && state.members[channel.id] && score(channel) > 0)
        .sort((a, b) => score(b) - score(a)).slice(0, MOST);
}

function channels(list: readonly Channel[]): Suggestion[] {
    return list.slice(0, MOST).map((channel) => ({
        id: `~${channel.name}`, insert: `~${channel.name} `,
        draw: () => <><span class="suggest-icon"><Icon of={channel.type === "P" ? Lock : Hash} /></span><strong class="clip">{channel.display_name}</strong><span class="suggest-note clip">~{channel.name}</span></>,
    }));
}

/* Emoji */

async function emojis(word: string): Promise<Suggestion[]> {
    const groups = await loadEmojis();
    const lower = fold(word);
    const found: { name: string; score: number }[] = [];
    for (const group of groups) {
        for (const entry of group.entries) {
            const name = entry.names.find((each) => each.startsWith(lower)) ?? entry.names.find((each) => each.includes(lower));
            if (name) found.push({ name, score: (emojiFor(name).kind === "char" ? 1 : 0) + (name === lower ? 3 : name.startsWith(lower) ? 2 : 0) });
        }
    }
    for (const emoji of valuesOf(now().emojis)) if (emoji && emoji.name.includes(lower)) found.push({ name: emoji.name, score: emoji.name.startsWith(lower) ? 3 : 1 });
    return found.sort((a, b) => b.score - a.score || a.name.length - b.name.length).slice(0, MOST).map(({ name }) => ({
        id: `:${name}:`, insert: `:${name}: `, draw: () => <><span class="suggest-icon"><EmojiView name={name} /></span><span>:{name}:</span></>,
    }));
}

/* Commands */

const LOCAL_COMMANDS: readonly Command[] = [];
let known: { readonly teamId: string; readonly list: readonly Command[] } | null = null;

async function commandList(teamId: NonNullable<ReturnType<typeof now>["teamId"]> & string): Promise<readonly Command[]> {
    if (known?.teamId !== teamId) known = { teamId, list: [...LOCAL_COMMANDS, ...(await api.commands(teamId as never))] };
    return known.list;
}

function commands(word: string, list: readonly Command[], rootId: PostId | ""): Suggestion[] {
    void rootId;
    return list.filter((command) => command.trigger.startsWith(word.toLowerCase())).slice(0, 20).map((command) => ({
        id: `/${command.trigger}`, insert: `/${command.trigger} `,
        draw: () => <><span class="suggest-icon">/</span><strong>/{command.trigger}</strong><span class="suggest-note clip">{[command.auto_complete_hint, command.auto_complete_desc].filter(Boolean).join("  ")}</span></>,
    }));
}

export function SuggestionList({ id, list, active, onPick, onHover }: {
    readonly id: string; readonly list: readonly Suggestion[]; readonly active: number; readonly onPick: (suggestion: Suggestion) => void; readonly onHover: (index: number) => void;
}) {
    const ref = useRef<HTMLUListElement>(null);
    useEffect(() => {
        ref.current?.children[active]?.scrollIntoView({ block: "nearest" });
    }, [active]);
    return (
        <ul ref={ref} class="suggestions" id={id} role="listbox" aria-label={t("composer.suggestions")}>
            {list.map((suggestion, i) => (
                <li key={suggestion.id} id={`${id}-${i}`} role="option" aria-selected={i === active} class="suggestion"
                    onMouseDown={(event) => {
                        event.preventDefault();
                        onPick(suggestion);
                    }}
                    onMouseMove={() => onHover(i)}>
                    {suggestion.draw()}
                </li>
            ))}
        </ul>
    );
}
