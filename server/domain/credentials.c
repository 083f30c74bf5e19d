#include "domain/credentials.h"
#include "base/id.h"
#include "domain/access.h"
#include "domain/mails.h"
#include "domain/one_time_tokens.h"
#include "domain/passwords.h"
#include "domain/profiles.h"
#include "domain/roles.h"
#include "store/user_store.h"

static Str user_note(Ctx *ctx, Str user_id)
{
    return str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user_id));
}

/* ---- passwords ---- */
static Err may_change_for(Ctx *ctx, const User *target)
{
    PermissionSet rights = roles_permissions(ctx->app, target->roles);
    Permission wanted = permissions_has(&rights, PERM_MANAGE_SYSTEM)
                            ? PERM_MANAGE_SYSTEM
                            : PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_USERS;
    return can(ctx, wanted) ? OK : fail(ctx, ERR_API_USER_UPDATE_PASSWORD_CONTEXT);
}

/* Writes the hash and tells the person; `kept_session` (may be empty) stays. */
static Err save_password_in(Ctx *ctx, DbTx *tx, Str user_id, Str hash, Str kept_session)
{
    User user;
    TRY(user_lock_in(ctx, tx, user_id, &user));
    TRY(db_exec(tx,
                "UPDATE users SET password_hash = ?, last_password_update = ?, update_at = ?, "
                "failed_attempts = 0 WHERE id = ?",
                hash, ctx->now, ctx->now, user_id));
    TRY(db_exec(tx, "DELETE FROM tokens WHERE subject = ? AND type = '" TOKEN_PASSWORD_RECOVERY "'",
                user_id));
    session_forget_on_commit(ctx, tx, user_id);
    if (ctx->settings->ServiceSettings_TerminateSessionsOnPasswordChange || kept_session.len == 0)
        TRY(session_revoke_others_in(ctx, tx, user_id, kept_session));
    TRY(mail_password_changed_in(ctx, tx, &user));
    return ctx_audit(ctx, tx, "user.password", user_note(ctx, user_id));
}

Err password_change(Ctx *ctx, Str user_id, Str current, Str next)
{
    User user;
    Str hash;
    DbTx *tx;
    bool is_own = str_eq(user_id, ctx->user_id);
    TRY(ctx_read(ctx, &tx));
    Err err = store_user_get(tx, ctx->arena, user_id, &user);
    if (err == ERR_ABSENT &&
        !is_own) /* who may not change it does not learn that it is not there */
        return can(ctx, PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_USERS)
                   ? fail(ctx, ERR_APP_USER_MISSING_ACCOUNT_CONST)
                   : fail(ctx, ERR_API_USER_UPDATE_PASSWORD_CONTEXT);
    TRY(err);
    if (!is_own)
        TRY(may_change_for(ctx, &user));
    else if (current.len == 0)
        return fail_body(ctx, "current_password");
    if (user.is_bot)
        return fail(ctx, ERR_API_USER_UPDATE_PASSWORD_CONTEXT, "a bot has no password");
    TRY(password_check(ctx, next));
    if (is_own) {
        err = user_confirm_password(ctx, &user, current);
        if (err == ERR_API_USER_CHECK_USER_PASSWORD_INVALID) {
            ctx->failure = (Failure){0}; /* one is signed in: not 401 */
            return fail(ctx, ERR_API_USER_UPDATE_PASSWORD_INCORRECT);
        }
        TRY(err);
    }
    ctx_end(ctx);
    TRY(password_hash(ctx, next, &hash));
    TRY(ctx_write(ctx, &tx));
    TRY(save_password_in(ctx, tx, user_id, hash, is_own ? ctx->session->id : STR_EMPTY));
    return ctx_commit(ctx);
}

Err password_set_by_operator(Ctx *ctx, Str user_id, Str next)
{
    Str hash;
    DbTx *tx;
    TRY(password_check(ctx, next));
    TRY(password_hash(ctx, next, &hash));
    TRY(ctx_write(ctx, &tx));
    TRY(save_password_in(ctx, tx, user_id, hash, STR_EMPTY));
    return ctx_commit(ctx);
}

Err password_reset_send(Ctx *ctx, Str email)
{
    User user;
    DbTx *tx;
    if (email.len == 0)
        return fail_body(ctx, "email");
    if (!mail_is_on(ctx))
        return fail(ctx, ERR_API_USER_SEND_PASSWORD_RESET_SEND, "no mail server is set up");
    TRY(ctx_write(ctx, &tx));
    Err err =
        store_user_get_by_email(tx, ctx->arena, str_lower(ctx->arena, str_trim(email)), &user);
    if (err == ERR_ABSENT || (err == OK && (user.is_bot || user.delete_at != 0)))
        return OK;
    TRY(err);
    TRY(mail_password_reset_in(ctx, tx, &user));
    TRY(ctx_audit(ctx, tx, "user.password_reset_mail", user_note(ctx, user.id)));
    return ctx_commit(ctx);
}

Err password_reset(Ctx *ctx, Str secret, Str next)
{
    Token token;
    User user;
    Str hash;
    DbTx *tx;
    if (secret.len != ID_LEN)
        return fail_body(ctx, "token");
    TRY(ctx_read(ctx, &tx));
    Err err = token_find(ctx, tx, secret, TOKEN_PASSWORD_RECOVERY, &token);
    if (err == ERR_LIMIT)
        return fail(ctx, ERR_API_USER_RESET_PASSWORD_LINK_EXPIRED);
    TRY_AS(ctx, err, ERR_ABSENT, ERR_API_USER_RESET_PASSWORD_INVALID_LINK);
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, token.subject, &user),
               ERR_API_USER_RESET_PASSWORD_INVALID_LINK);
    if (user.delete_at != 0 || user.is_bot)
        return fail(ctx, ERR_API_USER_RESET_PASSWORD_INVALID_LINK, "the account is not active");
    TRY(password_check(ctx, next));
    ctx_end(ctx);
    TRY(password_hash(ctx, next, &hash));
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, token_use_in(tx, &token), ERR_API_USER_RESET_PASSWORD_INVALID_LINK);
    TRY(save_password_in(ctx, tx, user.id, hash, STR_EMPTY));
    return ctx_commit(ctx);
}

/* ---- addresses ---- */
Err email_verify_send(Ctx *ctx, Str email)
{
    User user;
    DbTx *tx;
    if (email.len == 0)
        return fail_body(ctx, "email");
    TRY(ctx_write(ctx, &tx));
    Err err =
        store_user_get_by_email(tx, ctx->arena, str_lower(ctx->arena, str_trim(email)), &user);
    if (err == ERR_ABSENT ||
        (err == OK && (user.is_bot || user.delete_at != 0 || user.email_verified)))
        return OK;
    TRY(err);
    TRY(mail_verification_in(ctx, tx, &user));
    return ctx_commit(ctx);
}

static Err set_verified_in(Ctx *ctx, DbTx *tx, User *user, Str email)
{
    user->email = email;
    user->email_verified = true;
    TRY(user_check_taken_in(ctx, tx, user));
    return user_save_in(ctx, tx, user);
}

Err email_verify(Ctx *ctx, Str secret)
{
    Token token;
    User user;
    DbTx *tx;
    json_t *extra;
    if (secret.len != ID_LEN)
        return fail_body(ctx, "token");
    TRY(ctx_write(ctx, &tx));
    Err err = token_find(ctx, tx, secret, TOKEN_VERIFY_EMAIL, &token);
    if (err == ERR_LIMIT)
        return fail(ctx, ERR_API_USER_VERIFY_EMAIL_LINK_EXPIRED);
    TRY_AS(ctx, err, ERR_ABSENT, ERR_API_USER_VERIFY_EMAIL_BAD_LINK);
    TRY_ABSENT(ctx, store_user_lock(tx, ctx->arena, token.subject, &user),
               ERR_API_USER_VERIFY_EMAIL_BAD_LINK);
    TRY(json_parse(ctx->arena, token.extra, &extra));
    TRY_ABSENT(ctx, token_use_in(tx, &token), ERR_API_USER_VERIFY_EMAIL_BAD_LINK);
    Str old_email = user.email;
    TRY(set_verified_in(ctx, tx, &user, json_text(json_find(extra, "email"))));
    if (!str_eq(user.email, old_email))
        TRY(mail_email_changed_in(ctx, tx, &user, old_email));
    TRY(ctx_audit(ctx, tx, "user.verify_email", user_note(ctx, user.id)));
    return ctx_commit(ctx);
}

Err email_verify_for(Ctx *ctx, Str user_id, User *ret_user)
{
    DbTx *tx;
    TRY(need(ctx, PERM_MANAGE_SYSTEM));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, ret_user));
    TRY(set_verified_in(ctx, tx, ret_user, ret_user->email));
    TRY(ctx_audit(ctx, tx, "user.verify_email", user_note(ctx, user_id)));
    return ctx_commit(ctx);
}
