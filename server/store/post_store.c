#include "store/post_store.h"
#include "store/in_list.h"

Err store_post_get(DbTx *tx, Arena *arena, Str id, Post *ret_post)
{
    return entity_get(tx, &post_entity, arena, ret_post,
                      ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE id = ?"), id);
}

Err store_post_insert(DbTx *tx, const Post *post)
{
    return post_insert_row(tx, post);
}

#define SHOWN                                                                                      \
    "(1 = ? OR delete_at = 0) AND (0 = ? OR root_id = '')" /* a PostFilter: with_deleted, roots_only */

Err store_post_list_before(DbTx *tx, Arena *arena, Str channel_id, int64_t before,
                           PostFilter filter, int64_t limit, int64_t offset, Post **ret_posts,
                           size_t *ret_count)
{
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND create_at < ? AND " SHOWN
                   " ORDER BY create_at DESC LIMIT ? OFFSET ?"),
        channel_id, before ? before : INT64_MAX, filter.with_deleted, filter.roots_only, limit,
        offset);
}

static void reverse(Post *posts, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        Post swap = posts[i];
        posts[i] = posts[count - 1 - i];
        posts[count - 1 - i] = swap;
    }
}

Err store_post_list_after(DbTx *tx, Arena *arena, Str channel_id, int64_t after, PostFilter filter,
                          int64_t limit, int64_t offset, Post **ret_posts, size_t *ret_count)
{
    TRY(entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND create_at > ? AND " SHOWN
                   " ORDER BY create_at LIMIT ? OFFSET ?"),
        channel_id, after, filter.with_deleted, filter.roots_only, limit, offset));
    reverse(*ret_posts, *ret_count);
    return OK;
}

Err store_post_list_since(DbTx *tx, Arena *arena, Str channel_id, int64_t since, bool roots_only,
                          int64_t limit, Post **ret_posts, size_t *ret_count)
{
    return entity_list(tx, &post_entity, arena, ret_posts, ret_count,
                       ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE channel_id = ? AND "
                                                "update_at > ? AND (0 = ? OR root_id = '') "
                                                "ORDER BY create_at DESC LIMIT ?"),
                       channel_id, since, roots_only, limit);
}

static Err nearest(DbTx *tx, Arena *arena, const char *sql, Str channel_id, int64_t time,
                   PostFilter filter, Str *ret_id)
{
    Err err = db_get_text(tx, arena, ret_id, sql, channel_id, time, filter.with_deleted,
                          filter.roots_only);
    if (err == ERR_ABSENT)
        *ret_id = STR_EMPTY;
    return err == ERR_ABSENT ? OK : err;
}

Err store_post_id_before(DbTx *tx, Arena *arena, Str channel_id, int64_t time, PostFilter filter,
                         Str *ret_id)
{
    return nearest(tx, arena,
                   "SELECT id FROM posts WHERE channel_id = ? AND create_at < ? AND " SHOWN
                   " ORDER BY create_at DESC LIMIT 1",
                   channel_id, time, filter, ret_id);
}

Err store_post_id_after(DbTx *tx, Arena *arena, Str channel_id, int64_t time, PostFilter filter,
                        Str *ret_id)
{
    return nearest(tx, arena,
                   "SELECT id FROM posts WHERE channel_id = ? AND create_at > ? AND " SHOWN
                   " ORDER BY create_at LIMIT 1",
                   channel_id, time, filter, ret_id);
}

Err store_post_list_from(DbTx *tx, Arena *arena, Str channel_id, Str root_id, int64_t since,
                         int64_t limit, Post **ret_posts, size_t *ret_count)
{
    if (root_id.len)
        return entity_list(
            tx, &post_entity, arena, ret_posts, ret_count,
            ENTITY_SQL(&post_entity,
                       "SELECT $ FROM posts WHERE root_id = ? AND create_at >= ? AND delete_at = 0 "
                       "ORDER BY create_at LIMIT ?"),
            root_id, since, limit);
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND create_at >= ? AND delete_at = 0 "
                   "ORDER BY create_at LIMIT ?"),
        channel_id, since, limit);
}

Err store_post_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, Post **ret_posts,
                           size_t *ret_count)
{
    return in_list_entities(tx, &post_entity, arena, (void **)ret_posts, ret_count,
                            "SELECT $ FROM posts WHERE id IN (", ")", ids, count);
}

Err store_post_list_pinned(DbTx *tx, Arena *arena, Str channel_id, Post **ret_posts,
                           size_t *ret_count)
{
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE channel_id = ? AND is_pinned = 1 AND delete_at = 0 "
                   "ORDER BY create_at DESC"),
        channel_id);
}

Err store_post_list_flagged(DbTx *tx, Arena *arena, Str user_id, Str channel_id, Str team_id,
                            int64_t limit, int64_t offset, Post **ret_posts, size_t *ret_count)
{
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(
            &post_entity,
            "SELECT $p. FROM preferences f JOIN posts p ON p.id = f.name JOIN channels c ON c.id = "
            "p.channel_id "
            "WHERE f.user_id = ? AND f.category = 'flagged_post' AND f.value = 'true' AND "
            "p.delete_at = 0 "
            "AND (? = '' OR p.channel_id = ?) AND (? = '' OR c.team_id = ? OR c.team_id = '') "
            "AND (EXISTS (SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id "
            "= f.user_id) "
            "OR (c.type = 'O' AND EXISTS (SELECT 1 FROM team_members t WHERE t.team_id = c.team_id "
            "AND t.user_id = f.user_id "
            "AND t.delete_at = 0 AND t.scheme_guest = 0))) ORDER BY p.create_at DESC, p.id DESC "
            "LIMIT ? OFFSET ?"),
        user_id, channel_id, channel_id, team_id, team_id, limit, offset);
}

Err store_post_list_thread(DbTx *tx, Arena *arena, const ThreadWalk *walk, Post **ret_posts,
                           size_t *ret_count)
{
    int64_t from = walk->from;
    if (walk->by_update && walk->upwards)
        return entity_list(
            tx, &post_entity, arena, ret_posts, ret_count,
            ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE root_id = ? AND (update_at < ? OR "
                                     "(update_at = ? AND id < ?)) "
                                     "AND delete_at = 0 ORDER BY update_at DESC, id DESC LIMIT ?"),
            walk->root_id, from ? from : INT64_MAX, from, walk->from_id, walk->limit);
    if (walk->by_update)
        return entity_list(tx, &post_entity, arena, ret_posts, ret_count,
                           ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE root_id = ? AND "
                                                    "(update_at > ? OR (update_at = ? AND id > ?)) "
                                                    "ORDER BY update_at, id LIMIT ?"),
                           walk->root_id, from, from, walk->from_id.len ? walk->from_id : STR("~"),
                           walk->limit);
    if (walk->upwards)
        return entity_list(
            tx, &post_entity, arena, ret_posts, ret_count,
            ENTITY_SQL(&post_entity,
                       "SELECT $ FROM posts WHERE root_id = ? AND create_at < ? AND delete_at = 0 "
                       "ORDER BY create_at DESC LIMIT ?"),
            walk->root_id, from ? from : INT64_MAX, walk->limit);
    return entity_list(
        tx, &post_entity, arena, ret_posts, ret_count,
        ENTITY_SQL(&post_entity,
                   "SELECT $ FROM posts WHERE root_id = ? AND create_at > ? AND delete_at = 0 "
                   "ORDER BY create_at LIMIT ?"),
        walk->root_id, from, walk->limit);
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
