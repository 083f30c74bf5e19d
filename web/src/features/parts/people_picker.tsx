/** Choosing people: type, pick, take back. */
import { X } from "lucide";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { User } from "../../api/types";
import { t } from "../../i18n";
import { isForInputMethod } from "../../lib/ime";
import { matchScore } from "../../lib/match";
import { errorText } from "../../commands/feedback";
import { fullName } from "../../state/select";
import { dispatch } from "../../state/store";
import { Icon } from "../../ui/icon";
import { Spinner } from "../../ui/parts";
import { Face } from "./person";

export function PeoplePicker({ chosen, onChange, find, label, most }: {
    readonly chosen: readonly User[]; readonly onChange: (users: readonly User[]) => void; readonly find: (term: string) => Promise<readonly User[]>; readonly label: string; readonly most?: number;
}) {
    const [text, setText] = useState("");
    const [found, setFound] = useState<readonly User[] | null>(null);
    const [foundFor, setFoundFor] = useState("");
    const [active, setActive] = useState(0);
    const [error, setError] = useState("");
    const input = useRef<HTMLInputElement>(null);
    const id = useId();
    useEffect(() => {
        let isCurrent = true;
        const timer = window.setTimeout(() => {
            find(text.trim()).then((users) => {
                if (!isCurrent) return;
                dispatch({ kind: "users_received", users });
                setFound(users);
                setFoundFor(text.trim());
                setActive(0);
                setError("");
            }).catch((reason: unknown) => isCurrent && setError(errorText(reason)));
        }, text ? 150 : 0);
        return () => {
            isCurrent = false;
            window.clearTimeout(timer);
        };
    }, [text]);
    /* Until the answer is here, what is known is narrowed down. */
    const fits = (user: User) => text.trim() === foundFor || [user.username, user.nickname, fullName(user)].some((name) => name && matchScore(name, text.trim()) > 10);
    const shown = (found ?? []).filter((user) => user.delete_at === 0 && fits(user) && !chosen.some((each) => each.id === user.id)).slice(0, 50);
    const isFull = most !== undefined && chosen.length >= most;
    const pick = (user: User | undefined) => {
        if (!user || isFull) return;
        onChange([...chosen, user]);
        setText("");
        input.current?.focus();
    };
    const onKey = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
        if (isForInputMethod(event)) return;
        if (event.key === "ArrowDown") setActive(Math.min(shown.length - 1, active + 1));
        else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1));
        else if (event.key === "Enter" && shown[active] && (text || chosen.length === 0)) pick(shown[active]);
        else if (event.key === "Backspace" && text === "") onChange(chosen.slice(0, -1));
        else return;
        event.preventDefault();
    };
    return (
        <div class="people-picker">
            <div class="picker-field" onClick={() => input.current?.focus()}>
                {chosen.map((user) => (
                    <span key={user.id} class="chip"><Face id={user.id} size={20} /> {user.username}
                        <button type="button" aria-label={t("people.remove", { name: user.username })} onClick={() => onChange(chosen.filter((each) => each.id !== user.id))}><Icon of={X} size={14} /></button>
                    </span>
                ))}
                <input ref={input} type="text" value={text} aria-label={label} placeholder={chosen.length === 0 ? label : ""} role="combobox" aria-expanded={shown.length > 0} aria-controls={id} aria-activedescendant={shown[active] ? `${id}-${active}` : undefined}
                    autoFocus autoComplete="off" spellcheck={false} disabled={isFull} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey} />
            </div>
            <div class="picker-list" id={id} role="listbox" aria-label={label}>
                {error && <p class="picker-note">{error}</p>}
                {found === null && !error && <div class="picker-note"><Spinner label={t("people.loading")} /></div>}
                {shown.map((user, i) => (
                    <button key={user.id} id={`${id}-${i}`} type="button" role="option" aria-selected={i === active} tabIndex={-1} class={`person-row ${i === active ? "active" : ""}`} onClick={() => pick(user)} onMouseMove={() => setActive(i)}>
                        <Face id={user.id} size={32} withStatus />
                        <span class="person-row-main"><strong class="clip">@{user.username}</strong><span class="clip">{[fullName(user), user.nickname].filter(Boolean).join(" · ")}</span></span>
                    </button>
                ))}
                {found !== null && shown.length === 0 && !error && <p class="picker-note">{text ? t("people.none") : t("people.nobody")}</p>}
            </div>
        </div>
    );
}
