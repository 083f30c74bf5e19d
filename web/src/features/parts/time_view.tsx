import { language } from "../../i18n";
import { exactText, shortText, timeText, type Clock } from "../../lib/time";
import { isMilitaryTime } from "../../state/select";
import { useSelect } from "./use_select";

export function useClock(): Clock {
    const is24 = useSelect((state) => (state.preferences["display_settings/use_military_time"] === undefined ? language.value === "zh-CN" : isMilitaryTime(state)));
    return { language: language.value, is24 };
}

/** The time of day; the exact date and time on hover. */
export function TimeView({ at, style = "time" }: { readonly at: number; readonly style?: "time" | "short" }) {
    const clock = useClock();
    return <time dateTime={new Date(at).toISOString()} title={exactText(at, clock)}>{style === "time" ? timeText(at, clock) : shortText(at, Date.now(), clock)}</time>;
}
