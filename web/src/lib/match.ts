import { initialsOf } from "./pinyin";

/** How well a typed word fits a name: higher is better, 0 is not at all. Whole, then start, then start of a word, then inside,
 *  then the first letters of the Chinese reading, then letters in order. */
export function matchScore(name: string, typed: string): number {
    const text = fold(name), word = fold(typed);
    if (!word) return 1;
    if (text === word) return 100;
    if (text.startsWith(word)) return 80;
    const at = text.indexOf(word);
    if (at > 0) return /[\s\-_.,@/]/.test(text.charAt(at - 1)) ? 60 : 40;
    if (/\p{Script=Han}/u.test(name)) {
        const initials = initialsOf(name);
        if (initials.startsWith(word)) return 50;
        if (word.length > 1 && initials.includes(word)) return 30;
    }
    return isSubsequence(text, word) ? 10 : 0;
}

/** Blind to case, accents and full-width forms. */
export function fold(text: string): string {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function isSubsequence(text: string, word: string): boolean {
    let at = 0;
    for (const char of word) {
        at = text.indexOf(char, at);
        if (at < 0) return false;
        at += 1;
    }
    return true;
}
