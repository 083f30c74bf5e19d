#include "domain/profiles.h"
#include "domain/guests.h"
#include "domain/mails.h"
#include "domain/roles.h"
#include "domain/statuses.h"
#include "store/user_store.h"

bool email_is_of_domains(Str email, Str domains)
{
    bool has_any = false;
    Str own = str_slice(email, (size_t)(str_find_char(email, '@') + 1), email.len);
    for (size_t start = 0, at = 0; at <= domains.len; at++) {
        if (at < domains.len && domains.ptr[at] != ',' && domains.ptr[at] != ' ')
            continue;
        Str one = str_slice(domains, start, at);
        start = at + 1;
        if (one.len && one.ptr[0] == '@')
            one = str_slice(one, 1, one.len);
        has_any |= one.len > 0;
        if (one.len && str_eq_nocase(one, own))
            return true;
    }
    return !has_any;
}

Err user_lock_in(Ctx *ctx, DbTx *tx, Str user_id, User *ret_user)
{
    TRY_ABSENT(ctx, store_user_lock(tx, ctx->arena, user_id, ret_user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return OK;
}

Err user_save_in(Ctx *ctx, DbTx *tx, User *user)
{
    user->update_at = ctx->now > user->update_at
                          ? ctx->now
                          : user->update_at + 1; /* clients keep the newer copy */
    user->search_text = user_search_text(ctx, user);
    TRY_UNIQUE(ctx, user_update_row(tx, user), ERR_APP_USER_SAVE_USERNAME_EXISTS);
    return user_changed_in(ctx, tx, user);
}

static Str user_note(Ctx *ctx, Str user_id)
{
    return str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user_id));
}

/* ---- profile ---- */
/* The keys of `change` laid over those of `props`. */
static Str merge_props(Ctx *ctx, Str props, Str change)
{
    json_t *all, *more, *value;
    const char *key;
    if (json_parse(ctx->arena, change, &more) != OK)
        return props;
    if (json_parse(ctx->arena, props, &all) != OK || !json_is_object(all))
        return change;
    json_object_foreach(more, key, value) ENSURE(json_object_set(all, key, value) == 0);
    return json_dump(ctx->arena, all);
}

static bool has(FieldMask mask, const char *name)
{
    return entity_mask_has(&user_entity, mask, name);
}

/* What the account becomes; `user` is what it is. */
static void apply(Ctx *ctx, const User *change, FieldMask mask, User *user)
{
    Str notify_props = user->notify_props;
    entity_merge(&user_entity, mask, change, user);
    if (has(mask, "notify_props"))
        user->notify_props = merge_props(ctx, notify_props, change->notify_props);
    user->username = str_lower(ctx->arena, str_trim(user->username));
    user->email = str_lower(ctx->arena, str_trim(user->email));
}

static Err check_new_email(Ctx *ctx, const User *user)
{
    bool is_guest = user_is_guest(user);
    if (!is_guest && !user->is_bot &&
        !email_is_of_domains(user->email, ctx->settings->TeamSettings_RestrictCreationToDomains))
        return fail(ctx, ERR_API_USER_UPDATE_USER_ACCEPTED_DOMAIN);
    if (is_guest &&
        !email_is_of_domains(user->email,
                             ctx->settings->GuestAccountsSettings_RestrictCreationToDomains))
        return fail(ctx, ERR_API_USER_UPDATE_USER_ACCEPTED_GUEST_DOMAIN);
    return OK;
}

/* Before the transaction: hashing takes its time. */
static Err check_change(Ctx *ctx, const User *change, FieldMask mask, Str user_id, Str password)
{
    User old, next;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &old),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    next = old;
    apply(ctx, change, mask, &next);
    TRY(user_check(ctx, &next));
    if (str_eq(next.email, old.email))
        return OK;
    TRY(check_new_email(ctx, &next));
    if (!str_eq(user_id, ctx->user_id))
        return OK;
    if (password.len == 0)
        return fail_body(ctx, "password");
    Err err = user_confirm_password(ctx, &old, password);
    if (err == ERR_API_USER_CHECK_USER_PASSWORD_INVALID) {
        ctx->failure = (Failure){0}; /* here it is the body that is wrong */
        return fail_body(ctx, "password");
    }
    return err;
}

Err user_change(Ctx *ctx, Str user_id, const User *change, FieldMask mask, Str password,
                User *ret_user)
{
    TRY(check_change(ctx, change, mask, user_id, password));
    DbTx *tx;
    User user;
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    Str old_email = user.email;
    apply(ctx, change, mask, &user);
    TRY(user_check(ctx, &user));
    TRY(user_check_taken_in(ctx, tx, &user));
    bool is_new_email = !str_eq(user.email, old_email);
    if (is_new_email && ctx->settings->EmailSettings_RequireEmailVerification && mail_is_on(ctx)) {
        TRY(mail_verification_in(ctx, tx, &user));
        user.email = old_email; /* until the link in that mail is followed */
    } else if (is_new_email) {
        user.email_verified = false;
        TRY(mail_email_changed_in(ctx, tx, &user, old_email));
    }
    TRY(user_save_in(ctx, tx, &user));
    TRY(ctx_audit(ctx, tx, "user.change", user_note(ctx, user_id)));
    TRY(ctx_commit(ctx));
    *ret_user = user;
    return OK;
}

/* ---- roles ---- */
/* Somebody must be left who can let others in. */
static Err check_not_last_admin(Ctx *ctx, DbTx *tx, const User *user)
{
    int64_t others;
    if (!roles_has(user->roles, STR("system_admin")))
        return OK;
    TRY(db_get_int(tx, &others,
                   "SELECT count(*) FROM users WHERE delete_at = 0 AND id <> ? AND ' ' || roles || "
                   "' ' LIKE '% system!_admin %' "
                   "ESCAPE '!'",
                   user->id));
    return others ? OK : fail(ctx, ERR_APP_USER_UPDATE_LASTADMIN);
}

/* Known names, and one that makes a person of it. In the form that is kept: one space between them. */
static Err clean_roles(Ctx *ctx, Str roles, Str *ret_roles)
{
    Buf *out = buf_new(ctx->arena, 4096);
    bool has_base = false;
    for (Str rest = roles; rest.ptr;) {
        Str role = str_split(&rest, ' ');
        if (role.len == 0)
            continue;
        if (!roles_exists(ctx->app, role))
            return fail(ctx, ERR_APP_ROLE_CHECK_ROLES_EXIST_ROLE_NOT_FOUND, "role=" STR_FMT,
                        STR_ARG(str_slice(role, 0, 64)));
        has_base |= str_eq(role, STR("system_user")) || str_eq(role, STR("system_guest"));
        if (out->len)
            buf_append_char(out, ' ');
        buf_append(out, role);
    }
    if (!has_base || out->len > 256)
        return fail_body(ctx, "roles");
    *ret_roles = buf_str(out);
    return OK;
}

static Err save_roles_in(Ctx *ctx, DbTx *tx, User *user, Str roles)
{
    user->roles = roles;
    TRY(user_save_in(ctx, tx, user));
    TRY(db_exec(tx, "UPDATE sessions SET roles = ? WHERE user_id = ?", roles, user->id));
    PermissionSet rights = roles_permissions(ctx->app, roles);
    hub_admin_on_commit(tx, ctx->hub, user->id, permissions_has(&rights, PERM_MANAGE_SYSTEM));
    Event *event = event_new(ctx->arena, "user_role_updated");
    json_key(&event->data, "user_id");
    json_str(&event->data, user->id);
    json_key(&event->data, "roles");
    json_str(&event->data, roles);
    event->user_id = user->id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

Err user_set_roles(Ctx *ctx, Str user_id, Str roles)
{
    Str clean;
    User user;
    DbTx *tx;
    TRY(need(ctx, PERM_MANAGE_ROLES));
    TRY(clean_roles(ctx, roles, &clean));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    PermissionSet before = roles_permissions(ctx->app, user.roles),
                  after = roles_permissions(ctx->app, clean);
    if (permissions_has(&before, PERM_MANAGE_SYSTEM) || permissions_has(&after, PERM_MANAGE_SYSTEM))
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    if (roles_has(user.roles, STR("system_guest")) != roles_has(clean, STR("system_guest")))
        return fail_body(ctx,
                         "roles"); /* demote and promote do that, in all teams and channels too */
    if (!roles_has(clean, STR("system_admin")))
        TRY(check_not_last_admin(ctx, tx, &user));
    TRY(save_roles_in(ctx, tx, &user, clean));
    TRY(ctx_audit(ctx, tx, "user.roles",
                  str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\",\"roles\":\"" STR_FMT "\"}",
                             STR_ARG(user_id), STR_ARG(clean))));
    return ctx_commit(ctx);
}

/* ---- active or not ---- */
static Err need_over(Ctx *ctx, const User *target)
{
    PermissionSet rights = roles_permissions(ctx->app, target->roles);
    return permissions_has(&rights, PERM_MANAGE_SYSTEM) ? need(ctx, PERM_MANAGE_SYSTEM) : OK;
}

static Err set_active_in(Ctx *ctx, DbTx *tx, User *user, bool is_active)
{
    if ((user->delete_at == 0) == is_active)
        return OK;
    if (!is_active)
        TRY(check_not_last_admin(ctx, tx, user));
    user->delete_at = is_active ? 0 : ctx->now;
    TRY(user_save_in(ctx, tx, user));
    if (!is_active) {
        TRY(session_revoke_all_in(ctx, tx, user->id));
        if (str_eq(user->id, ctx->user_id))
            TRY(mail_deactivated_in(ctx, tx, user));
    }
    return ctx_audit(ctx, tx, is_active ? "user.activate" : "user.deactivate",
                     user_note(ctx, user->id));
}

Err user_set_active(Ctx *ctx, Str user_id, bool is_active)
{
    User user;
    DbTx *tx;
    bool is_own_end = !is_active && str_eq(user_id, ctx->user_id);
    if (is_own_end && !ctx->settings->TeamSettings_EnableUserDeactivation)
        return fail(ctx, ERR_API_USER_UPDATE_ACTIVE_NOT_ENABLE);
    if (!is_own_end && !can(ctx, PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_USERS))
        return fail(ctx, ERR_API_USER_UPDATE_ACTIVE_PERMISSIONS);
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    TRY(need_over(ctx, &user));
    TRY(set_active_in(ctx, tx, &user, is_active));
    return ctx_commit(ctx);
}

/* Rows that are nothing without their user. */
static Err erase_in(Ctx *ctx, DbTx *tx, const User *user)
{
    static const char *const statements[] = {
        "DELETE FROM user_access_tokens WHERE user_id = ?",
        "DELETE FROM tokens WHERE subject = ?",
        "DELETE FROM preferences WHERE user_id = ?",
        "DELETE FROM statuses WHERE user_id = ?",
        "DELETE FROM drafts WHERE user_id = ?",
        "DELETE FROM thread_members WHERE user_id = ?",
        "DELETE FROM sidebar_channels WHERE user_id = ?",
        "DELETE FROM sidebar_categories WHERE user_id = ?",
        "DELETE FROM channel_members WHERE user_id = ?",
        "DELETE FROM team_members WHERE user_id = ?",
        "DELETE FROM users WHERE id = ?",
    };
    TRY(check_not_last_admin(ctx, tx, user));
    TRY(session_revoke_all_in(ctx, tx, user->id));
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        TRY(db_exec(tx, statements[i], user->id));
    return ctx_audit(ctx, tx, "user.erase", user_note(ctx, user->id));
}

Err user_delete(Ctx *ctx, Str user_id, bool is_permanent)
{
    User user;
    DbTx *tx;
    bool is_admin = can(ctx, PERM_MANAGE_SYSTEM);
    TRY(need_self_or_edit(ctx, user_id));
    if (str_eq(user_id, ctx->user_id) && !ctx->settings->TeamSettings_EnableUserDeactivation &&
        !is_admin)
        return fail(ctx, ERR_API_USER_UPDATE_ACTIVE_NOT_ENABLE);
    if (is_permanent && !ctx->settings->ServiceSettings_EnableAPIUserDeletion)
        return fail(ctx, is_admin ? ERR_API_USER_DELETE_USER_NOT_ENABLED_FOR_ADMIN
                                  : ERR_API_USER_DELETE_USER_NOT_ENABLED);
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    TRY(need_over(ctx, &user));
    TRY(is_permanent ? erase_in(ctx, tx, &user) : set_active_in(ctx, tx, &user, false));
    return ctx_commit(ctx);
}

Err user_reset_attempts(Ctx *ctx, Str user_id)
{
    User user;
    DbTx *tx;
    if (!can(ctx, PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_USERS))
        return fail(ctx, ERR_API_USER_RESET_PASSWORD_FAILED_ATTEMPTS_PERMISSIONS);
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    TRY(need_over(ctx, &user));
    TRY(db_exec(tx, "UPDATE users SET failed_attempts = 0 WHERE id = ?", user_id));
    TRY(ctx_audit(ctx, tx, "user.reset_attempts", user_note(ctx, user_id)));
    return ctx_commit(ctx);
}
