#include "store/post_store.h"

Err store_post_get(DbTx *tx, Arena *arena, Str id, Post *ret_post)
{
    return entity_get(tx, &post_entity, arena, ret_post,
                      ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE id = ?"), id);
}

Err store_post_insert(DbTx *tx, const Post *post)
{
    return post_insert_row(tx, post);
}

Err store_post_list_before(DbTx *tx, Arena *arena, Str channel_id, int64_t before, int64_t limit,
                           int64_t offset, Post **ret_posts, size_t *ret_count)
{
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND create_at < ? AND delete_at = 0 "
                   "ORDER BY create_at DESC LIMIT ? OFFSET ?"),
        channel_id, before ? before : INT64_MAX, limit, offset);
}

Err store_post_list_after(DbTx *tx, Arena *arena, Str channel_id, int64_t after, int64_t limit,
                          int64_t offset, Post **ret_posts, size_t *ret_count)
{
    TRY(entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND create_at > ? AND delete_at = 0 "
                   "ORDER BY create_at LIMIT ? OFFSET ?"),
        channel_id, after, limit, offset));
    for (size_t i = 0; i < *ret_count / 2; i++) {
        Post swap = (*ret_posts)[i];
        (*ret_posts)[i] = (*ret_posts)[*ret_count - 1 - i];
        (*ret_posts)[*ret_count - 1 - i] = swap;
    }
    return OK;
}

Err store_post_list_since(DbTx *tx, Arena *arena, Str channel_id, int64_t since, int64_t limit,
                          Post **ret_posts, size_t *ret_count)
{
    return entity_list(tx, &post_entity, arena, ret_posts, ret_count,
                       ENTITY_SQL(&post_entity,
                                  "SELECT $ FROM posts WHERE channel_id = ? AND update_at > ? "
                                  "ORDER BY create_at DESC LIMIT ?"),
                       channel_id, since, limit);
}

Err store_pending_post_get(DbTx *tx, Arena *arena, Str user_id, Str pending_post_id,
                           Str *ret_post_id)
{
    return db_get_text(
        tx, arena, ret_post_id,
        "SELECT post_id FROM pending_posts WHERE user_id = ? AND pending_post_id = ?", user_id,
        pending_post_id);
}

Err store_pending_post_insert(DbTx *tx, Str user_id, Str pending_post_id, Str post_id, int64_t now)
{
    return db_exec(tx,
                   "INSERT INTO pending_posts (user_id, pending_post_id, post_id, create_at) "
                   "VALUES (?, ?, ?, ?)",
                   user_id, pending_post_id, post_id, now);
}

Err store_thread_get(DbTx *tx, Arena *arena, Str post_id, Thread *ret_thread)
{
    return entity_get(tx, &thread_entity, arena, ret_thread,
                      ENTITY_SQL(&thread_entity, "SELECT $ FROM threads WHERE post_id = ?"),
                      post_id);
}

Err store_thread_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count,
                      Thread **ret_threads, size_t *ret_count)
{
    *ret_threads = NULL;
    *ret_count = 0;
    if (count == 0)
        return OK;
    Buf sql;
    buf_init(&sql, 256 * 1024);
    buf_append(&sql, STR("SELECT $ FROM threads WHERE post_id IN ("));
    db_sql_marks(&sql, count);
    buf_append_char(&sql, ')');
    DbArg *args = arena_new(arena, DbArg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = db_arg_text(post_ids[i]);
    Err err = entity_list_text(tx, &thread_entity, arena, (void **)ret_threads, ret_count,
                               buf_str(&sql), args, count);
    buf_deinit(&sql);
    return err;
}
