#include "domain/access_tokens.h"
#include "base/id.h"
#include "domain/mails.h"
#include "domain/names.h"
#include "domain/roles.h"
#include "domain/sessions.h"
#include "store/user_store.h"

/* ---- rights ---- */
static Err get_owner(Ctx *ctx, Str user_id, User *ret_owner)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, ret_owner),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return OK;
}

/* Whose tokens one may see and change: one's own, those of bots one manages, of others with more rights. */
static Err need_over(Ctx *ctx, Permission p, Str user_id, User *ret_owner)
{
    TRY(need(ctx, p));
    if (ctx->session && ctx->session->is_oauth)
        return fail_right(ctx, p);
    TRY(get_owner(ctx, user_id, ret_owner));
    bool may = ret_owner->is_bot && can(ctx, PERM_MANAGE_OTHERS_BOTS);
    return may ? OK : need_self_or_edit(ctx, user_id);
}

static Err need_enabled(Ctx *ctx, const User *owner)
{
    bool is_on = ctx->settings->ServiceSettings_EnableUserAccessTokens || owner->is_bot;
    return is_on ? OK : fail(ctx, ERR_APP_USER_ACCESS_TOKEN_DISABLED);
}

static Str token_note(Ctx *ctx, const UserAccessToken *token)
{
    return str_printf(ctx->arena, "{\"token_id\":\"" STR_FMT "\",\"user_id\":\"" STR_FMT "\"}",
                      STR_ARG(token->id), STR_ARG(token->user_id));
}

/* ---- making and reading ---- */
Err access_token_create(Ctx *ctx, Str user_id, Str description, UserAccessToken *ret_token)
{
    User owner;
    DbTx *tx;
    TRY(need_over(ctx, PERM_CREATE_USER_ACCESS_TOKEN, user_id, &owner));
    TRY(need_enabled(ctx, &owner));
    if (owner.delete_at != 0)
        return fail(ctx, ERR_APP_USER_MISSING_ACCOUNT_CONST, "deactivated");
    if (description.len == 0 || str_rune_count(description) > ACCESS_TOKEN_DESCRIPTION_CHARS)
        return fail(ctx, ERR_MODEL_USER_ACCESS_TOKEN_IS_VALID_DESCRIPTION);
    UserAccessToken token = {
        .id = ctx_id(ctx),
        .token = secret_make(ctx->arena),
        .user_id = user_id,
        .description = description,
        .create_at = ctx->now,
        .is_active = true,
    };
    token.token_hash = sha256_hex(ctx->arena, token.token);
    TRY(ctx_write(ctx, &tx));
    TRY(user_access_token_insert_row(tx, &token));
    if (!owner.is_bot)
        TRY(mail_access_token_added_in(ctx, tx, &owner));
    TRY(ctx_audit(ctx, tx, "access_token.create", token_note(ctx, &token)));
    TRY(ctx_commit(ctx));
    *ret_token = token;
    return OK;
}

static Err find(Ctx *ctx, Str token_id, UserAccessToken *ret_token)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    return entity_get(
        tx, &user_access_token_entity, ctx->arena, ret_token,
        ENTITY_SQL(&user_access_token_entity, "SELECT $ FROM user_access_tokens WHERE id = ?"),
        token_id);
}

Err access_token_get(Ctx *ctx, Str token_id, UserAccessToken *ret_token)
{
    User owner;
    TRY(need(ctx, PERM_READ_USER_ACCESS_TOKEN));
    TRY_ABSENT(ctx, find(ctx, token_id, ret_token), ERR_APP_USER_ACCESS_TOKEN_GET_BY_USER);
    return need_over(ctx, PERM_READ_USER_ACCESS_TOKEN, ret_token->user_id, &owner);
}

Err access_token_list(Ctx *ctx, Str user_id, int64_t offset, int64_t limit,
                      UserAccessToken **ret_tokens, size_t *ret_count)
{
    User owner;
    DbTx *tx;
    TRY(need_over(ctx, PERM_READ_USER_ACCESS_TOKEN, user_id, &owner));
    TRY(ctx_read(ctx, &tx));
    return entity_list(tx, &user_access_token_entity, ctx->arena, ret_tokens, ret_count,
                       ENTITY_SQL(&user_access_token_entity,
                                  "SELECT $ FROM user_access_tokens WHERE user_id = ? ORDER BY id "
                                  "LIMIT ? OFFSET ?"),
                       user_id, limit, offset);
}

Err access_token_search(Ctx *ctx, Str term, int64_t offset, int64_t limit,
                        UserAccessToken **ret_tokens, size_t *ret_count)
{
    DbTx *tx;
    TRY(need(ctx, PERM_MANAGE_SYSTEM));
    TRY(ctx_read(ctx, &tx));
    Str pattern = prefix_pattern(ctx->arena, str_lower(ctx->arena, term));
    return entity_list(tx, &user_access_token_entity, ctx->arena, ret_tokens, ret_count,
                       ENTITY_SQL(&user_access_token_entity,
                                  "SELECT $t. FROM user_access_tokens t JOIN users u ON u.id = "
                                  "t.user_id WHERE t.id LIKE ? ESCAPE '!' "
                                  "OR t.user_id LIKE ? ESCAPE '!' OR u.username LIKE ? ESCAPE '!' "
                                  "ORDER BY t.id LIMIT ? OFFSET ?"),
                       pattern, pattern, pattern, limit, offset);
}

/* ---- ending ---- */
static Err end_sessions_in(Ctx *ctx, DbTx *tx, const UserAccessToken *token)
{
    Session session;
    Err err = store_session_get_by_token(tx, ctx->arena, token->token_hash, &session);
    return err == OK ? session_revoke_in(ctx, tx, &session) : err == ERR_ABSENT ? OK : err;
}

Err access_token_revoke(Ctx *ctx, Str token_id)
{
    User owner;
    UserAccessToken token;
    DbTx *tx;
    TRY(need(ctx, PERM_REVOKE_USER_ACCESS_TOKEN));
    TRY_ABSENT(ctx, find(ctx, token_id, &token), ERR_APP_USER_ACCESS_TOKEN_GET_BY_USER);
    TRY(need_over(ctx, PERM_REVOKE_USER_ACCESS_TOKEN, token.user_id, &owner));
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx, "DELETE FROM user_access_tokens WHERE id = ?", token_id));
    TRY(end_sessions_in(ctx, tx, &token));
    TRY(ctx_audit(ctx, tx, "access_token.revoke", token_note(ctx, &token)));
    return ctx_commit(ctx);
}

Err access_token_set_active(Ctx *ctx, Str token_id, bool is_active)
{
    Permission p = is_active ? PERM_CREATE_USER_ACCESS_TOKEN : PERM_REVOKE_USER_ACCESS_TOKEN;
    User owner;
    UserAccessToken token;
    DbTx *tx;
    TRY(need(ctx, p));
    TRY_ABSENT(ctx, find(ctx, token_id, &token), ERR_APP_USER_ACCESS_TOKEN_GET_BY_USER);
    TRY(need_over(ctx, p, token.user_id, &owner));
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx, "UPDATE user_access_tokens SET is_active = ? WHERE id = ?", is_active,
                token_id));
    if (!is_active)
        TRY(end_sessions_in(ctx, tx, &token));
    TRY(ctx_audit(ctx, tx, is_active ? "access_token.enable" : "access_token.disable",
                  token_note(ctx, &token)));
    return ctx_commit(ctx);
}

/* ---- using ---- */
static Err insert_session(Ctx *ctx, const UserAccessToken *token, const User *owner,
                          Session *ret_session)
{
    DbTx *tx;
    Session session = {
        .id = ctx_id(ctx),
        .token_hash = token->token_hash,
        .create_at = ctx->now,
        .last_activity_at = ctx->now,
        .user_id = owner->id,
        .roles = owner->roles,
        .props = str_printf(ctx->arena,
                            "{\"type\":\"UserAccessToken\",\"user_access_token_id\":\"" STR_FMT
                            "\",\"is_bot\":\"%s\"}",
                            STR_ARG(token->id), owner->is_bot ? "true" : "false"),
    };
    TRY(ctx_write(ctx, &tx));
    Err err = session_insert_row(tx, &session);
    if (err ==
        ERR_UNIQUE) { /* another request of the same token was quicker: its session serves both */
        ctx_end(ctx);
        return ERR_RETRY;
    }
    TRY(err);
    TRY(ctx_commit(ctx));
    *ret_session = session;
    return OK;
}

Err access_token_open_session(Ctx *ctx, Str token_hash, Session *ret_session)
{
    UserAccessToken token;
    User owner;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(entity_get(
        tx, &user_access_token_entity, ctx->arena, &token,
        ENTITY_SQL(&user_access_token_entity,
                   "SELECT $ FROM user_access_tokens WHERE token_hash = ? AND is_active = 1"),
        token_hash));
    TRY(store_user_get(tx, ctx->arena, token.user_id, &owner));
    if (owner.delete_at != 0 ||
        (!ctx->settings->ServiceSettings_EnableUserAccessTokens && !owner.is_bot))
        return ERR_ABSENT;
    return insert_session(ctx, &token, &owner, ret_session);
}
