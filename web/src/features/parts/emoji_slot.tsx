/** The emoji picker, fetched when it is first shown. */
import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Spinner } from "../../ui/parts";

type Picker = FunctionComponent<{ readonly onPick: (name: string) => void }>;
let known: Picker | null = null;

export function EmojiPicker({ onPick }: { readonly onPick: (name: string) => void }) {
    const [View, setView] = useState<Picker | null>(() => known);
    useEffect(() => {
        if (View) return;
        void import("./emoji_picker").then((module) => {
            known = module.EmojiPicker;
            setView(() => module.EmojiPicker);
        });
    }, []);
    return View ? <View onPick={onPick} /> : <div class="emoji-slot"><Spinner label={t("emoji.loading")} /></div>;
}
