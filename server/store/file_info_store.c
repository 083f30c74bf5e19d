#include "store/file_info_store.h"

Err store_file_info_get(DbTx *tx, Arena *arena, Str id, FileInfo *ret_info)
{
    return entity_get(tx, &file_info_entity, arena, ret_info,
                      ENTITY_SQL(&file_info_entity, "SELECT $ FROM file_infos WHERE id = ?"), id);
}

Err store_file_info_list_of_posts(DbTx *tx, Arena *arena, const Str *post_ids, size_t count,
                                  bool with_deleted, FileInfo **ret_infos, size_t *ret_count)
{
    *ret_infos = NULL;
    *ret_count = 0;
    if (count == 0)
        return OK;
    Buf sql;
    buf_init(&sql, 256 * 1024);
    buf_append(&sql, STR("SELECT $ FROM file_infos WHERE post_id IN ("));
    db_sql_marks(&sql, count);
    buf_append(&sql, with_deleted ? STR(")") : STR(") AND delete_at = 0"));
    buf_append(&sql, STR(" ORDER BY post_id, create_at, id"));
    DbArg *args = arena_new(arena, DbArg, count);
    for (size_t i = 0; i < count; i++)
        args[i] = db_arg_text(post_ids[i]);
    Err err = entity_list_text(tx, &file_info_entity, arena, (void **)ret_infos, ret_count,
                               buf_str(&sql), args, count);
    buf_deinit(&sql);
    return err;
}
