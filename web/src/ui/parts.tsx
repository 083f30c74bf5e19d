/** Plain parts: buttons, fields, avatars, badges, empty places. They know words and looks, nothing of chat. */
import type { IconNode } from "lucide";
import type { ComponentChildren, TargetedKeyboardEvent, TargetedMouseEvent } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./icon";
import { Mark } from "./mark";
import "./parts.css";

type ButtonProps = {
    readonly tone?: "primary" | "danger" | "plain" | "normal";
    readonly wide?: boolean;
    readonly small?: boolean;
    readonly icon?: IconNode;
    readonly busy?: boolean;
    readonly disabled?: boolean;
    readonly type?: "button" | "submit";
    readonly onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
    readonly children: ComponentChildren;
};

export function Button({ tone = "normal", wide, small, icon, busy, disabled, type = "button", onClick, children }: ButtonProps) {
    const names = ["button", tone !== "normal" && `button-${tone}`, wide && "button-wide", small && "button-small"].filter(Boolean).join(" ");
    return (
        <button type={type} class={names} disabled={disabled || busy} aria-busy={busy || undefined} onClick={onClick}>
            {icon && <Icon of={icon} />}
            {children}
        </button>
    );
}

type IconButtonProps = {
    readonly icon: IconNode;
    readonly label: string;
    readonly size?: 14 | 16 | 20;
    readonly small?: boolean;
    readonly pressed?: boolean;
    readonly expanded?: boolean;
    readonly disabled?: boolean;
    readonly class?: string;
    readonly hasMenu?: boolean;
    readonly onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
};

export function IconButton({ icon, label, size = 16, small, pressed, expanded, disabled, class: className = "", hasMenu, onClick }: IconButtonProps) {
    return (
        <button type="button" class={`icon-button ${small ? "small" : ""} ${className}`} aria-label={label} title={label} disabled={disabled}
            aria-pressed={pressed} aria-expanded={expanded} aria-haspopup={hasMenu ? "menu" : undefined} onClick={onClick}>
            <Icon of={icon} size={size} />
        </button>
    );
}

type FieldProps = {
    readonly label: string;
    readonly value: string;
    readonly onInput: (value: string) => void;
    readonly type?: "text" | "email" | "password" | "search";
    readonly hint?: ComponentChildren;
    readonly error?: string;
    readonly autoFocus?: boolean;
    readonly autoComplete?: string;
    readonly placeholder?: string;
    readonly maxLength?: number;
    readonly rows?: number;
    readonly name?: string;
};

export function Field({ label, value, onInput, type = "text", hint, error, autoFocus, autoComplete, placeholder, maxLength, rows, name }: FieldProps) {
    const id = useId();
    const shared = {
        id, class: "input", value, placeholder, maxLength, name, autoFocus, "aria-invalid": error ? true : undefined,
        "aria-describedby": hint || error ? `${id}-note` : undefined,
    } as const;
    return (
        <div class="field">
            <label class="field-label" for={id}>{label}</label>
            {rows
                ? <textarea {...shared} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
                : <input {...shared} type={type as "text"} autoComplete={autoComplete} spellcheck={type === "text" ? undefined : false} autocapitalize="none" onInput={(event) => onInput(event.currentTarget.value)} />}
            {(error || hint) && <div id={`${id}-note`} class={error ? "field-error" : "field-hint"} role={error ? "alert" : undefined}>{error || hint}</div>}
        </div>
    );
}

export function Check({ label, hint, checked, onChange, type = "checkbox", name }: {
    readonly label: string; readonly hint?: string; readonly checked: boolean; readonly onChange: (on: boolean) => void; readonly type?: "checkbox" | "radio"; readonly name?: string;
}) {
    return (
        <label class="check">
            <input type={type} name={name} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
            <span>{label}{hint && <span class="check-hint">{hint}</span>}</span>
        </label>
    );
}

export function Badge({ count, label }: { readonly count: number; readonly label?: string }) {
    return count > 0 ? <span class="badge drawn-text" role={label ? "img" : undefined} aria-label={label} data-text={count > 99 ? "99+" : count} /> : null;
}

export function Avatar({ src, size, isBot, status, alt = "" }: {
    readonly src: string; readonly size: number; readonly isBot?: boolean | undefined; readonly status?: string | undefined; readonly alt?: string;
}) {
    return (
        <span class={`avatar ${isBot ? "is-bot" : ""}`} style={{ width: `${size}px`, height: `${size}px` }}>
            <img class="avatar-image" src={src} width={size} height={size} alt={alt} loading="lazy" decoding="async" draggable={false} />
            {status && <Presence status={status} />}
        </span>
    );
}

export function Presence({ status, label }: { readonly status: string; readonly label?: string }) {
    return <span class={`presence presence-${status}`} role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true} />;
}

export function Spinner({ label }: { readonly label: string }) {
    return <span class="spinner" role="status" aria-label={label} />;
}

export function Bone({ width, height = 12 }: { readonly width: number | string; readonly height?: number }) {
    return <span class="bone" style={{ display: "block", width: typeof width === "number" ? `${width}px` : width, height: `${height}px` }} />;
}

export function Empty({ title, text, children, mark = true }: {
    readonly title: string; readonly text?: ComponentChildren; readonly children?: ComponentChildren; readonly mark?: boolean;
}) {
    return (
        <div class="empty">
            {mark && <Mark size={40} />}
            <p class="empty-title">{title}</p>
            {text && <p class="empty-text">{text}</p>}
            {children}
        </div>
    );
}

export function Tabs<T extends string>({ tabs, active, onSelect, label }: {
    readonly tabs: readonly { readonly id: T; readonly label: string }[]; readonly active: T; readonly onSelect: (id: T) => void; readonly label: string;
}) {
    const move = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step === 0) return;
        const at = tabs.findIndex((tab) => tab.id === active);
        const next = tabs[(at + step + tabs.length) % tabs.length];
        if (next) onSelect(next.id);
        (event.currentTarget.children[(at + step + tabs.length) % tabs.length] as HTMLElement | undefined)?.focus();
    };
    return (
        <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
            {tabs.map((tab) => (
                <button key={tab.id} type="button" role="tab" class="tab" aria-selected={tab.id === active} tabIndex={tab.id === active ? 0 : -1} onClick={() => onSelect(tab.id)}>{tab.label}</button>
            ))}
        </div>
    );
}
