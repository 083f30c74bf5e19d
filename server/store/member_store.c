#include "store/member_store.h"
#include "store/in_list.h"

Err store_member_list_by_names(DbTx *tx, Arena *arena, Str channel_id, const Str *names,
                               size_t count, MemberName **ret_members, size_t *ret_count)
{
    VEC(MemberName) found = {0};
    for (size_t from = 0; from < count; from += IN_LIST_MAX) {
        CLEANUP(db_rows_end) DbRows rows = {0};
        InList in = in_list_of(arena, names, count, from, 1);
        in.args[0] = db_arg_text(channel_id);
        Str sql = in_list_sql(
            arena, &in,
            "SELECT u.id, u.username FROM users u JOIN channel_members m ON m.user_id = u.id "
            "WHERE m.channel_id = ? AND u.delete_at = 0 AND u.username IN (",
            ")");
        TRY(db_query_text(tx, &rows, sql, in.args, in.count));
        while (db_next(&rows))
            vec_push(arena, &found,
                     (MemberName){str_copy(arena, db_text(&rows, 0)),
                                  str_copy(arena, db_text(&rows, 1))});
        TRY(db_rows_error(&rows));
    }
    *ret_members = found.items;
    *ret_count = found.len;
    return OK;
}

Err store_member_among(DbTx *tx, Arena *arena, Str channel_id, const Str *ids, size_t count,
                       StrVec *ret_ids)
{
    StrVec found = {0};
    for (size_t from = 0; from < count; from += IN_LIST_MAX) {
        CLEANUP(db_rows_end) DbRows rows = {0};
        InList in = in_list_of(arena, ids, count, from, 1);
        in.args[0] = db_arg_text(channel_id);
        Str sql = in_list_sql(
            arena, &in, "SELECT user_id FROM channel_members WHERE channel_id = ? AND user_id IN (",
            ")");
        TRY(db_query_text(tx, &rows, sql, in.args, in.count));
        while (db_next(&rows))
            vec_push(arena, &found, str_copy(arena, db_text(&rows, 0)));
        TRY(db_rows_error(&rows));
    }
    *ret_ids = found;
    return OK;
}

bool member_hears_all(Str member_props, Str user_props)
{
    if (str_contains(user_props, STR("\"channel\":\"false\"")) ||
        str_contains(member_props, STR("\"ignore_channel_mentions\":\"on\"")))
        return false;
    return str_contains(member_props, STR("\"ignore_channel_mentions\":\"off\"")) ||
           !str_contains(member_props, STR("\"mark_unread\":\"mention\""));
}

Err store_member_list_called(DbTx *tx, Arena *arena, Str channel_id, bool only_online,
                             StrVec *ret_ids)
{
    static const char ALL[] =
        "SELECT m.user_id, m.notify_props, u.notify_props FROM channel_members m JOIN users u "
        "ON u.id = m.user_id WHERE m.channel_id = ? AND u.delete_at = 0";
    static const char ONLINE[] =
        "SELECT m.user_id, m.notify_props, u.notify_props FROM channel_members m JOIN users u "
        "ON u.id = m.user_id JOIN statuses s ON s.user_id = m.user_id "
        "WHERE m.channel_id = ? AND u.delete_at = 0 AND s.status = 'online'";
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows, only_online ? ONLINE : ALL, channel_id));
    StrVec ids = {0};
    while (db_next(&rows)) {
        Str member_props = str_copy(arena, db_text(&rows, 1)),
            user_props = str_copy(arena, db_text(&rows, 2));
        if (member_hears_all(member_props, user_props))
            vec_push(arena, &ids, str_copy(arena, db_text(&rows, 0)));
    }
    TRY(db_rows_error(&rows));
    *ret_ids = ids;
    return OK;
}

Err store_member_count_mentions(DbTx *tx, Arena *arena, Str channel_id, const Str *ids,
                                size_t count, bool is_root, int64_t now)
{
    const DbArg before[] = {db_arg_int(is_root), db_arg_int(now), db_arg_text(channel_id)};
    return in_list_exec(tx, arena,
                        "UPDATE channel_members SET mention_count = mention_count + 1, "
                        "mention_count_root = mention_count_root + ?, "
                        "last_update_at = ? WHERE channel_id = ? AND user_id IN (",
                        ")", before, 3, ids, count);
}
