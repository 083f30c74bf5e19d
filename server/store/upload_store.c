#include "store/upload_store.h"

Err store_upload_get(DbTx *tx, Arena *arena, Str id, UploadSession *ret_upload)
{
    return entity_get(
        tx, &upload_session_entity, arena, ret_upload,
        ENTITY_SQL(&upload_session_entity, "SELECT $ FROM upload_sessions WHERE id = ?"), id);
}

Err store_upload_list_of_user(DbTx *tx, Arena *arena, Str user_id, UploadSession **ret_uploads,
                              size_t *ret_count)
{
    return entity_list(
        tx, &upload_session_entity, arena, ret_uploads, ret_count,
        ENTITY_SQL(&upload_session_entity,
                   "SELECT $ FROM upload_sessions WHERE user_id = ? ORDER BY create_at, id"),
        user_id);
}

Err store_upload_list_older(DbTx *tx, Arena *arena, int64_t create_at, int64_t limit,
                            UploadSession **ret_uploads, size_t *ret_count)
{
    return entity_list(
        tx, &upload_session_entity, arena, ret_uploads, ret_count,
        ENTITY_SQL(&upload_session_entity,
                   "SELECT $ FROM upload_sessions WHERE create_at < ? ORDER BY create_at LIMIT ?"),
        create_at, limit);
}

Err store_upload_advance(DbTx *tx, Str id, int64_t from, int64_t to)
{
    int64_t touched;
    TRY(db_exec_count(tx, &touched,
                      "UPDATE upload_sessions SET file_offset = ? WHERE id = ? AND file_offset = ?",
                      to, id, from));
    return touched ? OK : ERR_ABSENT;
}

Err store_upload_delete(DbTx *tx, Str id)
{
    TRY(db_exec(tx, "DELETE FROM upload_parts WHERE upload_id = ?", id));
    return db_exec(tx, "DELETE FROM upload_sessions WHERE id = ?", id);
}

Err store_upload_part_list(DbTx *tx, Arena *arena, Str upload_id, UploadPart **ret_parts,
                           size_t *ret_count)
{
    return entity_list(
        tx, &upload_part_entity, arena, ret_parts, ret_count,
        ENTITY_SQL(&upload_part_entity,
                   "SELECT $ FROM upload_parts WHERE upload_id = ? ORDER BY part_offset"),
        upload_id);
}
