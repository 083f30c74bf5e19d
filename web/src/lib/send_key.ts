import { isForInputMethod } from "./ime";

/** Does this key send? Never while composing; in a code block only with Ctrl. */
export function sendsOn(event: { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean; isComposing?: boolean; keyCode?: number }, options: { readonly withCtrl: boolean; readonly inFence: boolean }): boolean {
    if (isForInputMethod(event) || event.key !== "Enter" || event.shiftKey || event.altKey) return false;
    const hasCtrl = event.ctrlKey || event.metaKey;
    return options.withCtrl || options.inFence ? hasCtrl : true;
}
