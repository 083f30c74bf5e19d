/** The one value that changes. Views read it through selectors; everything that happens goes through `dispatch`. */
import { signal } from "@preact/signals";
import type { AppEvent } from "./events";
import { reduce } from "./reduce";
import { INITIAL, type State } from "./state";

export const store = signal<State>(INITIAL);

export function dispatch(event: AppEvent): void {
    store.value = reduce(store.peek(), event);
}

/** The state now, without subscribing to it. */
export function now(): State {
    return store.peek();
}
