#include "store/user_store.h"

Err store_user_get(DbTx *tx, Arena *arena, Str id, User *ret_user)
{
    return entity_get(tx, &user_entity, arena, ret_user,
                      ENTITY_SQL(&user_entity, "SELECT $ FROM users WHERE id = ?"), id);
}

Err store_user_lock(DbTx *tx, Arena *arena, Str id, User *ret_user)
{
    if (db_dialect(db_of(tx)) == DB_SQLITE) /* a writer is alone there */
        return store_user_get(tx, arena, id, ret_user);
    return entity_get(tx, &user_entity, arena, ret_user,
                      ENTITY_SQL(&user_entity, "SELECT $ FROM users WHERE id = ? FOR UPDATE"), id);
}

Err store_user_get_by_username(DbTx *tx, Arena *arena, Str username, User *ret_user)
{
    return entity_get(tx, &user_entity, arena, ret_user,
                      ENTITY_SQL(&user_entity, "SELECT $ FROM users WHERE username = ?"), username);
}

Err store_user_get_by_email(DbTx *tx, Arena *arena, Str email, User *ret_user)
{
    return entity_get(tx, &user_entity, arena, ret_user,
                      ENTITY_SQL(&user_entity, "SELECT $ FROM users WHERE email = ?"), email);
}

static Err list_in(DbTx *tx, Arena *arena, const char *before, const Str *values, size_t count,
                   User **ret_users, size_t *ret_count)
{
    *ret_users = NULL;
    *ret_count = 0;
    if (count == 0)
        return OK;
    Buf sql;
    buf_init(&sql, 256 * 1024);
    buf_append(&sql, str_of(before));
    db_sql_marks(&sql, count);
    buf_append_char(&sql, ')');
    DbArg *args = arena_new(arena, DbArg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = db_arg_text(values[i]);
    Err err = entity_list_text(tx, &user_entity, arena, (void **)ret_users, ret_count,
                               buf_str(&sql), args, count);
    buf_deinit(&sql);
    return err;
}

Err store_user_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, User **ret_users,
                           size_t *ret_count)
{
    return list_in(tx, arena, "SELECT $ FROM users WHERE id IN (", ids, count, ret_users,
                   ret_count);
}

Err store_user_list_by_usernames(DbTx *tx, Arena *arena, const Str *names, size_t count,
                                 User **ret_users, size_t *ret_count)
{
    return list_in(tx, arena, "SELECT $ FROM users WHERE username IN (", names, count, ret_users,
                   ret_count);
}

Err store_user_count(DbTx *tx, int64_t *ret_count)
{
    return db_get_int(tx, ret_count, "SELECT count(*) FROM users WHERE is_bot = 0");
}

Err store_session_get_by_token(DbTx *tx, Arena *arena, Str token_hash, Session *ret_session)
{
    return entity_get(tx, &session_entity, arena, ret_session,
                      ENTITY_SQL(&session_entity, "SELECT $ FROM sessions WHERE token_hash = ?"),
                      token_hash);
}

Err store_session_get(DbTx *tx, Arena *arena, Str id, Session *ret_session)
{
    return entity_get(tx, &session_entity, arena, ret_session,
                      ENTITY_SQL(&session_entity, "SELECT $ FROM sessions WHERE id = ?"), id);
}

Err store_session_list(DbTx *tx, Arena *arena, Str user_id, Session **ret_sessions,
                       size_t *ret_count)
{
    return entity_list(
        tx, &session_entity, arena, ret_sessions, ret_count,
        ENTITY_SQL(&session_entity,
                   "SELECT $ FROM sessions WHERE user_id = ? ORDER BY create_at DESC"),
        user_id);
}

Err store_session_delete(DbTx *tx, Str session_id)
{
    return db_exec(tx, "DELETE FROM sessions WHERE id = ?", session_id);
}
