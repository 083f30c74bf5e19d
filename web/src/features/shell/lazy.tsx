import type { ComponentChildren, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A view that is fetched when it is first shown; kept from then on. */
export function lazy<P extends object>(load: () => Promise<FunctionComponent<P>>, waiting: ComponentChildren = null): FunctionComponent<P> {
    let known: FunctionComponent<P> | null = null;
    return function Lazy(props: P) {
        const [View, setView] = useState<FunctionComponent<P> | null>(() => known);
        useEffect(() => {
            if (View) return;
            void load().then((view) => {
                known = view;
                setView(() => view);
            });
        }, []);
        return View ? <View {...props} /> : <>{waiting}</>;
    };
}
