#include "store/emoji_store.h"
#include "store/query.h"

Err store_emoji_get(DbTx *tx, Arena *arena, Str id, Emoji *ret_emoji)
{
    return entity_get(
        tx, &emoji_entity, arena, ret_emoji,
        ENTITY_SQL(&emoji_entity, "SELECT $ FROM emojis WHERE id = ? AND delete_at = 0"), id);
}

Err store_emoji_get_by_name(DbTx *tx, Arena *arena, Str name, Emoji *ret_emoji)
{
    return entity_get(
        tx, &emoji_entity, arena, ret_emoji,
        ENTITY_SQL(&emoji_entity, "SELECT $ FROM emojis WHERE name = ? AND delete_at = 0"), name);
}

Err store_emoji_list(DbTx *tx, Arena *arena, bool by_name, int64_t limit, int64_t offset,
                     Emoji **ret_emojis, size_t *ret_count)
{
    const char *sql =
        by_name
            ? ENTITY_SQL(&emoji_entity,
                         "SELECT $ FROM emojis WHERE delete_at = 0 ORDER BY name LIMIT ? OFFSET ?")
            : ENTITY_SQL(&emoji_entity,
                         "SELECT $ FROM emojis WHERE delete_at = 0 ORDER BY id LIMIT ? OFFSET ?");
    return entity_list(tx, &emoji_entity, arena, ret_emojis, ret_count, sql, limit, offset);
}

Err store_emoji_list_by_names(DbTx *tx, Arena *arena, const Str *names, size_t count,
                              Emoji **ret_emojis, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM emojis WHERE delete_at = 0 AND name IN");
    query_in(&q, names, count);
    return query_list(&q, tx, &emoji_entity, ret_emojis, ret_count);
}

Err store_emoji_search(DbTx *tx, Arena *arena, Str term, bool prefix_only, int64_t limit,
                       Emoji **ret_emojis, size_t *ret_count)
{
    Str pattern = query_pattern(arena, str_lower(arena, term));
    if (prefix_only)
        pattern = str_slice(pattern, 1, pattern.len);
    return entity_list(tx, &emoji_entity, arena, ret_emojis, ret_count,
                       ENTITY_SQL(&emoji_entity,
                                  "SELECT $ FROM emojis WHERE delete_at = 0 AND lower(name) LIKE ? "
                                  "ESCAPE '!' ORDER BY name LIMIT ?"),
                       pattern, limit);
}

Err store_emoji_delete(DbTx *tx, Str id, int64_t now)
{
    int64_t touched;
    TRY(db_exec_count(
        tx, &touched,
        "UPDATE emojis SET delete_at = ?, update_at = ? WHERE id = ? AND delete_at = 0", now, now,
        id));
    return touched ? OK : ERR_ABSENT;
}

Err store_emoji_reactions(DbTx *tx, Arena *arena, Str name, int64_t until, int64_t limit,
                          Reaction **ret_reactions, size_t *ret_count)
{
    return entity_list(
        tx, &reaction_entity, arena, ret_reactions, ret_count,
        ENTITY_SQL(&reaction_entity,
                   "SELECT $ FROM reactions WHERE emoji_name = ? AND create_at <= ? LIMIT ?"),
        name, until, limit);
}

Err store_emoji_reaction_delete(DbTx *tx, const Reaction *reaction)
{
    TRY(db_exec(tx, "DELETE FROM reactions WHERE post_id = ? AND user_id = ? AND emoji_name = ?",
                reaction->post_id, reaction->user_id, reaction->emoji_name));
    return db_exec(tx,
                   "UPDATE posts SET has_reactions = 0 WHERE id = ? AND NOT EXISTS "
                   "(SELECT 1 FROM reactions WHERE reactions.post_id = posts.id)",
                   reaction->post_id);
}
