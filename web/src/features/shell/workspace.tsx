/** Rail, sidebar, conversation, panel at the side. On a phone one of them at a time. */
import { ArrowLeft } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { resolve } from "../../commands/navigate";
import { runKeys } from "../../commands/registry";
import { dispatch } from "../../state/store";
import type { Side } from "../../state/state";
import { isForInputMethod } from "../../lib/ime";
import { Button, Empty, IconButton } from "../../ui/parts";
import { ChannelHeader } from "../channel/channel_header";
import { ChannelInfo, MembersPanel } from "../channel/channel_panels";
import { Composer, DropZone } from "../composer/composer";
import { MentionsPanel, PinnedPanel, SavedPanel, SearchPanel } from "../search/search_panel";
import { Rail } from "../sidebar/rail";
import { Sidebar } from "../sidebar/sidebar";
import { Inbox } from "../thread/inbox";
import { ThreadHead, ThreadReplies } from "../thread/thread_panel";
import { Timeline, TimelineBones } from "../timeline/timeline";
import { useSelect } from "../parts/use_select";
import { ConnectionBanner } from "./connection";

export function Workspace() {
    const pane = useSelect((state) => state.ui.pane);
    const side = useSelect((state) => state.ui.side);
    const hasDialog = useSelect((state) => state.ui.dialog !== null);
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            if (event.defaultPrevented || isForInputMethod(event)) return;
            /* In a dialog Escape is the browser's, and the keys of the screen below rest. */
            if (hasDialog && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
            if (event.key === "Escape" && (event.target as HTMLElement).closest?.("dialog, .floating")) return;
            if (event.key === "F6") {
                event.preventDefault();
                stepRegion(event.shiftKey ? -1 : 1);
            } else if (runKeys(event)) event.preventDefault();
            else typeIntoComposer(event);
        };
        document.addEventListener("keydown", onKey);
        return () => document.removeEventListener("keydown", onKey);
    }, [hasDialog]);
    return (
        <div class={`workspace pane-${pane} ${side ? "has-side" : ""}`}>
            <a class="skip-link" href="#main" onClick={(event) => {
                event.preventDefault();
                document.querySelector<HTMLElement>(".main .text-area")?.focus();
            }}>{t("app.skip")}</a>
            <Rail />
            <SidebarColumn />
            <main class="main" id="main" aria-label={t("app.main")}>
                <ConnectionBanner />
                <Main />
            </main>
            {side && <aside class="side" aria-label={t("app.side")}><SideView side={side} /></aside>}
        </div>
    );
}

const WIDTH_KEY = "anser.sidebar.width";
const WIDTH = { least: 200, usual: 256, most: 420 } as const;

/** The sidebar can be drawn wider; this device remembers. */
function SidebarColumn() {
    const [width, setWidth] = useState(() => Number(localStorage.getItem(WIDTH_KEY)) || WIDTH.usual);
    const ref = useRef<HTMLDivElement>(null);
    const widthAt = (x: number) => clampWidth(x - (ref.current?.getBoundingClientRect().left ?? 0));
    const keep = (px: number) => {
        setWidth(px);
        localStorage.setItem(WIDTH_KEY, String(px));
    };
    return (
        <div ref={ref} class="sidebar-column" style={{ "--sidebar": `${width}px` }}>
            <Sidebar>
                <div class="resizer" role="separator" aria-orientation="vertical" aria-label={t("sidebar.resize")} aria-valuenow={width} aria-valuemin={WIDTH.least} aria-valuemax={WIDTH.most} tabIndex={0}
                    onKeyDown={(event) => {
                        if (event.key === "ArrowLeft") keep(clampWidth(width - 16));
                        if (event.key === "ArrowRight") keep(clampWidth(width + 16));
                    }}
                    onDblClick={() => keep(WIDTH.usual)}
                    onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
                    onPointerMove={(event) => {
                        if (event.currentTarget.hasPointerCapture(event.pointerId)) setWidth(widthAt(event.clientX));
                    }}
                    onPointerUp={(event) => {
                        if (event.currentTarget.hasPointerCapture(event.pointerId)) keep(widthAt(event.clientX));
                    }} />
            </Sidebar>
        </div>
    );
}

const clampWidth = (px: number): number => Math.max(WIDTH.least, Math.min(WIDTH.most, px));

function Main() {
    const page = useSelect((state) => state.ui.route.page);
    const channelId = useSelect((state) => state.channelId);
    const error = useSelect((state) => state.ui.channelError);
    if (page === "threads") {
        return (
            <>
                <header class="channel-header">
                    <IconButton icon={ArrowLeft} size={20} class="phone-only" label={t("action.back")} onClick={() => dispatch({ kind: "pane", pane: "list" })} />
                    <h1 class="channel-title">{t("threads.title")}</h1>
                </header>
                <Inbox />
            </>
        );
    }
    if (error) {
        return (
            <div class="main-empty">
                <Empty title={error === "missing" ? t("channel.missing") : t("timeline.failed")} text={error === "missing" ? t("channel.missing_text") : t("error.unreachable")}>
                    {error === "failed" && <Button onClick={() => void resolve()}>{t("action.retry")}</Button>}
                    <Button onClick={() => dispatch({ kind: "dialog", dialog: { kind: "browse" } })}>{t("browse.title")}</Button>
                </Empty>
            </div>
        );
    }
    if (!channelId) return <><header class="channel-header" /><TimelineBones /></>;
    return (
        <>
            <ChannelHeader channelId={channelId} />
            <DropZone channelId={channelId} rootId="">
                <Timeline key={channelId} channelId={channelId} />
                <Composer channelId={channelId} rootId="" autoFocus={isDesk()} />
            </DropZone>
        </>
    );
}

/** On a phone focus would raise the keyboard over the messages. */
const isDesk = (): boolean => window.matchMedia("(hover: hover)").matches;

function SideView({ side }: { readonly side: Side }) {
    switch (side.kind) {
        case "thread": return <ThreadPanel key={side.rootId} rootId={side.rootId} focusId={side.focusId} />;
        case "search": return <SearchPanel terms={side.terms} />;
        case "mentions": return <MentionsPanel />;
        case "saved": return <SavedPanel />;
        case "pinned": return <PinnedPanel channelId={side.channelId} />;
        case "members": return <MembersPanel channelId={side.channelId} />;
        case "info": return <ChannelInfo channelId={side.channelId} />;
    }
}

function ThreadPanel({ rootId, focusId }: Omit<Extract<Side, { kind: "thread" }>, "kind">) {
    const channelId = useSelect((state) => state.posts[rootId]?.channel_id);
    return (
        <>
            <ThreadHead rootId={rootId} />
            {channelId ? (
                <DropZone channelId={channelId} rootId={rootId}>
                    <ThreadReplies rootId={rootId} focusId={focusId} />
                    <Composer channelId={channelId} rootId={rootId} autoFocus={isDesk() && !focusId} />
                </DropZone>
            ) : <ThreadReplies rootId={rootId} />}
        </>
    );
}

/* Keyboard */

const REGIONS = [".rail", ".sidebar", ".main .virtual", ".main .text-area", ".side .virtual", ".side .text-area"];

/** F6 goes from region to region. */
function stepRegion(step: 1 | -1): void {
    const regions = REGIONS.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []).filter((region) => region.offsetParent !== null);
    const at = regions.findIndex((region) => region.contains(document.activeElement));
    const next = regions[(at + step + regions.length) % regions.length];
    const target = next?.matches("textarea, [tabindex]") ? next : next?.querySelector<HTMLElement>("a, button");
    target?.focus();
}

/** A letter typed at nothing in particular belongs to the message. */
function typeIntoComposer(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
    const target = event.target as HTMLElement;
    if (target !== document.body && !target.matches(".virtual, .post")) return;
    document.querySelector<HTMLElement>(target.closest(".side") ? ".side .text-area" : ".main .composer .text-area")?.focus();
}
