/** Names for addresses, made from what people type. */

/** A channel's address name. Chinese has no letters for it: then a short unique word stands in. */
export function channelNameFrom(displayName: string, at: number): string {
    const name = displayName.toLowerCase().normalize("NFKD").replace(/[^a-z0-9\-_\s]/g, "").trim().replace(/\s+/g, "-").replace(/-{2,}/g, "-").replace(/^[-_]+|[-_]+$/g, "");
    return name.length > 0 && isMostlyLatin(displayName) ? name.slice(0, 64) : `c-${at.toString(36)}`;
}

function isMostlyLatin(text: string): boolean {
    const letters = [...text].filter((char) => /\p{L}|\p{N}/u.test(char));
    return letters.filter((char) => /[a-z0-9]/i.test(char.normalize("NFKD").charAt(0))).length >= letters.length / 2;
}

const RESERVED_TEAM_STARTS = [
    "admin", "api", "channel", "claim", "error", "files", "help", "landing", "login", "mfa", "oauth", "plug", "plugins", "post", "signup", "boards",
    "playbooks",
];

export function teamNameFrom(displayName: string, at: number): string {
    const base = channelNameFrom(displayName, at).replace(/_/g, "-").slice(0, 60);
    const name = base.startsWith("c-") ? `team-${at.toString(36)}` : base;
    const safe = RESERVED_TEAM_STARTS.some((word) => name.startsWith(word)) ? `team-${name}` : name;
    return safe.length < 2 ? `${safe}-team` : safe;
}

export function isTeamName(name: string): boolean {
    return /^[a-z0-9]([a-z0-9-]*[a-z0-9])$/.test(name) && name.length >= 2 && name.length <= 64 && !RESERVED_TEAM_STARTS.some((word) => name.startsWith(word));
}

export function isUsername(name: string): boolean {
    return /^[a-z][a-z0-9.\-_]{2,63}$/.test(name);
}

export function isEmail(text: string): boolean {
    return /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$|^[^\s@,;]+@localhost$/.test(text);
}
