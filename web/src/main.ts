/** Start: address → session and first load → socket → screen. */
import { h, render } from "preact";
import { attentionChanged, markChannelRead } from "./commands/read";
import { goToChannel, jumpToPost, leavePlace, resolve, startNavigation } from "./commands/navigate";
import { applyLanguage, applyTheme } from "./commands/settings";
import { App } from "./features/shell/app";
import { store } from "./state/store";
import { followConfigure } from "./sync/follow";
import { notifyConfigure } from "./sync/notify";
import { retryAll } from "./sync/send";
import { retryConnection, startSession } from "./sync/session";
import "./styles/tokens.css";
import "./styles/base.css";

applyTheme();
applyLanguage();
followConfigure({ onReadableRootPost: markChannelRead, onPlaceLost: leavePlace });
notifyConfigure((event) => {
    if (event.post.root_id) jumpToPost(event.post.id);
    else goToChannel(event.post.channel_id);
});
startNavigation();

const root = document.getElementById("app");
if (root) render(h(App, {}), root);

const attend = () => attentionChanged(document.visibilityState === "visible" && document.hasFocus());
window.addEventListener("focus", attend);
window.addEventListener("blur", attend);
document.addEventListener("visibilitychange", attend);
window.addEventListener("online", () => {
    retryConnection();
    void retryAll();
});
/* A file dropped beside the message must not replace the app. */
window.addEventListener("dragover", (event) => event.preventDefault());
window.addEventListener("drop", (event) => event.preventDefault());

startSession().then(() => {
    applyLanguage();
    return resolve();
}).catch(() => undefined);

/* Logged out elsewhere, or by the server: to the door. */
let phase = store.peek().phase;
store.subscribe((state) => {
    if (phase === "in" && state.phase === "out") void Promise.resolve().then(resolve);
    phase = state.phase;
});
