#include "domain/uploads.h"
#include "base/vec.h"
#include "domain/app.h"
#include "ext/files.h"
#include "store/upload_store.h"

/* ---- sessions ---- */
static Err check_draft(Ctx *ctx, const UploadSession *draft, Str *ret_name)
{
    if (draft->type.len && !str_eq(draft->type, STR("attachment")))
        return fail(ctx, ERR_MODEL_UPLOAD_SESSION_IS_VALID_TYPE);
    if (draft->file_size <= 0)
        return fail(ctx, ERR_MODEL_UPLOAD_SESSION_IS_VALID_FILE_SIZE);
    if (draft->file_size > ctx->settings->FileSettings_MaxFileSize)
        return fail(ctx, ERR_API_UPLOAD_CREATE_UPLOAD_TOO_LARGE);
    if (draft->filename.len == 0)
        return fail(ctx, ERR_MODEL_UPLOAD_SESSION_IS_VALID_FILENAME);
    return file_name_check(ctx, draft->filename, ret_name);
}

Err upload_create(Ctx *ctx, const UploadSession *draft, UploadSession *ret_upload)
{
    Channel channel;
    DbTx *tx;
    Str name;
    TRY(channel_to_upload(ctx, draft->channel_id, &channel));
    TRY(check_draft(ctx, draft, &name));
    UploadSession upload = {
        .id = ctx_id(ctx),
        .type = STR("attachment"),
        .create_at = ctx->now,
        .user_id = ctx->user_id,
        .channel_id = channel.id,
        .filename = name,
        .file_size = draft->file_size,
    };
    TRY(ctx_write(ctx, &tx));
    TRY(upload_session_insert_row(tx, &upload));
    TRY(ctx_commit(ctx));
    *ret_upload = upload;
    return OK;
}

Err upload_get(Ctx *ctx, Str upload_id, UploadSession *ret_upload)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_upload_get(tx, ctx->arena, upload_id, ret_upload), ERR_APP_UPLOAD_GET);
    return str_eq(ret_upload->user_id, ctx->user_id)
               ? OK
               : fail(ctx, ERR_API_UPLOAD_GET_UPLOAD_FORBIDDEN);
}

Err uploads_of_user(Ctx *ctx, Str user_id, UploadSession **ret_uploads, size_t *ret_count)
{
    DbTx *tx;
    if (!str_eq(user_id, ctx->user_id))
        return fail(ctx, ERR_API_USER_GET_UPLOADS_FOR_USER_FORBIDDEN);
    TRY(ctx_read(ctx, &tx));
    return store_upload_list_of_user(tx, ctx->arena, user_id, ret_uploads, ret_count);
}

/* ---- parts ---- */
/* Everything of one call of upload_append. */
typedef struct Append {
    const UploadSession *upload;
    FileSource source; /* of what came now */
    Str bytes;
    UploadPart *parts; /* that are there already */
    size_t part_count;
} Append;

/* Moves the session on, unless somebody else has meanwhile. */
static Err advance(Ctx *ctx, const Append *append, DbTx **ret_tx)
{
    const UploadSession *upload = append->upload;
    TRY(ctx_write(ctx, ret_tx));
    TRY_ABSENT(ctx,
               store_upload_advance(*ret_tx, upload->id, upload->file_offset,
                                    upload->file_offset + (int64_t)append->bytes.len),
               ERR_APP_UPLOAD_UPLOAD_DATA_CONCURRENT);
    return OK;
}

/* Commits; *ret_is_lost tells that nothing of it holds, so that contents may go. */
static Err commit(Ctx *ctx, Err err, bool *ret_is_lost)
{
    *ret_is_lost = err != OK;
    if (err == OK) {
        err = ctx_commit(ctx);
        *ret_is_lost = err == ERR_RETRY;
    }
    ctx_end(ctx);
    return err;
}

static Err keep_part(Ctx *ctx, const Append *append)
{
    DbTx *tx;
    bool is_lost;
    Str id = ctx_id(ctx);
    UploadPart part = {.id = id,
                       .upload_id = append->upload->id,
                       .part_offset = append->upload->file_offset,
                       .size = (int64_t)append->bytes.len,
                       .path = file_key(ctx->arena, "upload-parts", id, ctx->now)};
    TRY(file_store_put(ctx->app->files, &(FilePut){part.path, &append->source, 1}, 1));
    Err err = advance(ctx, append, &tx);
    if (err == OK)
        err = upload_part_insert_row(tx, &part);
    err = commit(ctx, err, &is_lost);
    if (is_lost)
        file_store_remove(ctx->app->files, part.path);
    return err;
}

/* All parts become one content, which is then looked at as a whole. */
static Err put_together(Ctx *ctx, const Append *append, FileInfo *info)
{
    size_t count = append->part_count;
    FileSource *sources = arena_new(ctx->arena, FileSource, count + 1);
    Str bytes = append->bytes;
    for (size_t i = 0; i < count; i++)
        sources[i].key = append->parts[i].path;
    sources[count] = append->source;
    TRY_ABSENT(
        ctx, file_store_put(ctx->app->files, &(FilePut){info->path, sources, count + 1}, 1),
        ERR_APP_UPLOAD_UPLOAD_DATA_CONCURRENT); /* somebody else put the parts together, and they are gone */
    if (count > 0)
        TRY(file_store_map(ctx->app->files, info->path, ctx->arena, &bytes));
    return file_describe(ctx, bytes, info);
}

static Err complete(Ctx *ctx, const Append *append, FileInfo *ret_info)
{
    DbTx *tx;
    bool is_lost;
    FileInfo info = file_info_new(ctx, append->upload->channel_id, append->upload->filename);
    Err err = put_together(ctx, append, &info);
    if (err == OK)
        err = advance(ctx, append, &tx);
    if (err == OK)
        err = store_upload_delete(tx, append->upload->id);
    if (err == OK)
        err = file_info_insert_row(tx, &info);
    err = commit(ctx, err, &is_lost);
    if (is_lost)
        file_forget(ctx, &info);
    for (size_t i = 0; i < append->part_count && err == OK; i++)
        file_store_remove(ctx->app->files, append->parts[i].path);
    *ret_info = info;
    return err;
}

Err upload_append(Ctx *ctx, Str upload_id, Str bytes, const char *path, bool *ret_is_complete,
                  FileInfo *ret_info)
{
    Channel channel;
    UploadSession upload;
    DbTx *tx;
    Append append = {.upload = &upload,
                     .source = {.bytes = path ? STR_EMPTY : bytes, .path = path},
                     .bytes = bytes};
    TRY(upload_get(ctx, upload_id, &upload));
    TRY(channel_to_upload(ctx, upload.channel_id, &channel));
    int64_t missing = upload.file_size - upload.file_offset;
    if (bytes.len == 0 || (int64_t)bytes.len > missing)
        return fail(ctx, ERR_API_UPLOAD_UPLOAD_DATA_INVALID_CONTENT_LENGTH);
    TRY(ctx_read(ctx, &tx));
    TRY(store_upload_part_list(tx, ctx->arena, upload_id, &append.parts, &append.part_count));
    ctx_end(ctx); /* no snapshot is held while disks take their time */
    *ret_is_complete = (int64_t)bytes.len == missing;
    return *ret_is_complete ? complete(ctx, &append, ret_info) : keep_part(ctx, &append);
}

/* ---- cleaning ---- */
Err uploads_expire(Ctx *ctx)
{
    enum { AGE_MS = 7 * 24 * 3600 * 1000, BATCH = 100 };
    UploadSession *uploads;
    UploadPart *parts;
    size_t count, part_count;
    StrVec keys = {0};
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(store_upload_list_older(tx, ctx->arena, ctx->now - AGE_MS, BATCH, &uploads, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(store_upload_part_list(tx, ctx->arena, uploads[i].id, &parts, &part_count));
        for (size_t p = 0; p < part_count; p++)
            vec_push(ctx->arena, &keys, parts[p].path);
        TRY(store_upload_delete(tx, uploads[i].id));
    }
    TRY(ctx_commit(ctx));
    for (size_t i = 0; i < keys.len; i++)
        file_store_remove(ctx->app->files, keys.items[i]);
    return OK;
}
