/** Who is this? A card beside the name one clicked. */
import { AtSign, MessageSquare, Settings } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { api } from "../../api/client";
import { language, t } from "../../i18n";
import type { UserId } from "../../lib/ids";
import { timeText } from "../../lib/time";
import { attempt } from "../../commands/feedback";
import { openDirect } from "../../commands/navigate";
import { customStatus, fullName, userName } from "../../state/select";
import { dispatch } from "../../state/store";
import { Presence, Button, Spinner } from "../../ui/parts";
import { EmojiView } from "../parts/emoji_view";
import { Face, statusText } from "../parts/person";
import { useClock } from "../parts/time_view";
import { useMinute, useSelect } from "../parts/use_select";
import "./people.css";

export function ProfileCard({ userId, onClose }: { readonly userId: UserId; readonly onClose: () => void }) {
    const user = useSelect((state) => state.users[userId]);
    const name = useSelect((state) => userName(state, userId));
    const status = useSelect((state) => state.statuses[userId] ?? "offline");
    const isMe = useSelect((state) => state.me === userId);
    const minute = useMinute();
    const custom = customStatus(user, minute);
    const local = useLocalTime(user?.timezone ?? undefined, minute);
    const [isBusy, setBusy] = useState(false);
    useEffect(() => {
        api.usersByIds([userId]).then((users) => dispatch({ kind: "users_received", users })).catch(() => undefined);
        api.statuses([userId]).then((statuses) => dispatch({ kind: "statuses_received", statuses })).catch(() => undefined);
    }, [userId]);
    if (!user) return <div class="profile"><Spinner label={t("people.loading")} /></div>;
    return (
        <div class="profile">
            <div class="profile-top">
                <Face id={userId} size={64} />
                <div class="profile-names">
                    <strong class="profile-name">{fullName(user) || user.nickname || name}</strong>
                    <span class="clip">@{user.username}</span>
                    {user.is_bot ? <span class="tag">{t("user.bot")}</span> : <span class="profile-status"><Presence status={status} /> {statusText(status)}</span>}
                </div>
            </div>
            {custom && <p class="profile-custom">{custom.emoji && <EmojiView name={custom.emoji} />} {custom.text}</p>}
            <dl class="profile-facts">
                {user.nickname && fullName(user) && <Fact label={t("settings.nickname")} value={user.nickname} />}
                {user.position && <Fact label={t("settings.position")} value={user.position} />}
                {user.email && <Fact label={t("signup.email")} value={user.email} href={`mailto:${user.email}`} />}
                {local && <Fact label={t("people.local_time")} value={local} />}
                {user.bot_description && <Fact label={t("people.about")} value={user.bot_description} />}
            </dl>
            {user.delete_at > 0 ? <p class="profile-gone">{t("people.deactivated")}</p> : (
                <div class="profile-actions">
                    <Button small tone="primary" icon={MessageSquare} busy={isBusy} onClick={() => {
                        setBusy(true);
                        void attempt(openDirect(userId)).then(onClose);
                    }}>{t("people.message")}</Button>
                    {isMe
                        ? <Button small icon={Settings} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "settings", tab: "profile" } })}>{t("settings.title")}</Button>
                        : <Button small icon={AtSign} onClick={() => {
                            dispatch({ kind: "side", side: { kind: "search", terms: `from:${user.username}` } });
                            onClose();
                        }}>{t("people.messages_from")}</Button>}
                </div>
            )}
        </div>
    );
}

function Fact({ label, value, href }: { readonly label: string; readonly value: string; readonly href?: string }) {
    return <div><dt>{label}</dt><dd>{href ? <a href={href}>{value}</a> : value}</dd></div>;
}

function useLocalTime(zone: { readonly [key: string]: string | undefined } | undefined, at: number): string {
    const clock = useClock();
    const name = zone?.["useAutomaticTimezone"] === "false" ? zone["manualTimezone"] : zone?.["automaticTimezone"];
    if (!name) return "";
    try {
        return new Intl.DateTimeFormat(language.value, { timeZone: name, hour: "numeric", minute: "2-digit", hour12: !clock.is24, timeZoneName: "short" }).format(at);
    } catch {
        return timeText(at, clock);
    }
}
