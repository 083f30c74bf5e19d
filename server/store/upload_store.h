/* store/upload_store.h: uploads that come in parts, in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. */
#pragma once
#include "model/post.h"

Err store_upload_get(DbTx *tx, Arena *arena, Str id, UploadSession *ret_upload);
Err store_upload_list_of_user(DbTx *tx, Arena *arena, Str user_id, UploadSession **ret_uploads, size_t *ret_count); /* oldest first */
Err store_upload_list_older(DbTx *tx, Arena *arena, int64_t create_at, int64_t limit, UploadSession **ret_uploads,
                            size_t *ret_count);
/* Moves the offset on from where it was believed to be; ERR_ABSENT when somebody else has. */
Err store_upload_advance(DbTx *tx, Str id, int64_t from, int64_t to);
/* Takes it away with its parts' rows. */
Err store_upload_delete(DbTx *tx, Str id);
/* In the order of their bytes. */
Err store_upload_part_list(DbTx *tx, Arena *arena, Str upload_id, UploadPart **ret_parts, size_t *ret_count);
