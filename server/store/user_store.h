/* store/user_store.h: users, sessions and one-time tokens in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. */
#pragma once
#include "model/user.h"

Err store_user_get(DbTx *tx, Arena *arena, Str id, User *ret_user);
/* The same, keeping the row from others until the writing transaction ends. */
Err store_user_lock(DbTx *tx, Arena *arena, Str id, User *ret_user);
Err store_user_get_by_username(DbTx *tx, Arena *arena, Str username, User *ret_user); /* lower case */
Err store_user_get_by_email(DbTx *tx, Arena *arena, Str email, User *ret_user);       /* lower case */
Err store_user_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, User **ret_users, size_t *ret_count);
Err store_user_list_by_usernames(DbTx *tx, Arena *arena, const Str *names, size_t count, User **ret_users, size_t *ret_count);
Err store_user_count(DbTx *tx, int64_t *ret_count); /* people, not bots, deactivated ones too */

Err store_session_get_by_token(DbTx *tx, Arena *arena, Str token_hash, Session *ret_session);
Err store_session_get(DbTx *tx, Arena *arena, Str id, Session *ret_session);
Err store_session_list(DbTx *tx, Arena *arena, Str user_id, Session **ret_sessions, size_t *ret_count); /* newest first */
Err store_session_delete(DbTx *tx, Str session_id);
