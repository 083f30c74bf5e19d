/* api/users_api.c: users and sessions on the wire. */
#include "api/route.h"
#include "api/user_agent.h"
#include "domain/access.h"
#include "domain/users.h"
#include "store/user_store.h"

enum { DEVICE_ID_BYTES = 512 };

static Err reply_user(Req *req, int status, User *user)
{
    user_sanitize(&req->ctx, user);
    return req_reply_entity(req, status, &user_entity, user);
}

static Err api_user_create(Req *req)
{
    User draft = {0}, user;
    TRY(req_body(req, &user_entity, NEW, &draft, NULL));
    SignUp how = {.invite_id = req_query(req, "iid"), .token = req_query(req, "t")};
    TRY(user_create(&req->ctx, &draft, &how, &user));
    return req_reply_entity(req, 201, &user_entity, &user);
}

static Err api_user_login(Req *req)
{
    json_t *body;
    Str login_id, user_id, password, mfa_token, device_id;
    TRY(req_json(req, "login", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "login");
    TRY(req_text_of(req, body, "login_id", &login_id));
    TRY(req_text_of(req, body, "id", &user_id));
    TRY(req_text_of(req, body, "password", &password));
    TRY(req_text_of(req, body, "token", &mfa_token));
    TRY(req_text_of(req, body, "device_id", &device_id));
    if (device_id.len > DEVICE_ID_BYTES)
        return fail_body(&req->ctx, "device_id");
    SignIn how = {.device_id = device_id, .is_mobile = device_id.len > 0};
    user_agent_read(req->arena, req->ctx.user_agent, &how);
    User user;
    Session session;
    Str token;
    TRY(user_login(&req->ctx, login_id, user_id, password, mfa_token, &how, &user, &session,
                   &token));
    req_header(req, "Token", token);
    if (str_eq(http_header(req->http, STR("X-Requested-With")), STR("XMLHttpRequest"))) {
        int64_t lives_s = req->ctx.settings->ServiceSettings_SessionLengthWebInHours * 3600;
        req_cookie(req, "MMAUTHTOKEN", token, lives_s, true);
        req_cookie(req, "MMUSERID", user.id, lives_s, false);
        req_cookie(req, "MMCSRF", session_csrf(&req->ctx, &session), lives_s, false);
    }
    return req_reply_entity(req, 200, &user_entity, &user);
}

/* How an account signs in. Nobody asks for a password elsewhere here, so the answer does not tell whether there is such an
 * account. */
static Err api_user_login_type(Req *req)
{
    Str login_id, user_id;
    json_t *body;
    TRY(req_json(req, "login_id", &body));
    TRY(req_text_of(req, body, "login_id", &login_id));
    TRY(req_text_of(req, body, "id", &user_id));
    if (login_id.len + user_id.len == 0)
        return fail_body(&req->ctx, "login_id");
    buf_append(req_begin(req, 200), STR("{\"auth_service\":\"\"}"));
    return OK;
}

static Err api_user_logout(Req *req)
{
    TRY(user_logout(&req->ctx));
    static const char *const names[] = {"MMAUTHTOKEN", "MMUSERID", "MMCSRF"};
    for (size_t i = 0; i < 3; i++)
        req_cookie(req, names[i], STR_EMPTY, 0, false);
    return req_reply_ok(req);
}

static Err api_user_get(Req *req)
{
    Str id;
    User user;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_to_read(&req->ctx, id, &user));
    if (req_is_unchanged(req, str_printf(req->arena, STR_FMT ".%lld", STR_ARG(user.id),
                                         (long long)user.update_at)))
        return OK;
    return reply_user(req, 200, &user);
}

/* clang-format off */
const Route USER_ROUTES[] = {
    { POST, "/api/v4/users", api_user_create, "CreateUser", "User", "", NOBODY, LANE_HASHING, 201, .body = "User",
      .query = "iid, t", .summary = "Create an account" },
    { POST, "/api/v4/users/login", api_user_login, "Login", "User", "", NOBODY, LANE_HASHING, .body = "object",
      .summary = "Sign in" },
    { POST, "/api/v4/users/login/type", api_user_login_type, "GetLoginType", "LoginType", "", NOBODY, .body = "object",
      .summary = "How an account signs in: always with a password here" },
    { POST, "/api/v4/users/logout", api_user_logout, "Logout", "StatusOK", "", NOBODY, .summary = "End this session" },
    { GET, "/api/v4/users/{user_id}", api_user_get, "GetUser", "User", "", .summary = "A user" },
    { 0 },
};
/* clang-format on */
