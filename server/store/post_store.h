/* store/post_store.h: posts and threads in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. Posts of a channel have
 * one order: create_at, which no two of them share. */
#pragma once
#include "model/post.h"

Err store_post_get(DbTx *tx, Arena *arena, Str id, Post *ret_post); /* deleted ones too */
Err store_post_insert(DbTx *tx, const Post *post);
/* The newest before `before` (0: of all) that are not deleted, newest first. */
Err store_post_list_before(DbTx *tx, Arena *arena, Str channel_id, int64_t before, int64_t limit, int64_t offset,
                           Post **ret_posts, size_t *ret_count);
/* The oldest after `after`, newest first. */
Err store_post_list_after(DbTx *tx, Arena *arena, Str channel_id, int64_t after, int64_t limit, int64_t offset,
                          Post **ret_posts, size_t *ret_count);
/* Everything changed at or after `since`, deleted ones too, newest first by create_at. */
Err store_post_list_since(DbTx *tx, Arena *arena, Str channel_id, int64_t since, int64_t limit, Post **ret_posts,
                          size_t *ret_count);

/* The post a user already made under this name, or ERR_ABSENT. */
Err store_pending_post_get(DbTx *tx, Arena *arena, Str user_id, Str pending_post_id, Str *ret_post_id);
Err store_pending_post_insert(DbTx *tx, Str user_id, Str pending_post_id, Str post_id, int64_t now);

Err store_thread_get(DbTx *tx, Arena *arena, Str post_id, Thread *ret_thread);
/* The threads of several roots at once; those without replies are absent. */
Err store_thread_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count, Thread **ret_threads, size_t *ret_count);
