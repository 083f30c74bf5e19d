#include "net/http.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/metric.h"
#include "net/net_state.h"
#include "net/proxies.h"
#include "net/spool.h"
#include "net/ws.h"
#include <unistd.h>

enum {
    REPLY_LIMIT_BYTES = 1024 * 1024 * 1024,
    SMALL_BODY_BYTES = 4096,
    KEPT_BODY_BYTES = 16 * 1024
};

static const char *reason_of(int status)
{
    switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Other";
    }
}

/* ---- requests come and go ---- */
static Request *request_new(Conn *conn)
{
    Loop *loop = conn->loop;
    Request *request = loop->free_requests;
    if (request) {
        loop->free_requests = request->next_free;
        loop->free_request_count--;
    } else {
        request = calloc(1, sizeof *request);
        ENSURE(request != NULL);
        request->magic = REQUEST_MAGIC;
        request->loop = loop;
        request->http.arena = arena_create();
        buf_init(&request->http.reply.headers, 64 * 1024);
        buf_init(&request->http.reply.body, REPLY_LIMIT_BYTES);
    }
    loop->request_count++;
    request->conn = conn;
    conn->request = request;
    request->http.reply.file.fd = -1;
    request->http.loop_index = loop->index;
    request->http.started_us = clock_monotonic_us();
    request->http.request_id = id_make(request->http.arena, clock_now_ms());
    return request;
}

static void request_free(Request *request)
{
    arena_free(request->http.arena);
    buf_deinit(&request->http.reply.headers);
    buf_deinit(&request->http.reply.body);
    free(request);
}

/* Keeps what is worth keeping for the next request: the arena's first chunk and small buffers. */
static void request_recycle(Request *request)
{
    Loop *loop = request->loop;
    HttpReq *http = &request->http;
    Buf headers = http->reply.headers, body = http->reply.body;
    buf_clear(&headers);
    buf_clear(&body);
    if (body.cap > KEPT_BODY_BYTES)
        buf_deinit(&body);
    body.limit = REPLY_LIMIT_BYTES; /* the handler may have set its own */
    arena_reset(http->arena);
    *request = (Request){.magic = REQUEST_MAGIC, .loop = loop, .http.arena = http->arena};
    http->reply.headers = headers;
    http->reply.body = body;
    request->next_free = loop->free_requests;
    loop->free_requests = request;
    loop->free_request_count++;
}

void http_release(Request *request)
{
    Loop *loop = request->loop;
    ASSERT_ON_LOOP(loop);
    if (request->conn)
        request->conn->request = NULL;
    request->conn = NULL;
    if (request->http.reply.file.fd >= 0)
        (void)close(request->http.reply.file.fd); /* only read from */
    buf_deinit(&request->content);
    spool_free(request->spool);
    request->spool = NULL;
    loop->request_count--;
    if (loop->free_request_count < FREE_REQUESTS_MAX)
        request_recycle(request);
    else
        request_free(request);
}

void http_free_requests(Loop *loop)
{
    while (loop->free_requests) {
        Request *request = loop->free_requests;
        loop->free_requests = request->next_free;
        request_free(request);
    }
}

/* ---- replies ---- */
static bool has_length(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static void write_head(Loop *loop, const HttpReq *req, int64_t length, bool keep_alive,
                       bool is_http_1_0)
{
    Buf *head = &loop->head;
    int status = req->reply.status;
    buf_clear(head);
    buf_append(head, STR("HTTP/1.1 "));
    buf_append_int(head, status);
    buf_append_char(head, ' ');
    buf_append(head, str_of(reason_of(status)));
    buf_append(head, STR("\r\nDate: "));
    buf_append(head, loop_date(loop));
    buf_append(head, STR("\r\nX-Request-Id: "));
    buf_append(head, req->request_id);
    if (req->reply.content_type.len > 0) {
        buf_append(head, STR("\r\nContent-Type: "));
        http_append_clean(head, req->reply.content_type);
    }
    if (has_length(status)) {
        buf_append(head, STR("\r\nContent-Length: "));
        buf_append_int(head, length);
    }
    if (!keep_alive)
        buf_append(head, STR("\r\nConnection: close"));
    else if (is_http_1_0)
        buf_append(head, STR("\r\nConnection: keep-alive"));
    buf_append(head, STR("\r\n"));
    buf_append(head, buf_str(&req->reply.headers));
    buf_append(head, STR("\r\n"));
}

static void count_reply(const HttpReq *req)
{
    metric_add(METRIC_HTTP_REQUESTS, 1);
    if (req->reply.status >= 500)
        metric_add(METRIC_HTTP_ERRORS_5XX, 1);
    else if (req->reply.status >= 400)
        metric_add(METRIC_HTTP_ERRORS_4XX, 1);
    metric_observe_us(METRIC_REQUEST_SECONDS, clock_monotonic_us() - req->started_us);
}

/* Sends head and body. The body's memory goes with it, unless it is small: then it is copied and
 * kept for the next. */
static void send_reply(Request *request, bool keep_alive)
{
    Conn *conn = request->conn;
    Loop *loop = request->loop;
    HttpReq *req = &request->http;
    bool has_file = req->reply.file.fd >= 0;
    Str body = req->reply.static_body.len > 0 ? req->reply.static_body : buf_str(&req->reply.body);
    int64_t length = has_file ? req->reply.file.length : (int64_t)body.len;
    bool has_body = length > 0 && req->method != HTTP_HEAD && has_length(req->reply.status);

    write_head(loop, req, length, keep_alive, request->is_http_1_0);
    Middle middle = {0};
    if (has_body && !has_file) {
        if (body.len <= SMALL_BODY_BYTES) {
            buf_append(&loop->head, body);
        } else if (req->reply.static_body.len > 0) {
            middle = (Middle){MIDDLE_STATIC, body, NULL};
        } else {
            middle = (Middle){MIDDLE_MALLOC, body, req->reply.body.ptr};
            req->reply.body = (Buf){.limit = REPLY_LIMIT_BYTES};
        }
    }
    conn_send(conn, buf_str(&loop->head), middle, STR_EMPTY);
    if (has_body && has_file && conn->state != CONN_DEAD) {
        conn_send_file(conn, req->reply.file);
        req->reply.file.fd = -1;
    }
}

static void finish(Request *request)
{
    Conn *conn = request->conn;
    HttpReq *req = &request->http;
    ENSURE(req->reply.status >= 200 && req->reply.status <= 599);
    count_reply(req);
    if (!conn) {
        http_release(request);
        return;
    }
    ENSURE(conn->state == CONN_WORK);
    bool keep_alive = request->keep_alive && !req->reply.close && !request->has_unread_body &&
                      !request->loop->is_stopping && !conn->is_eof;
    send_reply(request, keep_alive);
    http_release(request);
    if (conn->state == CONN_DEAD)
        return;
    if (keep_alive) {
        conn->state = CONN_HEAD;
        conn_set_read_deadline(conn, conn->loop->net->options.idle_timeout_ms);
    } else {
        conn_finish(conn);
    }
    conn_run(conn, NULL, 0); /* the next request may be here already */
}

static void on_reply_mail(void *arg)
{
    finish(arg);
}

/* Trouble that only a bug can cause must not send half a reply. */
static void check_overflow(HttpReq *req)
{
    if (!req->reply.body.overflowed && !req->reply.headers.overflowed)
        return;
    log_error("reply larger than its limit", "path=" STR_FMT, STR_ARG(req->path));
    buf_clear(&req->reply.body);
    buf_clear(&req->reply.headers);
    req->reply.status = 500;
    req->reply.content_type = STR_EMPTY;
    req->reply.close = true;
}

void http_reply(HttpReq *req)
{
    Request *request = request_of(req);
    ENSURE(!request->is_replied);
    request->is_replied = true;
    check_overflow(req);
    if (loop_current() == request->loop) {
        finish(request);
        return;
    }
    request->mail = (Mail){.fn = on_reply_mail, .arg = request};
    loop_mail(request->loop, &request->mail);
}

/* ---- refusals by net itself, in the shape of every v4 error ---- */
static void fill_error(HttpReq *req, int status)
{
    static const struct {
        int status;
        const char *id, *message;
    } rows[] = {
        {408, "api.context.bad_request.app_error", "The request did not arrive in time."},
        {431, "api.context.bad_request.app_error", "The headers of the request are too large."},
        {500, "api.file.write_file.app_error", "The request could not be stored."},
        {501, "api.context.bad_request.app_error", "This transfer encoding is not supported."},
        {503, "api.context.server_busy.app_error", "The server has too many connections."},
        {505, "api.context.bad_request.app_error", "This version of HTTP is not supported."},
        {0, "api.context.bad_request.app_error", "The request is malformed."},
    };
    size_t i = 0;
    while (rows[i].status != status && rows[i].status != 0)
        i++;
    req->reply.status = status;
    req->reply.content_type = STR("application/json");
    req->reply.close = true;
    Buf *body = &req->reply.body;
    buf_clear(body);
    json_open(body);
    json_key(body, "id");
    json_str(body, str_of(rows[i].id));
    json_key(body, "message");
    json_str(body, str_of(rows[i].message));
    json_key(body, "detailed_error");
    json_str(body, STR_EMPTY);
    json_key(body, "request_id");
    json_str(body, req->request_id);
    json_key(body, "status_code");
    json_int(body, status);
    json_close(body);
}

/* What was stored of a body that will not be handed to anybody. */
static void drop_spool(Request *request)
{
    spool_free(request->spool);
    request->spool = NULL;
}

void http_refuse(Conn *conn, int status)
{
    Request *request = conn->request ? conn->request : request_new(conn);
    conn->state = CONN_WORK;
    conn_set_read_deadline(conn, 0);
    drop_spool(request);
    request->keep_alive = false;
    fill_error(&request->http, status);
    http_reply(&request->http);
}

void http_refuse_connection(Conn *conn)
{
    Request *request = request_new(conn);
    conn->state = CONN_WORK;
    fill_error(&request->http, 503);
    http_add_header(&request->http, STR("Retry-After"), STR("5"));
    http_reply(&request->http);
}

/* ---- heads ---- */
static void fill_request(Request *request, const HttpHead *head)
{
    HttpReq *req = &request->http;
    req->method = head->method;
    req->method_text = head->method_text;
    req->target = head->target;
    req->path = head->path;
    req->query = head->query;
    req->headers = head->headers;
    req->header_count = head->header_count;
    req->is_tls = request->conn->ssl != NULL;
    req->remote_ip = str_of(request->conn->ip);
    request->keep_alive = head->keep_alive;
    request->is_http_1_0 = head->is_http_1_0;
    http_body_init(&request->framing, head);
    proxies_apply(request->loop->net->proxies, req);
    req->remote_ip =
        str_copy(req->arena, req->remote_ip); /* the connection may die before the request ends */
    req->is_websocket =
        !head->is_http_1_0 && http_body_is_done(&request->framing) && ws_is_upgrade(req);
}

static void deliver(Request *request)
{
    const NetHandlers *handlers = &request->loop->net->handlers;
    Conn *conn = request->conn;
    conn->state = CONN_WORK;
    conn_set_read_deadline(conn, 0);
    if (request->spool)
        spool_map(request->spool, &request->http);
    else
        request->http.body = buf_str(&request->content);
    handlers->on_request(handlers->app, &request->http);
}

static void refuse_size(Request *request)
{
    const NetHandlers *handlers = &request->loop->net->handlers;
    request->conn->state = CONN_WORK;
    conn_set_read_deadline(request->conn, 0);
    request->has_unread_body = true;
    drop_spool(request);
    handlers->on_too_large(handlers->app, &request->http);
}

/* Does this body go to a file? Those of unknown length do as soon as they have grown large. */
static bool must_spool(const Request *request, int64_t bytes)
{
    return request->plan.spool && bytes > SPOOL_FROM_BYTES &&
           request->loop->net->options.spool_dir != NULL;
}

static void begin_body(Request *request, const HttpHead *head)
{
    const NetHandlers *handlers = &request->loop->net->handlers;
    Conn *conn = request->conn;
    request->plan = handlers->on_head(handlers->app, &request->http);
    if (head->content_length > request->plan.limit_bytes) {
        refuse_size(request);
        return;
    }
    buf_init(&request->content, (size_t)request->plan.limit_bytes + 1);
    if (http_body_is_done(&request->framing)) {
        deliver(request);
        return;
    }
    conn->state = CONN_BODY;
    conn_set_read_deadline(conn, conn->loop->net->options.body_timeout_ms);
    if (must_spool(request, head->content_length))
        request->spool = spool_new(request);
    if (head->expects_continue)
        conn_send(conn, STR("HTTP/1.1 100 Continue\r\n\r\n"), (Middle){0}, STR_EMPTY);
}

size_t http_take_head(Conn *conn, const char *bytes, size_t len)
{
    const NetOptions *options = &conn->loop->net->options;
    size_t head_len;
    int status =
        http_scan(&conn->scan, str_make(bytes, len), options->header_limit_bytes, &head_len);
    if (status != 0) {
        http_refuse(conn, status);
        return len;
    }
    if (head_len == 0) {
        if (!conn->has_begun)
            conn_set_read_deadline(conn, options->header_timeout_ms);
        conn->has_begun = true;
        return 0;
    }
    Request *request = request_new(conn);
    Arena *arena = request->http.arena;
    HttpHead head;
    Str text = str_copy(arena, str_make(bytes + conn->scan.skip, head_len - conn->scan.skip));
    status = http_parse_head(arena, text, conn->scan.lines, &head);
    conn->scan = (HttpScan){0};
    conn->has_begun = false;
    if (status != 0) {
        http_refuse(conn, status);
        return len;
    }
    fill_request(request, &head);
    begin_body(request, &head);
    return head_len;
}

/* ---- bodies ---- */
bool http_body_has_room(const Conn *conn)
{
    return !conn->request->spool || spool_has_room(conn->request->spool);
}

static void store(Request *request, Str data)
{
    request->content_bytes += (int64_t)data.len;
    if (!request->spool && must_spool(request, request->content_bytes)) {
        request->spool = spool_new(request);
        spool_append(request->spool, buf_str(&request->content));
        buf_deinit(&request->content);
    }
    if (request->spool)
        spool_append(request->spool, data);
    else
        buf_append(&request->content, data);
}

size_t http_take_body(Conn *conn, const char *bytes, size_t len)
{
    Request *request = conn->request;
    Str data;
    size_t used;
    int status = http_body_next(&request->framing, str_make(bytes, len), &data, &used);
    if (status != 0) {
        http_refuse(conn, status);
        return len;
    }
    if (request->content_bytes + (int64_t)data.len > request->plan.limit_bytes) {
        refuse_size(request);
        return len;
    }
    conn_set_read_deadline(conn, conn->loop->net->options.body_timeout_ms);
    store(request, data);
    if (!http_body_is_done(&request->framing))
        return used;
    if (request->spool) {
        conn->state = CONN_WORK; /* until the last block is written */
        conn_set_read_deadline(conn, 0);
        spool_finish(request->spool);
    } else {
        deliver(request);
    }
    return used;
}

void http_on_spooled(Request *request, bool is_stored)
{
    if (!request->conn)
        http_release(request);
    else if (is_stored)
        deliver(request);
    else
        http_refuse(request->conn, 500);
}

void http_on_closed(Conn *conn)
{
    Request *request = conn->request;
    bool is_ours = conn->state == CONN_HEAD || conn->state == CONN_BODY;
    conn->request = NULL;
    request->conn = NULL;
    if (is_ours || (request->spool && spool_is_storing(request->spool)))
        http_release(request);
}
