/** Says when the server cannot be reached, since when, and what happens next. */
import { useEffect, useState } from "preact/hooks";
import { CloudOff } from "lucide";
import { t } from "../../i18n";
import { retryConnection } from "../../sync/session";
import { Icon } from "../../ui/icon";
import { Button } from "../../ui/parts";
import { useSelect } from "../parts/use_select";

/** A hiccup of a second or two is nobody's business. */
const PATIENCE_MS = 2_500;

export function ConnectionBanner() {
    const connection = useSelect((state) => state.connection);
    const [isLong, setLong] = useState(false);
    const [second, setSecond] = useState(0);
    const isOnline = connection.kind === "online";
    useEffect(() => {
        if (isOnline) {
            setLong(false);
            return;
        }
        const timer = window.setTimeout(() => setLong(true), PATIENCE_MS);
        const tick = window.setInterval(() => setSecond((n) => n + 1), 1_000);
        return () => {
            window.clearTimeout(timer);
            window.clearInterval(tick);
        };
    }, [isOnline]);
    if (isOnline || !isLong) return null;
    void second;
    const left = connection.kind === "offline" ? Math.max(0, Math.ceil((connection.retryAt - Date.now()) / 1_000)) : 0;
    return (
        <div class="connection-banner" role="status">
            <Icon of={CloudOff} />
            <span>{connection.kind === "offline" && left > 0 ? t("connection.offline", { n: left }) : t("connection.trying")}</span>
            {connection.kind === "offline" && <Button small onClick={retryConnection}>{t("connection.now")}</Button>}
        </div>
    );
}
