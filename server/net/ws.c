#include "net/ws.h"
#include "base/id.h"
#include "base/metric.h"
#include "net/http.h"
#include "net/net_state.h"
#include "net/ws_parser.h"
#include <openssl/evp.h>

enum { WS_MAGIC = 0x57534F43, CLOSE_MS = 5000, SILENCE_MS = 100 * 1000, TAIL_LIMIT_BYTES = 64 };

struct Ws {
    uint32_t magic;
    Conn *conn;
    void *user;
    WsReader reader;
    int close_code;  /* told to ws_closed; 1006 unless there was a handshake */
    bool is_closing; /* our close frame is sent or queued: nothing may follow it */
    int64_t heard_ms, pinged_ms;
    Str remote_ip;
    char ip[]; /* remote_ip, which differs from the connection's behind a proxy */
};

/* An upgrade under way; it travels with the connection to its new loop. */
typedef struct WsMove {
    struct WsMove *next;
    Conn *conn;
    Loop *target;
    Ws *ws;
    Buf reply; /* 101 and its headers */
    void (*opened)(void *app, Ws *ws, void *user);
    void *user;
} WsMove;

/* ---- the opening handshake ---- */
bool ws_is_upgrade(const HttpReq *req)
{
    Str key = http_header(req, STR("Sec-WebSocket-Key")), bytes;
    return req->method == HTTP_GET && key.len == 24 &&
           http_list_has(http_header(req, STR("Upgrade")), STR("websocket")) &&
           http_list_has(http_header(req, STR("Connection")), STR("upgrade")) &&
           str_eq(http_header(req, STR("Sec-WebSocket-Version")), STR("13")) &&
           base64_decode(req->arena, key, &bytes) && bytes.len == 16;
}

/* One offer, such as "permessage-deflate; client_max_window_bits". We always use the full window
 * and no context. */
static bool offer_suits(Str offer)
{
    Str rest = offer;
    if (!str_eq_nocase(str_trim(str_split(&rest, ';')), STR("permessage-deflate")))
        return false;
    while (rest.ptr) {
        Str value = str_trim(str_split(&rest, ';'));
        Str name = str_trim(str_split(&value, '='));
        value = value.ptr ? str_trim(value) : STR_EMPTY;
        if (str_eq_nocase(name, STR("server_max_window_bits")) && !str_eq(value, STR("15")))
            return false;
        if (!str_eq_nocase(name, STR("server_max_window_bits")) &&
            !str_eq_nocase(name, STR("client_max_window_bits")) &&
            !str_eq_nocase(name, STR("server_no_context_takeover")) &&
            !str_eq_nocase(name, STR("client_no_context_takeover")))
            return false;
    }
    return true;
}

static bool wants_deflate(const HttpReq *req)
{
    for (size_t i = 0; i < req->header_count; i++) {
        if (!str_eq_nocase(req->headers[i].name, STR("Sec-WebSocket-Extensions")))
            continue;
        for (Str rest = req->headers[i].value; rest.ptr;)
            if (offer_suits(str_trim(str_split(&rest, ','))))
                return true;
    }
    return false;
}

static Str accept_key(Arena *arena, Str key)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    Str text = str_concat(arena, key, STR("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    ENSURE(EVP_Digest(text.ptr, text.len, digest, &len, EVP_sha1(), NULL) == 1);
    return base64_encode(arena, str_make(digest, len));
}

static void write_handshake(Buf *out, HttpReq *req, Loop *loop, bool has_deflate)
{
    Str key = accept_key(req->arena, http_header(req, STR("Sec-WebSocket-Key")));
    buf_append(out, STR("HTTP/1.1 101 Switching Protocols\r\nDate: "));
    buf_append(out, loop_date(loop));
    buf_append(out, STR("\r\nX-Request-Id: "));
    buf_append(out, req->request_id);
    buf_append(out, STR("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "));
    buf_append(out, key);
    if (has_deflate)
        buf_append(out, STR("\r\nSec-WebSocket-Extensions: permessage-deflate; "
                            "server_no_context_takeover; client_no_context_takeover"));
    buf_append(out, STR("\r\n"));
    buf_append(out, buf_str(&req->reply.headers));
    buf_append(out, STR("\r\n"));
}

static Ws *ws_new(Conn *conn, const HttpReq *req, bool has_deflate)
{
    Ws *ws = calloc(1, sizeof *ws + req->remote_ip.len);
    ENSURE(ws != NULL);
    ws->magic = WS_MAGIC;
    ws->conn = conn;
    ws->close_code = 1006;
    memcpy(ws->ip, req->remote_ip.ptr, req->remote_ip.len);
    ws->remote_ip = str_make(ws->ip, req->remote_ip.len);
    ws_reader_init(&ws->reader, conn->loop->net->options.ws_message_limit_bytes, has_deflate);
    return ws;
}

void http_upgrade(HttpReq *req, size_t loop_index, void (*opened)(void *app, Ws *ws, void *user),
                  void *user)
{
    Request *request = request_of(req);
    Loop *loop = request->loop;
    Net *net = loop->net;
    Conn *conn = request->conn;
    ASSERT_ON_LOOP(loop);
    ENSURE(loop_index < net->loop_count && req->is_websocket && !request->is_replied);
    metric_add(METRIC_HTTP_REQUESTS, 1);
    if (!conn || loop->is_stopping) {
        request_release(request);
        if (conn)
            conn_close(conn);
        opened(net->handlers.app, NULL, user);
        return;
    }
    bool has_deflate = wants_deflate(req);
    WsMove *move = calloc(1, sizeof *move);
    ENSURE(move != NULL);
    *move = (WsMove){.next = loop->moves,
                     .conn = conn,
                     .target = &net->loops[loop_index],
                     .ws = ws_new(conn, req, has_deflate),
                     .opened = opened,
                     .user = user};
    buf_init(&move->reply, 128 * 1024);
    write_handshake(&move->reply, req, loop, has_deflate);
    request_release(request);
    loop->moves = move; /* happens before the loop next waits: the connection may be running now */
}

/* ---- becoming one ---- */
static void arm(Ws *ws);

static void open_here(WsMove *move)
{
    Conn *conn = move->conn;
    Loop *loop = conn->loop;
    Ws *ws = move->ws;
    conn->ws = ws;
    conn->state = CONN_WS;
    ws->heard_ms = ws->pinged_ms = loop_now_ms(loop);
    metric_add(METRIC_WS_CONNECTIONS, 1);
    arm(ws);
    conn_send(conn, buf_str(&move->reply), (Middle){0}, STR_EMPTY);
    move->opened(loop->net->handlers.app, ws, move->user);
    buf_deinit(&move->reply);
    free(move);
    conn_run(conn, NULL, 0); /* it may have brought bytes along */
}

/* The connection died before it could become one. */
static void abandon(WsMove *move, Loop *loop)
{
    move->opened(loop->net->handlers.app, NULL, move->user);
    ws_reader_deinit(&move->ws->reader);
    free(move->ws);
    buf_deinit(&move->reply);
    free(move);
}

/* The letter that brings a connection to its new loop. */
static void on_arrival(void *arg)
{
    WsMove *move = arg;
    Conn *conn = move->conn;
    conn_attach(conn, move->target);
    if (!conn->loop->is_stopping) {
        open_here(move);
        return;
    }
    conn_close(conn);
    abandon(move, conn->loop);
}

void ws_move_all(Loop *loop)
{
    while (loop->moves) {
        WsMove *move = loop->moves;
        Conn *conn = move->conn;
        loop->moves = move->next;
        if (loop->is_stopping)
            conn_close(conn);
        if (conn->state == CONN_DEAD) {
            abandon(move, loop);
        } else if (move->target == loop) {
            open_here(move);
        } else {
            conn_detach(conn);
            loop_post(move->target, on_arrival, move);
        }
    }
}

void ws_end(Conn *conn)
{
    Ws *ws = conn->ws;
    const NetHandlers *handlers = &conn->loop->net->handlers;
    conn->ws = NULL;
    metric_add(METRIC_WS_CONNECTIONS, -1);
    handlers->ws_closed(handlers->app, ws, ws->close_code);
    ws_reader_deinit(&ws->reader);
    ws->magic = 0;
    free(ws);
}

/* ---- sending ---- */
static void send_control(Ws *ws, int opcode, Str payload)
{
    char frame[2 + WS_CONTROL_LIMIT_BYTES];
    char head[WS_HEAD_BYTES];
    size_t head_len = ws_write_head(head, opcode, false, payload.len);
    memcpy(frame, head, head_len);
    memcpy(frame + head_len, payload.len ? payload.ptr : "", payload.len);
    conn_send(ws->conn, str_make(frame, head_len + payload.len), (Middle){0}, STR_EMPTY);
}

static void send_close(Ws *ws, int code, Str reason)
{
    char payload[WS_CONTROL_LIMIT_BYTES] = {(char)(code >> 8), (char)code};
    size_t n = reason.len < sizeof payload - 2 ? reason.len : sizeof payload - 2;
    while (n < reason.len && n > 0 && (reason.ptr[n] & 0xC0) == 0x80)
        n--; /* do not cut a character */
    memcpy(payload + 2, reason.len ? reason.ptr : "", n);
    send_control(ws, WS_CLOSE, str_make(payload, code == 1005 ? 0 : n + 2));
    ws->is_closing = true;
}

static void check(const Ws *ws)
{
    ENSURE(ws->magic == WS_MAGIC);
    ASSERT_ON_LOOP(ws->conn->loop);
}

static bool is_open(const Ws *ws)
{
    return !ws->is_closing && ws->conn->state == CONN_WS;
}

void ws_close(Ws *ws, int code, Str reason)
{
    check(ws);
    if (!is_open(ws))
        return;
    ws->close_code = code;
    send_close(ws, code, reason);
    arm(ws);
}

/* What a slow reader has not taken is dropped; it is told why if that can still be said. */
static void overflow(Ws *ws)
{
    Conn *conn = ws->conn;
    metric_add(METRIC_WS_OVERFLOWS, 1);
    ws->close_code = 1013;
    if (conn->ssl) { /* a record may be half sent, and no other bytes may follow it */
        conn_close(conn);
        return;
    }
    (void)out_drop_unsent(&conn->out);
    send_close(ws, 1013, STR("too slow"));
    arm(ws);
}

static bool send_message(Ws *ws, Str head, Middle middle, Str tail)
{
    Conn *conn = ws->conn;
    if (conn->out.bytes + head.len + middle.bytes.len + tail.len >
        conn->loop->net->options.ws_queue_limit_bytes) {
        middle_release(&middle);
        overflow(ws);
        return false;
    }
    conn_send(conn, head, middle, tail);
    return conn->state == CONN_WS;
}

bool ws_send_frame(Ws *ws, Frame *frame, Str tail)
{
    check(ws);
    ENSURE(tail.len <= TAIL_LIMIT_BYTES);
    if (!is_open(ws))
        return false;
    char head[WS_HEAD_BYTES], packed[TAIL_LIMIT_BYTES + STORED_HEAD_BYTES + 1];
    Str text = str_make(frame->text, frame->len);
    const FrameDeflated *deflated =
        ws->reader.has_deflate ? deflater_frame(ws->conn->loop->deflater, frame) : NULL;
    if (deflated) {
        text = str_make(deflated->bytes, deflated->len);
        tail = str_make(packed, deflate_tail(packed, tail));
    }
    size_t head_len = ws_write_head(head, WS_TEXT, deflated != NULL, text.len + tail.len);
    ws->conn->loop->deliveries++;
    return send_message(ws, str_make(head, head_len),
                        (Middle){MIDDLE_FRAME, text, frame_ref(frame)}, tail);
}

bool ws_send_text(Ws *ws, Str text)
{
    check(ws);
    if (!is_open(ws))
        return false;
    if (ws->reader.has_deflate && text.len >= 4 * DEFLATE_FROM_BYTES) {
        Frame *frame = frame_new(text);
        bool is_sent = ws_send_frame(ws, frame, STR_EMPTY);
        frame_unref(frame);
        return is_sent;
    }
    char head[WS_HEAD_BYTES];
    size_t head_len = ws_write_head(head, WS_TEXT, false, text.len);
    return send_message(ws, str_make(head, head_len), (Middle){0}, text);
}

/* ---- receiving ---- */
static void on_peer_close(Ws *ws, int code)
{
    Conn *conn = ws->conn;
    if (!ws->is_closing) { /* RFC 6455 §5.5.1: echo it */
        ws->close_code = code;
        send_close(ws, code, STR_EMPTY);
    }
    if (conn->state == CONN_DEAD)
        return;
    conn_finish(conn);
    ws_end(conn);
}

static void on_error(Ws *ws, int code)
{
    Conn *conn = ws->conn;
    if (!ws->is_closing) {
        ws->close_code = code;
        send_close(ws, code, STR_EMPTY);
    }
    if (conn->state == CONN_DEAD)
        return;
    conn_finish(conn); /* its further frames cannot be understood: do not wait for an echo */
    ws_end(conn);
}

static void on_event(Ws *ws, const WsEvent *event)
{
    const NetHandlers *handlers = &ws->conn->loop->net->handlers;
    switch (event->kind) {
    case WS_EVENT_NONE: break;
    case WS_EVENT_MESSAGE:
        if (!ws->is_closing)
            handlers->ws_message(handlers->app, ws, event->payload, event->is_binary);
        break;
    case WS_EVENT_PING:
        if (is_open(ws) && ws->conn->out.bytes < CONN_QUEUE_HIGH_BYTES)
            send_control(ws, WS_PONG,
                         event->payload); /* who does not read its pongs gets no more of them */
        break;
    case WS_EVENT_PONG:
        if (handlers->ws_pong)
            handlers->ws_pong(handlers->app, ws);
        break;
    case WS_EVENT_CLOSE: on_peer_close(ws, event->code); break;
    case WS_EVENT_ERROR: on_error(ws, event->code); break;
    }
}

size_t ws_take(Conn *conn, char *bytes, size_t len)
{
    Ws *ws = conn->ws;
    size_t used;
    Buf scratch;
    buf_init(&scratch, ws->reader.limit_bytes);
    ws->heard_ms = loop_now_ms(conn->loop);
    WsEvent event = ws_read(&ws->reader, conn->loop->deflater, &scratch, bytes, len, &used);
    on_event(ws, &event);
    buf_deinit(&scratch);
    return used;
}

/* ---- time ---- */
/* The next moment at which something is to be done: the end of the close handshake, a ping, or
 * giving up. */
static void arm(Ws *ws)
{
    Conn *conn = ws->conn;
    int64_t now_ms = loop_now_ms(conn->loop);
    int64_t ping_ms = conn->loop->net->options.ws_ping_ms;
    if (ws->is_closing) {
        conn_set_read_deadline(conn, CLOSE_MS);
        return;
    }
    int64_t next = ws->pinged_ms + ping_ms, silent = ws->heard_ms + SILENCE_MS;
    int64_t in_ms = (next < silent ? next : silent) - now_ms;
    conn_set_read_deadline(conn, in_ms > 0 ? in_ms : 1);
}

void ws_on_deadline(Conn *conn)
{
    Ws *ws = conn->ws;
    int64_t now_ms = loop_now_ms(conn->loop);
    if (ws->is_closing || now_ms >= ws->heard_ms + SILENCE_MS) {
        conn_close(conn);
        return;
    }
    if (now_ms >= ws->pinged_ms + conn->loop->net->options.ws_ping_ms) {
        ws->pinged_ms = now_ms;
        if (conn->out.bytes == 0) /* else it does not read anyway */
            send_control(ws, WS_PING, STR_EMPTY);
    }
    if (conn->state == CONN_WS)
        arm(ws);
}

/* ---- small things ---- */
void ws_set_user(Ws *ws, void *user)
{
    check(ws);
    ws->user = user;
}

void *ws_user(const Ws *ws)
{
    check(ws);
    return ws->user;
}

Str ws_remote_ip(const Ws *ws)
{
    check(ws);
    return ws->remote_ip;
}

size_t ws_queued_bytes(const Ws *ws)
{
    check(ws);
    return ws->conn->out.bytes;
}
