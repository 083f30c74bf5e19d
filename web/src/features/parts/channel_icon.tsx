import { Archive, Globe, Hash, Lock, Users } from "lucide";
import type { Channel } from "../../api/types";
import type { ChannelId } from "../../lib/ids";
import { partnerOf } from "../../state/select";
import { Icon } from "../../ui/icon";
import { Face } from "./person";
import { useSelect } from "./use_select";

export function ChannelIcon({ channel, size = 16 }: { readonly channel: Channel; readonly size?: 16 | 20 }) {
    const partner = useSelect((state) => partnerOf(state, channel));
    if (channel.delete_at > 0) return <Icon of={Archive} size={size} />;
    if (channel.type === "D" && partner) return <Face id={partner} size={size + 4} withStatus />;
    if (channel.type === "G") return <GroupIcon id={channel.id} />;
    return <Icon of={channel.type === "P" ? Lock : channel.type === "O" ? Hash : Globe} size={size} />;
}

function GroupIcon({ id }: { readonly id: ChannelId }) {
    const count = useSelect((state) => state.groupUsers[id]?.length ?? 0);
    return count > 0 ? <span class="group-count num drawn-text" data-text={count} /> : <Icon of={Users} />;
}
