/** What is being typed that could be completed: a person, a channel, an emoji, a command. */
export type Trigger = "@" | "~" | ":" | "/";

export interface Typed {
    readonly trigger: Trigger;
    readonly word: string;
    /** Where the trigger stands, and where the word ends. */
    readonly start: number;
    readonly end: number;
}

const PATTERNS: readonly (readonly [Trigger, RegExp])[] = [
    ["@", /(?:^|[^\p{L}\p{N}_@.]|[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])@([\p{L}\p{N}._-]*(?:[ '][\p{L}\p{N}._-]+)?)$/u],
    ["~", /(?:^|[^\w~])~([\p{L}\p{N}_-]*)$/u],
    [":", /(?:^|[^\w:])(?::)([a-z0-9_+-]{2,})$/i],
];

export function typedAt(text: string, caret: number): Typed | null {
    const before = text.slice(0, caret);
    if (/^\/[^\s/]*$/.test(before)) return { trigger: "/", word: before.slice(1), start: 0, end: caret };
    if (isInsideCode(before)) return null;
    for (const [trigger, pattern] of PATTERNS) {
        const word = pattern.exec(before)?.[1];
        if (word !== undefined) return { trigger, word, start: caret - word.length - 1, end: caret };
    }
    return null;
}

/** After an odd number of fences, or of back-ticks on the line, one writes code. */
export function isInsideCode(before: string): boolean {
    if (isInsideFence(before)) return true;
    const line = before.slice(before.lastIndexOf("\n") + 1);
    return (line.match(/`/g) ?? []).length % 2 === 1;
}

export function isInsideFence(before: string): boolean {
    return (before.match(/^\s*```/gm) ?? []).length % 2 === 1;
}
