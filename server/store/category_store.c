#include "store/category_store.h"
#include "store/query.h"

Err store_category_list(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                        SidebarCategory **ret_categories, size_t *ret_count)
{
    return entity_list(tx, &sidebar_category_entity, arena, ret_categories, ret_count,
                       ENTITY_SQL(&sidebar_category_entity,
                                  "SELECT $ FROM sidebar_categories WHERE user_id = ? "
                                  "AND team_id = ? ORDER BY sort_order, id"),
                       user_id, team_id);
}

Err store_category_channels(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                            PlacedChannel **ret_placed, size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT s.category_id, s.channel_id FROM sidebar_categories c JOIN "
                 "sidebar_channels s ON s.category_id = c.id "
                 "AND s.user_id = c.user_id WHERE c.user_id = ? AND c.team_id = ? ORDER BY "
                 "s.category_id, s.sort_order, s.channel_id",
                 user_id, team_id));
    VEC(PlacedChannel) placed = {0};
    while (db_next(&rows))
        vec_push(arena, &placed,
                 (PlacedChannel){str_copy(arena, db_text(&rows, 0)),
                                 str_copy(arena, db_text(&rows, 1))});
    *ret_placed = placed.items;
    *ret_count = placed.len;
    return db_rows_error(&rows);
}

Err store_sidebar_channels(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                           SidebarChannel **ret_channels, size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(
        tx, &rows,
        "SELECT c.id, c.team_id FROM channel_members m JOIN channels c ON c.id = m.channel_id "
        "WHERE m.user_id = ? AND c.team_id IN (?, '') AND c.delete_at = 0 ORDER BY c.search_text, "
        "c.id",
        user_id, team_id));
    VEC(SidebarChannel) channels = {0};
    while (db_next(&rows))
        vec_push(arena, &channels,
                 (SidebarChannel){str_copy(arena, db_text(&rows, 0)), db_text(&rows, 1).len == 0});
    *ret_channels = channels.items;
    *ret_count = channels.len;
    return db_rows_error(&rows);
}

Err store_category_lock(DbTx *tx, Str user_id, Str team_id)
{
    return db_exec(tx,
                   "UPDATE sidebar_categories SET muted = muted WHERE user_id = ? AND team_id = ?",
                   user_id, team_id);
}

Err store_category_save(DbTx *tx, const SidebarCategory *c)
{
    static const DbUpsert UPSERT = {
        "sidebar_categories",
        "id, user_id, team_id, sort_order, sorting, type, display_name, muted, collapsed", "id",
        "sort_order, sorting, display_name, muted, collapsed"};
    return db_upsert(tx, &UPSERT, c->id, c->user_id, c->team_id, c->sort_order, c->sorting, c->type,
                     c->display_name, c->muted, c->collapsed);
}

Err store_category_delete(DbTx *tx, Str category_id)
{
    TRY(db_exec(tx, "DELETE FROM sidebar_channels WHERE category_id = ?", category_id));
    return db_exec(tx, "DELETE FROM sidebar_categories WHERE id = ?", category_id);
}

Err store_category_add_channel(DbTx *tx, Str user_id, Str category_id, Str channel_id,
                               int64_t sort_order)
{
    static const DbUpsert UPSERT = {"sidebar_channels",
                                    "user_id, category_id, channel_id, sort_order",
                                    "user_id, category_id, channel_id", "sort_order"};
    return db_upsert(tx, &UPSERT, user_id, category_id, channel_id, sort_order);
}

Err store_category_set_channels(DbTx *tx, Str user_id, Str category_id, const Str *ids,
                                size_t count)
{
    TRY(db_exec(tx, "DELETE FROM sidebar_channels WHERE user_id = ? AND category_id = ?", user_id,
                category_id));
    for (size_t i = 0; i < count; i++)
        TRY(store_category_add_channel(tx, user_id, category_id, ids[i], (int64_t)i * 10));
    return OK;
}

Err store_category_take_out(DbTx *tx, Arena *arena, Str user_id, Str team_id, Str but_category_id,
                            const Str *ids, size_t count)
{
    if (count == 0)
        return OK;
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "DELETE FROM sidebar_channels");
    query_one(&q, " WHERE user_id = ?", user_id);
    query_one(&q, " AND category_id <> ?", but_category_id);
    query_one(&q, " AND category_id IN (SELECT id FROM sidebar_categories WHERE user_id = ?",
              user_id);
    query_one(&q, " AND team_id = ?) AND channel_id IN", team_id);
    query_in(&q, ids, count);
    return query_exec(&q, tx);
}

Err store_favorite_ids(DbTx *tx, Arena *arena, Str user_id, StrVec *ret_ids)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT name FROM preferences");
    query_one(
        &q, " WHERE user_id = ? AND category = 'favorite_channel' AND value = 'true' ORDER BY name",
        user_id);
    return query_texts(&q, tx, ret_ids);
}

Err store_favorite_set(DbTx *tx, Str user_id, Str channel_id, bool is_favorite)
{
    static const DbUpsert UPSERT = {"preferences", "user_id, category, name, value",
                                    "user_id, category, name", "value"};
    if (is_favorite)
        return db_upsert(tx, &UPSERT, user_id, STR("favorite_channel"), channel_id, STR("true"));
    return db_exec(
        tx,
        "DELETE FROM preferences WHERE user_id = ? AND category = 'favorite_channel' AND name = ?",
        user_id, channel_id);
}
