/* From a finished reply to bytes; and the replies that net makes itself. */
#include "base/json.h"
#include "base/log.h"
#include "base/metric.h"
#include "net/http.h"
#include "net/net_state.h"

enum { SMALL_BODY_BYTES = 4096 };

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
        request_release(request);
        return;
    }
    ENSURE(conn->state == CONN_WORK);
    bool keep_alive = request->keep_alive && !req->reply.close && !request->has_unread_body &&
                      !request->loop->is_stopping && !conn->is_eof;
    send_reply(request, keep_alive);
    request_release(request);
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

void http_refuse(Conn *conn, int status)
{
    Request *request = conn->request ? conn->request : request_new(conn);
    conn->state = CONN_WORK;
    conn_set_read_deadline(conn, 0);
    request_drop_spool(request);
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
