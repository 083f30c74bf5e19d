/** A long list of which only what is near the window is in the document.
 *
 *  Model    Every item has a key and, once drawn, a measured height; the others are estimated. The scroll position is remembered as an
 *           anchor: an item and its distance from the top, or "the end". After each change the anchor is put back where it was, so nothing
 *           jumps when items are added before it, or when an image above it grows.
 *  Owner    The list owns the scroller. Ask for a position through the handle. */
import type { ComponentChildren, Ref } from "preact";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import "./virtual_list.css";

export interface VirtualListHandle {
    readonly scrollToKey: (key: string) => void;
    readonly scrollToEnd: () => void;
}

export type Start = { readonly kind: "end" } | { readonly kind: "key"; readonly key: string };

const OVERSCAN_PX = 900;
const NEAR_PX = 1_200;
/** This close to the end counts as being there. */
const END_PX = 32;

type AnchorPlace = { readonly kind: "end" } | { readonly kind: "key"; readonly key: string; readonly offset: number };

export interface VirtualListProps<T> {
    readonly items: readonly T[];
    readonly keyOf: (item: T) => string;
    readonly render: (item: T, index: number) => ComponentChildren;
    readonly estimate: (item: T) => number;
    readonly start: Start;
    /** The last item is the newest there is: stay with it when more come. */
    readonly followsEnd: boolean;
    readonly onNearStart?: () => void;
    readonly onNearEnd?: () => void;
    readonly onAtEnd?: (isAtEnd: boolean) => void;
    readonly header?: ComponentChildren;
    readonly footer?: ComponentChildren;
    readonly handle?: Ref<VirtualListHandle>;
    readonly label: string;
    readonly role?: "log" | "list";
}

export function VirtualList<T>(props: VirtualListProps<T>) {
    const { items, keyOf, render, estimate } = props;
    const scroller = useRef<HTMLDivElement>(null);
    const content = useRef<HTMLDivElement>(null);
    const headerRef = useRef<HTMLDivElement>(null);
    const heights = useRef(new Map<string, number>());
    const anchor = useRef<AnchorPlace>(props.start.kind === "end" ? { kind: "end" } : { kind: "key", key: props.start.key, offset: 120 });
    const isAtEnd = useRef(props.start.kind === "end");
    const [, redraw] = useState(0);
    const latest = useRef(props);
    latest.current = props;

    const heightOf = (item: T): number => heights.current.get(keyOf(item)) ?? estimate(item);

    /* Where each item begins, below the header. */
    const tops: number[] = [];
    let total = 0;
    for (const item of items) {
        tops.push(total);
        total += heightOf(item);
    }

    const view = scroller.current;
    const headerHeight = headerRef.current?.offsetHeight ?? 0;
    const viewHeight = view?.clientHeight || 800;
    const scrollTop = wantedTop() ?? view?.scrollTop ?? 0;
    const [first, last] = rangeAt(scrollTop);

    function rangeAt(top: number): readonly [number, number] {
        const from = Math.max(0, firstAfter(tops, top - headerHeight - OVERSCAN_PX) - 1);
        return [from, Math.min(items.length, Math.max(firstAfter(tops, top - headerHeight + viewHeight + OVERSCAN_PX), from + 1))];
    }

    /** Where the scroller has to be for the anchor to stand still. */
    function wantedTop(): number | null {
        const place = anchor.current;
        if (place.kind === "end") return latest.current.followsEnd || !view ? Math.max(0, headerHeight + total - viewHeight) : null;
        const at = items.findIndex((item) => keyOf(item) === place.key);
        return at < 0 ? null : headerHeight + (tops[at] ?? 0) - place.offset;
    }

    function restore(): void {
        const element = scroller.current;
        if (!element) return;
        const place = anchor.current;
        if (place.kind === "end") {
            element.scrollTop = element.scrollHeight;
            return;
        }
        const row = content.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(place.key)}"]`);
        if (!row) return;
        const delta = row.getBoundingClientRect().top - element.getBoundingClientRect().top - place.offset;
        if (Math.abs(delta) >= 1) element.scrollTop += delta;
    }

    function measure(): boolean {
        let changed = false;
        for (const row of content.current?.querySelectorAll<HTMLElement>(":scope > [data-key]") ?? []) {
            const key = row.dataset["key"] ?? "";
            const height = row.getBoundingClientRect().height;
            if (Math.abs((heights.current.get(key) ?? -1) - height) > 0.5) {
                heights.current.set(key, height);
                changed = true;
            }
        }
        return changed;
    }

    function remember(): void {
        const element = scroller.current;
        if (!element) return;
        const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
        if (atEnd !== isAtEnd.current) {
            isAtEnd.current = atEnd;
            latest.current.onAtEnd?.(atEnd);
        }
        if (atEnd && latest.current.followsEnd) {
            anchor.current = { kind: "end" };
            return;
        }
        const top = element.getBoundingClientRect().top;
        for (const row of content.current?.querySelectorAll<HTMLElement>(":scope > [data-key]") ?? []) {
            const box = row.getBoundingClientRect();
            if (box.bottom > top) {
                anchor.current = { kind: "key", key: row.dataset["key"] ?? "", offset: box.top - top };
                return;
            }
        }
    }

    function askForMore(): void {
        const element = scroller.current;
        if (!element) return;
        if (element.scrollTop < NEAR_PX) latest.current.onNearStart?.();
        if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX) latest.current.onNearEnd?.();
    }

    /* After each drawing: learn the heights, put the anchor back, draw again if what is near has changed. */
    useLayoutEffect(() => {
        if (measure()) redraw((n) => n + 1);
        restore();
    });

    useEffect(() => {
        askForMore();
    }, [items, first]);

    useEffect(() => {
        const element = scroller.current;
        const inner = content.current;
        if (!element || !inner) return;
        latest.current.onAtEnd?.(isAtEnd.current);
        const observer = new ResizeObserver(() => {
            if (measure()) redraw((n) => n + 1);
            restore();
        });
        observer.observe(element);
        observer.observe(inner);
        return () => observer.disconnect();
    }, []);

    useImperativeHandle(props.handle ?? null, () => ({
        scrollToKey: (key) => {
            anchor.current = { kind: "key", key, offset: (scroller.current?.clientHeight ?? 600) / 3 };
            isAtEnd.current = false;
            redraw((n) => n + 1);
        },
        scrollToEnd: () => {
            anchor.current = { kind: "end" };
            redraw((n) => n + 1);
        },
    }), []);

    const drawn = items.slice(first, last);
    return (
        <div ref={scroller} class="virtual" role={props.role} aria-label={props.label} tabIndex={0}
            onScroll={(event) => {
                remember();
                const [from, to] = rangeAt(event.currentTarget.scrollTop);
                if (Math.abs(from - first) > 3 || Math.abs(to - last) > 3 || (from === 0 && first !== 0) || (to === items.length && last !== to)) redraw((n) => n + 1);
                askForMore();
            }}>
            <div class="virtual-fill" />
            <div ref={headerRef}>{props.header}</div>
            <div ref={content}>
                <div style={{ height: `${tops[first] ?? 0}px` }} />
                {drawn.map((item, i) => <div key={keyOf(item)} data-key={keyOf(item)} class="virtual-row">{render(item, first + i)}</div>)}
                <div style={{ height: `${Math.max(0, total - (last < items.length ? (tops[last] ?? total) : total))}px` }} />
            </div>
            {props.footer}
        </div>
    );
}

/** The first index whose top lies at or below `at`. */
function firstAfter(tops: readonly number[], at: number): number {
    let low = 0, high = tops.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((tops[middle] ?? 0) < at) low = middle + 1;
        else high = middle;
    }
    return low;
}
