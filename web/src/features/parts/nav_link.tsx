import type { ComponentChildren } from "preact";
import { go } from "../../commands/navigate";
import { pathOf, type Route } from "../../state/route";

/** A real link, so that it can be opened in a tab or copied; a plain click goes there without loading the page. */
export function NavLink({ to, children, class: className, label, current, onGo, onContextMenu }: {
    readonly to: Route; readonly children: ComponentChildren; readonly class?: string; readonly label?: string | undefined; readonly current?: boolean; readonly onGo?: () => void;
    readonly onContextMenu?: (event: MouseEvent) => void;
}) {
    return (
        <a href={pathOf(to)} class={className} aria-label={label} aria-current={current ? "page" : undefined} draggable={false} onContextMenu={onContextMenu}
            onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
                event.preventDefault();
                go(to);
                onGo?.();
            }}>{children}</a>
    );
}
