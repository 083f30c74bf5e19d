#include "domain/one_time_tokens.h"
#include "base/id.h"
#include "store/token_store.h"

enum { HOUR_MS = 3600 * 1000 };

static int64_t lifetime_ms(Str type)
{
    bool is_invitation =
        str_eq(type, STR(TOKEN_TEAM_INVITATION)) || str_eq(type, STR(TOKEN_GUEST_INVITATION));
    return (is_invitation ? 48 : 24) * (int64_t)HOUR_MS;
}

Err token_make_in(Ctx *ctx, DbTx *tx, const char *type, Str subject, Str extra, Str *ret_secret)
{
    TRY(store_token_delete_of(tx, str_of(type), subject));
    Str secret = secret_make(ctx->arena);
    Token token = {
        .token_hash = sha256_hex(ctx->arena, secret),
        .create_at = ctx->now,
        .type = str_of(type),
        .subject = subject,
        .extra = extra,
    };
    TRY(token_insert_row(tx, &token));
    *ret_secret = secret;
    return OK;
}

Err token_find(Ctx *ctx, DbTx *tx, Str secret, const char *type, Token *ret_token)
{
    Token token;
    TRY(store_token_get(tx, ctx->arena, sha256_hex(ctx->arena, secret), &token));
    if (!str_eq(token.type, str_of(type)))
        return ERR_ABSENT;
    if (ctx->now - token.create_at > lifetime_ms(token.type))
        return ERR_LIMIT;
    *ret_token = token;
    return OK;
}

Err token_use_in(DbTx *tx, const Token *token)
{
    return store_token_delete(tx, token->token_hash);
}

Err tokens_expire(Ctx *ctx)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(store_token_delete_older(
        tx, ctx->now -
                7 * 24 * (int64_t)HOUR_MS)); /* long enough to say "too old" instead of "unknown" */
    return ctx_commit(ctx);
}
