/** What floats beside something: menus, popovers. In the top layer, kept inside the window, closed by Escape or a click elsewhere. */
import type { IconNode } from "lucide";
import type { ComponentChildren, TargetedKeyboardEvent, TargetedMouseEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon";

export interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
}

const GAP = 6;
const EDGE = 8;

export function boxOf(element: Element): Box {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
}

/** Below where there is room, else above; never outside the window. */
export function place(anchor: Box, width: number, height: number, window: { readonly width: number; readonly height: number }, align: "start" | "end"): { left: number; top: number } {
    const wantedLeft = align === "start" ? anchor.left : anchor.right - width;
    const left = Math.max(EDGE, Math.min(wantedLeft, window.width - width - EDGE));
    const below = anchor.bottom + GAP;
    const above = anchor.top - GAP - height;
    const top = below + height <= window.height - EDGE || above < EDGE ? Math.max(EDGE, Math.min(below, window.height - height - EDGE)) : above;
    return { left, top };
}

export function Floating({ anchor, align = "start", onClose, children, class: className = "", label, role = "dialog" }: {
    readonly anchor: Box; readonly align?: "start" | "end"; readonly onClose: () => void; readonly children: ComponentChildren;
    readonly class?: string; readonly label: string; readonly role?: "dialog" | "menu";
}) {
    const ref = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return;
        const before = document.activeElement as HTMLElement | null;
        element.showPopover();
        const fit = () => {
            const { left, top } = place(anchor, element.offsetWidth, element.offsetHeight, { width: innerWidth, height: innerHeight }, align);
            element.style.left = `${left}px`;
            element.style.top = `${top}px`;
        };
        fit();
        const observer = new ResizeObserver(fit);
        observer.observe(element);
        element.querySelector<HTMLElement>("[autofocus], [role=menuitem], [role=menuitemradio], input, button")?.focus({ preventScroll: true });
        return () => {
            observer.disconnect();
            if (before?.isConnected && (document.activeElement === document.body || element.contains(document.activeElement))) before.focus({ preventScroll: true });
        };
    }, [anchor]);
    useEffect(() => {
        const away = (event: MouseEvent) => {
            if (!ref.current?.contains(event.target as Node)) onClose();
        };
        const escape = (event: KeyboardEvent) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            event.stopPropagation();
            onClose();
        };
        /* After this click has run its course. */
        const timer = window.setTimeout(() => document.addEventListener("mousedown", away, true));
        document.addEventListener("keydown", escape, true);
        return () => {
            window.clearTimeout(timer);
            document.removeEventListener("mousedown", away, true);
            document.removeEventListener("keydown", escape, true);
        };
    }, [onClose]);
    return <div ref={ref} popover="manual" class={`floating ${className}`} role={role} aria-label={label}>{children}</div>;
}

export type MenuEntry =
    | { readonly kind: "item"; readonly label: string; readonly icon?: IconNode; readonly hint?: string; readonly danger?: boolean; readonly checked?: boolean; readonly run: () => void }
    | { readonly kind: "line" }
    | { readonly kind: "head"; readonly content: ComponentChildren };

export function Menu({ anchor, align, onClose, label, entries }: {
    readonly anchor: Box; readonly align?: "start" | "end"; readonly onClose: () => void; readonly label: string; readonly entries: readonly MenuEntry[];
}) {
    const move = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
        const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]")];
        const at = items.indexOf(document.activeElement as HTMLElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
        if (event.key === "Tab") onClose();
        if (to === undefined) return;
        event.preventDefault();
        items[(to + items.length) % items.length]?.focus();
    };
    return (
        <Floating anchor={anchor} align={align ?? "start"} onClose={onClose} label={label} role="menu" class="menu-box">
            <div class="menu" onKeyDown={move}>
                {entries.map((entry, i) => {
                    if (entry.kind === "line") return <div key={i} class="menu-line" role="separator" />;
                    if (entry.kind === "head") return <div key={i} class="menu-head">{entry.content}</div>;
                    return (
                        <button key={i} type="button" class={`menu-item ${entry.danger ? "danger" : ""}`} role={entry.checked === undefined ? "menuitem" : "menuitemradio"} aria-checked={entry.checked} tabIndex={-1}
                            onClick={() => {
                                onClose();
                                entry.run();
                            }}>
                            {entry.icon && <Icon of={entry.icon} />}
                            <span class="menu-label">{entry.label}</span>
                            {entry.checked && <span aria-hidden="true">✓</span>}
                            {entry.hint && <span class="menu-hint">{entry.hint}</span>}
                        </button>
                    );
                })}
            </div>
        </Floating>
    );
}

/** A button that opens a menu beside itself. `draw` gets what the button needs. */
export function MenuButton({ entries, label, align, draw }: {
    readonly entries: () => readonly MenuEntry[]; readonly label: string; readonly align?: "start" | "end";
    readonly draw: (open: (event: TargetedMouseEvent<HTMLElement>) => void, isOpen: boolean) => ComponentChildren;
}) {
    const [anchor, setAnchor] = useState<Box | null>(null);
    return (
        <>
            {draw((event) => setAnchor(anchor ? null : boxOf(event.currentTarget)), anchor !== null)}
            {anchor && <Menu anchor={anchor} align={align ?? "start"} label={label} entries={entries()} onClose={() => setAnchor(null)} />}
        </>
    );
}
