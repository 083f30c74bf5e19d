/** First letters of Chinese names, so that "sjps" finds 设计评审. The browser's collation knows the order of the readings: a character's
 *  initial is that of the last of these boundary characters that does not stand after it. Rare readings of characters with several are missed. */
const BOUNDARIES = "阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";

const collator = new Intl.Collator("zh-CN-u-co-pinyin");
const known = new Map<string, string>();

export function initialsOf(text: string): string {
    const cached = known.get(text);
    if (cached !== undefined) return cached;
    let result = "";
    for (const char of text) result += /\p{Script=Han}/u.test(char) ? initialOf(char) : /[a-z0-9]/i.test(char) ? char.toLowerCase() : "";
    if (known.size > 5_000) known.clear();
    known.set(text, result);
    return result;
}

function initialOf(char: string): string {
    for (let i = BOUNDARIES.length - 1; i >= 0; i--) if (collator.compare(char, BOUNDARIES.charAt(i)) >= 0) return LETTERS.charAt(i);
    return "";
}
