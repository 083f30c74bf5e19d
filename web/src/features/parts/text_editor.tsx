/** The field messages are written in: grows with the text, completes names, formats by keys, and leaves the input method alone. */
import type { ComponentChildren, Ref, TargetedClipboardEvent, TargetedKeyboardEvent } from "preact";
import { useId, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ChannelId, PostId } from "../../lib/ids";
import { isInsideFence, typedAt, type Typed } from "../../lib/complete";
import { makeCodeBlock, makeLink, toggleMarks, togglePrefix, type Edit } from "../../lib/format";
import { isForInputMethod } from "../../lib/ime";
import { sendsOn } from "../../lib/send_key";
import { preference } from "../../state/select";
import { SuggestionList, useSuggestions, type Suggestion } from "./completion";
import { useSelect } from "./use_select";
import "./text_editor.css";

export interface TextEditorHandle {
    readonly focus: () => void;
    readonly insert: (text: string) => void;
    readonly format: (kind: Format) => void;
    readonly element: () => HTMLTextAreaElement | null;
}

export type Format = "bold" | "italic" | "strike" | "code" | "code_block" | "quote" | "list" | "numbers" | "link";

export interface TextEditorProps {
    readonly value: string;
    readonly onChange: (value: string) => void;
    readonly onSubmit: () => void;
    readonly onKey?: (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => void;
    readonly onPaste?: (event: TargetedClipboardEvent<HTMLTextAreaElement>) => void;
    readonly onBlur?: () => void;
    readonly channelId: ChannelId;
    readonly rootId: PostId | "";
    readonly label: string;
    readonly placeholder?: string;
    readonly disabled?: boolean;
    readonly autoFocus?: boolean;
    readonly handle?: Ref<TextEditorHandle>;
    readonly children?: ComponentChildren;
}

/** Replaces a range in a way the browser can undo. */
export function applyEdit(element: HTMLTextAreaElement, edit: Edit): void {
    element.focus();
    element.setSelectionRange(edit.start, edit.end);
    const worked = edit.text ? document.execCommand("insertText", false, edit.text) : edit.start === edit.end || document.execCommand("delete");
    if (!worked) {
        element.setRangeText(edit.text, edit.start, edit.end, "end");
        element.dispatchEvent(new Event("input", { bubbles: true }));
    }
    element.setSelectionRange(edit.selectFrom, edit.selectTo);
}

export function formatEdit(kind: Format, text: string, start: number, end: number): Edit {
    switch (kind) {
        case "bold": return toggleMarks(text, start, end, "**");
        case "italic": return toggleMarks(text, start, end, "_");
        case "strike": return toggleMarks(text, start, end, "~~");
        case "code": return toggleMarks(text, start, end, "`");
        case "code_block": return makeCodeBlock(text, start, end);
        case "quote": return togglePrefix(text, start, end, "> ");
        case "list": return togglePrefix(text, start, end, "- ");
        case "numbers": return togglePrefix(text, start, end, "1. ");
        case "link": return makeLink(text, start, end);
    }
}

const KEYS: readonly { readonly key: string; readonly shift?: boolean; readonly alt?: boolean; readonly format: Format }[] = [
    { key: "b", format: "bold" },
    { key: "i", format: "italic" },
    { key: "x", shift: true, format: "strike" },
    { key: "c", alt: true, format: "code" },
    { key: "k", alt: true, format: "link" },
];

export function TextEditor(props: TextEditorProps) {
    const ref = useRef<HTMLTextAreaElement>(null);
    const listId = useId();
    const [typed, setTyped] = useState<Typed | null>(null);
    const [active, setActive] = useState(0);
    const dismissed = useRef("");
    const withCtrl = useSelect((state) => preference(state, "advanced_settings", "send_on_ctrl_enter") === "true");
    const suggestions = useSuggestions(typed, props.channelId, props.rootId);
    const isOpen = typed !== null && suggestions.length > 0;

    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return;
        element.style.height = "auto";
        element.style.height = `${element.scrollHeight}px`;
        if (props.value === "") setTyped(null);
    }, [props.value]);

    useLayoutEffect(() => {
        const element = ref.current;
        if (!element || !props.autoFocus) return;
        element.focus({ preventScroll: true });
        element.setSelectionRange(element.value.length, element.value.length);
    }, []);

    useImperativeHandle(props.handle ?? null, () => ({
        element: () => ref.current,
        focus: () => ref.current?.focus({ preventScroll: true }),
        insert: (text) => {
            const element = ref.current;
            if (!element) return;
            const at = element.selectionStart, to = element.selectionEnd;
            const spaced = at > 0 && !/\s$/.test(element.value.slice(0, at)) ? ` ${text}` : text;
            applyEdit(element, { start: at, end: to, text: spaced, selectFrom: at + spaced.length, selectTo: at + spaced.length });
        },
        format: (kind) => {
            const element = ref.current;
            if (element) applyEdit(element, formatEdit(kind, element.value, element.selectionStart, element.selectionEnd));
        },
    }), []);

    function look(): void {
        const element = ref.current;
        if (!element) return;
        const next = element.selectionStart === element.selectionEnd ? typedAt(element.value, element.selectionStart) : null;
        const key = next ? `${next.trigger}${next.start}` : "";
        if (key !== dismissed.current) dismissed.current = "";
        setTyped(next && key !== dismissed.current ? next : null);
        setActive(0);
    }

    function pick(suggestion: Suggestion): void {
        const element = ref.current;
        if (!element || !typed) return;
        const end = element.selectionStart;
        const at = typed.start + suggestion.insert.length;
        setTyped(null);
        applyEdit(element, { start: typed.start, end, text: suggestion.insert, selectFrom: at, selectTo: at });
    }

    function onSuggestionKey(event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean {
        if (!isOpen || isForInputMethod(event)) return false;
        const chosen = suggestions[active];
        switch (event.key) {
            case "ArrowDown": setActive((active + 1) % suggestions.length); break;
            case "ArrowUp": setActive((active - 1 + suggestions.length) % suggestions.length); break;
            case "Enter":
            case "Tab":
                if (!chosen || event.shiftKey) return false;
                /* A name typed in full needs no completion: Enter sends. */
                if (event.key === "Enter" && typed && chosen.insert.trim().toLowerCase() === `${typed.trigger}${typed.word}`.toLowerCase()) return false;
                pick(chosen);
                break;
            case "Escape":
                dismissed.current = typed ? `${typed.trigger}${typed.start}` : "";
                setTyped(null);
                break;
            default: return false;
        }
        event.preventDefault();
        event.stopPropagation();
        return true;
    }

    function onKeyDown(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
        if (isForInputMethod(event) || onSuggestionKey(event)) return;
        const element = event.currentTarget;
        if (sendsOn(event, { withCtrl, inFence: isInsideFence(element.value.slice(0, element.selectionStart)) })) {
            event.preventDefault();
            props.onSubmit();
            return;
        }
        if (event.ctrlKey || event.metaKey) {
            const found = KEYS.find((each) => each.key === event.key.toLowerCase() && Boolean(each.shift) === event.shiftKey && Boolean(each.alt) === event.altKey);
            if (found) {
                event.preventDefault();
                applyEdit(element, formatEdit(found.format, element.value, element.selectionStart, element.selectionEnd));
                return;
            }
        }
        props.onKey?.(event);
    }

    return (
        <div class="text-editor">
            {isOpen && <SuggestionList id={listId} list={suggestions} active={active} onPick={pick} onHover={setActive} />}
            <textarea
                ref={ref} class="text-area" rows={1} value={props.value} placeholder={props.placeholder} aria-label={props.label} disabled={props.disabled}
                aria-autocomplete="list" aria-controls={isOpen ? listId : undefined} aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
                spellcheck autoComplete="off" dir="auto" enterkeyhint="send"
                onInput={(event) => {
                    props.onChange(event.currentTarget.value);
                    look();
                }}
                onClick={look}
                onKeyDown={onKeyDown}
                onKeyUp={(event) => {
                    if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") look();
                }}
                onPaste={props.onPaste}
                onBlur={() => {
                    setTyped(null);
                    props.onBlur?.();
                }}
            />
            {props.children}
        </div>
    );
}
