import { emojiImageUrl } from "../../api/client";
import { emojiFor } from "../../lib/emoji";
import { wantEmojis } from "../../sync/people";
import { useSelect } from "./use_select";
import { useEffect } from "preact/hooks";

/** An emoji by name: a character, or the server's own picture. An unknown name stays as typed. */
export function EmojiView({ name }: { readonly name: string }) {
    const found = emojiFor(name);
    const custom = useSelect((state) => state.emojis[name]);
    const asks = found.kind === "unknown" && custom === undefined;
    useEffect(() => {
        if (asks) wantEmojis([name]);
    }, [asks, name]);
    if (found.kind === "char") return <span class="emoji" role="img" aria-label={`:${name}:`} title={`:${name}:`}>{found.char}</span>;
    if (custom) return <img class="emoji emoji-image" src={emojiImageUrl(custom.id)} alt={`:${name}:`} title={`:${name}:`} />;
    return <>{`:${name}:`}</>;
}
