/** Standard emoji by short name. The common ones are here; the full table is fetched when first needed. */
import { signal } from "@preact/signals";

export interface EmojiEntry {
    readonly names: readonly string[];
    readonly char: string;
    readonly hasTones: boolean;
}

export interface EmojiGroup {
    readonly id: string;
    readonly entries: readonly EmojiEntry[];
}

const COMMON: { readonly [name: string]: string } = {
    "+1": "👍", thumbsup: "👍", "-1": "👎", heart: "❤️", smile: "😄", laughing: "😆", joy: "😂", slightly_smiling_face: "🙂", wink: "😉", tada: "🎉", eyes: "👀",
    clap: "👏", pray: "🙏", ok_hand: "👌", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", fire: "🔥", rocket: "🚀", thinking: "🤔", cry: "😢", sob: "😭", wave: "👋",
    muscle: "💪", "100": "💯", grinning: "😀", blush: "😊", sunglasses: "😎", coffee: "☕", warning: "⚠️", calendar: "📅", house: "🏠", palm_tree: "🌴", face_with_thermometer: "🤒",
    hamburger: "🍔", speech_balloon: "💬",
};

const TONES: { readonly [name: string]: string } = {
    light_skin_tone: "🏻", medium_light_skin_tone: "🏼", medium_skin_tone: "🏽", medium_dark_skin_tone: "🏾", dark_skin_tone: "🏿",
};

/** Changes once, when the full table is there; views that read it are drawn again. */
const table = signal<ReadonlyMap<string, EmojiEntry> | null>(null);
let groups: readonly EmojiGroup[] = [];
let loading: Promise<readonly EmojiGroup[]> | null = null;

export function loadEmojis(): Promise<readonly EmojiGroup[]> {
    loading ??= import("./emoji_data").then(({ EMOJI_GROUPS }) => {
        const byName = new Map<string, EmojiEntry>();
        groups = EMOJI_GROUPS.map(({ id, lines }) => ({
            id,
            entries: lines.split("\n").filter(Boolean).map((line) => {
                const [names = "", char = ""] = line.split(" ");
                const hasTones = names.endsWith("*");
                const entry = { names: (hasTones ? names.slice(0, -1) : names).split(","), char, hasTones };
                for (const name of entry.names) byName.set(name, entry);
                return entry;
            }),
        }));
        table.value = byName;
        return groups;
    });
    return loading;
}

export type EmojiLookup = { readonly kind: "char"; readonly char: string } | { readonly kind: "unknown" } | { readonly kind: "loading" };

/** Reads the table's signal: a view that asks too early is drawn again. */
export function emojiFor(name: string): EmojiLookup {
    const common = COMMON[name];
    if (common) return { kind: "char", char: common };
    if (!table.value) {
        void loadEmojis();
        return { kind: "loading" };
    }
    const entry = table.value.get(name);
    if (entry) return { kind: "char", char: entry.char };
    const tone = /^(.+?)_((?:medium_)?(?:light_|dark_)?skin_tone)$/.exec(name);
    const base = tone?.[1] ? table.value.get(tone[1]) : undefined;
    const modifier = tone?.[2] ? TONES[tone[2]] : undefined;
    return base?.hasTones && modifier ? { kind: "char", char: withTone(base.char, modifier) } : { kind: "unknown" };
}

/** The tone stands after the first character, in place of its variation selector. */
function withTone(char: string, modifier: string): string {
    const [first = "", ...rest] = [...char];
    return first + modifier + rest.join("").replace(/^\ufe0f/, "");
}
