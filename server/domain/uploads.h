/* domain/uploads.h: files that come in parts, so that a broken connection costs one part.
 *
 * Model    A session knows how large the file shall be and how much is there. Each part is a content of its own until the
 *          last one comes; then all become one file, the session goes, and the answer is its FileInfo. Two senders at once:
 *          one of them is told so, and no bytes mix.
 */
#pragma once
#include "domain/files.h"

Err upload_create(Ctx *ctx, const UploadSession *draft, UploadSession *ret_upload);
/* One's own. */
Err upload_get(Ctx *ctx, Str upload_id, UploadSession *ret_upload);
Err uploads_of_user(Ctx *ctx, Str user_id, UploadSession **ret_uploads, size_t *ret_count);
/* Takes the next bytes; path as in FileDraft. For the slow lane: the last part may be a picture's. */
Err upload_append(Ctx *ctx, Str upload_id, Str bytes, const char *path, bool *ret_is_complete, FileInfo *ret_info);
/* A tick: sessions that were given up go after a week. */
Err uploads_expire(Ctx *ctx);
