/** What one is doing, with an end. */
import { useState } from "preact/hooks";
import { Smile, X } from "lucide";
import { t } from "../../i18n";
import { setCustomStatus } from "../../commands/settings";
import { customStatus, me } from "../../state/select";
import { now } from "../../state/store";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { Button, IconButton } from "../../ui/parts";
import { EmojiView } from "../parts/emoji_view";
import { EmojiPicker } from "../parts/emoji_slot";

const PRESETS = [
    { emoji: "calendar", key: "custom.meeting", minutes: 60 }, { emoji: "hamburger", key: "custom.lunch", minutes: 30 }, { emoji: "face_with_thermometer", key: "custom.sick", minutes: -1 },
    { emoji: "house", key: "custom.home", minutes: -1 }, { emoji: "palm_tree", key: "custom.holiday", minutes: 0 },
] as const;

/** 0: until cleared; -1: today. */
const ENDS = [{ minutes: 0, key: "custom.never" }, { minutes: 30, key: "custom.half_hour" }, { minutes: 60, key: "custom.hour" }, { minutes: 240, key: "custom.four_hours" }, { minutes: -1, key: "custom.today" }] as const;

export function endOf(minutes: number, now: number): { readonly duration: string; readonly expires_at?: string } {
    if (minutes === 0) return { duration: "" };
    if (minutes < 0) {
        const midnight = new Date(now);
        midnight.setHours(23, 59, 59, 0);
        return { duration: "today", expires_at: midnight.toISOString() };
    }
    const duration = { 30: "thirty_minutes", 60: "one_hour", 240: "four_hours" }[minutes] ?? "date_and_time";
    return { duration, expires_at: new Date(now + minutes * 60_000).toISOString() };
}

export function CustomStatusDialog({ onClose }: { readonly onClose: () => void }) {
    const old = customStatus(me(now()), Date.now());
    const [emoji, setEmoji] = useState(old?.emoji ?? "");
    const [text, setText] = useState(old?.text ?? "");
    const [minutes, setMinutes] = useState(0);
    const [isPicking, setPicking] = useState(false);
    const [isBusy, setBusy] = useState(false);
    const save = async (clear: boolean) => {
        setBusy(true);
        const worked = await setCustomStatus(clear ? null : { emoji: emoji || "speech_balloon", text: text.trim(), ...endOf(minutes, Date.now()) });
        setBusy(false);
        if (worked) onClose();
    };
    return (
        <Dialog title={t("account.set_status")} onClose={onClose} foot={
            <>
                {old && <Button disabled={isBusy} onClick={() => void save(true)}>{t("custom.clear")}</Button>}
                <Button tone="primary" busy={isBusy} disabled={!text.trim() && !emoji} onClick={() => void save(false)}>{t("action.save")}</Button>
            </>
        }>
            <form class="status-row" onSubmit={(event) => {
                event.preventDefault();
                if (text.trim() || emoji) void save(false);
            }}>
                <button type="button" class="status-emoji" aria-label={t("composer.emoji")} aria-expanded={isPicking} onClick={() => setPicking(!isPicking)}>{emoji ? <EmojiView name={emoji} /> : <Icon of={Smile} size={20} />}</button>
                <input class="input" value={text} maxLength={100} autoFocus aria-label={t("custom.what")} placeholder={t("custom.what")} onInput={(event) => setText(event.currentTarget.value)} />
                {text && <IconButton icon={X} label={t("custom.clear")} onClick={() => {
                    setText("");
                    setEmoji("");
                }} />}
            </form>
            {isPicking && <div class="status-picker"><EmojiPicker onPick={(name) => {
                setEmoji(name);
                setPicking(false);
            }} /></div>}
            <label class="field">
                <span class="field-label">{t("custom.ends")}</span>
                <select class="input" value={String(minutes)} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>{ENDS.map((end) => <option key={end.minutes} value={String(end.minutes)}>{t(end.key)}</option>)}</select>
            </label>
            <div class="status-presets" role="group" aria-label={t("custom.suggestions")}>
                {PRESETS.map((preset) => (
                    <button key={preset.key} type="button" class="menu-item" onClick={() => {
                        setEmoji(preset.emoji);
                        setText(t(preset.key));
                        setMinutes(preset.minutes);
                    }}><EmojiView name={preset.emoji} /> <span>{t(preset.key)}</span></button>
                ))}
            </div>
        </Dialog>
    );
}
