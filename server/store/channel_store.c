#include "store/channel_store.h"
#include "store/query.h"

Err store_channel_get(DbTx *tx, Arena *arena, Str id, Channel *ret_channel)
{
    return entity_get(tx, &channel_entity, arena, ret_channel,
                      ENTITY_SQL(&channel_entity, "SELECT $ FROM channels WHERE id = ?"), id);
}

Err store_channel_get_by_name(DbTx *tx, Arena *arena, Str team_id, Str name, Channel *ret_channel)
{
    return entity_get(
        tx, &channel_entity, arena, ret_channel,
        ENTITY_SQL(&channel_entity, "SELECT $ FROM channels WHERE team_id = ? AND name = ?"),
        team_id, name);
}

Err store_channel_list_of_user(DbTx *tx, Arena *arena, Str user_id, Str team_id, bool with_archived,
                               Channel **ret_channels, size_t *ret_count)
{
    return entity_list(
        tx, &channel_entity, arena, ret_channels, ret_count,
        ENTITY_SQL(&channel_entity,
                   "SELECT $c. FROM channel_members m JOIN channels c ON c.id = m.channel_id "
                   "WHERE m.user_id = ? AND c.team_id = ? AND (c.delete_at = 0 OR 1 = ?) "
                   "ORDER BY c.display_name, c.id"),
        user_id, team_id, with_archived);
}

Err store_channel_list_for_sidebar(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                                   Channel **ret_channels, size_t *ret_count)
{
    return entity_list(
        tx, &channel_entity, arena, ret_channels, ret_count,
        ENTITY_SQL(&channel_entity,
                   "SELECT $c. FROM channel_members m JOIN channels c ON c.id = m.channel_id "
                   "WHERE m.user_id = ? AND c.team_id IN (?, '') AND c.delete_at = 0 ORDER BY "
                   "c.search_text, c.id"),
        user_id, team_id);
}

Err store_channel_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count,
                              Channel **ret_channels, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM channels WHERE id IN");
    query_in(&q, ids, count);
    return query_list(&q, tx, &channel_entity, ret_channels, ret_count);
}

Err store_channel_list_of_user_everywhere(DbTx *tx, Arena *arena, Str user_id, bool with_archived,
                                          int64_t since, Channel **ret_channels, size_t *ret_count)
{
    return entity_list(
        tx, &channel_entity, arena, ret_channels, ret_count,
        ENTITY_SQL(&channel_entity,
                   "SELECT $c. FROM channel_members m JOIN channels c ON c.id = m.channel_id "
                   "WHERE m.user_id = ? AND (c.delete_at = 0 OR (1 = ? AND c.delete_at >= ?)) "
                   "AND (c.team_id = '' OR EXISTS (SELECT 1 FROM teams t WHERE t.id = c.team_id "
                   "AND t.delete_at = 0)) "
                   "ORDER BY c.display_name, c.id"),
        user_id, with_archived, since);
}

/* ---- search ---- */
static void add_kinds(Query *q, const ChannelSearch *s)
{
    StrVec kinds = {0};
    bool any = s->is_public || s->is_private || s->is_group;
    if (s->is_public || !any)
        vec_push(q->arena, &kinds, STR("O"));
    if (s->is_private || !any)
        vec_push(q->arena, &kinds, STR("P"));
    if (s->is_group)
        vec_push(q->arena, &kinds, STR("G"));
    query_add(q, " AND c.type IN");
    query_in(q, kinds.items, kinds.len);
}

static void add_term(Query *q, const ChannelSearch *s)
{
    query_add(q, " AND ((1 = 1");
    query_words(q, "c.search_text", s->term);
    query_add(q, ")");
    if (s->or_id)
        query_one(q, " OR c.id = ?", s->term);
    query_add(q, ")");
}

static void add_conditions(Query *q, const ChannelSearch *s)
{
    add_kinds(q, s);
    add_term(q, s);
    if (s->team_id.len)
        query_one(q, " AND c.team_id = ?", s->team_id);
    if (s->team_ids.len) {
        query_add(q, " AND c.team_id IN");
        query_in(q, s->team_ids.items, s->team_ids.len);
    }
    if (s->member_id.len) {
        query_add(q, s->or_public ? " AND (c.type = 'O' OR " : " AND (");
        query_one(q, "c.id IN (SELECT m.channel_id FROM channel_members m WHERE m.user_id = ?))",
                  s->member_id);
    }
    if (s->only_archived)
        query_add(q, " AND c.delete_at <> 0");
    else if (!s->with_archived)
        query_add(q, " AND c.delete_at = 0");
    if (s->without_names.len) {
        query_add(q, " AND c.name NOT IN");
        query_in(q, s->without_names.items, s->without_names.len);
    }
}

Err store_channel_search(DbTx *tx, Arena *arena, const ChannelSearch *search,
                         Channel **ret_channels, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $c. FROM channels c WHERE 1 = 1");
    add_conditions(&q, search);
    query_one(&q,
              " ORDER BY CASE WHEN c.delete_at = 0 THEN 0 ELSE 1 END, c.search_text, c.id LIMIT ?",
              search->limit);
    query_one(&q, " OFFSET ?", search->offset);
    return query_list(&q, tx, &channel_entity, ret_channels, ret_count);
}

Err store_channel_search_count(DbTx *tx, Arena *arena, const ChannelSearch *search,
                               int64_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT count(*) FROM channels c WHERE 1 = 1");
    add_conditions(&q, search);
    return query_get_int(&q, tx, ret_count);
}

Err store_channel_search_direct(DbTx *tx, Arena *arena, Str user_id, Str term, int64_t limit,
                                Channel **ret_channels, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena,
               "SELECT $c. FROM channel_members m JOIN channels c ON c.id = m.channel_id "
               "JOIN channel_members o ON o.channel_id = c.id AND o.user_id <> m.user_id "
               "JOIN users u ON u.id = o.user_id WHERE c.type = 'D'");
    query_one(&q, " AND m.user_id = ?", user_id);
    query_words(&q, "u.search_text", term);
    query_one(&q, " ORDER BY u.username LIMIT ?", limit);
    return query_list(&q, tx, &channel_entity, ret_channels, ret_count);
}

/* ---- changes ---- */
Err store_channel_destroy(DbTx *tx, Str channel_id, int64_t now)
{
    static const char *const statements[] = {
        "DELETE FROM reactions WHERE channel_id = ?",
        "DELETE FROM thread_members WHERE post_id IN (SELECT post_id FROM threads WHERE channel_id "
        "= ?)",
        "DELETE FROM threads WHERE channel_id = ?",
        "DELETE FROM drafts WHERE channel_id = ?",
        "DELETE FROM post_versions WHERE channel_id = ?",
        "DELETE FROM posts WHERE channel_id = ?",
        "DELETE FROM sidebar_channels WHERE channel_id = ?",
        "DELETE FROM preferences WHERE category = 'favorite_channel' AND name = ?",
        "DELETE FROM channel_members WHERE channel_id = ?",
        "DELETE FROM channel_member_history WHERE channel_id = ?",
        "DELETE FROM channels WHERE id = ?",
    };
    TRY(db_exec(tx, "UPDATE file_infos SET delete_at = ? WHERE channel_id = ? AND delete_at = 0",
                now, channel_id));
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        TRY(db_exec(tx, statements[i], channel_id));
    return OK;
}

static Err read_tick(DbTx *tx, Str channel_id, ChannelTick *ret_tick)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT last_time, version, delete_at, total_msg_count, total_msg_count_root FROM "
                 "channels WHERE id = ?",
                 channel_id));
    if (!db_next(&rows)) {
        TRY(db_rows_error(&rows));
        return ERR_ABSENT;
    }
    db_take_turn(tx, channel_id); /* the row is ours: events of a channel go out in its order */
    *ret_tick = (ChannelTick){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
                              db_int(&rows, 3), db_int(&rows, 4)};
    return OK;
}

Err store_channel_tick(DbTx *tx, Str channel_id, int64_t now, ChannelTick *ret_tick)
{
    TRY(db_exec(
        tx,
        "UPDATE channels SET last_time = CASE WHEN last_time >= ? THEN last_time + 1 ELSE ? END, "
        "version = version + 1 WHERE id = ?",
        now, now, channel_id));
    return read_tick(tx, channel_id, ret_tick);
}

Err store_channel_tick_post(DbTx *tx, Str channel_id, int64_t now, bool is_counted, bool is_root,
                            ChannelTick *ret_tick)
{
    TRY(db_exec(tx,
                "UPDATE channels SET last_post_at = CASE WHEN last_time >= ? THEN last_time + 1 "
                "ELSE ? END, "
                "last_root_post_at = CASE WHEN 0 = ? THEN last_root_post_at WHEN last_time >= ? "
                "THEN last_time + 1 ELSE ? END, "
                "last_time = CASE WHEN last_time >= ? THEN last_time + 1 ELSE ? END, version = "
                "version + 1, "
                "total_msg_count = total_msg_count + ?, total_msg_count_root = "
                "total_msg_count_root + ? WHERE id = ?",
                now, now, is_root, now, now, now, now, is_counted, is_counted && is_root,
                channel_id));
    return read_tick(tx, channel_id, ret_tick);
}

Err store_channel_member_get(DbTx *tx, Arena *arena, Str channel_id, Str user_id,
                             ChannelMember *ret_member)
{
    return entity_get(
        tx, &channel_member_entity, arena, ret_member,
        ENTITY_SQL(&channel_member_entity,
                   "SELECT $ FROM channel_members WHERE channel_id = ? AND user_id = ?"),
        channel_id, user_id);
}

Err store_channel_member_insert(DbTx *tx, const ChannelMember *member)
{
    TRY(db_exec(tx,
                "INSERT INTO channel_member_history (channel_id, user_id, join_at, leave_at) "
                "VALUES (?, ?, ?, 0)",
                member->channel_id, member->user_id, member->last_update_at));
    return channel_member_insert_row(tx, member);
}

Err store_channel_member_delete(DbTx *tx, Str channel_id, Str user_id, int64_t now)
{
    TRY(db_exec(tx, "DELETE FROM channel_members WHERE channel_id = ? AND user_id = ?", channel_id,
                user_id));
    return db_exec(tx,
                   "UPDATE channel_member_history SET leave_at = ? WHERE channel_id = ? AND "
                   "user_id = ? AND leave_at = 0",
                   now, channel_id, user_id);
}

static Err list_ids(DbTx *tx, Arena *arena, const char *sql, Str id, Str **ret_ids,
                    size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows, sql, id));
    StrVec ids = {0};
    while (db_next(&rows))
        vec_push(arena, &ids, str_copy(arena, db_text(&rows, 0)));
    TRY(db_rows_error(&rows));
    *ret_ids = ids.items;
    *ret_count = ids.len;
    return OK;
}

Err store_channel_member_ids(DbTx *tx, Arena *arena, Str channel_id, Str **ret_ids,
                             size_t *ret_count)
{
    return list_ids(tx, arena,
                    "SELECT user_id FROM channel_members WHERE channel_id = ? ORDER BY user_id",
                    channel_id, ret_ids, ret_count);
}

Err store_channel_ids_of_user(DbTx *tx, Arena *arena, Str user_id, Str **ret_ids, size_t *ret_count)
{
    return list_ids(tx, arena, "SELECT channel_id FROM channel_members WHERE user_id = ?", user_id,
                    ret_ids, ret_count);
}
