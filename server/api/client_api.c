/* api/client_api.c: small things that clients ask for as they start: limits, time zones, notices, plug-ins; and what they
 * report of their own errors. */
#include "api/route.h"
#include "base/log.h"
#include "domain/access.h"
#include "domain/timezones.h"

/* There are no limits: zero says so. Who looks after users is told how many there are. */
static Err api_limits(Req *req)
{
    static const char *const names[] = {"maxUsersLimit",           "maxUsersHardLimit",
                                        "singleChannelGuestCount", "singleChannelGuestLimit",
                                        "postHistoryLimit",        "lastAccessiblePostTime"};
    int64_t people = 0;
    DbTx *tx;
    if (can(&req->ctx, PERM_SYSCONSOLE_READ_USER_MANAGEMENT_USERS)) {
        TRY(ctx_read(&req->ctx, &tx));
        TRY(db_get_int(tx, &people,
                       "SELECT count(*) FROM users WHERE is_bot = 0 AND delete_at = 0"));
    }
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "activeUserCount");
    json_int(out, people);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_key(out, names[i]);
        json_int(out, 0);
    }
    json_close(out);
    return OK;
}

static Err api_timezones(Req *req)
{
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (const char *const *name = TIMEZONES; *name; name++)
        json_str(out, str_of(*name));
    json_close_array(out);
    return OK;
}

static Err reply_nothing(Req *req)
{
    buf_append(req_begin(req, 200), STR("[]"));
    return OK;
}

/* Client plug-ins of the v4 kind do not run here. */
static Err api_web_plugins(Req *req)
{
    return reply_nothing(req);
}
/* Nobody phones home for news. */
static Err api_notices(Req *req)
{
    TRY(need_in_team(&req->ctx, req_param(req, "team_id"), PERM_VIEW_TEAM));
    return reply_nothing(req);
}
static Err api_notices_viewed(Req *req)
{
    return req_reply_ok(req);
}

/* What went wrong in a client. It is not to be trusted, so it is logged as a detail of ours, and only for debugging. */
static Err api_client_log(Req *req)
{
    enum { MESSAGE_BYTES = 400 };
    json_t *body;
    Str level, message;
    TRY(req_json(req, "log", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "log");
    TRY(req_text_of(req, body, "level", &level));
    TRY(req_text_of(req, body, "message", &message));
    level = str_slice(level, 0, 16);
    message = str_slice(message, 0, MESSAGE_BYTES);
    log_debug("a client reports", "level=" STR_FMT " user_id=" STR_FMT " message=" STR_FMT,
              STR_ARG(level), STR_ARG(req->ctx.user_id), STR_ARG(message));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "level");
    json_str(out, level);
    json_key(out, "message");
    json_str(out, message);
    json_close(out);
    return OK;
}

/* clang-format off */
const Route CLIENT_ROUTES[] = {
    { GET, "/api/v4/limits/server", api_limits, "GetServerLimits", "ServerLimits", "",
      .summary = "What this server limits: nothing" },
    { GET, "/api/v4/system/timezones", api_timezones, "GetSupportedTimezone", "[string]", "", .summary = "The names of time zones" },
    { GET, "/api/v4/plugins/webapp", api_web_plugins, "GetWebappPlugins", "[object]", "", NOBODY,
      .summary = "Client plug-ins: none" },
    { GET, "/api/v4/system/notices/{team_id}", api_notices, "GetNotices", "[object]", "view_team", .query = "client, clientVersion, locale",
      .summary = "Product notices: none" },
    { PUT, "/api/v4/system/notices/view", api_notices_viewed, "MarkNoticesViewed", "StatusOK", "", .body = "[string]",
      .summary = "Product notices were seen" },
    { POST, "/api/v4/logs", api_client_log, "PostLog", "{string}", "", NOBODY, .body = "object",
      .summary = "An error report of a client, for the server's debug log" },
    { 0 },
};
/* clang-format on */
