#include "domain/files.h"
#include "store/file_info_store.h"

void file_info_write(const FileInfo *info, Buf *out)
{
    json_open(out);
    entity_write_fields(&file_info_entity, info, out);
    json_key(out, "mini_preview");
    if (info->mini_preview_text.len)
        json_str(out, info->mini_preview_text);
    else
        json_nil(out);
    json_close(out);
}

void file_infos_write(const FileInfo *infos, size_t count, Buf *out)
{
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        file_info_write(&infos[i], out);
    json_close_array(out);
}

Err files_of_posts(Ctx *ctx, const Str *post_ids, size_t count, bool with_deleted,
                   FileInfo **ret_infos, size_t *ret_count)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    return store_file_info_list_of_posts(tx, ctx->arena, post_ids, count, with_deleted, ret_infos,
                                         ret_count);
}
