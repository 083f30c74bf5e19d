/* store/reaction_store.h: reactions in SQL, and the custom emoji that posts show. Texts go into `arena`. */
#pragma once
#include "model/post.h"

Err store_reaction_get(DbTx *tx, Arena *arena, Str post_id, Str user_id, Str emoji_name, Reaction *ret_reaction);
/* Of several posts, by post and time. */
Err store_reaction_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count, Reaction **ret_reactions, size_t *ret_count);
/* How many different emoji stand under a post, without `emoji_name`. */
Err store_reaction_count_others(DbTx *tx, Str post_id, Str emoji_name, int64_t *ret_count);
Err store_reaction_delete(DbTx *tx, Str post_id, Str user_id, Str emoji_name, int64_t *ret_touched);
/* The custom emoji of these names. */
Err store_reaction_emojis(DbTx *tx, Arena *arena, const Str *names, size_t count, Emoji **ret_emojis, size_t *ret_count);
