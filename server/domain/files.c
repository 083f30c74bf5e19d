#include "domain/files.h"
#include "base/id.h"
#include "domain/app.h"
#include "ext/files.h"
#include "store/channel_store.h"
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

/* ---- reading ---- */
/* Unattached files are their sender's alone: a draft is nobody else's business. */
static Err check_may_read(Ctx *ctx, const FileInfo *info)
{
    Channel channel;
    DbTx *tx;
    bool allowed = false;
    if (ctx->user_id.len && str_eq(info->user_id, ctx->user_id))
        return OK;
    TRY(ctx_read(ctx, &tx));
    Err err = store_channel_get(tx, ctx->arena, info->channel_id, &channel);
    if (err == ERR_ABSENT || info->post_id.len == 0)
        return fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
    TRY(err);
    TRY(can_read_channel(ctx, &channel, &allowed));
    return allowed ? OK : fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
}

static Err find(Ctx *ctx, Str file_id, FileInfo *ret_info)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_file_info_get(tx, ctx->arena, file_id, ret_info), ERR_APP_FILE_INFO_GET);
    return ret_info->delete_at ? fail(ctx, ERR_APP_FILE_INFO_GET, "deleted") : OK;
}

Err file_to_read(Ctx *ctx, Str file_id, FileInfo *ret_info)
{
    TRY(find(ctx, file_id, ret_info));
    return check_may_read(ctx, ret_info);
}

Err file_content(Ctx *ctx, const FileInfo *info, FilePart part, Content *ret_content)
{
    static const char *const names[] = {"file", "thumbnail", "preview"};
    Str key = part == FILE_WHOLE       ? info->path
              : part == FILE_THUMBNAIL ? info->thumbnail_path
                                       : info->preview_path;
    if (key.len == 0)
        return fail(ctx, part == FILE_THUMBNAIL ? ERR_API_FILE_GET_FILE_THUMBNAIL_NO_THUMBNAIL
                                                : ERR_API_FILE_GET_FILE_PREVIEW_NO_PREVIEW);
    *ret_content = (Content){
        .key = key,
        .mime = part == FILE_WHOLE ? info->mime_type : STR("image/jpeg"),
        .name = info->name,
        .tag = str_printf(ctx->arena, STR_FMT ".%s", STR_ARG(info->id), names[part]),
        .modified_at = info->create_at,
    };
    return OK;
}

/* ---- public links ---- */
/* Ids all have one length, so nothing can be appended to what is hashed. */
static Str link_hash(Ctx *ctx, Str file_id)
{
    Str salt = ctx->settings->FileSettings_PublicLinkSalt;
    if (salt.len == 0)
        salt = ctx->app->public_link_salt;
    return sha256_hex(ctx->arena, str_concat(ctx->arena, salt, file_id));
}

static Err need_public_links(Ctx *ctx)
{
    bool enabled = ctx->settings->FileSettings_EnablePublicLink;
    return enabled ? OK : fail(ctx, ERR_API_FILE_GET_PUBLIC_LINK_DISABLED);
}

Err file_link_make(Ctx *ctx, Str file_id, Str *ret_hash)
{
    FileInfo info;
    Channel channel;
    DbTx *tx;
    TRY(need_public_links(ctx));
    TRY(file_to_read(ctx, file_id, &info));
    if (info.post_id.len == 0)
        return fail(ctx, ERR_API_FILE_GET_PUBLIC_LINK_NO_POST);
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, info.channel_id, &channel),
               ERR_APP_FILE_INFO_GET);
    TRY(need_in_channel(ctx, &channel, PERM_GET_PUBLIC_LINK));
    TRY(ctx_write(ctx, &tx));
    TRY(ctx_audit(ctx, tx, "file.public_link",
                  str_printf(ctx->arena, "{\"file_id\":\"" STR_FMT "\"}", STR_ARG(file_id))));
    TRY(ctx_commit(ctx));
    *ret_hash = link_hash(ctx, file_id);
    return OK;
}

Err file_by_link(Ctx *ctx, Str file_id, Str hash, FileInfo *ret_info)
{
    TRY(need_public_links(ctx));
    if (!str_eq_secret(hash, link_hash(ctx, file_id)))
        return fail(ctx, ERR_API_FILE_GET_FILE_PUBLIC_INVALID);
    return find(ctx, file_id, ret_info);
}

/* ---- cleaning ---- */
Err files_expire(Ctx *ctx)
{
    enum { AGE_MS = 7 * 24 * 3600 * 1000, BATCH = 500 };
    FileInfo *infos;
    size_t count, gone = 0;
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(store_file_info_list_forgotten(tx, ctx->arena, ctx->now - AGE_MS, BATCH, &infos, &count));
    for (size_t i = 0; i < count; i++) {
        Err err = store_file_info_delete_unattached(tx, infos[i].id);
        if (err == OK)
            infos[gone++] = infos[i];
        else if (err != ERR_ABSENT)
            return err;
    }
    TRY(ctx_commit(ctx));
    for (size_t i = 0; i < gone; i++)
        file_forget(ctx, &infos[i]);
    return OK;
}
