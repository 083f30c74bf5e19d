/** Dates as people say them, in their language. Formatters are costly to make and are kept. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions, at: number): string {
    const key = `${language} ${JSON.stringify(options)}`;
    let formatter = formatters.get(key);
    if (!formatter) {
        formatter = new Intl.DateTimeFormat(language, options);
        formatters.set(key, formatter);
    }
    return formatter.format(at);
}

export interface Clock {
    readonly language: string;
    readonly is24: boolean;
}

export function timeText(at: number, clock: Clock): string {
    return clock.is24
        ? format(clock.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at)
        : format(clock.language, { hour: "numeric", minute: "2-digit", hour12: true }, at);
}

export function exactText(at: number, clock: Clock): string {
    return `${format(clock.language, { weekday: "long", year: "numeric", month: "long", day: "numeric" }, at)} ${timeText(at, clock)}`;
}

export function dayKey(at: number): string {
    const date = new Date(at);
    return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** Whole days between two moments, by the calendar. */
export function daysBetween(earlier: number, later: number): number {
    const midnight = (at: number) => {
        const date = new Date(at);
        return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
    };
    return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** "Today", "Yesterday", "Monday", "12 March", with the year where it is another one. */
export function dayText(at: number, now: number, language: string): string {
    const days = daysBetween(at, now);
    if (days === 0 || days === 1) return capital(new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day"));
    if (days > 1 && days < 7) return format(language, { weekday: "long" }, at);
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return format(language, { month: "long", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }, at);
}

/** For lists: the time today, the day otherwise. */
export function shortText(at: number, now: number, clock: Clock): string {
    const days = daysBetween(at, now);
    if (days === 0) return timeText(at, clock);
    if (days === 1) return dayText(at, now, clock.language);
    return format(clock.language, { month: "short", day: "numeric" }, at);
}

/** "2 hours ago". */
export function agoText(at: number, now: number, language: string): string {
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    const minutes = Math.round((now - at) / 60_000);
    if (minutes < 60) return relative.format(-minutes, "minute");
    const hours = Math.round(minutes / 60);
    if (hours < 24) return relative.format(-hours, "hour");
    return relative.format(-daysBetween(at, now), "day");
}

function capital(text: string): string {
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
