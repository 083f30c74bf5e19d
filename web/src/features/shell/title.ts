import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { channelTitle, totalBadge } from "../../state/select";
import { sameFields, useSelect } from "../parts/use_select";

/** The window's title and icon tell what waits: a number for mentions, a dot for the rest. */
export function useTitle(): void {
    const badge = useSelect(totalBadge, sameFields);
    const place = useSelect((state) => {
        if (state.phase !== "in") return "";
        if (state.ui.route.page === "threads") return t("threads.title");
        const channel = state.channelId ? state.channels[state.channelId] : undefined;
        return channel ? channelTitle(state, channel) : "";
    });
    const team = useSelect((state) => (state.teamId ? (state.teams[state.teamId]?.display_name ?? "") : ""));
    useEffect(() => {
        const lead = badge.mentions > 0 ? `(${badge.mentions}) ` : badge.hasUnread ? "• " : "";
        document.title = lead + [place, team, "Anser"].filter(Boolean).join(" · ");
        const icon = document.getElementById("favicon");
        const href = badge.mentions > 0 ? "/static/favicon-mention.svg" : badge.hasUnread ? "/static/favicon-unread.svg" : "/static/favicon.svg";
        if (icon instanceof HTMLLinkElement && !icon.href.endsWith(href)) icon.href = href;
        const app = navigator as Navigator & { setAppBadge?: (n?: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
        if (badge.mentions > 0) app.setAppBadge?.(badge.mentions).catch(() => undefined);
        else app.clearAppBadge?.().catch(() => undefined);
    }, [badge, place, team]);
}
