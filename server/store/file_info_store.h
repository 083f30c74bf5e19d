/* store/file_info_store.h: what is known of uploaded files, in SQL; their content is ext/files.h. Absent rows are ERR_ABSENT;
 * texts go into `arena`. */
#pragma once
#include "model/post.h"

Err store_file_info_get(DbTx *tx, Arena *arena, Str id, FileInfo *ret_info); /* deleted ones too */
/* The files of several posts, of each in the order of their upload. */
Err store_file_info_list_of_posts(DbTx *tx, Arena *arena, const Str *post_ids, size_t count, bool with_deleted,
                                  FileInfo **ret_infos, size_t *ret_count);
/* Never attached, named in no draft, and older than that. */
Err store_file_info_list_forgotten(DbTx *tx, Arena *arena, int64_t create_at, int64_t limit, FileInfo **ret_infos,
                                   size_t *ret_count);
/* Takes an unattached one away; ERR_ABSENT when it has been attached meanwhile. */
Err store_file_info_delete_unattached(DbTx *tx, Str id);
