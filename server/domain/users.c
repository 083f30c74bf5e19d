#include "domain/users.h"
#include "base/id.h"
#include "base/vec.h"
#include "domain/access.h"
#include "domain/passwords.h"
#include "domain/roles.h"
#include "domain/team_members.h"
#include "store/user_store.h"

static void hide_private(User *user)
{
    user->password = user->auth_data = user->mfa_secret = user->password_hash = STR_EMPTY;
    user->last_password_update = user->failed_attempts = 0;
}

void user_sanitize_for_others(const Ctx *ctx, User *user)
{
    hide_private(user);
    user->notify_props = STR_EMPTY;
    user->email_verified = false;
    user->last_login = 0;
    user->mfa_active = false;
    if (!ctx->settings->PrivacySettings_ShowEmailAddress)
        user->email = STR_EMPTY;
    if (!ctx->settings->PrivacySettings_ShowFullName)
        user->first_name = user->last_name = STR_EMPTY;
}

void user_sanitize(const Ctx *ctx, User *user)
{
    if (str_eq(ctx->user_id, user->id) || can(ctx, PERM_MANAGE_SYSTEM))
        hide_private(user);
    else
        user_sanitize_for_others(ctx, user);
}

Str user_search_text(Ctx *ctx, const User *user)
{
    return str_lower(ctx->arena, str_printf(ctx->arena, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
                                            STR_ARG(user->username), STR_ARG(user->nickname),
                                            STR_ARG(user->first_name), STR_ARG(user->last_name)));
}

static bool is_username(Str s)
{
    if (s.len == 0 || s.len > 64)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))
            return false;
    }
    static const Str reserved[] = {
        {"all", 3}, {"channel", 7}, {"matterbot", 9}, {"system", 6}, {"here", 4}};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq(s, reserved[i]))
            return false;
    return true;
}

/* One @ with something on both sides, no white space or control characters. */
static bool is_email(Str s)
{
    ptrdiff_t at = str_find_char(s, '@');
    if (s.len > 128 || at <= 0 || (size_t)at + 1 >= s.len ||
        str_find_char(str_slice(s, (size_t)at + 1, s.len), '@') >= 0)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7F || strchr("<>(),;:\"\\[]", s.ptr[i]))
            return false;
    return true;
}

Err user_check(Ctx *ctx, const User *user)
{
    if (!is_username(user->username))
        return fail(ctx, ERR_MODEL_USER_IS_VALID_USERNAME, "username=" STR_FMT,
                    STR_ARG(user->username));
    if (!is_email(user->email))
        return fail(ctx, ERR_MODEL_USER_IS_VALID_EMAIL);
    if (str_rune_count(user->nickname) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_NICKNAME);
    if (str_rune_count(user->first_name) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_FIRST_NAME);
    if (str_rune_count(user->last_name) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_LAST_NAME);
    if (str_rune_count(user->position) > 128)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_POSITION);
    if (user->locale.len > 16)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_LOCALE);
    return OK;
}

/* May a person without a session make an account now? */
static Err check_sign_up(Ctx *ctx, DbTx *tx, const SignUp *how, bool is_first)
{
    (void)tx;
    if (ctx->session && can(ctx, PERM_MANAGE_SYSTEM))
        return OK;
    if (!ctx->settings->TeamSettings_EnableUserCreation ||
        !ctx->settings->EmailSettings_EnableSignUpWithEmail)
        return fail(ctx, ERR_API_USER_CREATE_USER_SIGNUP_EMAIL_DISABLED);
    if (is_first || ctx->settings->TeamSettings_EnableOpenServer || how->invite_id.len ||
        how->token.len)
        return OK;
    return fail(ctx, ERR_API_USER_CREATE_USER_NO_OPEN_SERVER);
}

static Str default_notify_props(Ctx *ctx)
{
    (void)ctx;
    return STR("{\"auto_responder_active\":\"false\",\"auto_responder_message\":\"\",\"channel\":"
               "\"true\",\"comments\":\"never\","
               "\"desktop\":\"mention\",\"desktop_sound\":\"true\",\"desktop_threads\":\"all\","
               "\"email\":\"true\","
               "\"email_threads\":\"all\",\"first_name\":\"false\",\"mention_keys\":\"\",\"push\":"
               "\"mention\","
               "\"push_status\":\"online\",\"push_threads\":\"all\"}");
}

static Err taken(Ctx *ctx, DbTx *tx, const User *user)
{
    User other;
    Err err = store_user_get_by_email(tx, ctx->arena, user->email, &other);
    if (err == OK && !str_eq(other.id, user->id))
        return fail(ctx, ERR_APP_USER_SAVE_EMAIL_EXISTS);
    if (err != OK && err != ERR_ABSENT)
        return err;
    err = store_user_get_by_username(tx, ctx->arena, user->username, &other);
    if (err == OK && !str_eq(other.id, user->id))
        return fail(ctx, ERR_APP_USER_SAVE_USERNAME_EXISTS);
    return err == ERR_ABSENT ? OK : err;
}

Err user_create(Ctx *ctx, const User *draft, const SignUp *how, User *ret_user)
{
    User user = *draft;
    user.id = ctx_id(ctx);
    user.username = str_lower(ctx->arena, str_trim(draft->username));
    user.email = str_lower(ctx->arena, str_trim(draft->email));
    user.auth_service = user.auth_data = STR_EMPTY;
    user.create_at = user.update_at = user.last_password_update = ctx->now;
    if (user.locale.len == 0)
        user.locale = ctx->settings->LocalizationSettings_DefaultClientLocale;
    if (user.notify_props.len == 0)
        user.notify_props = default_notify_props(ctx);
    if (user.timezone.len == 0)
        user.timezone = STR("{\"automaticTimezone\":\"\",\"manualTimezone\":\"\","
                            "\"useAutomaticTimezone\":\"true\"}");
    TRY(user_check(ctx, &user));
    TRY(password_check(ctx, draft->password));

    DbTx *tx;
    int64_t people;
    TRY(ctx_read(ctx, &tx));
    TRY(store_user_count(tx, &people));
    TRY(check_sign_up(ctx, tx, how, people == 0));
    TRY(taken(ctx, tx, &user));
    Team team = {0};
    if (how->invite_id.len)
        TRY(team_by_invite(ctx, how->invite_id, &team));
    ctx_end(ctx);
    TRY(password_hash(ctx, draft->password, &user.password_hash));
    user.password = STR_EMPTY;
    user.search_text = user_search_text(ctx, &user);

    TRY(ctx_write(ctx, &tx));
    TRY(store_user_count(tx, &people));
    TRY(check_sign_up(ctx, tx, how, people == 0));
    user.roles = people == 0 ? STR("system_admin system_user") : STR("system_user");
    user.email_verified = people == 0;
    TRY(taken(ctx, tx, &user));
    TRY_UNIQUE(ctx, user_insert_row(tx, &user), ERR_APP_USER_SAVE_USERNAME_EXISTS);
    TRY(db_exec(tx,
                "INSERT INTO preferences (user_id, category, name, value) VALUES (?, "
                "'tutorial_step', ?, '0')",
                user.id, user.id));
    if (team.id.len)
        TRY(team_join_in(ctx, tx, &team, &user, NULL));
    Event *event = event_new(ctx->arena, "new_user");
    json_key(&event->data, "user_id");
    json_str(&event->data, user.id);
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_audit(ctx, tx, "user.create",
                  str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user.id))));
    TRY(ctx_commit(ctx));
    hide_private(&user);
    *ret_user = user;
    return OK;
}

/* ---- sign-in ---- */
static Err find_for_login(Ctx *ctx, Str login_id, Str user_id, User *ret_user)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    if (user_id.len)
        return store_user_get(tx, ctx->arena, user_id, ret_user);
    Str name = str_lower(ctx->arena, str_trim(login_id));
    Err err = store_user_get_by_username(tx, ctx->arena, name, ret_user);
    if (err == ERR_ABSENT)
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
    return ctx_commit(ctx);
}

static Err refuse_login(Ctx *ctx, const User *user)
{
    Err err = fail(ctx, ERR_API_USER_LOGIN_INVALID_CREDENTIALS_EMAIL_USERNAME, "user_id=" STR_FMT,
                   STR_ARG(user->id));
    ctx_audit_refusal(ctx, "user.login",
                      str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user->id)),
                      err);
    return err;
}

Err user_login(Ctx *ctx, Str login_id, Str user_id, Str password, Str mfa_token, const SignIn *how,
               User *ret_user, Session *ret_session, Str *ret_token)
{
    (void)mfa_token;
    if (password.len == 0)
        return fail(ctx, ERR_API_USER_LOGIN_BLANK_PWD);
    User user = {0};
    Err err = find_for_login(ctx, login_id, user_id, &user);
    if (err != OK && err != ERR_ABSENT)
        return err;
    ctx_end(ctx);
    if (err == ERR_ABSENT || user.is_bot) {
        password_spend(ctx, password);
        return refuse_login(ctx, &user);
    }
    if (user.failed_attempts >= ctx->settings->ServiceSettings_MaximumLoginAttempts)
        return fail(ctx, ERR_API_USER_CHECK_USER_LOGIN_ATTEMPTS_TOO_MANY);
    if (!password_verify(ctx, user.password_hash, password)) {
        TRY(count_failure(ctx, &user));
        return refuse_login(ctx, &user);
    }
    if (user.delete_at != 0)
        return fail(ctx, ERR_API_USER_LOGIN_INACTIVE);
    if (ctx->settings->EmailSettings_RequireEmailVerification && !user.email_verified)
        return fail(ctx, ERR_API_USER_LOGIN_NOT_VERIFIED);
    Str rehashed = user.password_hash;
    if (password_needs_rehash(ctx, user.password_hash))
        TRY(password_hash(ctx, password, &rehashed));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx,
                "UPDATE users SET failed_attempts = 0, last_login = ?, password_hash = ? WHERE id "
                "= ? AND password_hash = ?",
                ctx->now, rehashed, user.id, user.password_hash));
    user.last_login = ctx->now;
    user.failed_attempts = 0;
    TRY(session_create_in(ctx, tx, &user, how, ret_session, ret_token));
    ctx->user_id = user.id;
    ctx->session = ret_session;
    session_forget_on_commit(ctx, tx, user.id);
    TRY(ctx_audit(ctx, tx, "user.login", STR_EMPTY));
    TRY(ctx_commit(ctx));
    ctx->rights = roles_permissions(ctx->app, user.roles);
    hide_private(&user);
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

Err user_to_read(Ctx *ctx, Str user_id, User *ret_user)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, ret_user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return OK;
}

static void publish_user(Ctx *ctx, DbTx *tx, const User *user, const char *scope)
{
    Event *event = event_new(ctx->arena, "user_updated");
    json_key(&event->data, "user");
    user_write_json(user, &event->data);
    if (str_eq(str_of(scope), STR("self")))
        event->user_id = user->id;
    else
        event->omit_users = &user->id, event->omit_count = 1;
    event->is_sensitive = str_eq(str_of(scope), STR("admins"));
    event->is_sanitized = str_eq(str_of(scope), STR("others"));
    hub_publish_on_commit(tx, ctx->hub, event);
}

Err user_changed_in(Ctx *ctx, DbTx *tx, const User *user)
{
    session_forget_on_commit(ctx, tx, user->id);
    User *full = arena_new(ctx->arena, User, 1), *others = arena_new(ctx->arena, User, 1);
    *full = *others = *user;
    hide_private(full);
    user_sanitize_for_others(ctx, others);
    publish_user(ctx, tx, full, "self");
    publish_user(ctx, tx, full, "admins");
    publish_user(ctx, tx, others, "others");
    return OK;
}
