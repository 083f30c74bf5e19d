#include "domain/ctx.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "model/system.h"
#include <stdarg.h>

Err fail_at(Ctx *ctx, Err err, const char *file, int line, const char *format, ...)
{
    if (ctx->failure.err != OK)
        return err;
    char detail[512] = "";
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    ctx->failure = (Failure){
        .err = err, .detail = str_copy(ctx->arena, str_of(detail)), .file = file, .line = line};
    return err;
}

Err fail_param_at(Ctx *ctx, Err err, const char *file, int line, const char *name, Str value)
{
    if (ctx->failure.err != OK)
        return err;
    (void)fail_at(ctx, err, file, line, "%s=" STR_FMT, name, STR_ARG(value));
    ctx->failure.names[0] = str_copy(ctx->arena, str_of(name));
    ctx->failure.values[0] = str_copy(ctx->arena, value);
    ctx->failure.param_count = 1;
    return err;
}

Err ctx_read(Ctx *ctx, DbTx **ret_tx)
{
    if (!ctx->tx)
        TRY(db_read(ctx->db, &ctx->tx));
    *ret_tx = ctx->tx;
    return OK;
}

Err ctx_write(Ctx *ctx, DbTx **ret_tx)
{
    ENSURE(!ctx->is_writing); /* a handler has one writing transaction */
    db_end(&ctx->tx);
    TRY(db_begin(ctx->db, &ctx->tx));
    ctx->is_writing = true;
    *ret_tx = ctx->tx;
    return OK;
}

Err ctx_commit(Ctx *ctx)
{
    ENSURE(ctx->is_writing);
    Err err = db_commit(ctx->tx);
    ctx_end(ctx);
    return err;
}

void ctx_end(Ctx *ctx)
{
    db_end(&ctx->tx);
    ctx->tx = NULL;
    ctx->is_writing = false;
}

Str ctx_id(Ctx *ctx)
{
    return id_make(ctx->arena, ctx->now);
}

static Audit audit_record(Ctx *ctx, const char *action, Str extra, Str result)
{
    return (Audit){
        .id = ctx_id(ctx),
        .create_at = ctx->now,
        .user_id = ctx->user_id,
        .action = str_of(action),
        .extra_info = extra,
        .ip_address = str_slice(ctx->remote_ip, 0, 64),
        .session_id = ctx->session ? ctx->session->id : STR_EMPTY,
        .result = result,
        .request_id = ctx->request_id,
    };
}

Err ctx_audit(Ctx *ctx, DbTx *tx, const char *action, Str extra)
{
    Audit record = audit_record(ctx, action, extra, STR("success"));
    return audit_insert_row(tx, &record);
}

void ctx_audit_refusal(Ctx *ctx, const char *action, Str extra, Err err)
{
    Failure cause = ctx->failure; /* what the client is told stays what it was */
    ctx_end(ctx);
    DbTx *tx;
    Audit record = audit_record(ctx, action, extra, str_of(error_row(err)->id));
    Err result = ctx_write(ctx, &tx);
    if (result == OK)
        result = audit_insert_row(tx, &record);
    if (result == OK)
        result = ctx_commit(ctx);
    if (result != OK)
        log_error("a refusal could not be recorded", "action=%s err=%s", action, err_name(result));
    ctx_end(ctx);
    ctx->failure = cause;
}
