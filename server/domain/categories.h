/* domain/categories.h: how somebody has sorted the sidebar of a team.
 *
 * Model    Three categories are there from the start, by fixed ids "<type>_<user id>_<team id>": favorites, channels,
 *          direct_messages; people add their own (custom). A channel stands in exactly one category of a sidebar. One that
 *          nobody has put anywhere stands in channels or direct_messages, after those that somebody has.
 * Stored   Rows are written when somebody changes something; until then the three are made up on reading.
 * Mirror   favorites and the preferences favorite_channel/<channel id> say the same: a change of one changes the other.
 */
#pragma once
#include "domain/access.h"

enum { CATEGORY_NAME_RUNES = 64, CATEGORIES_MAX = 200 };

/* A sidebar in its order; channel_ids of each category is filled in (JSON). */
typedef struct Sidebar {
    SidebarCategory *items;
    size_t count;
} Sidebar;

/* Acts of `user_id`'s sidebar, by oneself or somebody who may edit others. */
Err sidebar_get(Ctx *ctx, Str user_id, Str team_id, Sidebar *ret_sidebar);
Err category_get(Ctx *ctx, Str user_id, Str team_id, Str category_id, SidebarCategory *ret_category);
/* `draft`: display_name and channel_ids (JSON). */
Err category_create(Ctx *ctx, Str user_id, Str team_id, const SidebarCategory *draft, SidebarCategory *ret_category);
/* Several at once; ret_changed[i] belongs to changes[i]. Channels put into one leave the others. */
Err categories_update(Ctx *ctx, Str user_id, Str team_id, const SidebarCategory *changes, size_t count, SidebarCategory *ret_changed);
Err category_delete(Ctx *ctx, Str user_id, Str team_id, Str category_id);
/* All ids of the sidebar, each once. */
Err sidebar_set_order(Ctx *ctx, Str user_id, Str team_id, const StrVec *order);

/* Writes {"categories":[…],"order":[…]}. */
void sidebar_write(const Sidebar *sidebar, Buf *out);
/* Within an open transaction, without checks. */
Err sidebar_load(Ctx *ctx, DbTx *tx, Str user_id, Str team_id, Sidebar *ret_sidebar);

/* For domain/preferences.c: favorite_channel/<channel id> was set or taken away; the sidebar follows. Writes no preference. */
Err categories_follow_favorite_in(Ctx *ctx, DbTx *tx, Str user_id, Str channel_id, bool is_favorite);
