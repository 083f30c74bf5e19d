/** One stroke set, 1.5 px, at 16 or 20. Decoration: the words are beside it or in the button's label. */
import type { IconNode } from "lucide";
import { h } from "preact";

export interface IconProps {
    readonly of: IconNode;
    readonly size?: 14 | 16 | 20 | 24;
    readonly class?: string;
}

export function Icon({ of, size = 16, class: className = "" }: IconProps) {
    return (
        <svg class={`icon ${className}`} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={size >= 20 ? 1.75 : 2} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            {of.map(([tag, attributes], i) => h(tag, { key: i, ...attributes } as never))}
        </svg>
    );
}
