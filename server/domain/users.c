#include "domain/users.h"
#include "base/id.h"
#include "base/vec.h"
#include "domain/access.h"
#include "domain/channel_members.h"
#include "domain/guests.h"
#include "domain/invitations.h"
#include "domain/mails.h"
#include "domain/names.h"
#include "domain/one_time_tokens.h"
#include "domain/passwords.h"
#include "domain/profiles.h"
#include "domain/roles.h"
#include "domain/team_members.h"
#include "domain/user_lists.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

void user_hide_private(User *user)
{
    user->password = user->auth_data = user->mfa_secret = user->password_hash = STR_EMPTY;
    user->last_password_update = user->failed_attempts = 0;
}

void user_sanitize_for_others(const Ctx *ctx, User *user)
{
    user_hide_private(user);
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
        user_hide_private(user);
    else
        user_sanitize_for_others(ctx, user);
}

Str user_search_text(Ctx *ctx, const User *user)
{
    Buf *out = buf_new(ctx->arena, 128 * 1024);
    name_add_words(ctx->arena, user->username, out);
    name_add_words(ctx->arena, user->nickname, out);
    name_add_words(ctx->arena, user->first_name, out);
    name_add_words(ctx->arena, user->last_name, out);
    name_add_words(ctx->arena, str_concat(ctx->arena, user->last_name, user->first_name),
                   out); /* as Chinese names are said */
    return buf_str(out);
}

enum { TIMEZONE_BYTES = 1024 };

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

bool email_is_valid(Str s)
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

/* "zh-CN", "en", "pt_BR"; empty: the server's */
static bool is_locale(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '-' || c == '_'))
            return false;
    }
    return s.len <= 16;
}

/* Clients decode these as maps from text to text: another value would break them. */
static bool is_text_map(Ctx *ctx, Str text)
{
    json_t *map, *value;
    const char *key;
    if (text.len == 0)
        return true;
    if (json_parse(ctx->arena, text, &map) != OK || !json_is_object(map))
        return false;
    json_object_foreach(map, key, value) if (!json_is_string(value)) return false;
    return true;
}

Err user_check(Ctx *ctx, const User *user)
{
    if (!is_username(user->username))
        return fail(ctx, ERR_MODEL_USER_IS_VALID_USERNAME, "username=" STR_FMT,
                    STR_ARG(user->username));
    if (!email_is_valid(user->email))
        return fail(ctx, ERR_MODEL_USER_IS_VALID_EMAIL);
    if (str_rune_count(user->nickname) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_NICKNAME);
    if (str_rune_count(user->first_name) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_FIRST_NAME);
    if (str_rune_count(user->last_name) > 64)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_LAST_NAME);
    if (str_rune_count(user->position) > 128)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_POSITION);
    if (!is_locale(user->locale))
        return fail(ctx, ERR_MODEL_USER_IS_VALID_LOCALE);
    if (!is_text_map(ctx, user->props))
        return fail_body(ctx, "props");
    if (!is_text_map(ctx, user->notify_props))
        return fail_body(ctx, "notify_props");
    return user->timezone.len <= TIMEZONE_BYTES && is_text_map(ctx, user->timezone)
               ? OK
               : fail_body(ctx, "timezone");
}

/* May a person without a session make an account now? */
static Err check_sign_up(Ctx *ctx, const SignUp *how, const Invited *invited, bool is_first)
{
    if (how->by_operator)
        return OK;
    if (ctx->session && can(ctx, PERM_MANAGE_SYSTEM))
        return OK;
    if (!ctx->settings->TeamSettings_EnableUserCreation ||
        !ctx->settings->EmailSettings_EnableSignUpWithEmail)
        return fail(ctx, ERR_API_USER_CREATE_USER_SIGNUP_EMAIL_DISABLED);
    if (is_first || ctx->settings->TeamSettings_EnableOpenServer || invited->team.id.len)
        return OK;
    return fail(ctx, ERR_API_USER_CREATE_USER_NO_OPEN_SERVER);
}

static Err check_domain(Ctx *ctx, const User *user, const Invited *invited)
{
    Str domains = invited->is_guest ? ctx->settings->GuestAccountsSettings_RestrictCreationToDomains
                                    : ctx->settings->TeamSettings_RestrictCreationToDomains;
    return email_is_of_domains(user->email, domains)
               ? OK
               : fail(ctx, ERR_API_USER_CREATE_USER_ACCEPTED_DOMAIN);
}

static Err find_invitation(Ctx *ctx, DbTx *tx, const SignUp *how, Invited *ret_invited)
{
    *ret_invited = (Invited){0};
    if (how->token.len)
        return invitation_find(ctx, tx, how->token, ret_invited);
    return how->invite_id.len ? team_by_invite(ctx, how->invite_id, &ret_invited->team) : OK;
}

/* The first account manages the server. Two that come at once are told apart under a lock. */
static Err count_people_in(DbTx *tx, int64_t *ret_count)
{
    TRY(store_user_count(tx, ret_count));
    if (*ret_count > 0)
        return OK;
    TRY(db_exec(tx, "UPDATE settings SET version = version WHERE name = 'diagnostic_id'"));
    return store_user_count(tx, ret_count);
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

Err user_check_taken_in(Ctx *ctx, DbTx *tx, const User *user)
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

    DbTx *tx;
    int64_t people;
    Invited invited;
    TRY(ctx_read(ctx, &tx));
    TRY(find_invitation(ctx, tx, how, &invited));
    if (invited.by_mail)
        user.email = invited.email;
    TRY(user_check(ctx, &user));
    TRY(password_check(ctx, draft->password));
    TRY(store_user_count(tx, &people));
    TRY(check_sign_up(ctx, how, &invited, people == 0));
    if (!how->by_operator)
        TRY(check_domain(ctx, &user, &invited));
    TRY(user_check_taken_in(ctx, tx, &user));
    ctx_end(ctx);
    TRY(password_hash(ctx, draft->password, &user.password_hash));
    user.password = STR_EMPTY;
    user.search_text = user_search_text(ctx, &user);

    TRY(ctx_write(ctx, &tx));
    TRY(count_people_in(tx, &people));
    TRY(check_sign_up(ctx, how, &invited, people == 0));
    bool is_admin = people == 0 || (how->by_operator && how->is_admin);
    user.roles = is_admin           ? STR("system_admin system_user")
                 : invited.is_guest ? STR("system_guest")
                                    : STR("system_user");
    user.email_verified = people == 0 || invited.by_mail || how->by_operator;
    TRY(user_check_taken_in(ctx, tx, &user));
    TRY_UNIQUE(ctx, user_insert_row(tx, &user), ERR_APP_USER_SAVE_USERNAME_EXISTS);
    TRY(db_exec(tx,
                "INSERT INTO preferences (user_id, category, name, value) VALUES (?, "
                "'tutorial_step', ?, '0')",
                user.id, user.id));
    TRY_ABSENT(ctx, invitation_join_in(ctx, tx, &invited, &user),
               ERR_API_USER_CREATE_USER_SIGNUP_LINK_INVALID);
    bool asks_to_verify =
        ctx->settings->EmailSettings_RequireEmailVerification && !user.email_verified;
    TRY(asks_to_verify ? mail_verification_in(ctx, tx, &user) : mail_welcome_in(ctx, tx, &user));
    Event *event = event_new(ctx->arena, "new_user");
    json_key(&event->data, "user_id");
    json_str(&event->data, user.id);
    StrVec blind;
    TRY(guests_blind_to(ctx, tx, user.id, &blind));
    event->omit_users = blind.items;
    event->omit_count = blind.len;
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_audit(ctx, tx, "user.create",
                  str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user.id))));
    TRY(ctx_commit(ctx));
    user_hide_private(&user);
    *ret_user = user;
    return OK;
}

Err user_to_read(Ctx *ctx, Str user_id, User *ret_user)
{
    DbTx *tx;
    bool is_visible;
    TRY(user_is_visible(ctx, user_id, &is_visible));
    if (!is_visible)
        return fail_right(ctx, PERM_VIEW_MEMBERS);
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, ret_user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return OK;
}

static void publish_user(Ctx *ctx, DbTx *tx, const User *user, const char *scope,
                         const StrVec *omitted)
{
    Event *event = event_new(ctx->arena, "user_updated");
    json_key(&event->data, "user");
    user_write_json(user, &event->data);
    if (str_eq(str_of(scope), STR("self")))
        event->user_id = user->id;
    else
        event->omit_users = omitted->items, event->omit_count = omitted->len;
    event->is_sensitive = str_eq(str_of(scope), STR("admins"));
    event->is_sanitized = str_eq(str_of(scope), STR("others"));
    hub_publish_on_commit(tx, ctx->hub, event);
}

Err user_changed_in(Ctx *ctx, DbTx *tx, const User *user)
{
    session_forget_on_commit(ctx, tx, user->id);
    User *full = arena_new(ctx->arena, User, 1), *others = arena_new(ctx->arena, User, 1);
    *full = *others = *user;
    user_hide_private(full);
    user_sanitize_for_others(ctx, others);
    StrVec omitted;
    TRY(guests_blind_to(ctx, tx, user->id, &omitted));
    vec_push(ctx->arena, &omitted, user->id);
    publish_user(ctx, tx, full, "self", NULL);
    publish_user(ctx, tx, full, "admins", &omitted);
    publish_user(ctx, tx, others, "others", &omitted);
    return OK;
}
