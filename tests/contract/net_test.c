/* A real server on a free port, driven by raw sockets: what a client sees of net/. */
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"
#include "net/net.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LOOPS = 2, BIG_BYTES = 8 * 1024 * 1024, SOCKETS_MAX = 16, SPOOL_BYTES = 3 * 1024 * 1024 };

/* ---- the server: an application that echoes ---- */
typedef struct App {
    Net *net;
    Pool *pool;
    char dir[64];
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    bool is_gate_open; /* /gate answers only when it is */
    int waiting;       /* requests at the gate */
    int answered;      /* requests that left the gate */
    Ws *sockets[SOCKETS_MAX];
    size_t socket_loops[SOCKETS_MAX];
    int closed_count, last_close_code, failed_upgrades, pongs;
    size_t last_send_refused; /* bytes queued when a broadcast was first refused */
} App;

static App app;

static void app_lock(void)
{
    assert_int_equal(pthread_mutex_lock(&app.mutex), 0);
}
static void app_unlock(void)
{
    assert_int_equal(pthread_mutex_unlock(&app.mutex), 0);
}

/* Waits until *value is `wanted`, at most ten seconds. */
static void wait_for(const int *value, int wanted)
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

static void work_gate(void *arg)
{
    app_lock();
    app.waiting++;
    pthread_cond_broadcast(&app.changed);
    while (!app.is_gate_open)
        pthread_cond_wait(&app.changed, &app.mutex);
    app.waiting--;
    app_unlock();
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
        assert_true(ws_send_text(ws, STR("hello")));
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
    else if (str_eq(req->path, STR("/empty")))
        reply_text(req, 204, STR_EMPTY);
    else if (str_eq(req->path, STR("/ip")))
        reply_text(
            req, 200,
            str_concat(req->arena, req->remote_ip, req->is_tls ? STR(" tls") : STR(" plain")));
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

static const NetHandlers HANDLERS = {
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

static void start_with(NetOptions options)
{
    app = (App){0};
    assert_int_equal(pthread_mutex_init(&app.mutex, NULL), 0);
    assert_int_equal(pthread_cond_init(&app.changed, NULL), 0);
    (void)snprintf(app.dir, sizeof app.dir, "%s/anser-net-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(app.dir));
    write_file("big", BIG_BYTES);
    PoolOptions pool = {.threads = {2, 1, 1}};
    app.pool = pool_new(&pool);
    options.listen = "127.0.0.1:0";
    options.loops = options.loops ? options.loops : LOOPS;
    options.spool_dir = app.dir;
    assert_int_equal(net_new(&options, &HANDLERS, &app.net), OK);
    net_run(app.net);
}

static void open_gate(void)
{
    app_lock();
    app.is_gate_open = true;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void stop(void)
{
    open_gate();
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

static int start_plain(void **state)
{
    (void)state;
    start_with((NetOptions){0});
    return 0;
}

static int stop_plain(void **state)
{
    (void)state;
    stop();
    return 0;
}

/* ---- the client ---- */
typedef struct Client {
    int fd;
    SSL *ssl;
    char in[256 * 1024];
    size_t len;
} Client;

static int dial(void)
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

static Client *client_new(void)
{
    Client *client = calloc(1, sizeof *client);
    client->fd = dial();
    return client;
}

static void client_free(Client *client)
{
    SSL_free(client->ssl);
    (void)close(client->fd);
    free(client);
}

static void client_send(Client *client, Str text)
{
    while (text.len > 0) {
        ssize_t n = client->ssl ? SSL_write(client->ssl, text.ptr, (int)text.len)
                                : send(client->fd, text.ptr, text.len, MSG_NOSIGNAL);
        assert_true(n > 0);
        text = str_slice(text, (size_t)n, text.len);
    }
}

/* Reads more; false at the end of the connection, also a hard one. */
static bool client_fill(Client *client)
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

static void client_drop(Client *client, size_t n)
{
    client->len -= n;
    memmove(client->in, client->in + n, client->len);
}

typedef struct Reply {
    int status;
    char head[4096];
    char body[200 * 1024];
    size_t body_len;
} Reply;

static bool reply_has(const Reply *reply, const char *text)
{
    return strstr(reply->head, text) != NULL;
}

/* Reads one whole reply with Content-Length. */
static void read_reply(Client *client, Reply *reply, bool has_body)
{
    const char *end;
    while (!(end = memmem(client->in, client->len, "\r\n\r\n", 4)))
        assert_true(client_fill(client));
    size_t head_len = (size_t)(end - client->in) + 4;
    assert_true(head_len < sizeof reply->head);
    memcpy(reply->head, client->in, head_len);
    reply->head[head_len] = '\0';
    client_drop(client, head_len);
    assert_memory_equal(reply->head, "HTTP/1.1 ", 9);
    reply->status = (int)strtol(reply->head + 9, NULL, 10);
    const char *length = strstr(reply->head, "\r\nContent-Length: ");
    reply->body_len = length && has_body ? strtoul(length + 18, NULL, 10) : 0;
    assert_true(reply->body_len < sizeof reply->body);
    while (client->len < reply->body_len)
        assert_true(client_fill(client));
    memcpy(reply->body, client->in, reply->body_len);
    reply->body[reply->body_len] = '\0';
    client_drop(client, reply->body_len);
}

static Reply reply; /* too large for the stack of a sanitizer */

static const Reply *ask(Client *client, Str request)
{
    client_send(client, request);
    read_reply(client, &reply, true);
    return &reply;
}

static bool is_at_end(Client *client)
{
    client->len = 0;
    return !client_fill(client);
}

#define GET(path) STR("GET " path " HTTP/1.1\r\nHost: a\r\n\r\n")

/* ---- HTTP ---- */
static void a_connection_serves_several_requests(void **state)
{
    (void)state;
    Client *client = client_new();
    for (int i = 0; i < 3; i++) {
        const Reply *got = ask(client, GET("/?abc"));
        assert_int_equal(got->status, 200);
        assert_string_equal(got->body, "abc");
        assert_true(reply_has(got, "\r\nDate: ") && reply_has(got, "\r\nX-Request-Id: "));
        assert_true(reply_has(got, "\r\nContent-Type: text/plain\r\n"));
        assert_false(reply_has(got, "\r\nConnection:"));
    }
    client_free(client);
}

static void pipelined_replies_keep_the_order_of_requests(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("GET /worker?1 HTTP/1.1\r\nHost: a\r\n\r\n"
                            "GET /?2 HTTP/1.1\r\nHost: a\r\n\r\n"
                            "POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n3"
                            "GET /?4 HTTP/1.1\r\nHost: a\r\n\r\nGET /wor"));
    for (char c = '1'; c <= '4'; c++) {
        read_reply(client, &reply, true);
        assert_int_equal(reply.body[0], c);
    }
    assert_string_equal(ask(client, STR("ker?5 HTTP/1.1\r\nHost: a\r\n\r\n"))->body, "5");
    client_free(client);
}

static void a_chunked_body_arrives_whole(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("POST /worker HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"));
    assert_string_equal(got->body, "abc0123456789");
    assert_string_equal(ask(client, GET("/?next"))->body, "next");
    client_free(client);
}

static void head_has_the_length_but_no_body(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("HEAD /?abc HTTP/1.1\r\nHost: a\r\n\r\n"));
    read_reply(client, &reply, false);
    assert_true(reply_has(&reply, "\r\nContent-Length: 3\r\n"));
    assert_string_equal(ask(client, GET("/?next"))->body, "next");
    const Reply *got = ask(client, GET("/empty"));
    assert_int_equal(got->status, 204);
    assert_false(reply_has(got, "Content-Length"));
    client_free(client);
}

static void malformed_requests_get_the_error_shape_and_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Client *client = client_new();
        const Reply *got = ask(client, str_of(rows[i].request));
        assert_int_equal(got->status, rows[i].status);
        assert_true(reply_has(got, "\r\nContent-Type: application/json\r\n"));
        assert_true(reply_has(got, "\r\nConnection: close\r\n"));
        assert_non_null(
            strstr(got->body, "{\"id\":\"api.context.bad_request.app_error\",\"message\":\""));
        assert_non_null(strstr(got->body, "\"detailed_error\":\"\",\"request_id\":\""));
        assert_true(is_at_end(client));
        client_free(client);
    }
}

static void headers_over_the_limit_are_refused(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    char filler[1024];
    memset(filler, 'x', sizeof filler);
    for (int i = 0; i < 32; i++)
        client_send(client, str_make(filler, sizeof filler));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 431);
    client_free(client);
}

static void a_slow_head_is_answered_408_and_an_idle_connection_closed(void **state)
{
    (void)state;
    start_with((NetOptions){.header_timeout_ms = 300, .idle_timeout_ms = 300});
    Client *slow = client_new(), *idle = client_new();
    assert_int_equal(ask(idle, GET("/"))->status, 200);
    client_send(slow, STR("GET / HTTP/1.1\r\nHo"));
    read_reply(slow, &reply, true);
    assert_int_equal(reply.status, 408);
    assert_true(is_at_end(slow) && is_at_end(idle));
    client_free(slow);
    client_free(idle);
    stop();
}

static void a_body_that_stalls_is_answered_408(void **state)
{
    (void)state;
    start_with((NetOptions){.body_timeout_ms = 300});
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"));
    assert_int_equal(got->status, 408);
    client_free(client);
    stop();
}

static void a_client_that_expects_it_is_told_to_continue(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(
        client,
        STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    read_reply(client, &reply, false);
    assert_int_equal(reply.status, 100);
    assert_string_equal(ask(client, STR("abc"))->body, "abc");
    client_free(client);
}

static void http_1_0_is_closed_unless_it_asks_otherwise(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got = ask(client, STR("GET /?a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    assert_true(reply_has(got, "\r\nConnection: keep-alive\r\n"));
    got = ask(client, STR("GET /?b HTTP/1.0\r\n\r\n"));
    assert_true(reply_has(got, "\r\nConnection: close\r\n"));
    assert_true(is_at_end(client));
    client_free(client);
}

static void a_half_closed_client_still_gets_its_reply(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, GET("/worker?abc"));
    assert_int_equal(shutdown(client->fd, SHUT_WR), 0);
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "abc");
    assert_true(is_at_end(client));
    client_free(client);
}

static Str upload_request(Arena *arena, Str path, Str body)
{
    return str_concat(
        arena,
        str_printf(arena, "POST " STR_FMT " HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
                   STR_ARG(path), body.len),
        body);
}

static Str filler(Arena *arena, size_t len)
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

static void wait_until_no_upload_is_left(void)
{
    for (int i = 0; i < 500 && count_uploads() > 0; i++)
        usleep(20 * 1000); /* the server tells nobody when it unlinked */
    assert_int_equal(count_uploads(), 0);
}

static void a_large_body_goes_to_a_file_and_a_small_one_does_not(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    Str body = filler(arena, SPOOL_BYTES);
    const Reply *got = ask(client, upload_request(arena, STR("/upload"), body));
    assert_int_equal(got->status, 201);
    assert_string_equal(got->body, str_concat(arena, STR("spooled "), sha256_hex(arena, body)).ptr);

    client_send(
        client,
        STR("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n"));
    client_send(client, str_slice(body, 0, 0x100000));
    got = ask(client, STR("\r\n0\r\n\r\n"));
    assert_string_equal(
        got->body,
        str_concat(arena, STR("spooled "), sha256_hex(arena, str_slice(body, 0, 0x100000))).ptr);

    got = ask(client, upload_request(arena, STR("/upload"), STR("abc")));
    assert_string_equal(got->body,
                        str_concat(arena, STR("memory "), sha256_hex(arena, STR("abc"))).ptr);
    wait_until_no_upload_is_left();
    client_free(client);
    arena_free(arena);
}

static void an_upload_that_breaks_off_leaves_no_file(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    Str request = upload_request(arena, STR("/upload"), filler(arena, SPOOL_BYTES));
    client_send(client, str_slice(request, 0, request.len - 10));
    client_free(client);
    wait_until_no_upload_is_left();
    arena_free(arena);
}

static void a_body_over_the_limit_is_refused(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, upload_request(arena, STR("/"), filler(arena, 300 * 1000 + 1)));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 413);
    assert_true(is_at_end(client));
    client_free(client);

    client = client_new();
    client_send(client,
                STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nF0000\r\n"));
    client_send(client, filler(arena, 310 * 1000));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 413);
    client_free(client);
    arena_free(arena);
}

/* Reads a reply of BIG_BYTES slowly and returns the SHA-256 of its body. */
static Str read_big(Arena *arena, Client *client, size_t len)
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

static void a_slow_reader_gets_a_big_reply_whole(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, GET("/big"));
    client_send(client, GET("/?after"));
    usleep(50 * 1000); /* the socket's buffers fill meanwhile */
    char *expected = arena_alloc(arena, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = "0123456789abcdef"[i % 16];
    Str digest = read_big(arena, client, BIG_BYTES);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected, BIG_BYTES))));
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "after");
    client_free(client);
    arena_free(arena);
}

static void a_file_is_sent_from_its_offset(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, GET("/file"));
    client_send(client, GET("/?after"));
    char *expected = arena_alloc(arena, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = (char)(i * 31 >> 5 & 0xFF);
    Str digest = read_big(arena, client, BIG_BYTES - 1000);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected + 1000, BIG_BYTES - 1000))));
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "after");
    client_send(client, GET("/file"));
    client_free(client); /* dies while a block is being read */
    arena_free(arena);
}

static void a_big_reply_is_compressed_when_asked(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("GET /big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"));
    assert_true(reply_has(got, "\r\nContent-Encoding: gzip\r\n") &&
                reply_has(got, "\r\nVary: Accept-Encoding\r\n"));
    got = ask(client, STR("GET /big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n"));
    assert_true(reply_has(got, "\r\nContent-Encoding: br\r\n"));
    client_free(client);
}

static void a_connection_may_die_while_its_request_is_worked_on(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, GET("/gate"));
    wait_for(&app.waiting, 1);
    client_free(client);
    Client *other = client_new();
    assert_int_equal(ask(other, GET("/"))->status, 200);
    open_gate();
    wait_for(&app.answered, 1);
    assert_int_equal(ask(other, GET("/"))->status, 200);
    client_free(other);
}

static void connections_over_the_limit_are_told_so(void **state)
{
    (void)state;
    start_with((NetOptions){.connection_limit = 2});
    Client *first = client_new(), *second = client_new();
    assert_int_equal(ask(first, GET("/"))->status, 200);
    assert_int_equal(ask(second, GET("/"))->status, 200);
    Client *third = client_new();
    read_reply(third, &reply, true);
    assert_int_equal(reply.status, 503);
    assert_true(is_at_end(third));
    assert_int_equal(ask(first, GET("/"))->status, 200);
    client_free(first);
    client_free(second);
    client_free(third);
    stop();
}

static void a_trusted_proxy_tells_the_address_of_its_client(void **state)
{
    (void)state;
    start_with((NetOptions){.trusted_proxies = "127.0.0.0/8 10.0.0.1"});
    Client *client = client_new();
    const Reply *got =
        ask(client,
            STR("GET /ip HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1\r\n"
                "X-Forwarded-Proto: https\r\n\r\n"));
    assert_string_equal(got->body, "192.0.2.7 tls");
    assert_string_equal(ask(client, GET("/ip"))->body, "127.0.0.1 plain");
    client_free(client);
    stop();
}

static void *stop_thread(void *arg)
{
    (void)arg;
    net_stop(app.net, 5000);
    return NULL;
}

static void stopping_lets_running_requests_finish(void **state)
{
    (void)state;
    start_with((NetOptions){0});
    Client *busy = client_new(), *idle = client_new();
    assert_int_equal(ask(idle, GET("/"))->status, 200);
    client_send(busy, GET("/gate"));
    wait_for(&app.waiting, 1);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_thread, NULL), 0);
    assert_true(is_at_end(idle));
    open_gate();
    read_reply(busy, &reply, true);
    assert_string_equal(reply.body, "through the gate");
    assert_true(reply_has(&reply, "\r\nConnection: close\r\n"));
    client_free(busy);
    client_free(idle);
    assert_int_equal(pthread_join(thread, NULL), 0);
    stop();
}

/* ---- WebSocket ---- */
static Client *ws_dial_with(const char *path, const char *extra)
{
    Client *client = client_new();
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
    return client;
}

static void ws_send_raw(Client *client, int first_byte, Str payload)
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
static int ws_read_raw(Client *client)
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

static void ws_expect_text(Client *client, const char *text)
{
    assert_int_equal(ws_read_raw(client), 0x81);
    assert_string_equal(reply.body, text);
}

static int close_code(void)
{
    return (unsigned char)reply.body[0] << 8 | (unsigned char)reply.body[1];
}

static void a_websocket_echoes_on_its_own_loop_and_on_another(void **state)
{
    (void)state;
    for (int i = 0; i < 8;
         i++) { /* the kernel chooses the loop that accepts: some move, some stay */
        Client *client = ws_dial_with(i % 2 ? "/ws1" : "/ws0", "");
        ws_expect_text(client, "hello");
        ws_send_raw(client, 0x81, STR("abc"));
        ws_expect_text(client, "abc");
        ws_send_raw(client, 0x01, STR("in "));
        ws_send_raw(client, 0x89, STR("are you there?"));
        ws_send_raw(client, 0x80, STR("parts"));
        assert_int_equal(ws_read_raw(client), 0x8A);
        assert_string_equal(reply.body, "are you there?");
        ws_expect_text(client, "in parts");
        ws_send_raw(client, 0x88, STR("\x03\xE8"));
        assert_int_equal(ws_read_raw(client), 0x88);
        assert_int_equal(close_code(), 1000);
        assert_int_equal(ws_read_raw(client), -1);
        wait_for(&app.closed_count, i + 1);
        assert_int_equal(app.last_close_code, 1000);
        client_free(client);
    }
}

static void bytes_sent_with_the_handshake_are_not_lost(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        Client *client = client_new();
        client_send(
            client,
            STR("GET /ws1 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                "\x81\x83"
                "mask"
                "\x0C\x03\x10"));
        read_reply(client, &reply, false);
        ws_expect_text(client, "hello");
        ws_expect_text(client, "abc");
        client_free(client);
    }
}

static void the_server_closes_with_a_handshake(void **state)
{
    (void)state;
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    ws_send_raw(client, 0x81, STR("close me"));
    assert_int_equal(ws_read_raw(client), 0x88);
    assert_int_equal(close_code(), 4001);
    assert_string_equal(reply.body + 2, "as you wish");
    ws_send_raw(client, 0x88, STR("\x0F\xA1"));
    assert_int_equal(ws_read_raw(client), -1);
    wait_for(&app.last_close_code, 4001);
    client_free(client);
}

static void frames_that_break_the_rules_end_the_socket(void **state)
{
    (void)state;
    static const struct {
        Str bytes;
        int code;
    } rows[] = {
        {{"\x81\x03"
          "abc",
          5},
         1002}, /* unmasked */
        {{"\x83\x80"
          "mask",
          6},
         1002}, /* an unknown opcode */
        {{"\xC1\x80"
          "mask",
          6},
         1002}, /* compressed, not negotiated */
        {{"\x80\x80"
          "mask",
          6},
         1002}, /* a continuation of nothing */
        {{"\x81\x81"
          "\0\0\0\0"
          "\xFF",
          7},
         1007}, /* not UTF-8 */
        {{"\x81\xFF\0\0\0\0\0\1\0\0"
          "mask",
          14},
         1009}, /* too large */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Client *client = ws_dial_with("/ws0", "");
        ws_expect_text(client, "hello");
        client_send(client, rows[i].bytes);
        assert_int_equal(ws_read_raw(client), 0x88);
        assert_int_equal(close_code(), rows[i].code);
        assert_int_equal(ws_read_raw(client), -1);
        client_free(client);
    }
    wait_for(&app.closed_count, sizeof rows / sizeof *rows);
}

/* Sends a frame to every socket of a loop. */
static void broadcast(void *arg)
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

/* What a client with a plain inflater makes of one compressed message. */
static Str inflate_message(Arena *arena, Str payload)
{
    z_stream z = {0};
    Str in = str_concat(arena, payload, STR("\0\0\xFF\xFF"));
    char *out = arena_alloc(arena, 100 * 1000);
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    z.next_in = (Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out;
    z.avail_out = 100 * 1000;
    assert_int_equal(inflate(&z, Z_SYNC_FLUSH), Z_OK);
    assert_int_equal(z.avail_in, 0);
    Str text = str_make(out, z.total_out);
    assert_int_equal(inflateEnd(&z), Z_OK);
    return text;
}

static void a_broadcast_reaches_sockets_with_and_without_deflate(void **state)
{
    (void)state;
    static const char deflate[] =
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    Client *clients[4];
    for (size_t i = 0; i < 4; i++) {
        clients[i] = ws_dial_with("/ws1", i % 2 ? deflate : "");
        ws_expect_text(clients[i], "hello");
        assert_true((i % 2 == 1) ==
                    reply_has(&reply, "Sec-WebSocket-Extensions: permessage-deflate; "
                                      "server_no_context_takeover; client_no_context_takeover"));
    }
    Arena *arena = arena_create();
    char text[1001] = "1";
    for (size_t i = 1; i < 1000; i++)
        text[i] = "abcdefg"[i % 7];
    net_post(app.net, 1, broadcast, frame_new(str_of(text)));
    for (size_t i = 0; i < 4; i++) {
        int first = ws_read_raw(clients[i]);
        assert_int_equal(first, i % 2 ? 0xC1 : 0x81);
        Str got = str_make(reply.body, reply.body_len);
        if (i % 2) {
            assert_true(got.len < 200);
            got = inflate_message(arena, got);
        }
        assert_int_equal(got.len, 1000 + strlen(",\"seq\":0}"));
        assert_memory_equal(got.ptr, text, 1000);
    }
    /* and a compressed message from the client: "abc" */
    ws_send_raw(clients[1], 0xC1, STR("\x4A\x4C\x4A\x06\x00"));
    ws_expect_text(clients[1], "abc");
    for (size_t i = 0; i < 4; i++)
        client_free(clients[i]);
    wait_for(&app.closed_count, 4);
    assert_int_equal(app.last_close_code, 1006);
    arena_free(arena);
}

static void a_socket_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    start_with((NetOptions){.ws_queue_limit_bytes = 256 * 1024});
    Client *client = ws_dial_with("/ws1", "");
    ws_expect_text(client, "hello");
    int64_t before = metric_value(METRIC_WS_OVERFLOWS);
    static char text[64 * 1024] = "1";
    memset(text + 1, 'x', sizeof text - 2);
    for (int i = 0; i < 400; i++)
        net_post(app.net, 1, broadcast, frame_new(str_of(text)));
    for (int i = 0; i < 500 && metric_value(METRIC_WS_OVERFLOWS) == before; i++)
        usleep(10 * 1000); /* the loop tells nobody */
    assert_int_equal(metric_value(METRIC_WS_OVERFLOWS), before + 1);
    int first;
    while ((first = ws_read_raw(client)) == 0x81)
        assert_int_equal(reply.body_len > 60 * 1024, true);
    assert_int_equal(first, 0x88);
    assert_int_equal(close_code(), 1013);
    client_free(client);
    wait_for(&app.closed_count, 1);
    stop();
}

static void the_server_pings_and_hears_the_pong(void **state)
{
    (void)state;
    start_with((NetOptions){.ws_ping_ms = 200});
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    assert_int_equal(ws_read_raw(client), 0x89);
    ws_send_raw(client, 0x8A, STR(""));
    wait_for(&app.pongs, 1);
    assert_int_equal(ws_read_raw(client), 0x89);
    client_free(client);
    stop();
}

static void stopping_closes_websockets_with_1001(void **state)
{
    (void)state;
    start_with((NetOptions){0});
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_thread, NULL), 0);
    assert_int_equal(ws_read_raw(client), 0x88);
    assert_int_equal(close_code(), 1001);
    ws_send_raw(client, 0x88, STR("\x03\xE9"));
    assert_int_equal(ws_read_raw(client), -1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    client_free(client);
    stop();
}

int main(void)
{
    log_set_level(LOG_ERROR);
#define PLAIN(test) cmocka_unit_test_setup_teardown(test, start_plain, stop_plain)
    const struct CMUnitTest tests[] = {
        PLAIN(a_connection_serves_several_requests),
        PLAIN(pipelined_replies_keep_the_order_of_requests),
        PLAIN(a_chunked_body_arrives_whole),
        PLAIN(head_has_the_length_but_no_body),
        PLAIN(malformed_requests_get_the_error_shape_and_the_end),
        PLAIN(headers_over_the_limit_are_refused),
        cmocka_unit_test(a_slow_head_is_answered_408_and_an_idle_connection_closed),
        cmocka_unit_test(a_body_that_stalls_is_answered_408),
        PLAIN(a_client_that_expects_it_is_told_to_continue),
        PLAIN(http_1_0_is_closed_unless_it_asks_otherwise),
        PLAIN(a_half_closed_client_still_gets_its_reply),
        PLAIN(a_large_body_goes_to_a_file_and_a_small_one_does_not),
        PLAIN(an_upload_that_breaks_off_leaves_no_file),
        PLAIN(a_body_over_the_limit_is_refused),
        PLAIN(a_slow_reader_gets_a_big_reply_whole),
        PLAIN(a_file_is_sent_from_its_offset),
        PLAIN(a_big_reply_is_compressed_when_asked),
        PLAIN(a_connection_may_die_while_its_request_is_worked_on),
        cmocka_unit_test(connections_over_the_limit_are_told_so),
        cmocka_unit_test(a_trusted_proxy_tells_the_address_of_its_client),
        cmocka_unit_test(stopping_lets_running_requests_finish),
        PLAIN(a_websocket_echoes_on_its_own_loop_and_on_another),
        PLAIN(bytes_sent_with_the_handshake_are_not_lost),
        PLAIN(the_server_closes_with_a_handshake),
        PLAIN(frames_that_break_the_rules_end_the_socket),
        PLAIN(a_broadcast_reaches_sockets_with_and_without_deflate),
        cmocka_unit_test(a_socket_that_does_not_read_is_dropped),
        cmocka_unit_test(the_server_pings_and_hears_the_pong),
        cmocka_unit_test(stopping_closes_websockets_with_1001),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
