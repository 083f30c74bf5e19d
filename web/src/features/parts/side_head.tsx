import { ArrowLeft, X } from "lucide";
import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import { dispatch } from "../../state/store";
import { IconButton } from "../../ui/parts";

/** The head of the panel at the side: back on a phone, close on a desk. */
export function SideHead({ title, subtitle, children }: { readonly title: string; readonly subtitle?: string; readonly children?: ComponentChildren }) {
    const close = () => dispatch({ kind: "side", side: null });
    return (
        <header class="side-head">
            <IconButton icon={ArrowLeft} size={20} class="phone-only" label={t("action.back")} onClick={close} />
            <div class="side-title"><h2 class="clip">{title}</h2>{subtitle && <span class="side-subtitle clip">{subtitle}</span>}</div>
            {children}
            <IconButton icon={X} size={20} class="desk-only" label={t("action.close")} onClick={close} />
        </header>
    );
}
