/** One file on its way up. XMLHttpRequest, because fetch cannot tell how far an upload has come. */
import type { ChannelId } from "../lib/ids";
import { ApiError, UNREACHABLE } from "./errors";
import { errorFrom, headersFor } from "./http";
import type { FileInfo } from "./types";

export interface Upload {
    readonly done: Promise<FileInfo>;
    readonly cancel: () => void;
}

export function uploadFile(channel: ChannelId, clientId: string, file: File, onProgress: (fraction: number) => void): Upload {
    const request = new XMLHttpRequest();
    const done = new Promise<FileInfo>((resolve, reject) => {
        request.open("POST", "/api/v4/files");
        for (const [name, value] of Object.entries(headersFor("POST"))) request.setRequestHeader(name, value);
        request.responseType = "json";
        request.upload.onprogress = (event) => {
            if (event.lengthComputable) onProgress(event.loaded / event.total);
        };
        request.onerror = () => reject(new ApiError(UNREACHABLE, 0, ""));
        request.onabort = () => reject(new ApiError("anser.cancelled", 0, ""));
        request.onload = () => {
            const reply = request.response as { file_infos?: FileInfo[] | null; id?: string; message?: string } | null;
            const info = reply?.file_infos?.[0];
            if (request.status < 300 && info) resolve(info);
            else reject(errorFrom(request.status, reply ?? {}));
        };
        const form = new FormData();
        form.append("channel_id", channel);
        form.append("client_ids", clientId);
        form.append("files", file, file.name);
        request.send(form);
    });
    return { done, cancel: () => request.abort() };
}
