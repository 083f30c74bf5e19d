/* store/category_store.h: the sidebar in SQL: categories, and which channels somebody has put where. A channel without a row
 * stands where new ones do: domain/categories.c. */
#pragma once
#include "base/vec.h"
#include "model/channel.h"

Err store_category_list(DbTx *tx, Arena *arena, Str user_id, Str team_id, SidebarCategory **ret_categories, size_t *ret_count);
/* In the order of each category. */
typedef struct PlacedChannel {
    Str category_id, channel_id;
} PlacedChannel;
Err store_category_channels(DbTx *tx, Arena *arena, Str user_id, Str team_id, PlacedChannel **ret_placed, size_t *ret_count);
/* What a sidebar of that team shows: the user's channels there, direct and group messages; not archived; by name. */
typedef struct SidebarChannel {
    Str id;
    bool is_direct;
} SidebarChannel;
Err store_sidebar_channels(DbTx *tx, Arena *arena, Str user_id, Str team_id, SidebarChannel **ret_channels, size_t *ret_count);

/* Locks the user's categories of that team. */
Err store_category_lock(DbTx *tx, Str user_id, Str team_id);
Err store_category_save(DbTx *tx, const SidebarCategory *category); /* new, or over the old row */
Err store_category_delete(DbTx *tx, Str category_id);               /* with its rows */
/* These channels, in this order, and no others. */
Err store_category_set_channels(DbTx *tx, Str user_id, Str category_id, const Str *ids, size_t count);
Err store_category_add_channel(DbTx *tx, Str user_id, Str category_id, Str channel_id, int64_t sort_order);
/* Takes channels out of all categories of that team but one. */
Err store_category_take_out(DbTx *tx, Arena *arena, Str user_id, Str team_id, Str but_category_id, const Str *ids, size_t count);
/* The favourites of a user that stand as preferences. */
Err store_favorite_ids(DbTx *tx, Arena *arena, Str user_id, StrVec *ret_ids);
Err store_favorite_set(DbTx *tx, Str user_id, Str channel_id, bool is_favorite);
