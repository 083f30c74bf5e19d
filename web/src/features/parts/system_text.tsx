/** System messages in the reader's language, made from their facts; the server's own sentence is the fallback. */
import type { ComponentChildren } from "preact";
import type { Post } from "../../api/types";
import { pieces, t, type Key, type Params } from "../../i18n";
import { userByName, userName } from "../../state/select";
import { Markdown, MarkdownLine } from "./markdown_view";
import { openProfile } from "./person";
import { useSelect } from "./use_select";

function prop(post: Post, name: string): string {
    const value = post.props?.[name];
    return typeof value === "string" ? value : "";
}

interface Sentence {
    readonly key: Key;
    readonly people: { readonly [name: string]: string };
    readonly params?: Params;
    readonly quoted?: string;
}

function sentenceOf(post: Post): Sentence | null {
    const who = { user: prop(post, "username") };
    switch (post.type) {
        case "system_join_channel":
        case "system_guest_join_channel": return { key: "system.join_channel", people: who };
        case "system_leave_channel": return { key: "system.leave_channel", people: who };
        case "system_join_team": return { key: "system.join_team", people: who };
        case "system_leave_team": return { key: "system.leave_team", people: who };
        case "system_add_to_channel":
        case "system_add_guest_to_chan": return { key: "system.add_to_channel", people: { ...who, other: prop(post, "addedUsername") } };
        case "system_add_to_team": return { key: "system.add_to_team", people: { ...who, other: prop(post, "addedUsername") } };
        case "system_remove_from_channel": return { key: "system.remove_from_channel", people: { other: prop(post, "removedUsername") } };
        case "system_remove_from_team": return { key: "system.remove_from_team", people: { other: prop(post, "username") } };
        case "system_header_change": {
            const header = prop(post, "new_header");
            return { key: header ? "system.header_changed" : "system.header_removed", people: who, quoted: header };
        }
        case "system_purpose_change": {
            const purpose = prop(post, "new_purpose");
            return { key: purpose ? "system.purpose_changed" : "system.purpose_removed", people: who, quoted: purpose };
        }
        case "system_displayname_change":
            return { key: "system.renamed", people: who, params: { before: prop(post, "old_displayname"), after: prop(post, "new_displayname") } };
        case "system_convert_channel": return { key: "system.converted", people: {} };
        case "system_change_chan_privacy": return { key: "system.privacy_changed", people: who };
        case "system_channel_deleted": return { key: "system.archived", people: who };
        case "system_channel_restored": return { key: "system.restored", people: who };
        default: return null;
    }
}

export function SystemText({ post }: { readonly post: Post }) {
    const sentence = sentenceOf(post);
    if (!sentence || Object.values(sentence.people).some((name) => !name)) return <Markdown text={post.message} options={NO_MENTIONS} />;
    return (
        <div class="system-text">
            {pieces(sentence.key, sentence.params).map((piece, i) => (typeof piece === "string" ? piece : <NameOf key={i} username={sentence.people[piece.name] ?? ""} />))}
            {sentence.quoted && <span class="system-quote"> <MarkdownLine text={sentence.quoted} options={NO_MENTIONS} /></span>}
        </div>
    );
}

const NO_MENTIONS = { noMentions: true } as const;

function NameOf({ username }: { readonly username: string }): ComponentChildren {
    const id = useSelect((state) => userByName(state, username)?.id);
    const shown = useSelect((state) => (id ? userName(state, id) : username));
    return id ? <button type="button" class="person-name inline" onClick={(event) => openProfile(id, event.currentTarget)}>{shown}</button> : <strong>{username || t("user.unknown")}</strong>;
}
