/* domain/files.h: files: taking them in, who may read them, what is shown of them.
 *
 * Order    Content is in the store, synced, before the row that tells of it commits; see ext/files.h. What failed before
 *          its commit is taken out of the store again.
 */
#pragma once
#include "domain/access.h"
#include "model/post.h"

/* The wire's FileInfo: the row and mini_preview (base64 of a tiny JPEG, or null). */
void file_info_write(const FileInfo *info, Buf *out);
void file_infos_write(const FileInfo *infos, size_t count, Buf *out); /* an array */

/* The files of several posts with one query, sorted by post and upload; deleted ones only when asked for. */
Err files_of_posts(Ctx *ctx, const Str *post_ids, size_t count, bool with_deleted, FileInfo **ret_infos, size_t *ret_count);

/* ---- taking in ---- */
/* One file as it came. */
typedef struct FileDraft {
    Str name;         /* as the client says; folders before it are dropped */
    Str bytes;
    const char *path; /* the file that holds exactly these bytes, or NULL */
} FileDraft;
/* May one send files to this channel? Also when attachments are switched off. */
Err channel_to_upload(Ctx *ctx, Str channel_id, Channel *ret_channel);
/* The name without folders, of valid characters and length: ERR_API_CONTEXT_INVALID_BODY_PARAM otherwise. */
Err file_name_check(Ctx *ctx, Str name, Str *ret_name);
/* Stores all of them, or none. Reads pictures: for the slow lane. */
Err files_upload(Ctx *ctx, Str channel_id, const FileDraft *drafts, size_t count, FileInfo **ret_infos);

/* The content is in the store under info->path: fills in what the content tells (size, kind, picture), stores previews.
 * Every key that was stored goes to `keys`. */
Err file_describe(Ctx *ctx, Str bytes, FileInfo *info);
/* A row for something that begins now; its path is a fresh key. */
FileInfo file_info_new(Ctx *ctx, Str channel_id, Str name);
/* Takes a file's contents out of the store: there is no row of it. */
void file_forget(Ctx *ctx, const FileInfo *info);

/* ---- reading ---- */
/* A file that one may read: one's own, or on a post of a channel whose posts one may read. 404 when it is gone. */
Err file_to_read(Ctx *ctx, Str file_id, FileInfo *ret_info);

/* What is to be sent of the file store. */
typedef struct Content {
    Str key, mime, name;
    Str tag;             /* changes with the content: the ETag */
    int64_t modified_at;
} Content;
typedef enum FilePart { FILE_WHOLE, FILE_THUMBNAIL, FILE_PREVIEW } FilePart;
/* 400 where there is no such picture of it. */
Err file_content(Ctx *ctx, const FileInfo *info, FilePart part, Content *ret_content);

/* The secret part of a file's public link, for somebody who may make it. Only attached files have one. */
Err file_link_make(Ctx *ctx, Str file_id, Str *ret_hash);
/* The file of a public link. */
Err file_by_link(Ctx *ctx, Str file_id, Str hash, FileInfo *ret_info);

/* ---- cleaning ---- */
/* A tick: files that were never attached, and that no draft names, go after a week. */
Err files_expire(Ctx *ctx);
