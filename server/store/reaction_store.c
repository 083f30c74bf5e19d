#include "store/reaction_store.h"
#include "store/in_list.h"

Err store_reaction_get(DbTx *tx, Arena *arena, Str post_id, Str user_id, Str emoji_name,
                       Reaction *ret_reaction)
{
    return entity_get(
        tx, &reaction_entity, arena, ret_reaction,
        ENTITY_SQL(&reaction_entity,
                   "SELECT $ FROM reactions WHERE post_id = ? AND user_id = ? AND emoji_name = ?"),
        post_id, user_id, emoji_name);
}

Err store_reaction_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count,
                        Reaction **ret_reactions, size_t *ret_count)
{
    return in_list_entities(tx, &reaction_entity, arena, (void **)ret_reactions, ret_count,
                            "SELECT $ FROM reactions WHERE post_id IN (",
                            ") ORDER BY post_id, create_at, user_id, emoji_name", post_ids, count);
}

Err store_reaction_count_others(DbTx *tx, Str post_id, Str emoji_name, int64_t *ret_count)
{
    return db_get_int(
        tx, ret_count,
        "SELECT count(DISTINCT emoji_name) FROM reactions WHERE post_id = ? AND emoji_name <> ?",
        post_id, emoji_name);
}

Err store_reaction_delete(DbTx *tx, Str post_id, Str user_id, Str emoji_name, int64_t *ret_touched)
{
    return db_exec_count(
        tx, ret_touched,
        "DELETE FROM reactions WHERE post_id = ? AND user_id = ? AND emoji_name = ?", post_id,
        user_id, emoji_name);
}

Err store_reaction_emojis(DbTx *tx, Arena *arena, const Str *names, size_t count,
                          Emoji **ret_emojis, size_t *ret_count)
{
    return in_list_entities(tx, &emoji_entity, arena, (void **)ret_emojis, ret_count,
                            "SELECT $ FROM emojis WHERE delete_at = 0 AND name IN (",
                            ") ORDER BY name", names, count);
}
