/** Editing a message where it stands. */
import { useState } from "preact/hooks";
import type { Post } from "../../api/types";
import { t } from "../../i18n";
import { editPost, startEditing } from "../../commands/posts";
import { Button } from "../../ui/parts";
import { TextEditor } from "./text_editor";

export function PostEditor({ post }: { readonly post: Post }) {
    const [text, setText] = useState(post.message_source ?? post.message);
    const close = () => {
        startEditing("");
        document.querySelector<HTMLElement>(post.root_id ? ".side .text-area" : ".main .composer .text-area")?.focus();
    };
    const save = () => {
        void editPost(post, text).then((worked) => {
            if (worked) close();
        });
    };
    return (
        <div class="post-editor">
            <TextEditor value={text} onChange={setText} onSubmit={save} channelId={post.channel_id} rootId={post.root_id} label={t("post.edit_label")} autoFocus
                onKey={(event) => {
                    if (event.key !== "Escape") return;
                    event.preventDefault();
                    close();
                }} />
            <div class="post-editor-foot">
                <span>{t("post.edit_hint")}</span>
                <Button small tone="plain" onClick={close}>{t("action.cancel")}</Button>
                <Button small tone="primary" onClick={save}>{t("action.save")}</Button>
            </div>
        </div>
    );
}
