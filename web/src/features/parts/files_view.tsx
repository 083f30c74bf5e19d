/** Files of a message: pictures with their room reserved, everything else as a card. */
import { Download, File as FileIcon, FileArchive, FileAudio, FileCode, FileSpreadsheet, FileText, FileVideo, type IconNode } from "lucide";
import { fileDownloadUrl, filePreviewUrl, fileUrl } from "../../api/client";
import type { FileInfo, Post } from "../../api/types";
import { t } from "../../i18n";
import { sizeText } from "../../lib/size";
import { dispatch } from "../../state/store";
import { Icon } from "../../ui/icon";
import { fitted } from "./markdown_view";

export function isPicture(file: FileInfo): boolean {
    return /^image\/(png|jpe?g|gif|webp|avif|bmp)/.test(file.mime_type) && (file.width ?? 0) > 0;
}

const ICONS: readonly (readonly [RegExp, IconNode])[] = [
    [/^(zip|tar|gz|tgz|7z|rar|xz|bz2)$/, FileArchive],
    [/^(mp3|wav|ogg|m4a|flac|aac)$/, FileAudio],
    [/^(mp4|webm|mov|mkv|avi)$/, FileVideo],
    [/^(csv|xls|xlsx|ods)$/, FileSpreadsheet],
    [/^(js|ts|c|h|py|go|rs|java|json|xml|html|css|sh|sql|yaml|yml|toml)$/, FileCode],
    [/^(txt|md|doc|docx|pdf|odt|rtf|ppt|pptx)$/, FileText],
];

export function iconOf(extension: string): IconNode {
    return ICONS.find(([pattern]) => pattern.test(extension.toLowerCase()))?.[1] ?? FileIcon;
}

export function FilesView({ post }: { readonly post: Post }) {
    const files = post.metadata?.files ?? [];
    if (files.length === 0) return null;
    const pictures = files.filter(isPicture);
    const others = files.filter((file) => !isPicture(file));
    return (
        <div class="files">
            {pictures.length > 0 && (
                <div class="pictures">
                    {pictures.map((file, i) => {
                        const box = fitted({ width: file.width ?? 1, height: file.height ?? 1 }, pictures.length > 1 ? { width: 240, height: 200 } : { width: 440, height: 320 });
                        const src = file.has_preview_image ? filePreviewUrl(file.id) : fileUrl(file.id);
                        return (
                            <button key={file.id} type="button" class="picture" title={file.name} aria-label={t("file.open_image", { name: file.name })} style={{ aspectRatio: `${box.width} / ${box.height}`, width: `${box.width}px` }}
                                onClick={() => dispatch({ kind: "dialog", dialog: { kind: "image", postId: post.id, index: i } })}>
                                <img src={src} alt={file.name} width={box.width} height={box.height} loading="lazy" decoding="async" />
                            </button>
                        );
                    })}
                </div>
            )}
            {others.map((file) => <FileCard key={file.id} file={file} />)}
        </div>
    );
}

export function FileCard({ file }: { readonly file: FileInfo }) {
    const isMedia = /^(video|audio)\/(mp4|webm|ogg|mpeg|mp3|wav|x-wav|aac|flac|x-m4a)/.test(file.mime_type);
    return (
        <div class="file-card-box">
            {isMedia && (file.mime_type.startsWith("video/")
                ? <video class="file-video" src={fileUrl(file.id)} controls preload="metadata" />
                : <audio class="file-audio" src={fileUrl(file.id)} controls preload="none" />)}
            <a class="file-card" href={fileDownloadUrl(file.id)} download={file.name} aria-label={t("file.download", { name: file.name })}>
                <span class="file-icon"><Icon of={iconOf(file.extension)} size={20} /></span>
                <span class="file-text">
                    <span class="file-name clip">{file.name}</span>
                    <span class="file-size">{file.extension.toUpperCase()} · {sizeText(file.size)}</span>
                </span>
                <Icon of={Download} />
            </a>
        </div>
    );
}
