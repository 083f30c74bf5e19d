/* api/sessions_api.c: sessions, access tokens and audit records on the wire. */
#include "api/route.h"
#include "base/id.h"
#include "domain/access_tokens.h"
#include "domain/mfa.h"
#include "domain/sessions.h"
#include "model/system.h"
#include "store/user_store.h"

/* ---- sessions ---- */
static Err api_sessions_get(Req *req)
{
    Str user_id;
    Session *sessions;
    size_t count, shown = 0;
    DbTx *tx;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_session_list(tx, req->arena, user_id, &sessions, &count));
    for (size_t i = 0; i < count; i++)
        if (sessions[i].expires_at == 0 || sessions[i].expires_at > req->ctx.now)
            sessions[shown++] = sessions[i];
    for (size_t i = 0; i < shown; i++)
        sessions[i].props = json_with_text(req->arena, sessions[i].props, "csrf",
                                           STR_EMPTY); /* a secret of that client */
    return req_reply_entities(req, 200, &session_entity, sessions, shown);
}

static Err api_session_revoke(Req *req)
{
    Str user_id, session_id;
    json_t *body;
    Session session;
    DbTx *tx;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(req_json(req, "session_id", &body));
    TRY(req_text_of(req, body, "session_id", &session_id));
    TRY(ctx_write(&req->ctx, &tx));
    Err err = store_session_get(tx, req->arena, session_id, &session);
    if (err == ERR_ABSENT || (err == OK && !str_eq(session.user_id, user_id)))
        return fail_body(&req->ctx, "session_id");
    TRY(err);
    TRY(session_revoke_in(&req->ctx, tx, &session));
    TRY(ctx_audit(&req->ctx, tx, "session.revoke", STR_EMPTY));
    TRY(ctx_commit(&req->ctx));
    return req_reply_ok(req);
}

static Err api_sessions_revoke_all(Req *req)
{
    Str user_id;
    DbTx *tx;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(ctx_write(&req->ctx, &tx));
    TRY(session_revoke_all_in(&req->ctx, tx, user_id));
    TRY(ctx_audit(&req->ctx, tx, "session.revoke_all", STR_EMPTY));
    TRY(ctx_commit(&req->ctx));
    return req_reply_ok(req);
}

static Err api_sessions_revoke_everywhere(Req *req)
{
    TRY(sessions_revoke_everywhere(&req->ctx));
    return req_reply_ok(req);
}

static Err api_session_device(Req *req)
{
    enum { DEVICE_ID_BYTES = 512, VERSION_BYTES = 64 };
    Str device_id, disabled, version;
    json_t *body, *props;
    TRY(req_json(req, "device_id", &body));
    TRY(req_text_of(req, body, "device_id", &device_id));
    TRY(req_text_of(req, body, "deviceNotificationDisabled", &disabled));
    TRY(req_text_of(req, body, "mobileVersion", &version));
    if (device_id.len + disabled.len + version.len == 0 || device_id.len > DEVICE_ID_BYTES)
        return fail_body(&req->ctx, "device_id");
    if (disabled.len && !str_eq(disabled, STR("true")) && !str_eq(disabled, STR("false")))
        return fail_body(&req->ctx, "deviceNotificationDisabled");
    if (version.len > VERSION_BYTES)
        return fail_body(&req->ctx, "mobileVersion");
    Str changes = json_with_text(req->arena, STR("{}"), "device_notification_disabled", disabled);
    changes = json_with_text(req->arena, changes, "mobile_version", version);
    TRY(json_parse(req->arena, changes, &props));
    TRY(session_attach_device(&req->ctx, device_id, props));
    return req_reply_ok(req);
}

/* ---- access tokens ---- */
static Err reply_tokens(Req *req, const UserAccessToken *tokens, size_t count)
{
    return req_reply_entities(req, 200, &user_access_token_entity, tokens, count);
}

static Err api_access_token_create(Req *req)
{
    Str user_id;
    UserAccessToken draft = {0}, token;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_body(req, &user_access_token_entity, NEW, &draft, NULL));
    TRY(access_token_create(&req->ctx, user_id, draft.description, &token));
    return req_reply_entity(req, 200, &user_access_token_entity, &token);
}

static Err api_access_tokens_of_user(Req *req)
{
    Str user_id;
    UserAccessToken *tokens;
    size_t count;
    Page page = req_page(req);
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(access_token_list(&req->ctx, user_id, page.offset, page.per_page, &tokens, &count));
    return reply_tokens(req, tokens, count);
}

static Err api_access_tokens_get(Req *req)
{
    UserAccessToken *tokens;
    size_t count;
    Page page = req_page(req);
    TRY(access_token_search(&req->ctx, STR_EMPTY, page.offset, page.per_page, &tokens, &count));
    return reply_tokens(req, tokens, count);
}

static Err api_access_tokens_search(Req *req)
{
    enum { FOUND_MAX = 100 };
    Str term;
    json_t *body;
    UserAccessToken *tokens;
    size_t count;
    TRY(req_json(req, "user_access_token_search", &body));
    TRY(req_text_of(req, body, "term", &term));
    if (term.len == 0)
        return fail_body(&req->ctx, "term");
    TRY(access_token_search(&req->ctx, term, 0, FOUND_MAX, &tokens, &count));
    return reply_tokens(req, tokens, count);
}

static Err api_access_token_get(Req *req)
{
    Str id;
    UserAccessToken token;
    TRY(req_param_id(req, "token_id", &id));
    TRY(access_token_get(&req->ctx, id, &token));
    return req_reply_entity(req, 200, &user_access_token_entity, &token);
}

static Err read_token_id(Req *req, Str *ret_id)
{
    json_t *body;
    TRY(req_json(req, "token_id", &body));
    TRY(req_text_of(req, body, "token_id", ret_id));
    return ret_id->len ? OK : fail_body(&req->ctx, "token_id");
}

static Err api_access_token_revoke(Req *req)
{
    Str id;
    TRY(read_token_id(req, &id));
    TRY(access_token_revoke(&req->ctx, id));
    return req_reply_ok(req);
}

static Err api_access_token_disable(Req *req)
{
    Str id;
    TRY(read_token_id(req, &id));
    TRY(access_token_set_active(&req->ctx, id, false));
    return req_reply_ok(req);
}

static Err api_access_token_enable(Req *req)
{
    Str id;
    TRY(read_token_id(req, &id));
    TRY(access_token_set_active(&req->ctx, id, true));
    return req_reply_ok(req);
}

/* ---- two-step sign-in ---- */
static Err api_mfa_generate(Req *req)
{
    Str user_id, secret, png;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(mfa_generate(&req->ctx, user_id, &secret, &png));
    req_header(req, "Cache-Control", STR("no-cache, no-store, must-revalidate"));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "secret");
    json_str(out, secret);
    json_key(out, "qr_code");
    json_str(out, base64_encode(req->arena, png));
    json_close(out);
    return OK;
}

static Err api_mfa_update(Req *req)
{
    Str user_id, code;
    json_t *body, *activate;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_json(req, "activate", &body));
    activate = json_find(body, "activate");
    if (!json_is_boolean(activate))
        return fail_body(&req->ctx, "activate");
    TRY(req_text_of(req, body, "code", &code));
    if (json_is_true(activate) && code.len == 0)
        return fail_body(&req->ctx, "code");
    TRY(json_is_true(activate) ? mfa_activate(&req->ctx, user_id, code)
                               : mfa_deactivate(&req->ctx, user_id));
    return req_reply_ok(req);
}

/* ---- audits ---- */
static Err reply_audits(Req *req, const Audit *audits, size_t count)
{
    return req_reply_entities(req, 200, &audit_entity, audits, count);
}

static Err api_audits_of_user(Req *req)
{
    Str user_id;
    Audit *audits;
    size_t count;
    DbTx *tx;
    Page page = req_page(req);
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(entity_list(tx, &audit_entity, req->arena, &audits, &count,
                    ENTITY_SQL(&audit_entity, "SELECT $ FROM audits WHERE user_id = ? ORDER BY "
                                              "create_at DESC, id DESC LIMIT ? OFFSET ?"),
                    user_id, page.per_page, page.offset));
    return reply_audits(req, audits, count);
}

static Err api_audits_get(Req *req)
{
    Audit *audits;
    size_t count;
    DbTx *tx;
    Page page = req_page(req);
    TRY(need(&req->ctx, PERM_READ_AUDITS));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(entity_list(
        tx, &audit_entity, req->arena, &audits, &count,
        ENTITY_SQL(&audit_entity, "SELECT $ FROM audits ORDER BY id DESC LIMIT ? OFFSET ?"),
        page.per_page, page.offset));
    return reply_audits(req, audits, count);
}

/* clang-format off */
const Route SESSION_ROUTES[] = {
    { GET, "/api/v4/users/{user_id}/sessions", api_sessions_get, "GetSessions", "[Session]", "edit_other_users",
      .summary = "Where somebody is signed in" },
    { POST, "/api/v4/users/{user_id}/sessions/revoke", api_session_revoke, "RevokeSession", "StatusOK", "edit_other_users",
      .body = "object", .summary = "End a session" },
    { POST, "/api/v4/users/{user_id}/sessions/revoke/all", api_sessions_revoke_all, "RevokeAllSessions", "StatusOK",
      "edit_other_users", .summary = "End all sessions of a user" },
    { POST, "/api/v4/users/sessions/revoke/all", api_sessions_revoke_everywhere, "RevokeSessionsFromAllUsers", "StatusOK",
      "manage_system", .summary = "End everybody's sessions" },
    { PUT, "/api/v4/users/sessions/device", api_session_device, "AttachDeviceExtraProps", "StatusOK", "", .body = "object",
      .summary = "Tell the push address and version of this phone" },
    { POST, "/api/v4/users/{user_id}/tokens", api_access_token_create, "CreateUserAccessToken", "UserAccessToken",
      "create_user_access_token, edit_other_users", .body = "UserAccessToken", .summary = "Make an access token; shown once" },
    { GET, "/api/v4/users/{user_id}/tokens", api_access_tokens_of_user, "GetUserAccessTokensForUser", "[UserAccessToken]",
      "read_user_access_token, edit_other_users", .query = "page, per_page", .summary = "The access tokens of a user" },
    { GET, "/api/v4/users/tokens", api_access_tokens_get, "GetUserAccessTokens", "[UserAccessToken]", "manage_system",
      .query = "page, per_page", .summary = "Everybody's access tokens" },
    { POST, "/api/v4/users/tokens/search", api_access_tokens_search, "SearchUserAccessTokens", "[UserAccessToken]",
      "manage_system", .body = "object", .summary = "Access tokens by their id, user id or user name" },
    { GET, "/api/v4/users/tokens/{token_id}", api_access_token_get, "GetUserAccessToken", "UserAccessToken",
      "read_user_access_token, edit_other_users", .summary = "An access token, without its secret" },
    { POST, "/api/v4/users/tokens/revoke", api_access_token_revoke, "RevokeUserAccessToken", "StatusOK",
      "revoke_user_access_token, edit_other_users", .body = "object", .summary = "End an access token for ever" },
    { POST, "/api/v4/users/tokens/disable", api_access_token_disable, "DisableUserAccessToken", "StatusOK",
      "revoke_user_access_token, edit_other_users", .body = "object", .summary = "Make an access token rest" },
    { POST, "/api/v4/users/tokens/enable", api_access_token_enable, "EnableUserAccessToken", "StatusOK",
      "create_user_access_token, edit_other_users", .body = "object", .summary = "Let a resting access token count again" },
    { POST, "/api/v4/users/{user_id}/mfa/generate", api_mfa_generate, "GenerateMfaSecret", "MfaSecret", "edit_other_users",
      .summary = "A new secret for an authenticator app, also as a picture", .before_mfa = true },
    { PUT, "/api/v4/users/{user_id}/mfa", api_mfa_update, "UpdateUserMfa", "StatusOK", "edit_other_users", .body = "object",
      .summary = "Switch two-step sign-in on (with a code) or off", .before_mfa = true },
    { GET, "/api/v4/users/{user_id}/audits", api_audits_of_user, "GetUserAudits", "[Audit]", "edit_other_users",
      .query = "page, per_page", .summary = "What was recorded of a user's acts" },
    { GET, "/api/v4/audits", api_audits_get, "GetAudits", "[Audit]", "read_audits", .query = "page, per_page",
      .summary = "What was recorded of everybody's acts" },
    { 0 },
};
/* clang-format on */
