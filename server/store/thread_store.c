#include "store/thread_store.h"
#include "store/in_list.h"

Err store_thread_get(DbTx *tx, Arena *arena, Str post_id, Thread *ret_thread)
{
    return entity_get(tx, &thread_entity, arena, ret_thread,
                      ENTITY_SQL(&thread_entity, "SELECT $ FROM threads WHERE post_id = ?"),
                      post_id);
}

Err store_thread_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count,
                      Thread **ret_threads, size_t *ret_count)
{
    return in_list_entities(tx, &thread_entity, arena, (void **)ret_threads, ret_count,
                            "SELECT $ FROM threads WHERE post_id IN (", ")", post_ids, count);
}

Err store_thread_member_get(DbTx *tx, Arena *arena, Str post_id, Str user_id,
                            ThreadMember *ret_member)
{
    return entity_get(tx, &thread_member_entity, arena, ret_member,
                      ENTITY_SQL(&thread_member_entity,
                                 "SELECT $ FROM thread_members WHERE post_id = ? AND user_id = ?"),
                      post_id, user_id);
}

Err store_thread_member_list(DbTx *tx, Arena *arena, Str user_id, const Str *post_ids, size_t count,
                             ThreadMember **ret_members, size_t *ret_count)
{
    VEC(ThreadMember) members = {0};
    for (size_t from = 0; from < count; from += IN_LIST_MAX) {
        InList in = in_list_of(arena, post_ids, count, from, 1);
        in.args[0] = db_arg_text(user_id);
        ThreadMember *items;
        size_t n;
        TRY(entity_list_text(
            tx, &thread_member_entity, arena, (void **)&items, &n,
            in_list_sql(arena, &in,
                        "SELECT $ FROM thread_members WHERE user_id = ? AND post_id IN (", ")"),
            in.args, in.count));
        for (size_t i = 0; i < n; i++)
            vec_push(arena, &members, items[i]);
    }
    *ret_members = members.items;
    *ret_count = members.len;
    return OK;
}

static const char MEMBER_COLUMNS[] =
    "post_id, user_id, following, last_viewed, last_updated, unread_mentions";
static const char MEMBER_KEY[] = "post_id, user_id";

Err store_thread_member_save(DbTx *tx, const ThreadMember *m)
{
    static const DbUpsert UPSERT = {"thread_members", MEMBER_COLUMNS, MEMBER_KEY,
                                    "following, last_viewed, last_updated, unread_mentions"};
    return db_upsert(tx, &UPSERT, m->post_id, m->user_id, m->following, m->last_viewed,
                     m->last_updated, m->unread_mentions);
}

Err store_thread_follow(DbTx *tx, Arena *arena, Str post_id, const Str *user_ids, size_t count,
                        int64_t viewed, int64_t now, bool again)
{
    static const DbUpsert KEEP = {"thread_members", MEMBER_COLUMNS, MEMBER_KEY, ""};
    const DbArg before[] = {db_arg_int(now), db_arg_text(post_id)};
    for (size_t i = 0; i < count; i++)
        TRY(db_upsert(tx, &KEEP, post_id, user_ids[i], 1, viewed, now, 0));
    if (!again)
        return OK;
    return in_list_exec(tx, arena,
                        "UPDATE thread_members SET following = 1, last_updated = ? WHERE post_id = "
                        "? AND user_id IN (",
                        ")", before, 2, user_ids, count);
}

Err store_thread_count_mentions(DbTx *tx, Arena *arena, Str post_id, const Str *user_ids,
                                size_t count, int64_t now)
{
    const DbArg before[] = {db_arg_int(now), db_arg_text(post_id)};
    return in_list_exec(
        tx, arena,
        "UPDATE thread_members SET unread_mentions = unread_mentions + 1, last_updated = ? "
        "WHERE following = 1 AND post_id = ? AND user_id IN (",
        ")", before, 2, user_ids, count);
}

#define UNREAD_REPLIES                                                                             \
    "(SELECT count(*) FROM posts r WHERE r.root_id = m.post_id AND r.create_at > m.last_viewed "   \
    "AND r.delete_at = 0)"

typedef VEC(int64_t) Times;

static Err reply_times(DbTx *tx, Arena *arena, Str root_id, int64_t after, Times *ret_times)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT create_at FROM posts WHERE root_id = ? AND create_at > ? AND delete_at = "
                 "0 ORDER BY create_at",
                 root_id, after));
    while (db_next(&rows))
        vec_push(arena, ret_times, db_int(&rows, 0));
    return db_rows_error(&rows);
}

static int64_t count_after(const Times *times, int64_t time)
{
    size_t low = 0, high = times->len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (times->items[middle] > time)
            high = middle;
        else
            low = middle + 1;
    }
    return (int64_t)(times->len - low);
}

enum { NOT_COUNTED = -1 };

static int64_t count_without_looking(const Thread *thread, int64_t root_time, int64_t before_last,
                                     int64_t viewed)
{
    if (viewed >= thread->last_reply_at)
        return 0;
    if (viewed <= root_time)
        return thread->reply_count;
    return before_last && viewed >= before_last ? 1 : NOT_COUNTED;
}

Err store_thread_followers(DbTx *tx, Arena *arena, const Thread *thread, int64_t root_time,
                           int64_t before_last, Follower **ret_followers, size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT user_id, last_viewed, unread_mentions FROM thread_members WHERE post_id = "
                 "? AND following = 1",
                 thread->post_id));
    VEC(Follower) found = {0};
    int64_t earliest = INT64_MAX;
    while (db_next(&rows)) {
        Follower f = {str_copy(arena, db_text(&rows, 0)), db_int(&rows, 1), db_int(&rows, 2), 0};
        f.unread_replies = count_without_looking(thread, root_time, before_last, f.last_viewed);
        if (f.unread_replies == NOT_COUNTED && f.last_viewed < earliest)
            earliest = f.last_viewed;
        vec_push(arena, &found, f);
    }
    TRY(db_rows_error(&rows));
    Times times = {0};
    if (earliest != INT64_MAX)
        TRY(reply_times(tx, arena, thread->post_id, earliest, &times));
    for (size_t i = 0; i < found.len; i++)
        if (found.items[i].unread_replies == NOT_COUNTED)
            found.items[i].unread_replies = count_after(&times, found.items[i].last_viewed);
    *ret_followers = found.items;
    *ret_count = found.len;
    return OK;
}

Err store_thread_count_unread(DbTx *tx, Str post_id, int64_t viewed, int64_t *ret_count)
{
    return db_get_int(
        tx, ret_count,
        "SELECT count(*) FROM posts WHERE root_id = ? AND create_at > ? AND delete_at = 0", post_id,
        viewed);
}

Err store_thread_auto_followers(DbTx *tx, Arena *arena, Str channel_id, StrVec *ret_ids)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT user_id FROM channel_members WHERE channel_id = ? AND "
                 "notify_props LIKE '%\"channel_auto_follow_threads\":\"on\"%'",
                 channel_id));
    while (db_next(&rows))
        vec_push(arena, ret_ids, str_copy(arena, db_text(&rows, 0)));
    return db_rows_error(&rows);
}

/* ---- the list of one user ---- */
#define OF_USER                                                                                    \
    " FROM thread_members m JOIN threads t ON t.post_id = m.post_id "                              \
    "JOIN channel_members c ON c.channel_id = t.channel_id AND c.user_id = m.user_id "             \
    "WHERE m.user_id = ? AND m.following = 1 AND t.reply_count > 0 AND (t.team_id = ? OR (0 = ? "  \
    "AND t.team_id = '')) "                                                                        \
    "AND (1 = ? OR t.delete_at = 0)"

Err store_thread_totals(DbTx *tx, const ThreadQuery *q, ThreadTotals *ret_totals)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    *ret_totals = (ThreadTotals){0};
    TRY(db_query(tx, &rows,
                 "SELECT count(*), CAST(COALESCE(sum(CASE WHEN t.last_reply_at > m.last_viewed "
                 "THEN 1 ELSE 0 END), 0) AS BIGINT), "
                 "CAST(COALESCE(sum(m.unread_mentions), 0) AS BIGINT)" OF_USER,
                 q->user_id, q->team_id, q->without_direct, q->with_deleted));
    if (db_next(&rows))
        *ret_totals = (ThreadTotals){db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2)};
    return db_rows_error(&rows);
}

#define LISTED                                                                                     \
    "SELECT $t., m.last_viewed, m.unread_mentions, " UNREAD_REPLIES OF_USER                        \
    " AND (0 = ? OR t.last_reply_at > m.last_viewed) AND (t.last_reply_at >= ? OR m.last_updated " \
    ">= ?)"

Err store_thread_list_of_user(DbTx *tx, Arena *arena, const ThreadQuery *q, ThreadRow **ret_rows,
                              size_t *ret_count)
{
    Thread place = {0};
    bool upwards = q->after.len > 0;
    if (q->before.len || q->after.len) {
        Err err = store_thread_get(tx, arena, upwards ? q->after : q->before, &place);
        if (err == ERR_ABSENT) {
            *ret_rows = NULL;
            *ret_count = 0;
            return OK;
        }
        TRY(err);
    } else {
        place.last_reply_at = INT64_MAX;
    }
    const char *sql =
        upwards
            ? ENTITY_SQL(&thread_entity, LISTED
                         " AND (t.last_reply_at > ? OR (t.last_reply_at = ? AND t.post_id > ?)) "
                         "ORDER BY t.last_reply_at, t.post_id LIMIT ?")
            : ENTITY_SQL(&thread_entity, LISTED
                         " AND (t.last_reply_at < ? OR (t.last_reply_at = ? AND t.post_id < ?)) "
                         "ORDER BY t.last_reply_at DESC, t.post_id DESC LIMIT ?");
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows, sql, q->user_id, q->team_id, q->without_direct, q->with_deleted,
                 q->only_unread, q->since, q->since, place.last_reply_at, place.last_reply_at,
                 place.post_id, q->limit));
    VEC(ThreadRow) found = {0};
    int after_thread = (int)entity_column_count(&thread_entity);
    while (db_next(&rows)) {
        ThreadRow row = {0};
        thread_read_row(&rows, 0, arena, &row.thread);
        row.last_viewed = db_int(&rows, after_thread);
        row.unread_mentions = db_int(&rows, after_thread + 1);
        row.unread_replies = db_int(&rows, after_thread + 2);
        vec_push(arena, &found, row);
    }
    TRY(db_rows_error(&rows));
    for (size_t i = 0; upwards && i < found.len / 2; i++) {
        ThreadRow swap = found.items[i];
        found.items[i] = found.items[found.len - 1 - i];
        found.items[found.len - 1 - i] = swap;
    }
    *ret_rows = found.items;
    *ret_count = found.len;
    return OK;
}

Err store_thread_totals_by_team(DbTx *tx, Arena *arena, Str user_id, TeamThreads **ret_teams,
                                size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT t.team_id, CAST(sum(CASE WHEN t.last_reply_at > m.last_viewed THEN 1 ELSE "
                 "0 END) AS BIGINT), "
                 "CAST(sum(m.unread_mentions) AS BIGINT) FROM thread_members m JOIN threads t ON "
                 "t.post_id = m.post_id "
                 "JOIN channel_members c ON c.channel_id = t.channel_id AND c.user_id = m.user_id "
                 "WHERE m.user_id = ? AND m.following = 1 AND t.reply_count > 0 AND t.delete_at = "
                 "0 AND t.team_id <> '' "
                 "GROUP BY t.team_id",
                 user_id));
    VEC(TeamThreads) found = {0};
    while (db_next(&rows))
        vec_push(
            arena, &found,
            (TeamThreads){str_copy(arena, db_text(&rows, 0)), db_int(&rows, 1), db_int(&rows, 2)});
    TRY(db_rows_error(&rows));
    *ret_teams = found.items;
    *ret_count = found.len;
    return OK;
}
