/* api/profiles_api.c: changing accounts on the wire: profile, roles, passwords, addresses. */
#include "api/route.h"
#include "domain/credentials.h"
#include "domain/profiles.h"

static Err reply_user(Req *req, User *user)
{
    user_sanitize(&req->ctx, user);
    return req_reply_entity(req, 200, &user_entity, user);
}

/* The body as a JSON object. */
static Err read_object(Req *req, const char *what, json_t **ret_body)
{
    TRY(req_json(req, what, ret_body));
    return json_is_object(*ret_body) ? OK : fail_body(&req->ctx, what);
}

static Err read_text(Req *req, const char *name, Str *ret_text)
{
    json_t *body;
    TRY(read_object(req, name, &body));
    TRY(req_text_of(req, body, name, ret_text));
    return ret_text->len ? OK : fail_body(&req->ctx, name);
}

/* ---- profile ---- */
static Err change_user(Req *req, bool is_whole)
{
    Str user_id, body_id, password;
    User change = {0}, user;
    FieldMask mask;
    json_t *body;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(read_object(req, "user", &body));
    TRY(req_body(req, &user_entity, EDIT, &change, &mask));
    TRY(req_text_of(req, body, "password", &password));
    if (is_whole) {
        TRY(req_text_of(req, body, "id", &body_id));
        if (!str_eq(body_id, user_id))
            return fail_body(&req->ctx, "user_id");
        /* A whole user: names that are left out are emptied; what is a map stays unless a new one is given. */
        static const char *const names[] = {"username",  "email",    "nickname", "first_name",
                                            "last_name", "position", "locale"};
        for (size_t i = 0; i < user_entity.count; i++)
            for (size_t k = 0; k < sizeof names / sizeof *names; k++)
                if (str_eq(str_of(user_entity.fields[i].name), str_of(names[k])))
                    mask |= (FieldMask)1 << i;
    }
    TRY(user_change(&req->ctx, user_id, &change, mask, password, &user));
    return reply_user(req, &user);
}

static Err api_user_update(Req *req)
{
    return change_user(req, true);
}
static Err api_user_patch(Req *req)
{
    return change_user(req, false);
}

static Err api_user_roles(Req *req)
{
    Str user_id, roles;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(read_text(req, "roles", &roles));
    TRY(user_set_roles(&req->ctx, user_id, roles));
    return req_reply_ok(req);
}

static Err api_user_active(Req *req)
{
    Str user_id;
    json_t *body, *active;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(read_object(req, "active", &body));
    active = json_find(body, "active");
    if (!json_is_boolean(active))
        return fail_body(&req->ctx, "active");
    TRY(user_set_active(&req->ctx, user_id, json_is_true(active)));
    return req_reply_ok(req);
}

static Err api_user_delete(Req *req)
{
    Str user_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(user_delete(&req->ctx, user_id, req_query_flag(req, "permanent")));
    return req_reply_ok(req);
}

static Err api_user_reset_attempts(Req *req)
{
    Str user_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(user_reset_attempts(&req->ctx, user_id));
    return req_reply_ok(req);
}

/* ---- passwords and addresses ---- */
static Err api_password_update(Req *req)
{
    Str user_id, current, next;
    json_t *body;
    bool is_hashed;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(read_object(req, "password", &body));
    TRY(req_text_of(req, body, "current_password", &current));
    TRY(req_text_of(req, body, "new_password", &next));
    TRY(req_flag_of(req, body, "already_hashed", false, &is_hashed));
    if (is_hashed) /* hashes come in by an import, never over the wire */
        return fail(&req->ctx, ERR_API_USER_UPDATE_PASSWORD_USER_AND_HASHED);
    TRY(password_change(&req->ctx, user_id, current, next));
    return req_reply_ok(req);
}

static Err api_password_reset_send(Req *req)
{
    Str email;
    TRY(read_text(req, "email", &email));
    TRY(password_reset_send(&req->ctx, email));
    return req_reply_ok(req);
}

static Err api_password_reset(Req *req)
{
    Str token, next;
    json_t *body;
    TRY(read_text(req, "token", &token));
    TRY(read_object(req, "new_password", &body));
    TRY(req_text_of(req, body, "new_password", &next));
    TRY(password_reset(&req->ctx, token, next));
    return req_reply_ok(req);
}

static Err api_email_verify_send(Req *req)
{
    Str email;
    TRY(read_text(req, "email", &email));
    TRY(email_verify_send(&req->ctx, email));
    return req_reply_ok(req);
}

static Err api_email_verify(Req *req)
{
    Str token;
    TRY(read_text(req, "token", &token));
    TRY(email_verify(&req->ctx, token));
    return req_reply_ok(req);
}

static Err api_email_verify_member(Req *req)
{
    Str user_id;
    User user;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(email_verify_for(&req->ctx, user_id, &user));
    return reply_user(req, &user);
}

/* clang-format off */
const Route PROFILE_ROUTES[] = {
    { PUT, "/api/v4/users/{user_id}", api_user_update, "UpdateUser", "User", "edit_other_users", SESSION, LANE_HASHING,
      .body = "User", .summary = "Change an account; a new e-mail address of one's own needs the password" },
    { PUT, "/api/v4/users/{user_id}/patch", api_user_patch, "PatchUser", "User", "edit_other_users", SESSION, LANE_HASHING,
      .body = "User", .summary = "Change parts of an account" },
    { DELETE, "/api/v4/users/{user_id}", api_user_delete, "DeleteUser", "StatusOK", "edit_other_users", .query = "permanent",
      .summary = "Deactivate an account, or erase it" },
    { PUT, "/api/v4/users/{user_id}/active", api_user_active, "UpdateUserActive", "StatusOK",
      "sysconsole_write_user_management_users", .body = "object", .summary = "Deactivate or activate an account" },
    { PUT, "/api/v4/users/{user_id}/roles", api_user_roles, "UpdateUserRoles", "StatusOK", "manage_roles", .body = "object",
      .summary = "Set system roles" },
    { POST, "/api/v4/users/{user_id}/reset_failed_attempts", api_user_reset_attempts, "ResetPasswordFailedAttempts", "StatusOK",
      "sysconsole_write_user_management_users", .summary = "Unlock an account after too many failed sign-ins" },
    { PUT, "/api/v4/users/{user_id}/password", api_password_update, "UpdateUserPassword", "StatusOK",
      "sysconsole_write_user_management_users", SESSION, LANE_HASHING, .body = "object", .summary = "Change a password" },
    { POST, "/api/v4/users/password/reset/send", api_password_reset_send, "SendPasswordResetEmail", "StatusOK", "", NOBODY,
      .body = "object", .summary = "Ask for a mail with a link to set a new password" },
    { POST, "/api/v4/users/password/reset", api_password_reset, "ResetPassword", "StatusOK", "", NOBODY, LANE_HASHING,
      .body = "object", .summary = "Set a new password with the token of that mail" },
    { POST, "/api/v4/users/email/verify", api_email_verify, "VerifyUserEmail", "StatusOK", "", NOBODY, .body = "object",
      .summary = "Confirm an e-mail address with the token of a mail" },
    { POST, "/api/v4/users/email/verify/send", api_email_verify_send, "SendVerificationEmail", "StatusOK", "", NOBODY,
      .body = "object", .summary = "Ask for the mail that confirms an address" },
    { POST, "/api/v4/users/{user_id}/email/verify/member", api_email_verify_member, "VerifyUserEmailWithoutToken", "User",
      "manage_system", .summary = "Confirm somebody's address" },
    { 0 },
};
/* clang-format on */
