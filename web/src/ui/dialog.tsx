/** A modal dialog on the browser's own: it traps focus, closes with Escape, and gives focus back. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { X } from "lucide";
import { t } from "../i18n";
import { IconButton } from "./parts";

export function Dialog({ title, onClose, size = "", children, foot, class: className = "", headless }: {
    readonly title: string; readonly onClose: () => void; readonly size?: "" | "wide" | "narrow"; readonly children: ComponentChildren;
    readonly foot?: ComponentChildren; readonly class?: string; readonly headless?: boolean;
}) {
    const ref = useRef<HTMLDialogElement>(null);
    const id = useId();
    useLayoutEffect(() => {
        const dialog = ref.current;
        const before = document.activeElement as HTMLElement | null;
        if (dialog && !dialog.open) {
            dialog.showModal();
            (dialog.querySelector<HTMLElement>("[autofocus], .dialog-body input, .dialog-body textarea") ?? dialog.querySelector<HTMLElement>(".dialog-foot .button:last-child"))?.focus();
        }
        return () => {
            dialog?.close();
            if (before?.isConnected) before.focus({ preventScroll: true });
        };
    }, []);
    return (
        <dialog ref={ref} class={`dialog ${size} ${className}`} aria-labelledby={headless ? undefined : id} aria-label={headless ? title : undefined}
            onCancel={(event) => {
                event.preventDefault();
                onClose();
            }}
            onMouseDown={(event) => {
                if (event.target === ref.current) onClose();
            }}>
            {!headless && (
                <div class="dialog-head">
                    <h2 class="dialog-title clip" id={id}>{title}</h2>
                    <IconButton icon={X} size={20} label={t("action.close")} onClick={onClose} />
                </div>
            )}
            {headless ? children : <div class="dialog-body">{children}</div>}
            {foot && <div class="dialog-foot">{foot}</div>}
        </dialog>
    );
}
