import { X } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { dispatch } from "../../state/store";
import { IconButton } from "../../ui/parts";
import { useSelect } from "../parts/use_select";

/** Short notices. In the top layer, so that a dialog does not hide them. */
export function Toasts() {
    const toasts = useSelect((state) => state.ui.toasts);
    const ref = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return;
        /* Shown anew with each notice: what was shown last stands on top. */
        if (element.matches(":popover-open")) element.hidePopover();
        if (toasts.length > 0) element.showPopover();
    }, [toasts.length]);
    return (
        <div ref={ref} popover="manual" class="toasts" role="status" aria-live="polite">
            {toasts.map((toast) => (
                <div key={toast.id} class={`toast toast-${toast.tone}`}>
                    <span>{toast.text}</span>
                    <IconButton small icon={X} label={t("action.close")} onClick={() => dispatch({ kind: "toast_gone", id: toast.id })} />
                </div>
            ))}
        </div>
    );
}
