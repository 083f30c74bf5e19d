/** The whole: which screen, and what lies over it. */
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { resolve } from "../../commands/navigate";
import { attempt } from "../../commands/feedback";
import { startSession } from "../../sync/session";
import { dispatch, now } from "../../state/store";
import { Floating } from "../../ui/floating";
import { Mark } from "../../ui/mark";
import { Button, Empty } from "../../ui/parts";
import { EmojiPicker } from "../parts/emoji_slot";
import { useSelect } from "../parts/use_select";
import { lazy } from "./lazy";
import { Workspace } from "./workspace";
import { useTitle } from "./title";
import { Toasts } from "./toasts";
import "./shell.css";

const Entrance = lazy(() => import("../entrance/entrance").then((module) => module.Entrance));
const DialogView = lazy(() => import("../dialogs/dialogs").then((module) => module.DialogView));
const Settings = lazy(() => import("../settings/settings").then((module) => module.Settings));
const ProfileCard = lazy(() => import("../people/profile_card").then((module) => module.ProfileCard));

export function App() {
    return (
        <>
            <Screen />
            <Overlays />
            <Toasts />
        </>
    );
}

function Screen() {
    const phase = useSelect((state) => state.phase);
    const route = useSelect((state) => state.ui.route);
    useTitle();
    if (phase === "loading") return <Splash />;
    if (phase === "failed") {
        return (
            <div class="splash">
                <Empty title={t("app.failed")} text={t("error.unreachable")}>
                    <Button tone="primary" onClick={() => void attempt(startSession().then(resolve))}>{t("action.retry")}</Button>
                </Empty>
            </div>
        );
    }
    /* Already in: an invite or a log-in link is on its way to somewhere else. */
    if (phase === "in" && ["signup", "login", "reset", "reset_complete", "root"].includes(route.page)) return <Splash />;
    const isOutside = phase === "out" || ["select_team", "create_team", "verify"].includes(route.page);
    return isOutside ? <Entrance route={route} /> : <Workspace />;
}

function Splash() {
    return <div class="splash" role="status" aria-label={t("app.loading")}><Mark size={48} /></div>;
}

const closePopover = () => dispatch({ kind: "popover", popover: null });

function Overlays() {
    const dialog = useSelect((state) => state.ui.dialog);
    const popover = useSelect((state) => state.ui.popover);
    /* When a dialog led to another channel, one goes on by writing there, not at the button that opened the dialog. */
    const openedAt = useRef("");
    useEffect(() => {
        if (dialog) {
            openedAt.current ||= now().channelId || "none";
            return;
        }
        if (openedAt.current && openedAt.current !== now().channelId) document.querySelector<HTMLElement>(".main .composer .text-area")?.focus();
        openedAt.current = "";
    }, [dialog]);
    /* The parts most asked for are fetched while nothing else goes on. */
    useEffect(() => {
        const timer = window.setTimeout(() => void import("../dialogs/dialogs"), 4_000);
        return () => window.clearTimeout(timer);
    }, []);
    return (
        <>
            {dialog && (dialog.kind === "settings" ? <Settings tab={dialog.tab} /> : <DialogView key={dialog.kind} dialog={dialog} />)}
            {popover?.kind === "profile" && <Floating anchor={popover.anchor} label={t("people.card")} onClose={closePopover}><ProfileCard key={popover.userId} userId={popover.userId} onClose={closePopover} /></Floating>}
            {popover?.kind === "emoji" && (
                <Floating anchor={popover.anchor} align={popover.anchor.left < innerWidth / 2 ? "start" : "end"} label={t("composer.emoji")} onClose={closePopover}>
                    <EmojiPicker onPick={(name) => {
                        closePopover();
                        popover.pick(name);
                    }} />
                </Floating>
            )}
        </>
    );
}
