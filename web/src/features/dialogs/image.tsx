/** A picture in full, with its neighbours a key away. */
import { ChevronLeft, ChevronRight, Download, X } from "lucide";
import { useState } from "preact/hooks";
import { fileDownloadUrl, fileUrl } from "../../api/client";
import { t } from "../../i18n";
import type { PostId } from "../../lib/ids";
import { sizeText } from "../../lib/size";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/parts";
import { isPicture } from "../parts/files_view";
import { useSelect } from "../parts/use_select";

export function ImageDialog({ postId, index, onClose }: { readonly postId: PostId; readonly index: number; readonly onClose: () => void }) {
    const files = useSelect((state) => state.posts[postId]?.metadata?.files);
    const [at, setAt] = useState(index);
    const pictures = (files ?? []).filter(isPicture);
    const file = pictures[at];
    if (!file) return null;
    const step = (by: number) => setAt((at + by + pictures.length) % pictures.length);
    return (
        <Dialog title={file.name} headless class="lightbox" onClose={onClose}>
            <div class="lightbox-bar">
                <span class="clip">{file.name}</span> <span class="lightbox-size num">{sizeText(file.size)}{pictures.length > 1 && ` · ${at + 1}/${pictures.length}`}</span>
                <a class="icon-button" href={fileDownloadUrl(file.id)} download={file.name} aria-label={t("file.download", { name: file.name })} title={t("file.download", { name: file.name })}><Icon of={Download} size={20} /></a>
                <IconButton icon={X} size={20} label={t("action.close")} onClick={onClose} />
            </div>
            <div class="lightbox-stage" tabIndex={0} autoFocus role="img" aria-label={file.name}
                onClick={(event) => event.target === event.currentTarget && onClose()}
                onKeyDown={(event) => {
                    if (event.key === "ArrowLeft") step(-1);
                    if (event.key === "ArrowRight") step(1);
                }}>
                <img src={fileUrl(file.id)} alt={file.name} width={file.width} height={file.height} />
            </div>
            {pictures.length > 1 && (
                <>
                    <IconButton class="lightbox-step previous" icon={ChevronLeft} size={20} label={t("file.previous")} onClick={() => step(-1)} />
                    <IconButton class="lightbox-step next" icon={ChevronRight} size={20} label={t("file.next")} onClick={() => step(1)} />
                </>
            )}
        </Dialog>
    );
}
