#include "store/file_info_store.h"
#include "store/query.h"

Err store_file_info_get(DbTx *tx, Arena *arena, Str id, FileInfo *ret_info)
{
    return entity_get(tx, &file_info_entity, arena, ret_info,
                      ENTITY_SQL(&file_info_entity, "SELECT $ FROM file_infos WHERE id = ?"), id);
}

Err store_file_info_list_of_posts(DbTx *tx, Arena *arena, const Str *post_ids, size_t count,
                                  bool with_deleted, FileInfo **ret_infos, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM file_infos WHERE post_id IN");
    query_in(&q, post_ids, count);
    if (!with_deleted)
        query_add(&q, " AND delete_at = 0");
    query_add(&q, " ORDER BY post_id, create_at, id");
    return query_list(&q, tx, &file_info_entity, ret_infos, ret_count);
}

Err store_file_info_list_forgotten(DbTx *tx, Arena *arena, int64_t create_at, int64_t limit,
                                   FileInfo **ret_infos, size_t *ret_count)
{
    return entity_list(
        tx, &file_info_entity, arena, ret_infos, ret_count,
        ENTITY_SQL(&file_info_entity,
                   "SELECT $ FROM file_infos WHERE post_id = '' AND create_at < ? AND NOT EXISTS "
                   "(SELECT 1 FROM drafts WHERE drafts.user_id = file_infos.user_id AND "
                   "drafts.file_ids LIKE '%' || file_infos.id || '%') ORDER BY create_at LIMIT ?"),
        create_at, limit);
}

Err store_file_info_delete_unattached(DbTx *tx, Str id)
{
    int64_t touched;
    TRY(db_exec_count(tx, &touched, "DELETE FROM file_infos WHERE id = ? AND post_id = ''", id));
    return touched ? OK : ERR_ABSENT;
}
