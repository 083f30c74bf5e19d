/* store/emoji_store.h: custom emoji in SQL. Deleted ones are as if they were not there. Absent rows are ERR_ABSENT; texts go
 * into `arena`. */
#pragma once
#include "model/post.h"

Err store_emoji_get(DbTx *tx, Arena *arena, Str id, Emoji *ret_emoji);
Err store_emoji_get_by_name(DbTx *tx, Arena *arena, Str name, Emoji *ret_emoji);
Err store_emoji_list(DbTx *tx, Arena *arena, bool by_name, int64_t limit, int64_t offset, Emoji **ret_emojis, size_t *ret_count);
Err store_emoji_list_by_names(DbTx *tx, Arena *arena, const Str *names, size_t count, Emoji **ret_emojis, size_t *ret_count);
/* Those whose name begins with (or has in it) `term`, case ignored, by name. */
Err store_emoji_search(DbTx *tx, Arena *arena, Str term, bool prefix_only, int64_t limit, Emoji **ret_emojis, size_t *ret_count);
/* ERR_ABSENT when it is gone already. */
Err store_emoji_delete(DbTx *tx, Str id, int64_t now);
/* Reactions with that emoji up to a moment, any of them first. */
Err store_emoji_reactions(DbTx *tx, Arena *arena, Str name, int64_t until, int64_t limit, Reaction **ret_reactions,
                          size_t *ret_count);
/* Takes one away; its post knows whether any is left. */
Err store_emoji_reaction_delete(DbTx *tx, const Reaction *reaction);
