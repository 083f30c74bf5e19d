/** Is this key meant for the input method? While one composes, Enter picks a candidate and must never send.
 *  Safari ends the composition before its keydown and then reports keyCode 229; others set isComposing. */
export function isForInputMethod(event: { readonly isComposing?: boolean; readonly keyCode?: number; readonly key?: string }): boolean {
    return event.isComposing === true || event.keyCode === 229 || event.key === "Process";
}
