/* store/post_store.h: posts and threads in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. Posts of a channel have
 * one order: create_at, which no two of them share. */
#pragma once
#include "model/post.h"

Err store_post_get(DbTx *tx, Arena *arena, Str id, Post *ret_post); /* deleted ones too */
Err store_post_insert(DbTx *tx, const Post *post);
/* Which posts a list shows. */
typedef struct PostFilter {
    bool roots_only, with_deleted;
} PostFilter;
/* The newest before `before` (0: of all), newest first. */
Err store_post_list_before(DbTx *tx, Arena *arena, Str channel_id, int64_t before, PostFilter filter, int64_t limit, int64_t offset,
                           Post **ret_posts, size_t *ret_count);
/* The oldest after `after`, newest first. */
Err store_post_list_after(DbTx *tx, Arena *arena, Str channel_id, int64_t after, PostFilter filter, int64_t limit, int64_t offset,
                          Post **ret_posts, size_t *ret_count);
/* Everything changed after `since`, deleted ones too, newest first by create_at; the `limit` newest. */
Err store_post_list_since(DbTx *tx, Arena *arena, Str channel_id, int64_t since, bool roots_only, int64_t limit, Post **ret_posts,
                          size_t *ret_count);
/* The id of the nearest before or after a time; "" when there is none. */
Err store_post_id_before(DbTx *tx, Arena *arena, Str channel_id, int64_t time, PostFilter filter, Str *ret_id);
Err store_post_id_after(DbTx *tx, Arena *arena, Str channel_id, int64_t time, PostFilter filter, Str *ret_id);
/* At or after `since`, oldest first; of the thread `root_id` when it is not empty. */
Err store_post_list_from(DbTx *tx, Arena *arena, Str channel_id, Str root_id, int64_t since, int64_t limit, Post **ret_posts,
                         size_t *ret_count);
/* Deleted ones too; unknown ids are left out. In no order. */
Err store_post_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, Post **ret_posts, size_t *ret_count);
Err store_post_list_pinned(DbTx *tx, Arena *arena, Str channel_id, Post **ret_posts, size_t *ret_count); /* newest first */
/* What a user saved and may still read, newest first; of one channel or team when those are not empty. */
Err store_post_list_flagged(DbTx *tx, Arena *arena, Str user_id, Str channel_id, Str team_id, int64_t limit, int64_t offset,
                            Post **ret_posts, size_t *ret_count);

/* Replies of a thread past a place. */
typedef struct ThreadWalk {
    Str root_id;
    bool upwards;         /* newest first; else oldest first */
    bool by_update;       /* the place is an update_at, and deleted ones are told too */
    int64_t from;         /* 0: from the end */
    Str from_id;          /* of several with this update_at: those after this id */
    int64_t limit;
} ThreadWalk;
Err store_post_list_thread(DbTx *tx, Arena *arena, const ThreadWalk *walk, Post **ret_posts, size_t *ret_count);

/* The post a user already made under this name, or ERR_ABSENT. */
Err store_pending_post_get(DbTx *tx, Arena *arena, Str user_id, Str pending_post_id, Str *ret_post_id);
Err store_pending_post_insert(DbTx *tx, Str user_id, Str pending_post_id, Str post_id, int64_t now);
