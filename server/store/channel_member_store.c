#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/query.h"

Err store_channel_member_list(DbTx *tx, Arena *arena, Str channel_id, int64_t limit, int64_t offset,
                              ChannelMember **ret_members, size_t *ret_count)
{
    return entity_list(
        tx, &channel_member_entity, arena, ret_members, ret_count,
        ENTITY_SQL(
            &channel_member_entity,
            "SELECT $ FROM channel_members WHERE channel_id = ? ORDER BY user_id LIMIT ? OFFSET ?"),
        channel_id, limit, offset);
}

Err store_channel_member_list_by_ids(DbTx *tx, Arena *arena, Str channel_id, const Str *user_ids,
                                     size_t count, ChannelMember **ret_members, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM channel_members");
    query_one(&q, " WHERE channel_id = ? AND user_id IN", channel_id);
    query_in(&q, user_ids, count);
    return query_list(&q, tx, &channel_member_entity, ret_members, ret_count);
}

Err store_channel_member_list_of_user_in_team(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                                              ChannelMember **ret_members, size_t *ret_count)
{
    return entity_list(
        tx, &channel_member_entity, arena, ret_members, ret_count,
        ENTITY_SQL(&channel_member_entity,
                   "SELECT $m. FROM channel_members m JOIN channels c ON c.id = m.channel_id "
                   "WHERE m.user_id = ? AND c.team_id IN (?, '') AND c.delete_at = 0 ORDER BY "
                   "m.channel_id"),
        user_id, team_id);
}

Err store_channel_member_list_of_user(DbTx *tx, Arena *arena, Str user_id, int64_t limit,
                                      int64_t offset, PlacedMember **ret_members, size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(
        tx, &rows,
        ENTITY_SQL(
            &channel_member_entity,
            "SELECT $m., c.team_id FROM channel_members m JOIN channels c ON c.id = m.channel_id "
            "WHERE m.user_id = ? AND (c.team_id = '' OR EXISTS (SELECT 1 FROM teams t "
            "WHERE t.id = c.team_id AND t.delete_at = 0)) ORDER BY m.channel_id LIMIT ? OFFSET ?"),
        user_id, limit < 0 ? INT64_MAX : limit, offset));
    VEC(PlacedMember) found = {0};
    while (db_next(&rows)) {
        PlacedMember one = {0};
        channel_member_read_row(&rows, 0, arena, &one.member);
        one.team_id =
            str_copy(arena, db_text(&rows, (int)entity_column_count(&channel_member_entity)));
        vec_push(arena, &found, one);
    }
    TRY(db_rows_error(&rows));
    *ret_members = found.items;
    *ret_count = found.len;
    return OK;
}

Err store_channel_member_update(DbTx *tx, const ChannelMember *m)
{
    return db_exec(tx,
                   "UPDATE channel_members SET notify_props = ?, scheme_guest = ?, scheme_user = "
                   "?, scheme_admin = ?, "
                   "explicit_roles = ?, last_update_at = ? WHERE channel_id = ? AND user_id = ?",
                   m->notify_props, m->scheme_guest, m->scheme_user, m->scheme_admin,
                   m->explicit_roles, m->last_update_at, m->channel_id, m->user_id);
}

Err store_channel_member_remove(DbTx *tx, Str channel_id, Str user_id, int64_t now)
{
    TRY(store_channel_member_delete(tx, channel_id, user_id, now));
    TRY(db_exec(tx, "DELETE FROM sidebar_channels WHERE user_id = ? AND channel_id = ?", user_id,
                channel_id));
    TRY(db_exec(
        tx,
        "DELETE FROM preferences WHERE user_id = ? AND category = 'favorite_channel' AND name = ?",
        user_id, channel_id));
    return db_exec(tx,
                   "DELETE FROM thread_members WHERE user_id = ? AND post_id IN (SELECT post_id "
                   "FROM threads WHERE channel_id = ?)",
                   user_id, channel_id);
}

Err store_channel_ids_of_user_in_team(DbTx *tx, Arena *arena, Str user_id, Str team_id,
                                      StrVec *ret_ids)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena,
               "SELECT m.channel_id FROM channel_members m JOIN channels c ON c.id = m.channel_id");
    query_one(&q, " WHERE m.user_id = ?", user_id);
    query_one(&q, " AND c.team_id = ? ORDER BY m.channel_id", team_id);
    return query_texts(&q, tx, ret_ids);
}

static Err count_people(DbTx *tx, Str channel_id, int64_t *ret_members, int64_t *ret_guests)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT count(*), coalesce(sum(m.scheme_guest), 0) FROM channel_members m JOIN "
                 "users u ON u.id = m.user_id "
                 "WHERE m.channel_id = ? AND u.delete_at = 0",
                 channel_id));
    if (db_next(&rows)) {
        *ret_members = db_int(&rows, 0);
        *ret_guests = db_int(&rows, 1);
    }
    return db_rows_error(&rows);
}

Err store_channel_member_count(DbTx *tx, Str channel_id, int64_t *ret_count)
{
    int64_t guests;
    return count_people(tx, channel_id, ret_count, &guests);
}

Err store_channel_counts(DbTx *tx, Str channel_id, bool with_files, ChannelCounts *ret_counts)
{
    TRY(count_people(tx, channel_id, &ret_counts->members, &ret_counts->guests));
    TRY(db_get_int(
        tx, &ret_counts->pinned,
        "SELECT count(*) FROM posts WHERE channel_id = ? AND is_pinned = 1 AND delete_at = 0",
        channel_id));
    ret_counts->files = -1;
    if (!with_files)
        return OK;
    return db_get_int(
        tx, &ret_counts->files,
        "SELECT count(*) FROM file_infos WHERE channel_id = ? AND delete_at = 0 AND post_id <> ''",
        channel_id);
}

Err store_channel_timezones(DbTx *tx, Arena *arena, Str channel_id, StrVec *ret_timezones)
{
    CLEANUP(query_deinit) Query q;
    query_init(
        &q, arena,
        "SELECT DISTINCT u.timezone FROM channel_members m JOIN users u ON u.id = m.user_id");
    query_one(&q, " WHERE m.channel_id = ? AND u.delete_at = 0", channel_id);
    return query_texts(&q, tx, ret_timezones);
}

Err store_channel_is_shared(DbTx *tx, Str user_id, Str other_id, bool *ret_shared)
{
    int64_t found;
    Err err = db_get_int(
        tx, &found,
        "SELECT 1 FROM channel_members a JOIN channel_members b ON b.channel_id = a.channel_id "
        "WHERE a.user_id = ? AND b.user_id = ? LIMIT 1",
        user_id, other_id);
    *ret_shared = err == OK;
    return err == ERR_ABSENT ? OK : err;
}
