#include "net/http.h"
#include "net/net_state.h"
#include "net/proxies.h"
#include "net/spool.h"
#include "net/ws.h"

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
    request_drop_spool(request);
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
        request_release(request);
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
        request_release(request);
}
