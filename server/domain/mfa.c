#include "domain/mfa.h"
#include "base/totp.h"
#include "domain/access.h"
#include "domain/guests.h"
#include "domain/mail_text.h"
#include "domain/mails.h"
#include "domain/profiles.h"
#include "ext/qr_code.h"
#include "store/user_store.h"

static Str user_note(Ctx *ctx, Str user_id)
{
    return str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user_id));
}

static Err need_enabled(Ctx *ctx)
{
    return ctx->settings->ServiceSettings_EnableMultifactorAuthentication
               ? OK
               : fail(ctx, ERR_MFA_MFA_DISABLED);
}

/* What an app reads from the picture: otpauth://totp/SITE:NAME?secret=…&issuer=SITE */
static Str app_link(Ctx *ctx, const User *user, Str secret)
{
    Str site = ctx->settings->TeamSettings_SiteName;
    Str issuer = url_encode(ctx->arena, str_rune_prefix(site.len ? site : STR("Anser"), 30));
    return str_printf(ctx->arena,
                      "otpauth://totp/" STR_FMT ":" STR_FMT "?secret=" STR_FMT "&issuer=" STR_FMT,
                      STR_ARG(issuer), STR_ARG(url_encode(ctx->arena, user->username)),
                      STR_ARG(secret), STR_ARG(issuer));
}

Err mfa_generate(Ctx *ctx, Str user_id, Str *ret_secret, Str *ret_png)
{
    User user;
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    if (user.mfa_active) /* a stolen session must not replace the second step */
        return fail(ctx, ERR_MFA_ACTIVATE_BAD_TOKEN, "switch it off first");
    *ret_secret = totp_secret_make(ctx->arena);
    TRY(qr_code_png(ctx->arena, app_link(ctx, &user, *ret_secret), ret_png));
    TRY(db_exec(tx, "UPDATE users SET mfa_secret = ?, mfa_last_step = 0 WHERE id = ?", *ret_secret,
                user_id));
    session_forget_on_commit(ctx, tx, user_id);
    return ctx_commit(ctx);
}

static Err save_in(Ctx *ctx, DbTx *tx, User *user, const char *act)
{
    TRY(user_save_in(ctx, tx, user));
    TRY(mail_mfa_changed_in(ctx, tx, user));
    return ctx_audit(ctx, tx, act, user_note(ctx, user->id));
}

Err mfa_activate(Ctx *ctx, Str user_id, Str code)
{
    User user;
    DbTx *tx;
    int64_t step;
    TRY(need_enabled(ctx));
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    if (user.mfa_secret.len == 0 ||
        !totp_check(user.mfa_secret, code, ctx->now / 1000, user.mfa_last_step, &step))
        return fail(ctx, ERR_MFA_ACTIVATE_BAD_TOKEN);
    user.mfa_active = true;
    user.mfa_last_step = step;
    TRY(save_in(ctx, tx, &user, "user.mfa_on"));
    return ctx_commit(ctx);
}

Err mfa_deactivate(Ctx *ctx, Str user_id)
{
    User user;
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    user.mfa_active = false;
    user.mfa_secret = STR_EMPTY;
    user.mfa_last_step = 0;
    TRY(save_in(ctx, tx, &user, "user.mfa_off"));
    return ctx_commit(ctx);
}

Err mfa_check(Ctx *ctx, const User *user, Str code, int64_t *ret_step)
{
    *ret_step = user->mfa_last_step;
    if (!user->mfa_active || !ctx->settings->ServiceSettings_EnableMultifactorAuthentication)
        return OK;
    if (code.len == 0)
        return ERR_MFA_VALIDATE_TOKEN_AUTHENTICATE;
    bool is_right =
        totp_check(user->mfa_secret, code, ctx->now / 1000, user->mfa_last_step, ret_step);
    return is_right ? OK : ERR_API_USER_CHECK_USER_MFA_BAD_CODE;
}

bool mfa_is_missing(const Ctx *ctx)
{
    const Settings *s = ctx->settings;
    if (!ctx->user || ctx->user->mfa_active || ctx->user->is_bot ||
        !s->ServiceSettings_EnableMultifactorAuthentication)
        return false;
    if (str_contains(ctx->session->props, STR("\"user_access_token_id\"")))
        return false; /* a program cannot look at a phone */
    return user_is_guest(ctx->user) ? s->GuestAccountsSettings_EnforceMultifactorAuthentication
                                    : s->ServiceSettings_EnforceMultifactorAuthentication;
}
