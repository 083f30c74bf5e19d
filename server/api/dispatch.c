#include "api/dispatch.h"
#include "api/site.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "domain/mfa.h"
#include "domain/sessions.h"
#include <stdlib.h>
#include <unistd.h>

enum {
    ATTEMPTS = 3,
    BODY_LIMIT_BYTES = 300000,
    URL_LIMIT = 2048,
    REPLY_LIMIT_BYTES = 256 * 1024 * 1024
};

struct Api {
    ApiOptions options;
    Net *net;
    size_t loop_count;
    Socket **waiting_sockets; /* a list for each loop */
};

/* One request on its way through a worker. */
typedef struct Work {
    Api *api;
    HttpReq *http;
    const Route *route;
    Str params[8];
} Work;

Api *api_new(const ApiOptions *options)
{
    Api *api = calloc(1, sizeof *api);
    ENSURE(api != NULL);
    api->options = *options;
    return api;
}

void api_free(Api *api)
{
    for (size_t i = 0; i < api->loop_count; i++)
        sockets_free(api, i);
    free(api->waiting_sockets);
    free(api);
}

void api_attach_net(Api *api, Net *net)
{
    api->net = net;
    api->loop_count = net_loop_count(net);
    api->waiting_sockets = calloc(api->loop_count, sizeof *api->waiting_sockets);
    ENSURE(api->waiting_sockets != NULL);
}

Socket **api_waiting_sockets(Api *api, size_t loop_index)
{
    return &api->waiting_sockets[loop_index];
}

App *api_app(Api *api)
{
    return api->options.app;
}
Pool *api_pool(Api *api)
{
    return api->options.pool;
}
Net *api_net(Api *api)
{
    return api->net;
}

/* ---- errors ---- */
void api_write_error(const Ctx *ctx, Err err, Buf *out)
{
    const ErrorRow *row = error_row(err);
    const Failure *f = &ctx->failure;
    Str text = text_fill(ctx->arena, error_text(err, ctx->locale), f->names, f->values,
                         f->err == err ? f->param_count : 0);
    json_open(out);
    json_key(out, "id");
    json_str(out, str_of(row->id));
    json_key(out, "message");
    json_str(out, text);
    json_key(out, "detailed_error");
    json_str(out, STR_EMPTY);
    json_key(out, "request_id");
    json_str(out, ctx->request_id);
    json_key(out, "status_code");
    json_int(out, row->status);
    json_close(out);
}

static void log_failure(const Ctx *ctx, const Route *route, Err err)
{
    const ErrorRow *row = error_row(err);
    const Failure *f = &ctx->failure;
    LogLevel level = row->status >= 500 ? LOG_ERROR : LOG_DEBUG;
    if (level < log_level())
        return;
    log_write(level, f->file ? f->file : __FILE__, f->file ? f->line : __LINE__, "request failed",
              "route=%s id=%s cause=%s detail=" STR_FMT, route ? route->path : "", row->id,
              err_name(err), STR_ARG(f->detail));
}

/* What a handler had prepared before it failed must not go out with the error. */
static void drop_reply(HttpReq *http)
{
    if (http->reply.file.fd >= 0)
        (void)close(http->reply.file.fd); /* only read from */
    http->reply.file = (HttpFile){.fd = -1};
    http->reply.static_body = STR_EMPTY;
    buf_clear(&http->reply.headers);
    buf_clear(&http->reply.body);
}

static void reply_error(Ctx *ctx, HttpReq *http, const Route *route, Err err)
{
    log_failure(ctx, route, err);
    drop_reply(http);
    http->reply.status = error_row(err)->status;
    http->reply.content_type = STR("application/json");
    if (http->reply.status == 503)
        http_add_header(http, STR("Retry-After"), STR("1"));
    api_write_error(ctx, err, &http->reply.body);
}

/* ---- who asks ---- */
void api_init_ctx(Api *api, Ctx *ctx, HttpReq *http, Arena *arena)
{
    ctx_init(ctx, api->options.app, arena);
    ctx->request_id = http->request_id;
    ctx->remote_ip = http->remote_ip;
    ctx->is_tls = http->is_tls;
    ctx->user_agent = http_header(http, STR("User-Agent"));
    ctx->connection_id = http_header(http, STR("Connection-Id"));
    Str languages = http_header(http, STR("Accept-Language"));
    if (languages.len) {
        size_t n = 0;
        while (n < languages.len && languages.ptr[n] != ',' && languages.ptr[n] != ';')
            n++;
        ctx->locale = str_trim(str_slice(languages, 0, n));
    }
}

static Str bearer_token(HttpReq *http)
{
    Str value = http_header(http, STR("Authorization"));
    static const Str schemes[] = {{"bearer ", 7}, {"token ", 6}};
    for (size_t i = 0; i < 2; i++)
        if (value.len > schemes[i].len &&
            str_eq_nocase(str_slice(value, 0, schemes[i].len), schemes[i]))
            return str_trim(str_slice(value, schemes[i].len, value.len));
    return STR_EMPTY;
}

/* The cookie wins over the header, the header over the query. */
static Str token_of(HttpReq *http, TokenPlace *ret_place)
{
    Str token = http_cookie(http, STR("MMAUTHTOKEN"));
    *ret_place = TOKEN_IN_COOKIE;
    if (token.len)
        return token;
    token = bearer_token(http);
    *ret_place = TOKEN_IN_HEADER;
    if (token.len)
        return token;
    bool is_there = http_query(http, STR("access_token"), &token) && token.len;
    *ret_place = is_there ? TOKEN_IN_QUERY : TOKEN_NOWHERE;
    return is_there ? token : STR_EMPTY;
}

Err api_identify(Ctx *ctx, HttpReq *http, TokenPlace *ret_place)
{
    Str token = token_of(http, ret_place);
    return token.len ? session_authenticate(ctx, token) : OK;
}

/* A cookie is sent by the browser whoever wrote the page: a changing request must prove that it comes from ours. */
static bool has_csrf_proof(Ctx *ctx, HttpReq *http)
{
    Str sent = http_header(http, STR("X-CSRF-Token")), expected = session_csrf(ctx, ctx->session);
    if (sent.len && expected.len && str_eq_secret(sent, expected))
        return true;
    return !ctx->settings->ServiceSettings_ExperimentalStrictCSRFEnforcement &&
           str_eq(http_header(http, STR("X-Requested-With")), STR("XMLHttpRequest"));
}

/* ---- running a handler ---- */
static void add_transport_security(const Settings *settings, HttpReq *http)
{
    if (!http->is_tls || !settings->ServiceSettings_TLSStrictTransport)
        return;
    http_add_header(http, STR("Strict-Transport-Security"),
                    str_printf(http->arena, "max-age=%lld",
                               (long long)settings->ServiceSettings_TLSStrictTransportMaxAge));
}

static void add_common_headers(Ctx *ctx, HttpReq *http)
{
    http_add_header(http, STR("X-Version-Id"), ctx->settings->version_id);
    http_add_header(http, STR("X-Content-Type-Options"), STR("nosniff"));
    http_add_header(http, STR("Referrer-Policy"), STR("no-referrer"));
    http_add_header(http, STR("Permissions-Policy"), STR_EMPTY);
    if (http->method == HTTP_GET || http->method == HTTP_HEAD)
        http_add_header(http, STR("Expires"), STR("0"));
    add_transport_security(ctx->settings, http);
    site_add_cors(ctx->settings, http);
}

/* Path parameters, decoded: ids are ids, {user_id} "me" is oneself. */
static Err check_params(Req *req)
{
    size_t index = 0;
    for (const char *at = strchr(req->route->path, '{'); at; at = strchr(at + 1, '{'), index++) {
        size_t len = strcspn(at + 1, "}");
        Str name = str_make(at + 1, len);
        Str *value = &req->params[index];
        if (!http_decode(req->arena, *value, false, value) || !str_is_utf8(*value))
            return fail_url(&req->ctx, str_to_c(req->arena, name));
        if (!str_ends_with(name, STR("_id")))
            continue;
        if (str_eq(*value, STR("me")) && str_eq(name, STR("user_id")) && req->ctx.user_id.len)
            *value = req->ctx.user_id;
        for (size_t i = 0; i < value->len; i++) {
            char c = value->ptr[i];
            bool is_fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') ||
                           (str_eq(name, STR("category_id")) && (c == '_' || c == '-'));
            if (!is_fine)
                return fail_url(&req->ctx, str_to_c(req->arena, name));
        }
        if (!str_eq(name, STR("category_id")) && !str_eq(name, STR("invite_id")) &&
            value->len != 26)
            return fail_url(&req->ctx, str_to_c(req->arena, name));
    }
    return OK;
}

/* Text of a query goes into SQL and replies: broken UTF-8 and NUL are refused for all routes at once. */
static Err check_query(Req *req)
{
    Str plain;
    bool is_fine =
        http_decode(req->http->arena, req->http->query, true, &plain) && str_is_utf8(plain);
    return is_fine ? OK : fail_url(&req->ctx, "query");
}

static Err authenticate(Req *req)
{
    Ctx *ctx = &req->ctx;
    TokenPlace place;
    Err err = api_identify(ctx, req->http, &place);
    req->auth_by_cookie = place == TOKEN_IN_COOKIE;
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (!ctx->session) {
        if (req->route->need == NOBODY)
            return OK;
        req->loses_cookie = req->auth_by_cookie;
        return fail(ctx, ERR_API_CONTEXT_SESSION_EXPIRED);
    }
    if (place == TOKEN_IN_QUERY &&
        !ctx->session->is_oauth) /* it would stand in logs and histories */
        return fail(ctx, ERR_API_CONTEXT_TOKEN_PROVIDED);
    if (req->route->need != SESSION_NO_CSRF && req->route->method != GET && req->auth_by_cookie &&
        !has_csrf_proof(ctx, req->http)) {
        req->loses_cookie = true;
        return fail(ctx, ERR_API_CONTEXT_SESSION_EXPIRED, "no CSRF token");
    }
    if (req->route->need != NOBODY && !req->route->before_mfa && mfa_is_missing(ctx))
        return fail(ctx, ERR_API_CONTEXT_MFA_REQUIRED);
    return OK;
}

static Err run_once(Req *req)
{
    TRY(authenticate(req));
    TRY(check_params(req));
    TRY(check_query(req));
    TRY(req->route->run(req));
    ENSURE(req->is_answered);
    return OK;
}

static void run_work(void *arg)
{
    Work *work = arg;
    HttpReq *http = work->http;
    Api *api = work->api;
    Arena *arena = arena_create();
    Req req;
    Err err = ERR_RETRY;
    log_set_request_id(http->request_id);
    /* ERR_UNIQUE: another request made the same thing between our look and our write; a second look sees it and says so. */
    for (int attempt = 0; attempt < ATTEMPTS && (err == ERR_RETRY || err == ERR_UNIQUE);
         attempt++) {
        if (attempt > 0) {
            metric_add(METRIC_DB_RETRIES, 1);
            ctx_deinit(&req.ctx);
            arena_reset(arena);
            drop_reply(http);
        }
        req = (Req){.route = work->route, .http = http, .arena = arena};
        api_init_ctx(api, &req.ctx, http, arena);
        memcpy(req.params, work->params, sizeof req.params);
        err = run_once(&req);
    }
    ctx_end(&req.ctx);
    if (err == OK && http->reply.body.overflowed)
        err = fail(&req.ctx, ERR_INTERNAL, "the reply is larger than its limit");
    if (err != OK) {
        reply_error(&req.ctx, http, req.route, err);
        if (req.loses_cookie)
            req_cookie(&req, "MMAUTHTOKEN", STR_EMPTY, 0, true);
    } else if (req.ctx.session) {
        (void)session_touch(&req.ctx); /* only a note of activity: the next request tries again */
    }
    add_common_headers(&req.ctx, http);
    ctx_deinit(&req.ctx);
    http->reply.content_type = str_copy(http->arena, http->reply.content_type);
    http_compress(http);
    log_set_request_id(STR_EMPTY);
    arena_free(
        arena); /* before the reply: it may hold references that a client expects to be gone */
    http_reply(http);
}

/* ---- on the loop ---- */
static Method method_of(const HttpReq *http)
{
    switch (http->method) {
    case HTTP_GET:
    case HTTP_HEAD: return GET;
    case HTTP_POST: return POST;
    case HTTP_PUT: return PUT;
    case HTTP_PATCH: return PATCH;
    case HTTP_DELETE: return DELETE;
    case HTTP_OPTIONS:
    case HTTP_OTHER: return 0;
    }
    return 0;
}

static bool is_api(Str path)
{
    return str_starts_with(path, STR("/api/"));
}

static const Route *find(HttpReq *http, Str *params, bool *ret_mismatch)
{
    Str path = http->path;
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return route_find(method_of(http), path, params, ret_mismatch);
}

/* Under a subpath of its host the server is asked by the browser's path: takes it off. */
static void strip_site_path(const Settings *settings, HttpReq *http)
{
    Str path = site_path(settings), asked = http->path;
    if (path.len && str_starts_with(asked, path) && asked.len > path.len &&
        asked.ptr[path.len] == '/')
        http->path = str_slice(asked, path.len, asked.len);
}

/* Without any token the handler would refuse anyway: the large body need not come first. */
static bool has_token(HttpReq *http)
{
    TokenPlace place;
    return token_of(http, &place).len > 0;
}

static HttpBodyPlan plan_for(const Settings *settings, HttpReq *http)
{
    Str params[8];
    bool mismatch;
    const Route *route = find(http, params, &mismatch);
    if (!route || route->body_limit == 0)
        return (HttpBodyPlan){BODY_LIMIT_BYTES, false};
    if (route->body_limit > 0)
        return (HttpBodyPlan){route->body_limit, false};
    if (route->need != NOBODY && !has_token(http))
        return (HttpBodyPlan){BODY_LIMIT_BYTES, false};
    int64_t parts_bytes = 64 * 1024; /* the parts' heads around the file */
    return (HttpBodyPlan){settings->FileSettings_MaxFileSize + parts_bytes, true};
}

static HttpBodyPlan on_head(void *arg, HttpReq *http)
{
    Api *api = arg;
    Settings *settings = settings_current(&api->options.app->settings);
    strip_site_path(settings, http);
    HttpBodyPlan plan = plan_for(settings, http);
    settings_unref(settings);
    return plan;
}

void api_refuse(Api *api, HttpReq *http, Err err)
{
    Ctx ctx;
    api_init_ctx(api, &ctx, http, http->arena);
    reply_error(&ctx, http, NULL, err);
    add_common_headers(&ctx, http);
    ctx_deinit(&ctx);
    http_reply(http);
}

static void on_too_large(void *arg, HttpReq *http)
{
    Str params[8];
    bool mismatch;
    const Route *route = find(http, params, &mismatch);
    bool is_nobodys = route && route->body_limit == -1 && route->need != NOBODY && !has_token(http);
    bool has_own = route && route->too_large;
    api_refuse(arg, http,
               is_nobodys ? ERR_API_CONTEXT_SESSION_EXPIRED
               : has_own  ? (Err)route->too_large
                          : ERR_API_CONTEXT_REQUEST_BODY_TOO_LARGE);
}

static bool is_loopback(Str ip)
{
    return str_starts_with(ip, STR("127.")) || str_eq(ip, STR("::1"));
}

/* A proxy on this machine connects from loopback, too, but says for whom. */
static bool is_from_here(const HttpReq *http)
{
    static const Str said[] = {{"X-Forwarded-For", 15}, {"X-Real-IP", 9}, {"Forwarded", 9}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (http_header(http, said[i]).len)
            return false;
    return is_loopback(http->remote_ip);
}

static bool reply_metrics(Api *api, HttpReq *http)
{
    if (!str_eq(http->path, STR("/metrics")) || !(api->options.metrics_open || is_from_here(http)))
        return false;
    http->reply.status = 200;
    http->reply.content_type = STR("text/plain; version=0.0.4");
    metric_write_all(&http->reply.body);
    http_reply(http);
    return true;
}

/* Content-Security-Policy of the web app's pages: nothing inline, nothing from elsewhere. */
static const char PAGE_POLICY[] =
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

static void reply_plain(HttpReq *http, int status, Str text)
{
    http->reply.status = status;
    http->reply.content_type = STR("text/plain; charset=utf-8");
    buf_append(&http->reply.body, text);
    http_reply(http);
}

static void reply_page(Api *api, HttpReq *http)
{
    Settings *settings = settings_current(&api->options.app->settings);
    add_transport_security(settings, http);
    settings_unref(settings);
    http_add_header(http, STR("X-Content-Type-Options"), STR("nosniff"));
    http_add_header(http, STR("Referrer-Policy"), STR("no-referrer"));
    http_add_header(http, STR("Content-Security-Policy"), str_of(PAGE_POLICY));
    if (http->method != HTTP_GET && http->method != HTTP_HEAD) {
        http_add_header(http, STR("Allow"), STR("GET, HEAD"));
        reply_plain(http, 405, STR("This is only for reading.\n"));
        return;
    }
    if (api->options.web) {
        if (static_files_reply(api->options.web, http, http->path)) {
            http_reply(http);
            return;
        }
        bool is_asset = str_starts_with(http->path, STR("/static/")) ||
                        str_starts_with(http->path, STR("/plugins/"));
        if (!is_asset && static_files_reply(api->options.web, http, STR("/index.html"))) {
            http_reply(http);
            return;
        }
    }
    reply_plain(http, 404, STR("Nothing here.\n"));
}

static bool reply_preflight(Api *api, HttpReq *http)
{
    if (http->method != HTTP_OPTIONS)
        return false;
    Settings *settings = settings_current(&api->options.app->settings);
    bool is_one = site_answer_preflight(settings, http);
    settings_unref(settings);
    if (is_one)
        http_reply(http);
    return is_one;
}

static void on_request(void *arg, HttpReq *http)
{
    Api *api = arg;
    Work *work = arena_new(http->arena, Work, 1);
    bool mismatch = false;
    work->api = api;
    work->http = http;
    http->reply.body.limit = REPLY_LIMIT_BYTES; /* it may have memory of an earlier reply */
    if (http->target.len > URL_LIMIT) {
        api_refuse(api, http, ERR_BASIC_SECURITY_CHECK_URL_TOO_LONG_ERROR);
        return;
    }
    if (str_eq(http->path, STR("/api/v4/websocket")) ||
        str_eq(http->path, STR("/api/v4/websocket/"))) {
        sockets_upgrade(api, http);
        return;
    }
    work->route = find(http, work->params, &mismatch);
    if (!work->route) {
        if (is_api(http->path) && reply_preflight(api, http))
            return;
        if (is_api(http->path))
            api_refuse(api, http,
                       mismatch ? ERR_API_CONTEXT_METHOD_NOT_ALLOWED : ERR_API_CONTEXT_404);
        else if (!reply_metrics(api, http))
            reply_page(api, http);
        return;
    }
    static const PoolLane lanes[] = {
        [LANE_WORKER] = LANE_MAIN, [LANE_SLOWLY] = LANE_SLOW, [LANE_HASHING] = LANE_HASH};
    if (!pool_submit(api->options.pool, lanes[work->route->lane], run_work, work)) {
        metric_add(METRIC_QUEUE_FULL, 1);
        api_refuse(api, http, ERR_API_CONTEXT_SERVER_BUSY);
    }
}

static void on_wake(void *arg, size_t loop_index)
{
    Api *api = arg;
    hub_pump(api->options.app->hub, loop_index);
    sockets_tick(api, loop_index);
}

NetHandlers api_handlers(Api *api)
{
    return (NetHandlers){
        .app = api,
        .on_head = on_head,
        .on_request = on_request,
        .on_too_large = on_too_large,
        .ws_message = sockets_message,
        .ws_pong = sockets_pong,
        .ws_closed = sockets_closed,
        .on_wake = on_wake,
    };
}
