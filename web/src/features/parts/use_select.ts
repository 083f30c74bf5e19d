/** Views read the state through selectors; a view is drawn again only when what it selected has changed. */
import { computed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { store } from "../../state/store";
import type { State } from "../../state/state";

export function useSelect<T>(select: (state: State) => T, isEqual: (a: T, b: T) => boolean = Object.is): T {
    const latest = useRef(select);
    latest.current = select;
    const version = useSignal(0);
    const picked = useMemo<ReadonlySignal<T>>(() => {
        let last: T | undefined, has = false;
        return computed(() => {
            version.value;
            const next = latest.current(store.value);
            if (has && isEqual(last as T, next)) return last as T;
            last = next;
            has = true;
            return next;
        });
    }, []);
    /* The selector closes over props: when those change, what it picks may too. */
    const fresh = select(store.peek());
    const shown = picked.value;
    return isEqual(shown, fresh) ? shown : fresh;
}

export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
    return a.length === b.length && a.every((each, i) => Object.is(each, b[i]));
}

export function sameFields<T extends object>(a: T, b: T): boolean {
    const keys = Object.keys(a) as (keyof T)[];
    return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}

/** The current minute, for "2 minutes ago" and day lines. */
export function useMinute(): number {
    const minute = useSignal(Date.now());
    useEffect(() => {
        const timer = window.setInterval(() => {
            minute.value = Date.now();
        }, 60_000);
        return () => window.clearInterval(timer);
    }, []);
    return minute.value;
}
