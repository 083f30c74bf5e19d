/** Ctrl/Cmd-K: to any channel or person in a few letters. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Hash } from "lucide";
import { api } from "../../api/client";
import type { Channel, User } from "../../api/types";
import { t } from "../../i18n";
import { isForInputMethod } from "../../lib/ime";
import { matchScore } from "../../lib/match";
import { valuesOf } from "../../lib/record";
import { joinChannel } from "../../commands/channels";
import { attempt } from "../../commands/feedback";
import { goToChannel, openDirect } from "../../commands/navigate";
import { channelTitle, channelUnread, fullName, partnerOf } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { Badge } from "../../ui/parts";
import { ChannelIcon } from "../parts/channel_icon";
import { Face } from "../parts/person";

type Choice =
    | { readonly kind: "channel"; readonly channel: Channel; readonly score: number }
    | { readonly kind: "join"; readonly channel: Channel; readonly score: number }
    | { readonly kind: "person"; readonly user: User; readonly score: number };

const MOST = 12;

/** One's own channels first by fit, then by how recently something was said. */
function choicesFor(text: string, people: readonly User[], open: readonly Channel[]): Choice[] {
    const state = now();
    const word = text.trim().replace(/^[@~#]/, "");
    const own = valuesOf(state.channels).filter((channel) => state.members[channel.id] && channel.delete_at === 0 && (!channel.team_id || channel.team_id === state.teamId));
    const channels: Choice[] = own.map((channel) => {
        const partner = partnerOf(state, channel);
        const user = partner ? state.users[partner] : undefined;
        const names = [channelTitle(state, channel), channel.type === "O" || channel.type === "P" ? channel.name : "", user?.username ?? "", user ? fullName(user) : "", user?.nickname ?? ""];
        const fit = Math.max(...names.filter(Boolean).map((name) => matchScore(name, word)));
        const unread = channelUnread(state, channel.id);
        return { kind: "channel" as const, channel, score: fit === 0 ? 0 : fit + (unread.mentions > 0 ? 6 : unread.messages > 0 ? 3 : 0) };
    });
    const directs = new Set(own.map((channel) => partnerOf(state, channel)).filter(Boolean));
    const persons: Choice[] = word === "" ? [] : people.filter((user) => !directs.has(user.id) && user.delete_at === 0)
        .map((user) => ({ kind: "person" as const, user, score: Math.max(matchScore(user.username, word), matchScore(fullName(user), word), matchScore(user.nickname, word)) * 0.9 }));
    const joinable: Choice[] = word === "" ? [] : open.filter((channel) => !state.members[channel.id]).map((channel) => ({ kind: "join" as const, channel, score: matchScore(channel.display_name, word) * 0.7 || 1 }));
    const at = (choice: Choice) => (choice.kind === "channel" ? choice.channel.last_post_at : 0);
    return [...channels.filter((choice) => choice.kind !== "channel" || word !== "" || choice.channel.id !== state.channelId), ...persons, ...joinable]
        .filter((choice) => choice.score > 0).sort((a, b) => (word ? b.score - a.score : 0) || at(b) - at(a)).slice(0, MOST);
}

export function Switcher({ onClose }: { readonly onClose: () => void }) {
    const [text, setText] = useState("");
    const [active, setActive] = useState(0);
    const [people, setPeople] = useState<readonly User[]>(() => valuesOf(now().users));
    const [open, setOpen] = useState<readonly Channel[]>([]);
    const list = useRef<HTMLUListElement>(null);
    const choices = useMemo(() => choicesFor(text, people, open), [text, people, open]);
    useEffect(() => {
        const word = text.trim().replace(/^[@~#]/, "");
        const { teamId } = now();
        if (!word || !teamId) return;
        const abort = new AbortController();
        const timer = window.setTimeout(() => {
            api.userAutocomplete(word, "", "", abort.signal).then((found) => {
                dispatch({ kind: "users_received", users: found.users ?? [] });
                setPeople((known) => [...new Map([...known, ...(found.users ?? [])].map((user) => [user.id, user])).values()]);
            }).catch(() => undefined);
            api.channelAutocomplete(teamId, word, abort.signal).then(setOpen).catch(() => undefined);
        }, 150);
        return () => {
            window.clearTimeout(timer);
            abort.abort();
        };
    }, [text]);
    useEffect(() => {
        list.current?.children[active]?.scrollIntoView({ block: "nearest" });
    }, [active]);
    const pick = (choice: Choice | undefined) => {
        if (!choice) return;
        onClose();
        if (choice.kind === "channel") goToChannel(choice.channel.id);
        else if (choice.kind === "join") void attempt(joinChannel(choice.channel));
        else void attempt(openDirect(choice.user.id));
    };
    return (
        <Dialog title={t("sidebar.find")} headless class="switcher" onClose={onClose}>
            <input class="switcher-input" type="text" value={text} placeholder={t("switcher.placeholder")} aria-label={t("switcher.placeholder")} role="combobox" aria-expanded="true" aria-controls="switcher-list" aria-activedescendant={choices[active] ? `switch-${active}` : undefined}
                autoFocus autoComplete="off" spellcheck={false}
                onInput={(event) => {
                    setText(event.currentTarget.value);
                    setActive(0);
                }}
                onKeyDown={(event) => {
                    if (isForInputMethod(event)) return;
                    if (event.key === "ArrowDown") setActive((active + 1) % Math.max(1, choices.length));
                    else if (event.key === "ArrowUp") setActive((active - 1 + choices.length) % Math.max(1, choices.length));
                    else if (event.key === "Enter") pick(choices[active]);
                    else return;
                    event.preventDefault();
                }} />
            <ul ref={list} class="switcher-list" id="switcher-list" role="listbox" aria-label={t("sidebar.find")}>
                {choices.map((choice, i) => (
                    <li key={choice.kind === "person" ? choice.user.id : choice.channel.id} id={`switch-${i}`} role="option" aria-selected={i === active} class="switch-item" onMouseMove={() => setActive(i)} onClick={() => pick(choice)}>
                        <ChoiceView choice={choice} />
                    </li>
                ))}
                {choices.length === 0 && <li class="switcher-none">{t("switcher.none")}</li>}
            </ul>
            <p class="switcher-foot">{t("switcher.hint")}</p>
        </Dialog>
    );
}

function ChoiceView({ choice }: { readonly choice: Choice }) {
    if (choice.kind === "person") return <><Face id={choice.user.id} size={24} withStatus /><strong class="clip">{choice.user.username}</strong><span class="suggest-note clip">{fullName(choice.user)}</span></>;
    const state = now();
    if (choice.kind === "join") return <><span class="suggest-icon"><Icon of={Hash} /></span><strong class="clip">{choice.channel.display_name}</strong><span class="suggest-note clip">{t("switcher.join")}</span></>;
    const unread = channelUnread(state, choice.channel.id);
    return <><span class="suggest-icon"><ChannelIcon channel={choice.channel} /></span><strong class={`clip ${unread.messages > 0 ? "" : "read"}`}>{channelTitle(state, choice.channel)}</strong><span class="suggest-note" /><Badge count={unread.mentions} /></>;
}
