/* domain/sign_in.c: signing in and out (domain/users.h). Every failure that a client may not tell apart is the same error. */
#include "domain/access.h"
#include "domain/guests.h"
#include "domain/mfa.h"
#include "domain/passwords.h"
#include "domain/roles.h"
#include "domain/users.h"
#include "store/user_store.h"

static Str user_note(Ctx *ctx, const User *user)
{
    return str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user->id));
}

static Err find_for_login(Ctx *ctx, Str login_id, Str user_id, User *ret_user)
{
    DbTx *tx;
    Err err = ERR_ABSENT;
    TRY(ctx_read(ctx, &tx));
    if (user_id.len)
        return store_user_get(tx, ctx->arena, user_id, ret_user);
    Str name = str_lower(ctx->arena, str_trim(login_id));
    if (ctx->settings->EmailSettings_EnableSignInWithUsername)
        err = store_user_get_by_username(tx, ctx->arena, name, ret_user);
    if (err == ERR_ABSENT && ctx->settings->EmailSettings_EnableSignInWithEmail)
        err = store_user_get_by_email(tx, ctx->arena, name, ret_user);
    return err;
}

/* Counts a failed attempt; on its own, so that it counts although the request fails. */
static Err count_failure(Ctx *ctx, const User *user)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx, "UPDATE users SET failed_attempts = failed_attempts + 1 WHERE id = ?",
                user->id));
    session_forget_on_commit(ctx, tx, user->id);
    return ctx_commit(ctx);
}

static bool is_locked(const Ctx *ctx, const User *user)
{
    int64_t limit = ctx->settings->ServiceSettings_MaximumLoginAttempts;
    return limit > 0 && user->failed_attempts >= limit;
}

static Err refuse(Ctx *ctx, const User *user, Err err)
{
    err = fail(ctx, err, "user_id=" STR_FMT, STR_ARG(user->id));
    ctx_audit_refusal(ctx, "user.login", user_note(ctx, user), err);
    return err;
}

static Err invalid_credentials(const Ctx *ctx)
{
    bool by_name = ctx->settings->EmailSettings_EnableSignInWithUsername,
         by_email = ctx->settings->EmailSettings_EnableSignInWithEmail;
    return by_name && by_email ? ERR_API_USER_LOGIN_INVALID_CREDENTIALS_EMAIL_USERNAME
           : by_name           ? ERR_API_USER_LOGIN_INVALID_CREDENTIALS_USERNAME
                               : ERR_API_USER_LOGIN_INVALID_CREDENTIALS_EMAIL;
}

/* The state of the account; told only to who knows the password. */
static Err check_account(Ctx *ctx, const User *user)
{
    if (user->delete_at != 0)
        return refuse(ctx, user, ERR_API_USER_LOGIN_INACTIVE);
    if (ctx->settings->EmailSettings_RequireEmailVerification && !user->email_verified)
        return refuse(ctx, user, ERR_API_USER_LOGIN_NOT_VERIFIED);
    if (user_is_guest(user) && !ctx->settings->GuestAccountsSettings_Enable)
        return refuse(ctx, user, ERR_API_USER_LOGIN_GUEST_ACCOUNTS_DISABLED_ERROR);
    return OK;
}

static Err open_session(Ctx *ctx, User *user, Str password_hash, int64_t mfa_step,
                        const SignIn *how, Session *ret_session, Str *ret_token)
{
    DbTx *tx;
    int64_t touched;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec_count(tx, &touched,
                      "UPDATE users SET failed_attempts = 0, last_login = ?, mfa_last_step = ?, "
                      "password_hash = ? "
                      "WHERE id = ? AND password_hash = ? AND mfa_last_step = ?",
                      ctx->now, mfa_step, password_hash, user->id, user->password_hash,
                      user->mfa_last_step));
    if (touched == 0)
        return ERR_RETRY; /* another password, or the code was used, since it was checked: look again */
    user->last_login = ctx->now;
    user->failed_attempts = 0;
    TRY(session_create_in(ctx, tx, user, how, ret_session, ret_token));
    ctx->user_id = user->id;
    ctx->session = ret_session;
    session_forget_on_commit(ctx, tx, user->id);
    TRY(ctx_audit(ctx, tx, "user.login", STR_EMPTY));
    TRY(ctx_commit(ctx));
    ctx->rights = roles_permissions(ctx->app, user->roles);
    return OK;
}

Err user_login(Ctx *ctx, Str login_id, Str user_id, Str password, Str mfa_token, const SignIn *how,
               User *ret_user, Session *ret_session, Str *ret_token)
{
    if (password.len == 0)
        return fail(ctx, ERR_API_USER_LOGIN_BLANK_PWD);
    User user = {0};
    Err err = find_for_login(ctx, login_id, user_id, &user);
    if (err != OK && err != ERR_ABSENT)
        return err;
    ctx_end(ctx);
    if (err == ERR_ABSENT) {
        password_spend(ctx, password);
        return refuse(ctx, &user, invalid_credentials(ctx));
    }
    if (user.is_bot)
        return refuse(ctx, &user, ERR_API_USER_LOGIN_BOT_LOGIN_FORBIDDEN);
    if (is_locked(ctx, &user))
        return refuse(ctx, &user, ERR_API_USER_CHECK_USER_LOGIN_ATTEMPTS_TOO_MANY);
    if (!password_verify(ctx, user.password_hash, password)) {
        TRY(count_failure(ctx, &user));
        return refuse(ctx, &user, invalid_credentials(ctx));
    }
    TRY(check_account(ctx, &user));
    int64_t step;
    err = mfa_check(ctx, &user, mfa_token, &step);
    if (err == ERR_API_USER_CHECK_USER_MFA_BAD_CODE)
        TRY(count_failure(ctx, &user));
    if (err != OK)
        return refuse(ctx, &user, err);
    Str hash = user.password_hash;
    if (password_needs_rehash(ctx, user.password_hash))
        TRY(password_hash(ctx, password, &hash));
    TRY(open_session(ctx, &user, hash, step, how, ret_session, ret_token));
    user_hide_private(&user);
    *ret_user = user;
    return OK;
}

Err user_logout(Ctx *ctx)
{
    if (!ctx->session)
        return OK;
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(session_revoke_in(ctx, tx, ctx->session));
    TRY(ctx_audit(ctx, tx, "user.logout", STR_EMPTY));
    return ctx_commit(ctx);
}

Err user_confirm_password(Ctx *ctx, const User *user, Str password)
{
    ctx_end(ctx);
    if (is_locked(ctx, user))
        return fail(ctx, ERR_API_USER_CHECK_USER_LOGIN_ATTEMPTS_TOO_MANY);
    if (password_verify(ctx, user->password_hash, password))
        return OK;
    TRY(count_failure(ctx, user));
    return fail(ctx, ERR_API_USER_CHECK_USER_PASSWORD_INVALID);
}
