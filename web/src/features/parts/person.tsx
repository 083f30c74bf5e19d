/** People as they appear everywhere: face, name, presence. */
import { userImageUrl } from "../../api/client";
import { t, type Key } from "../../i18n";
import type { UserId } from "../../lib/ids";
import { customStatus, userName } from "../../state/select";
import { dispatch } from "../../state/store";
import { Avatar } from "../../ui/parts";
import { boxOf } from "../../ui/floating";
import { EmojiView } from "./emoji_view";
import { useSelect } from "./use_select";

export function Face({ id, size, withStatus = false, src }: { readonly id: UserId; readonly size: number; readonly withStatus?: boolean; readonly src?: string | undefined }) {
    const user = useSelect((state) => state.users[id]);
    const status = useSelect((state) => (withStatus ? (state.statuses[id] ?? "offline") : undefined));
    return <Avatar src={src ?? userImageUrl(id, user?.last_picture_update ?? 0)} size={size} isBot={user?.is_bot} status={user?.is_bot ? undefined : status} />;
}

export function useUserName(id: UserId): string {
    return useSelect((state) => userName(state, id));
}

export function openProfile(id: UserId, from: Element): void {
    dispatch({ kind: "popover", popover: { kind: "profile", userId: id, anchor: boxOf(from) } });
}

/** A name one can click. */
export function PersonName({ id, class: className = "", shown }: { readonly id: UserId; readonly class?: string; readonly shown?: string | undefined }) {
    const name = useUserName(id);
    return <button type="button" class={`person-name ${className}`} onClick={(event) => openProfile(id, event.currentTarget)}>{shown ?? (name || t("user.unknown"))}</button>;
}

export function statusText(status: string): string {
    const key = `status.${status}` as Key;
    return ["online", "away", "dnd", "offline", "ooo"].includes(status) ? t(key) : t("status.offline");
}

export function CustomStatusIcon({ id }: { readonly id: UserId }) {
    const status = useSelect((state) => customStatus(state.users[id], Date.now()), (a, b) => a?.emoji === b?.emoji && a?.text === b?.text);
    if (!status?.emoji) return null;
    return <span class="custom-status-icon" title={status.text}><EmojiView name={status.emoji} /></span>;
}
