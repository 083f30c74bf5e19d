#include "store/user_query.h"

enum { SQL_LIMIT_BYTES = 64 * 1024, ARGS_LIMIT = 512 };

/* A statement as it grows. */
typedef struct Sql {
    Arena *arena;
    Buf *text;
    DbArg args[ARGS_LIMIT];
    size_t count;
} Sql;

static void add(Sql *sql, const char *text)
{
    buf_append(sql->text, str_of(text));
}

static void add_text(Sql *sql, const char *text, Str value)
{
    add(sql, text);
    ENSURE(sql->count < ARGS_LIMIT);
    sql->args[sql->count++] = db_arg_text(value);
}

static void add_int(Sql *sql, const char *text, int64_t value)
{
    add(sql, text);
    ENSURE(sql->count < ARGS_LIMIT);
    sql->args[sql->count++] = db_arg_int(value);
}

/* Roles of a membership stand in flags. */
static void add_member_roles(Sql *sql, const char *table, const StrVec *roles)
{
    if (roles->len == 0)
        return;
    add(sql, " AND (1 = 0");
    for (size_t i = 0; i < roles->len && i < 16; i++) {
        Str role = roles->items[i];
        const char *flag = str_ends_with(role, STR("_admin"))   ? "scheme_admin = 1"
                           : str_ends_with(role, STR("_guest")) ? "scheme_guest = 1"
                           : str_ends_with(role, STR("_user"))
                               ? "scheme_user = 1 AND {}.scheme_admin = 0"
                               : "scheme_user = 2"; /* a role nobody has */
        Str rest = str_of(flag), head = rest;
        ptrdiff_t hole = str_find(rest, STR("{}"), 0);
        add(sql, " OR (");
        add(sql, table);
        add(sql, ".");
        if (hole >= 0) {
            head = str_slice(rest, 0, (size_t)hole);
            buf_append(sql->text, head);
            add(sql, table);
            buf_append(sql->text, str_slice(rest, (size_t)hole + 2, rest.len));
        } else {
            buf_append(sql->text, rest);
        }
        add(sql, ")");
    }
    add(sql, ")");
}

static void add_roles(Sql *sql, const StrVec *roles)
{
    if (roles->len == 0)
        return;
    add(sql, " AND (1 = 0");
    for (size_t i = 0; i < roles->len && i < 64; i++)
        add_text(sql, " OR ' ' || u.roles || ' ' LIKE ? ESCAPE '!'",
                 str_printf(sql->arena, "%% " STR_FMT " %%", STR_ARG(roles->items[i])));
    add(sql, ")");
}

static void add_words(Sql *sql, const UserQuery *q)
{
    if (q->words.len == 0 && q->name_words.len == 0)
        return;
    add(sql, " AND ((1 = 1");
    for (size_t i = 0; i < q->words.len && i < 32; i++)
        add_text(sql, " AND u.search_text LIKE ? ESCAPE '!'", q->words.items[i]);
    for (size_t i = 0; i < q->name_words.len && i < 32; i++) {
        add_text(sql, " AND (' ' || u.username LIKE ? ESCAPE '!'", q->name_words.items[i]);
        add_text(sql, " OR ' ' || lower(u.nickname) LIKE ? ESCAPE '!')", q->name_words.items[i]);
    }
    add(sql, ")");
    if (q->email.len)
        add_text(sql, " OR u.email LIKE ? ESCAPE '!'", q->email);
    add(sql, ")");
}

static void add_conditions(Sql *sql, const UserQuery *q)
{
    add(sql, " FROM users u");
    if (q->in_team.len)
        add_text(sql,
                 " JOIN team_members t ON t.user_id = u.id AND t.delete_at = 0 AND t.team_id = ?",
                 q->in_team);
    if (q->in_channel.len)
        add_text(sql, " JOIN channel_members c ON c.user_id = u.id AND c.channel_id = ?",
                 q->in_channel);
    if (q->sort == SORT_ACTIVE)
        add(sql, " LEFT JOIN statuses s ON s.user_id = u.id");
    add(sql, " WHERE 1 = 1");
    if (q->not_in_team.len)
        add_text(sql,
                 " AND NOT EXISTS (SELECT 1 FROM team_members n WHERE n.user_id = u.id AND "
                 "n.delete_at = 0 AND n.team_id = ?)",
                 q->not_in_team);
    if (q->not_in_channel.len)
        add_text(sql,
                 " AND NOT EXISTS (SELECT 1 FROM channel_members n WHERE n.user_id = u.id AND "
                 "n.channel_id = ?)",
                 q->not_in_channel);
    if (q->without_team)
        add(sql, " AND NOT EXISTS (SELECT 1 FROM team_members n WHERE n.user_id = u.id AND "
                 "n.delete_at = 0)");
    if (q->known_to.len) {
        add_text(sql, " AND (u.id = ?", q->known_to);
        add_text(sql,
                 " OR u.id IN (SELECT o.user_id FROM channel_members m JOIN channel_members o ON "
                 "o.channel_id = m.channel_id "
                 "WHERE m.user_id = ?))",
                 q->known_to);
    }
    if (q->only_active)
        add(sql, " AND u.delete_at = 0");
    if (q->only_inactive)
        add(sql, " AND u.delete_at <> 0");
    if (q->no_bots)
        add(sql, " AND u.is_bot = 0");
    if (q->since)
        add_int(sql, " AND u.update_at > ?", q->since);
    add_roles(sql, &q->roles);
    add_member_roles(sql, "t", q->in_team.len ? &q->team_roles : &(StrVec){0});
    add_member_roles(sql, "c", q->in_channel.len ? &q->channel_roles : &(StrVec){0});
    add_words(sql, q);
}

static void add_order(Sql *sql, const UserQuery *q)
{
    switch (q->sort) {
    case SORT_NAME: add(sql, " ORDER BY u.username"); break;
    case SORT_CREATED: add(sql, " ORDER BY u.create_at DESC, u.username"); break;
    case SORT_ACTIVE: add(sql, " ORDER BY coalesce(s.last_activity_at, 0) DESC, u.username"); break;
    case SORT_ADMIN_FIRST:
        add(sql, q->in_channel.len ? " ORDER BY c.scheme_admin DESC, u.username"
                                   : " ORDER BY u.username");
        break;
    }
    if (q->limit) {
        add_int(sql, " LIMIT ?", q->limit);
        add_int(sql, " OFFSET ?", q->offset);
    }
}

static Sql *start(Arena *arena, const char *select)
{
    Sql *sql = arena_new(arena, Sql, 1);
    sql->arena = arena;
    sql->text = buf_new(arena, SQL_LIMIT_BYTES);
    add(sql, select);
    return sql;
}

Err store_user_query(DbTx *tx, Arena *arena, const UserQuery *query, User **ret_users,
                     size_t *ret_count)
{
    Sql *sql = start(arena, "SELECT $u.");
    add_conditions(sql, query);
    add_order(sql, query);
    return entity_list_text(tx, &user_entity, arena, (void **)ret_users, ret_count,
                            buf_str(sql->text), sql->args, sql->count);
}

Err store_user_query_ids(DbTx *tx, Arena *arena, const UserQuery *query, StrVec *ret_ids)
{
    Sql *sql = start(arena, "SELECT u.id");
    add_conditions(sql, query);
    add_order(sql, query);
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, buf_str(sql->text), sql->args, sql->count));
    while (db_next(&rows))
        vec_push(arena, ret_ids, str_copy(arena, db_text(&rows, 0)));
    return db_rows_error(&rows);
}

Err store_user_query_count(DbTx *tx, Arena *arena, const UserQuery *query, int64_t *ret_count)
{
    Sql *sql = start(arena, "SELECT count(*)");
    add_conditions(sql, query);
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, buf_str(sql->text), sql->args, sql->count));
    *ret_count = db_next(&rows) ? db_int(&rows, 0) : 0;
    return db_rows_error(&rows);
}
