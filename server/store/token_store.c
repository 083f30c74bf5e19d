#include "store/token_store.h"

Err store_token_get(DbTx *tx, Arena *arena, Str token_hash, Token *ret_token)
{
    return entity_get(tx, &token_entity, arena, ret_token,
                      ENTITY_SQL(&token_entity, "SELECT $ FROM tokens WHERE token_hash = ?"),
                      token_hash);
}

Err store_token_delete(DbTx *tx, Str token_hash)
{
    int64_t touched;
    TRY(db_exec_count(tx, &touched, "DELETE FROM tokens WHERE token_hash = ?", token_hash));
    return touched == 1 ? OK : ERR_ABSENT;
}

Err store_token_delete_of(DbTx *tx, Str type, Str subject)
{
    return db_exec(tx, "DELETE FROM tokens WHERE subject = ? AND type = ?", subject, type);
}

Err store_token_delete_type(DbTx *tx, Str type)
{
    return db_exec(tx, "DELETE FROM tokens WHERE type = ?", type);
}

Err store_token_delete_older(DbTx *tx, int64_t before)
{
    return db_exec(tx, "DELETE FROM tokens WHERE create_at < ?", before);
}
