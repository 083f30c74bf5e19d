/* domain/files.h: files: taking them in, who may read them, what is shown of them. */
#pragma once
#include "domain/access.h"
#include "model/post.h"

/* The wire's FileInfo: the row and mini_preview (base64 of a tiny JPEG, or null). */
void file_info_write(const FileInfo *info, Buf *out);
void file_infos_write(const FileInfo *infos, size_t count, Buf *out); /* an array */

/* The files of several posts with one query, sorted by post and upload; deleted ones only when asked for. */
Err files_of_posts(Ctx *ctx, const Str *post_ids, size_t count, bool with_deleted, FileInfo **ret_infos, size_t *ret_count);
