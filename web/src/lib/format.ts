/** Formatting of a selection: the change to make, as a replacement of a range. */
export interface Edit {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** The selection afterwards. */
    readonly selectFrom: number;
    readonly selectTo: number;
}

/** Puts marks around the selection, or takes them away where they already stand. */
export function toggleMarks(text: string, start: number, end: number, mark: string): Edit {
    const inner = text.slice(start, end);
    const n = mark.length;
    if (text.slice(start - n, start) === mark && text.slice(end, end + n) === mark) {
        return { start: start - n, end: end + n, text: inner, selectFrom: start - n, selectTo: end - n };
    }
    if (inner.length >= 2 * n && inner.startsWith(mark) && inner.endsWith(mark)) {
        return { start, end, text: inner.slice(n, -n), selectFrom: start, selectTo: end - 2 * n };
    }
    return { start, end, text: mark + inner + mark, selectFrom: start + n, selectTo: end + n };
}

/** Starts each line of the selection with a prefix, or takes it away when all have it. */
export function togglePrefix(text: string, start: number, end: number, prefix: string): Edit {
    const from = text.lastIndexOf("\n", start - 1) + 1;
    const nextBreak = text.indexOf("\n", end);
    const to = nextBreak < 0 ? text.length : nextBreak;
    const lines = text.slice(from, to).split("\n");
    const all = lines.every((line) => line.startsWith(prefix));
    const changed = lines.map((line) => (all ? line.slice(prefix.length) : prefix + line)).join("\n");
    return { start: from, end: to, text: changed, selectFrom: Math.max(from, start + (all ? -prefix.length : prefix.length)), selectTo: from + changed.length };
}

export function makeLink(text: string, start: number, end: number): Edit {
    const inner = text.slice(start, end);
    const isAddress = /^https?:\/\/\S+$/.test(inner);
    const made = isAddress ? `[](${inner})` : `[${inner}](url)`;
    const at = isAddress ? start + 1 : start + inner.length + 3;
    return { start, end, text: made, selectFrom: at, selectTo: isAddress ? at : at + 3 };
}

export function makeCodeBlock(text: string, start: number, end: number): Edit {
    const inner = text.slice(start, end);
    const before = start > 0 && text.charAt(start - 1) !== "\n" ? "\n" : "";
    const made = `${before}\`\`\`\n${inner}\n\`\`\``;
    return { start, end, text: made, selectFrom: start + before.length + 4, selectTo: start + before.length + 4 + inner.length };
}
