/** The public channels of a team: look around, join. */
import { useEffect, useState } from "preact/hooks";
import { Hash, Plus } from "lucide";
import { api } from "../../api/client";
import type { Channel } from "../../api/types";
import { t } from "../../i18n";
import { joinChannel } from "../../commands/channels";
import { attempt, errorText } from "../../commands/feedback";
import { goToChannel } from "../../commands/navigate";
import { can } from "../../state/select";
import { dispatch, now } from "../../state/store";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { Button, Empty, Spinner } from "../../ui/parts";
import { useSelect } from "../parts/use_select";

const PAGE = 60;

export function BrowseDialog({ onClose }: { readonly onClose: () => void }) {
    const [text, setText] = useState("");
    const [list, setList] = useState<readonly Channel[] | null>(null);
    const [hasMore, setMore] = useState(false);
    const [error, setError] = useState("");
    const mayCreate = useSelect((state) => can(state, "create_public_channel") || can(state, "create_private_channel"));
    const { teamId } = now();
    useEffect(() => {
        if (!teamId) return;
        let isCurrent = true;
        const timer = window.setTimeout(() => {
            const work = text.trim() ? api.channelSearch(teamId, text.trim()) : api.channelsPublic(teamId, 0);
            work.then((found) => {
                if (!isCurrent) return;
                setList(found.filter((channel) => channel.type === "O" && channel.delete_at === 0));
                setMore(!text.trim() && found.length === PAGE);
                setError("");
            }).catch((reason: unknown) => isCurrent && setError(errorText(reason)));
        }, text ? 200 : 0);
        return () => {
            isCurrent = false;
            window.clearTimeout(timer);
        };
    }, [text]);
    const more = () => {
        if (teamId && list) void attempt(api.channelsPublic(teamId, Math.ceil(list.length / PAGE)).then((found) => {
            setList([...list, ...found.filter((channel) => !list.some((each) => each.id === channel.id))]);
            setMore(found.length === PAGE);
        }));
    };
    return (
        <Dialog title={t("browse.title")} size="wide" onClose={onClose} class="browse">
            <div class="input-row">
                <input class="input" type="search" value={text} placeholder={t("browse.find")} aria-label={t("browse.find")} autoFocus onInput={(event) => setText(event.currentTarget.value)} />
                {mayCreate && <Button icon={Plus} onClick={() => dispatch({ kind: "dialog", dialog: { kind: "channel_new" } })}>{t("sidebar.new_channel")}</Button>}
            </div>
            <div class="browse-list" role="list">
                {error && <Empty mark={false} title={t("browse.failed")} text={error} />}
                {!list && !error && <div class="picker-note"><Spinner label={t("browse.loading")} /></div>}
                {list?.map((channel) => <BrowseItem key={channel.id} channel={channel} onClose={onClose} />)}
                {list?.length === 0 && <Empty title={t("browse.none")} text={t("browse.none_text")} />}
                {hasMore && <div class="list-more"><Button small onClick={more}>{t("action.more")}</Button></div>}
            </div>
        </Dialog>
    );
}

function BrowseItem({ channel, onClose }: { readonly channel: Channel; readonly onClose: () => void }) {
    const isMember = useSelect((state) => state.members[channel.id] !== undefined);
    const [isBusy, setBusy] = useState(false);
    return (
        <div class="browse-item" role="listitem">
            <Icon of={Hash} />
            <div class="browse-text"><strong class="clip">{channel.display_name}</strong>{channel.purpose && <span class="clip">{channel.purpose}</span>}</div>
            {isMember
                ? <Button small onClick={() => {
                    onClose();
                    goToChannel(channel.id);
                }}>{t("browse.open")}</Button>
                : <Button small tone="primary" busy={isBusy} onClick={() => {
                    setBusy(true);
                    void attempt(joinChannel(channel)).then((worked) => (worked ? onClose() : setBusy(false)));
                }}>{t("browse.join")}</Button>}
        </div>
    );
}
