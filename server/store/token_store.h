/* store/token_store.h: one-time tokens and personal access tokens in SQL. Absent rows are ERR_ABSENT. */
#pragma once
#include "model/user.h"

Err store_token_get(DbTx *tx, Arena *arena, Str token_hash, Token *ret_token);
/* ERR_ABSENT when another was quicker. */
Err store_token_delete(DbTx *tx, Str token_hash);
Err store_token_delete_of(DbTx *tx, Str type, Str subject);
Err store_token_delete_type(DbTx *tx, Str type);
Err store_token_delete_older(DbTx *tx, int64_t before);
