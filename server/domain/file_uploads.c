/* domain/file_uploads.c: files on their way in. */
#include "base/id.h"
#include "base/log.h"
#include "base/vec.h"
#include "domain/app.h"
#include "domain/files.h"
#include "ext/files.h"
#include "ext/media.h"
#include "model/mime.h"
#include "store/channel_store.h"

enum { FILE_NAME_RUNES = 255 };

Err channel_to_upload(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    DbTx *tx;
    if (!ctx->settings->FileSettings_EnableFileAttachments)
        return fail(ctx, ERR_API_FILE_ATTACHMENTS_DISABLED);
    if (!id_is_valid(channel_id))
        return fail_body(ctx, "channel_id");
    TRY(ctx_read(ctx, &tx));
    Err err = store_channel_get(tx, ctx->arena, channel_id, ret_channel);
    if (err == ERR_ABSENT)
        return fail_right(
            ctx, PERM_UPLOAD_FILE); /* what is not there is told like what one may not see */
    TRY(err);
    TRY(need_in_channel(ctx, ret_channel, PERM_UPLOAD_FILE));
    return ret_channel->delete_at
               ? fail(ctx, ERR_APP_UPLOAD_CREATE_CANNOT_UPLOAD_TO_DELETED_CHANNEL)
               : OK;
}

/* Browsers send a quote in a file name as %22 (WHATWG HTML, multipart/form-data); a real "%22" is rarer by far. */
static Str unquote(Arena *arena, Str name)
{
    Buf out;
    buf_init(&out, name.len);
    for (ptrdiff_t at; (at = str_find(name, STR("%22"), 0)) >= 0;
         name = str_slice(name, (size_t)at + 3, name.len)) {
        buf_append(&out, str_slice(name, 0, (size_t)at));
        buf_append_char(&out, '"');
    }
    buf_append(&out, name);
    Str plain = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return plain;
}

Err file_name_check(Ctx *ctx, Str name, Str *ret_name)
{
    Str plain = unquote(ctx->arena, name);
    size_t from = plain.len;
    while (from > 0 && plain.ptr[from - 1] != '/' && plain.ptr[from - 1] != '\\')
        from--;
    plain = str_trim(str_slice(plain, from, plain.len));
    bool is_fine = plain.len > 0 && str_is_utf8(plain) &&
                   str_rune_count(plain) <= FILE_NAME_RUNES && !str_eq(plain, STR(".")) &&
                   !str_eq(plain, STR(".."));
    for (size_t i = 0; i < plain.len && is_fine; i++)
        is_fine = (unsigned char)plain.ptr[i] >= ' ' && plain.ptr[i] != 0x7F;
    if (!is_fine)
        return fail_body(ctx, "filename");
    *ret_name = plain;
    return OK;
}

FileInfo file_info_new(Ctx *ctx, Str channel_id, Str name)
{
    Str id = ctx_id(ctx), extension = extension_of(ctx->arena, name);
    return (FileInfo){
        .id = id,
        .user_id = ctx->user_id,
        .channel_id = channel_id,
        .create_at = ctx->now,
        .update_at = ctx->now,
        .name = name,
        .extension = extension,
        .mime_type = mime_of_extension(extension),
        .path = file_key(ctx->arena, "attachments", id, ctx->now),
        .search_text = str_lower(ctx->arena, name),
    };
}

void file_forget(Ctx *ctx, const FileInfo *info)
{
    file_store_remove(ctx->app->files, info->path);
    file_store_remove(ctx->app->files, info->thumbnail_path);
    file_store_remove(ctx->app->files, info->preview_path);
}

/* ---- pictures ---- */
static Str mime_of_format(MediaFormat format)
{
    switch (format) {
    case MEDIA_NO_FORMAT: break;
    case MEDIA_JPEG: return STR("image/jpeg");
    case MEDIA_PNG: return STR("image/png");
    case MEDIA_GIF: return STR("image/gif");
    case MEDIA_WEBP: return STR("image/webp");
    }
    return STR("application/octet-stream");
}

/* A GIF that moves is shown itself, so it promises no preview; the still ones are there all the same. */
static Err store_previews(Ctx *ctx, const MediaResult *picture, FileInfo *info)
{
    info->thumbnail_path = str_printf(ctx->arena, STR_FMT ".thumbnail", STR_ARG(info->path));
    info->preview_path = str_printf(ctx->arena, STR_FMT ".preview", STR_ARG(info->path));
    info->has_preview_image = !(picture->is_moving && picture->format == MEDIA_GIF);
    info->mini_preview_text = base64_encode(ctx->arena, picture->parts[2]);
    FileSource thumbnail = {.bytes = picture->parts[0]}, preview = {.bytes = picture->parts[1]};
    FilePut puts[] = {{info->thumbnail_path, &thumbnail, 1}, {info->preview_path, &preview, 1}};
    return file_store_put(ctx->app->files, puts, 2);
}

/* Something named like a text stays one, whatever its first bytes are. */
static bool may_be_picture(const FileInfo *info, Str bytes)
{
    bool fits = str_starts_with(info->mime_type, STR("image/")) ||
                str_eq(info->mime_type, STR("application/octet-stream"));
    return fits && media_is_picture(bytes);
}

Err file_describe(Ctx *ctx, Str bytes, FileInfo *info)
{
    MediaResult picture;
    info->size = (int64_t)bytes.len;
    if (!may_be_picture(info, bytes))
        return OK;
    MediaLimits limits = {.pixels = ctx->settings->FileSettings_MaxImageResolution};
    Err err =
        media_read(ctx->app->media_helper, MEDIA_ATTACHMENT, limits, bytes, ctx->arena, &picture);
    if (err == ERR_UNAVAILABLE)
        return OK; /* a file like any other */
    TRY(err);
    if (picture.status == MEDIA_TOO_LARGE)
        return fail(ctx, ERR_API_FILE_UPLOAD_FILE_LARGE_IMAGE, "pixels=%lldx%lld",
                    (long long)picture.width, (long long)picture.height);
    if (picture.width > 0 && picture.height > 0) {
        info->width = picture.width;
        info->height = picture.height;
        info->mime_type = mime_of_format(picture.format);
    }
    return picture.status == MEDIA_OK ? store_previews(ctx, &picture, info) : OK;
}

/* ---- several at once ---- */
static Err take_in(Ctx *ctx, Str channel_id, const FileDraft *draft, FileInfo *info)
{
    Str name;
    TRY(file_name_check(ctx, draft->name, &name));
    if ((int64_t)draft->bytes.len > ctx->settings->FileSettings_MaxFileSize)
        return fail(ctx, ERR_API_CONTEXT_REQUEST_BODY_TOO_LARGE);
    *info = file_info_new(ctx, channel_id, name);
    FileSource source = {.bytes = draft->path ? STR_EMPTY : draft->bytes, .path = draft->path};
    TRY(file_store_put(ctx->app->files, &(FilePut){info->path, &source, 1}, 1));
    return file_describe(ctx, draft->bytes, info);
}

static Err insert_all(Ctx *ctx, Str channel_id, const FileInfo *infos, size_t count)
{
    DbTx *tx;
    Channel channel;
    TRY(ctx_write(ctx, &tx));
    TRY(store_channel_get(tx, ctx->arena, channel_id, &channel));
    if (channel.delete_at)
        return fail(ctx, ERR_APP_UPLOAD_CREATE_CANNOT_UPLOAD_TO_DELETED_CHANNEL);
    for (size_t i = 0; i < count; i++)
        TRY(file_info_insert_row(tx, &infos[i]));
    return OK;
}

Err files_upload(Ctx *ctx, Str channel_id, const FileDraft *drafts, size_t count,
                 FileInfo **ret_infos)
{
    Channel channel;
    FileInfo *infos = arena_new(ctx->arena, FileInfo, count);
    TRY(channel_to_upload(ctx, channel_id, &channel));
    ctx_end(ctx); /* no snapshot is held while disks and pictures take their time */
    Err err = OK;
    for (size_t i = 0; i < count && err == OK; i++)
        err = take_in(ctx, channel_id, &drafts[i], &infos[i]);
    if (err == OK)
        err = insert_all(ctx, channel_id, infos, count);
    bool is_rolled_back = err != OK;
    if (err == OK) {
        err = ctx_commit(ctx);
        is_rolled_back =
            err == ERR_RETRY; /* after other errors of a commit nobody knows: the contents stay */
    }
    ctx_end(ctx);
    for (size_t i = 0; i < count && is_rolled_back; i++)
        file_forget(ctx, &infos[i]);
    TRY(err);
    *ret_infos = infos;
    return OK;
}
