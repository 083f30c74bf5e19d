#include "net_app.h"
#include "base/id.h"
#include "base/metric.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the server: an application that echoes ---- */
App app;

void app_lock(void)
{
    assert_int_equal(pthread_mutex_lock(&app.mutex), 0);
}
void app_unlock(void)
{
    assert_int_equal(pthread_mutex_unlock(&app.mutex), 0);
}

/* Waits until *value is `wanted`, at most ten seconds. */
void app_wait(const int *value, int wanted)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    app_lock();
    while (*value != wanted)
        if (pthread_cond_timedwait(&app.changed, &app.mutex, &until) != 0)
            break;
    int got = *value;
    app_unlock();
    assert_int_equal(got, wanted);
}

static void reply_text(HttpReq *req, int status, Str text)
{
    req->reply.status = status;
    req->reply.content_type = STR("text/plain");
    buf_append(&req->reply.body, text);
    http_reply(req);
}

static void work_echo(void *arg)
{
    HttpReq *req = arg;
    reply_text(req, 200, req->body.len ? req->body : req->query);
}

static void wait_at_gate(void)
{
    app_lock();
    app.waiting++;
    pthread_cond_broadcast(&app.changed);
    while (!app.is_gate_open)
        pthread_cond_wait(&app.changed, &app.mutex);
    app.waiting--;
    app_unlock();
}

static void work_gate(void *arg)
{
    wait_at_gate();
    reply_text(arg, 200, STR("through the gate"));
    app_lock();
    app.answered++;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void on_opened(void *arg, Ws *ws, void *user)
{
    (void)arg;
    app_lock();
    if (!ws) {
        app.failed_upgrades++;
    } else {
        for (size_t i = 0; i < SOCKETS_MAX; i++)
            if (!app.sockets[i]) {
                app.sockets[i] = ws;
                app.socket_loops[i] = (size_t)(uintptr_t)user;
                break;
            }
        ws_set_user(ws, user);
    }
    pthread_cond_broadcast(&app.changed);
    app_unlock();
    if (ws)
        (void)ws_send_text(ws, STR("hello")); /* who has left does not hear it */
}

/* An upgrade decided on a worker, as by who looks up a session first. */
static void upgrade_late(void *arg)
{
    http_upgrade(arg, 0, on_opened, NULL);
    app_lock();
    app.answered++;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void work_upgrade(void *arg)
{
    HttpReq *req = arg;
    wait_at_gate();
    net_post(app.net, req->loop_index, upgrade_late, req);
}

static void reply_file(HttpReq *req)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/big", app.dir);
    req->reply.status = 200;
    req->reply.content_type = STR("application/octet-stream");
    req->reply.file = (HttpFile){open(path, O_RDONLY | O_CLOEXEC), 1000, BIG_BYTES - 1000};
    http_reply(req);
}

static void reply_big(HttpReq *req)
{
    for (size_t i = 0; i < BIG_BYTES / 16; i++)
        buf_append(&req->reply.body, STR("0123456789abcdef"));
    req->reply.is_compressible = true;
    http_compress(req);
    req->reply.status = 200;
    http_reply(req);
}

static HttpBodyPlan on_head(void *arg, HttpReq *req)
{
    (void)arg;
    bool is_upload = str_eq(req->path, STR("/upload"));
    return (HttpBodyPlan){is_upload ? 64 * 1024 * 1024 : 300 * 1000, is_upload};
}

static void reply_upload(HttpReq *req)
{
    if (str_eq(req->query, STR("keep"))) { /* as who keeps it does */
        char path[128];
        (void)snprintf(path, sizeof path, "%s/kept", app.dir);
        assert_int_equal(rename(str_to_c(req->arena, req->body_path), path), 0);
        reply_text(req, 201, STR("kept"));
        return;
    }
    Str where = req->body_path.len ? STR("spooled ") : STR("memory ");
    struct stat info;
    if (req->body_path.len)
        assert_int_equal(stat(str_to_c(req->arena, req->body_path), &info), 0);
    reply_text(req, 201, str_concat(req->arena, where, sha256_hex(req->arena, req->body)));
}

static void on_request(void *arg, HttpReq *req)
{
    (void)arg;
    if (str_eq(req->path, STR("/worker")))
        assert_true(pool_submit(app.pool, LANE_MAIN, work_echo, req));
    else if (str_eq(req->path, STR("/gate")))
        assert_true(pool_submit(app.pool, LANE_MAIN, work_gate, req));
    else if (str_eq(req->path, STR("/upload")))
        reply_upload(req);
    else if (str_eq(req->path, STR("/file")))
        reply_file(req);
    else if (str_eq(req->path, STR("/big")))
        reply_big(req);
    else if (str_eq(req->path, STR("/loop")))
        reply_text(req, 200, req->loop_index ? STR("1") : STR("0"));
    else if (str_eq(req->path, STR("/empty")))
        reply_text(req, 204, STR_EMPTY);
    else if (str_eq(req->path, STR("/ip")))
        reply_text(
            req, 200,
            str_concat(req->arena, req->remote_ip, req->is_tls ? STR(" tls") : STR(" plain")));
    else if (req->is_websocket && str_eq(req->path, STR("/late")))
        assert_true(pool_submit(app.pool, LANE_MAIN, work_upgrade, req));
    else if (req->is_websocket && str_starts_with(req->path, STR("/ws")))
        http_upgrade(req, (size_t)(req->path.ptr[3] - '0'), on_opened,
                     (void *)(uintptr_t)(req->path.ptr[3] - '0'));
    else
        work_echo(req);
}

static void on_too_large(void *arg, HttpReq *req)
{
    (void)arg;
    reply_text(req, 413, STR("too large"));
}

static void on_message(void *arg, Ws *ws, Str message, bool is_binary)
{
    (void)arg;
    if (str_eq(message, STR("close me")))
        ws_close(ws, 4001, STR("as you wish"));
    else
        (void)ws_send_text(ws, is_binary ? STR("binary") : message);
}

static void on_pong(void *arg, Ws *ws)
{
    (void)arg;
    (void)ws;
    app_lock();
    app.pongs++;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void on_closed(void *arg, Ws *ws, int code)
{
    (void)arg;
    app_lock();
    bool is_known = false;
    for (size_t i = 0; i < SOCKETS_MAX; i++)
        if (app.sockets[i] == ws) {
            app.sockets[i] = NULL;
            is_known = true;
        }
    assert_true(is_known); /* exactly once */
    app.closed_count++;
    app.last_close_code = code;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void on_wake(void *arg, size_t loop_index)
{
    (void)arg;
    (void)loop_index;
    app_lock();
    app.wakes++;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static const NetHandlers HANDLERS = {
    .on_wake = on_wake,
    .on_head = on_head,
    .on_request = on_request,
    .on_too_large = on_too_large,
    .ws_message = on_message,
    .ws_pong = on_pong,
    .ws_closed = on_closed,
};

static void write_file(const char *name, size_t len)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", app.dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < len; i++)
        (void)fputc((int)(i * 31 >> 5 & 0xFF), file);
    assert_int_equal(fclose(file), 0);
}

void app_start(NetOptions options)
{
    app = (App){0};
    assert_int_equal(pthread_mutex_init(&app.mutex, NULL), 0);
    assert_int_equal(pthread_cond_init(&app.changed, NULL), 0);
    (void)snprintf(app.dir, sizeof app.dir, "%s/anser-net-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
    assert_non_null(mkdtemp(app.dir));
    write_file("big", BIG_BYTES);
    PoolOptions pool = {.threads = {2, 1, 1}};
    app.pool = pool_new(&pool);
    options.listen = options.listen ? options.listen : "127.0.0.1:0";
    options.loops = options.loops ? options.loops : LOOPS;
    options.spool_dir = options.spool_dir ? options.spool_dir : app.dir;
    assert_int_equal(net_new(&options, &HANDLERS, &app.net), OK);
    net_run(app.net);
}

void app_open_gate(void)
{
    app_lock();
    app.is_gate_open = true;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

void app_stop(void)
{
    app_open_gate();
    net_stop(app.net, 2000);
    pool_free(app.pool);
    net_free(app.net);
    for (size_t i = 0; i < SOCKETS_MAX; i++)
        assert_null(app.sockets[i]);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", app.dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(metric_value(METRIC_HTTP_CONNECTIONS), 0);
    assert_int_equal(metric_value(METRIC_WS_CONNECTIONS), 0);
}

int app_start_plain(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    return 0;
}

int app_stop_plain(void **state)
{
    (void)state;
    app_stop();
    return 0;
}

/* Sends a frame to every socket of a loop. */
void broadcast(void *arg)
{
    Frame *frame = arg;
    size_t loop = frame->len > 0 && frame->text[0] == '1';
    for (size_t i = 0; i < SOCKETS_MAX; i++) {
        app_lock();
        Ws *ws = app.socket_loops[i] == loop ? app.sockets[i] : NULL;
        app_unlock();
        Arena *arena = arena_create();
        if (ws)
            (void)ws_send_frame(ws, frame, str_printf(arena, ",\"seq\":%zu}", i));
        arena_free(arena);
    }
    frame_unref(frame);
}

void *stop_thread(void *arg)
{
    (void)arg;
    net_stop(app.net, 5000);
    return NULL;
}

/* ---- the client ---- */
int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)net_port(app.net)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {.tv_sec = 20};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

Client *client_new(void)
{
    Client *client = calloc(1, sizeof *client);
    client->fd = dial();
    return client;
}

Client *client_new_tls(SSL_CTX *context, SSL_SESSION *session)
{
    Client *client = client_new();
    client->ssl = SSL_new(context);
    assert_int_equal(SSL_set_fd(client->ssl, client->fd), 1);
    if (session)
        assert_int_equal(SSL_set_session(client->ssl, session), 1);
    assert_int_equal(SSL_connect(client->ssl), 1);
    return client;
}

void client_free(Client *client)
{
    if (client->ssl)
        (void)SSL_shutdown(client->ssl); /* without it OpenSSL would not resume the session */
    SSL_free(client->ssl);
    (void)close(client->fd);
    free(client);
}

void client_send(Client *client, Str text)
{
    while (text.len > 0) {
        ssize_t n = client->ssl ? SSL_write(client->ssl, text.ptr, (int)text.len)
                                : send(client->fd, text.ptr, text.len, MSG_NOSIGNAL);
        assert_true(n > 0);
        text = str_slice(text, (size_t)n, text.len);
    }
}

/* Reads more; false at the end of the connection, also a hard one. */
bool client_fill(Client *client)
{
    assert_true(client->len < sizeof client->in);
    ssize_t n = client->ssl ? SSL_read(client->ssl, client->in + client->len,
                                       (int)(sizeof client->in - client->len))
                            : recv(client->fd, client->in + client->len,
                                   sizeof client->in - client->len, 0);
    assert_false(n < 0 &&
                 (errno == EAGAIN || errno == EWOULDBLOCK)); /* the server owes us something */
    if (n <= 0)
        return false;
    client->len += (size_t)n;
    return true;
}

void client_drop(Client *client, size_t n)
{
    client->len -= n;
    memmove(client->in, client->in + n, client->len);
}

bool reply_has(const Reply *got, const char *text)
{
    return strstr(got->head, text) != NULL;
}

/* Reads one whole reply with Content-Length. */
void read_reply(Client *client, Reply *got, bool has_body)
{
    const char *end;
    while (!(end = memmem(client->in, client->len, "\r\n\r\n", 4)))
        assert_true(client_fill(client));
    size_t head_len = (size_t)(end - client->in) + 4;
    assert_true(head_len < sizeof got->head);
    memcpy(got->head, client->in, head_len);
    got->head[head_len] = '\0';
    client_drop(client, head_len);
    assert_memory_equal(got->head, "HTTP/1.1 ", 9);
    got->status = (int)strtol(got->head + 9, NULL, 10);
    const char *length = strstr(got->head, "\r\nContent-Length: ");
    got->body_len = length && has_body ? strtoul(length + 18, NULL, 10) : 0;
    assert_true(got->body_len < sizeof got->body);
    while (client->len < got->body_len)
        assert_true(client_fill(client));
    memcpy(got->body, client->in, got->body_len);
    got->body[got->body_len] = '\0';
    client_drop(client, got->body_len);
}

Reply reply;

const Reply *ask(Client *client, Str request)
{
    client_send(client, request);
    read_reply(client, &reply, true);
    return &reply;
}

bool is_at_end(Client *client)
{
    client->len = 0;
    return !client_fill(client);
}

Str upload_request(Arena *arena, Str path, Str body)
{
    return str_concat(
        arena,
        str_printf(arena, "POST " STR_FMT " HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
                   STR_ARG(path), body.len),
        body);
}

Str filler(Arena *arena, size_t len)
{
    char *bytes = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 7 >> 3);
    return str_make(bytes, len);
}

static int count_uploads(void)
{
    char command[160];
    (void)snprintf(command, sizeof command, "ls '%s' | grep -c upload", app.dir);
    FILE *pipe = popen(command, "r");
    int count = -1;
    assert_int_equal(fscanf(pipe, "%d", &count), 1);
    (void)pclose(pipe);
    return count;
}

void wait_until_no_upload_is_left(void)
{
    for (int i = 0; i < 500 && count_uploads() > 0; i++)
        usleep(20 * 1000); /* the server tells nobody when it unlinked */
    assert_int_equal(count_uploads(), 0);
}

/* Reads a reply of BIG_BYTES slowly and returns the SHA-256 of its body. */
Str read_big(Arena *arena, Client *client, size_t len)
{
    char *body = arena_alloc(arena, len + 1);
    size_t got = 0;
    const char *end;
    while (!(end = memmem(client->in, client->len, "\r\n\r\n", 4)))
        assert_true(client_fill(client));
    client_drop(client, (size_t)(end - client->in) + 4);
    while (got < len) {
        if (client->len == 0)
            assert_true(client_fill(client));
        size_t n = client->len < len - got ? client->len : len - got;
        memcpy(body + got, client->in, n);
        got += n;
        client_drop(client, n);
    }
    return sha256_hex(arena, str_make(body, len));
}

/* ---- WebSocket ---- */
void ws_open(Client *client, const char *path, const char *extra)
{
    Arena *arena = arena_create();
    client_send(
        client,
        str_printf(
            arena,
            "GET %s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
            path, extra));
    read_reply(client, &reply, false);
    assert_int_equal(reply.status, 101);
    assert_true(reply_has(
        &reply, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")); /* RFC 6455 §1.3 */
    arena_free(arena);
}

Client *ws_dial_with(const char *path, const char *extra)
{
    Client *client = client_new();
    ws_open(client, path, extra);
    return client;
}

void ws_send_raw(Client *client, int first_byte, Str payload)
{
    char frame[2048];
    size_t n = 0;
    frame[n++] = (char)first_byte;
    assert_true(payload.len < 126 || payload.len < sizeof frame - 16);
    frame[n++] = (char)(0x80 | (payload.len < 126 ? payload.len : 126));
    if (payload.len >= 126) {
        frame[n++] = (char)(payload.len >> 8);
        frame[n++] = (char)payload.len;
    }
    memcpy(frame + n, "mask", 4);
    n += 4;
    for (size_t i = 0; i < payload.len; i++)
        frame[n++] = (char)(payload.ptr[i] ^ "mask"[i % 4]);
    client_send(client, str_make(frame, n));
}

/* Reads one frame; returns its first byte, the payload is in reply.body. -1 at the end of the
 * connection. */
int ws_read_raw(Client *client)
{
    size_t need = 2, len = 0, head = 2;
    while (true) {
        if (client->len >= 2) {
            const unsigned char *in = (const unsigned char *)client->in;
            len = in[1];
            head = len == 126 ? 4 : len == 127 ? 10 : 2;
            need = head;
            if (client->len >= head) {
                if (len == 126)
                    len = (size_t)in[2] << 8 | in[3];
                else if (len == 127)
                    len = (size_t)in[6] << 24 | (size_t)in[7] << 16 | (size_t)in[8] << 8 | in[9];
                need = head + len;
            }
        }
        if (client->len >= need && need >= head + len)
            break;
        if (!client_fill(client))
            return -1;
    }
    int first = (unsigned char)client->in[0];
    assert_true(len < sizeof reply.body);
    memcpy(reply.body, client->in + head, len);
    reply.body[len] = '\0';
    reply.body_len = len;
    client_drop(client, head + len);
    return first;
}

void ws_expect_text(Client *client, const char *text)
{
    assert_int_equal(ws_read_raw(client), 0x81);
    assert_string_equal(reply.body, text);
}

int close_code(void)
{
    return (unsigned char)reply.body[0] << 8 | (unsigned char)reply.body[1];
}
