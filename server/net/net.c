#include "base/log.h"
#include "net/conn.h"
#include "net/net_state.h"
#include "net/proxies.h"
#include "net/tls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, ACCEPTS_PER_TURN = 64, LOOPS_MAX = 64 };

/* ---- the address ---- */
typedef struct Listen {
    char host[256]; /* empty: every address */
    char port[6];
} Listen;

/* "127.0.0.1:8065", ":8065", "[::1]:8065". */
static Err parse_listen(const char *text, Listen *ret_listen)
{
    Str rest = str_of(text);
    size_t colon = rest.len;
    while (colon > 0 && rest.ptr[colon - 1] != ':')
        colon--;
    Str port = str_slice(rest, colon, rest.len);
    Str host = str_slice(rest, 0, colon > 0 ? colon - 1 : 0);
    int64_t number;
    if (colon == 0 || !str_to_int(port, &number) || number < 0 || number > 65535)
        return ERR_SYNTAX;
    bool has_brackets = host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    if (has_brackets)
        host = str_slice(host, 1, host.len - 1);
    if (host.len >= sizeof ret_listen->host || port.len >= sizeof ret_listen->port)
        return ERR_SYNTAX;
    *ret_listen = (Listen){0};
    memcpy(ret_listen->host, host.ptr, host.len);
    memcpy(ret_listen->port, port.ptr, port.len);
    return OK;
}

static Err resolve(const Listen *listen_at, struct sockaddr_storage *ret_address,
                   socklen_t *ret_len)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    const char *host = listen_at->host[0] ? listen_at->host : "::";
    if (getaddrinfo(host, listen_at->port, &hints, &found) != 0)
        return ERR_SYNTAX;
    memcpy(ret_address, found->ai_addr, found->ai_addrlen);
    *ret_len = found->ai_addrlen;
    freeaddrinfo(found);
    return OK;
}

static int open_listener(const struct sockaddr_storage *address, socklen_t len, bool is_shared)
{
    int on = 1, off = 0;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    bool is_fine = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                   (!is_shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0);
    if (is_fine && address->ss_family == AF_INET6)
        is_fine = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
    if (is_fine && bind(fd, (const struct sockaddr *)address, len) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

static void set_port(struct sockaddr_storage *address, int port)
{
    if (address->ss_family == AF_INET)
        ((struct sockaddr_in *)address)->sin_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)port);
}

static int bound_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    ENSURE(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    return ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)&address)->sin_port
                                              : ((struct sockaddr_in6 *)&address)->sin6_port);
}

/* With SO_REUSEPORT a second server would share the port with the first, and take half of its clients. */
static bool is_taken(const struct sockaddr_storage *address, socklen_t len)
{
    int fd = open_listener(address, len, false);
    if (fd >= 0)
        (void)close(fd); /* was only to know */
    return fd < 0 && errno == EADDRINUSE;
}

/* One listener a loop, so that the kernel spreads the connections; where it refuses, loop 0 accepts
 * for all. */
static Err listen_all(Net *net)
{
    Listen listen_at;
    struct sockaddr_storage address;
    socklen_t len;
    TRY(parse_listen(net->options.listen, &listen_at));
    TRY(resolve(&listen_at, &address, &len));
    net->has_one_acceptor = net->options.has_one_acceptor;
    bool is_shared = net->loop_count > 1 && !net->has_one_acceptor;
    int fd = is_shared && is_taken(&address, len) ? -1 : open_listener(&address, len, is_shared);
    if (fd < 0 && listen_at.host[0] == '\0' && errno == EAFNOSUPPORT) { /* a kernel without IPv6 */
        memcpy(listen_at.host, "0.0.0.0", sizeof "0.0.0.0");
        TRY(resolve(&listen_at, &address, &len));
        fd = open_listener(&address, len, is_shared);
    }
    if (fd < 0 && is_shared && errno != EADDRINUSE && errno != EACCES) {
        net->has_one_acceptor = true;
        fd = open_listener(&address, len, false);
    }
    if (fd < 0) {
        log_error("cannot listen", "listen=%s error=%s", net->options.listen, strerror(errno));
        return ERR_IO;
    }
    net->loops[0].listen_fd = fd;
    net->port = bound_port(fd);
    set_port(&address, net->port);
    for (size_t i = 1; i < net->loop_count && !net->has_one_acceptor; i++) {
        net->loops[i].listen_fd = open_listener(&address, len, true);
        if (net->loops[i].listen_fd < 0) {
            log_error("cannot listen", "listen=%s error=%s", net->options.listen, strerror(errno));
            return ERR_IO;
        }
    }
    return OK;
}

/* ---- accepting ---- */
typedef struct Handover {
    Loop *loop;
    int fd;
} Handover;

static void on_handover(void *arg)
{
    Handover *handover = arg;
    if (handover->loop->is_stopping)
        (void)close(handover->fd); /* it has said nothing yet */
    else
        conn_open(handover->loop, handover->fd);
    free(handover);
}

static void hand_out(Loop *loop, int fd)
{
    Net *net = loop->net;
    Loop *target = loop;
    if (net->has_one_acceptor)
        target = &net->loops[loop->hand_to++ % net->loop_count];
    if (target == loop) {
        conn_open(loop, fd);
        return;
    }
    Handover *handover = malloc(sizeof *handover);
    ENSURE(handover != NULL);
    *handover = (Handover){target, fd};
    loop_post(target, on_handover, handover);
}

static void on_connection(uv_poll_t *handle, int status, int events)
{
    Loop *loop = (Loop *)((char *)handle - offsetof(Loop, listener));
    (void)status;
    (void)events;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept4(loop->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            hand_out(loop, fd);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            (void)uv_poll_stop(&loop->listener); /* until the next tick; else this would spin */
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

void net_resume_accept(Loop *loop)
{
    if (loop->listen_fd >= 0 && !uv_is_active((uv_handle_t *)&loop->listener))
        ENSURE(uv_poll_start(&loop->listener, UV_READABLE, on_connection) == 0);
}

/* ---- life ---- */
static char *copy_text(const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    ENSURE(!text || copy);
    return copy;
}

static void set_options(Net *net, const NetOptions *given)
{
    NetOptions *o = &net->options;
    *o = *given;
    o->listen = copy_text(given->listen);
    o->tls_cert = copy_text(given->tls_cert);
    o->tls_key = copy_text(given->tls_key);
    o->spool_dir = copy_text(given->spool_dir);
    o->trusted_proxies = copy_text(given->trusted_proxies);
#define DEFAULT(field, value) o->field = o->field ? o->field : (value)
    DEFAULT(loops, (size_t)sysconf(_SC_NPROCESSORS_ONLN));
    DEFAULT(header_limit_bytes, 32 * 1024);
    DEFAULT(header_timeout_ms, 10 * 1000);
    DEFAULT(body_timeout_ms, 300 * 1000);
    DEFAULT(idle_timeout_ms, 60 * 1000);
    DEFAULT(write_timeout_ms, 300 * 1000);
    DEFAULT(connection_limit, 20 * 1000);
    DEFAULT(ws_message_limit_bytes, 8 * 1024);
    DEFAULT(ws_queue_limit_bytes, 1024 * 1024);
    DEFAULT(ws_ping_ms, 30 * 1000);
#undef DEFAULT
    net->loop_count = o->loops < LOOPS_MAX ? o->loops : LOOPS_MAX;
}

static Err load_tls(const Net *net, SSL_CTX **ret_context)
{
    *ret_context = NULL;
    if (!net->options.tls_cert)
        return OK;
    return tls_context_new(net->options.tls_cert, net->options.tls_key, ret_context);
}

static Err prepare(Net *net)
{
    SSL_CTX *tls;
    TRY(proxies_new(net->options.trusted_proxies, &net->proxies));
    TRY(load_tls(net, &tls));
    for (size_t i = 0; i < net->loop_count && tls; i++) {
        ENSURE(SSL_CTX_up_ref(tls) == 1);
        net->loops[i].tls = tls;
    }
    SSL_CTX_free(tls);
    return listen_all(net);
}

Err net_new(const NetOptions *options, const NetHandlers *handlers, Net **ret_net)
{
    Net *net = calloc(1, sizeof *net);
    ENSURE(net != NULL);
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes with write(2) */
    set_options(net, options);
    net->handlers = *handlers;
    net->loops = calloc(net->loop_count, sizeof *net->loops);
    ENSURE(net->loops != NULL);
    for (size_t i = 0; i < net->loop_count; i++)
        loop_init(&net->loops[i], net, i);
    Err err = prepare(net);
    if (err != OK) {
        net_free(net);
        return err;
    }
    *ret_net = net;
    return OK;
}

int net_port(const Net *net)
{
    return net->port;
}

size_t net_loop_count(const Net *net)
{
    return net->loop_count;
}

static void loop_thread(void *arg)
{
    Loop *loop = arg;
    if (loop->listen_fd >= 0) {
        ENSURE(uv_poll_init(&loop->uv, &loop->listener, loop->listen_fd) == 0);
        ENSURE(uv_poll_start(&loop->listener, UV_READABLE, on_connection) == 0);
    }
    loop_run(loop);
}

void net_run(Net *net)
{
    ENSURE(!net->is_running);
    net->is_running = true;
    for (size_t i = 0; i < net->loop_count; i++)
        ENSURE(uv_thread_create(&net->loops[i].thread, loop_thread, &net->loops[i]) == 0);
}

typedef struct Stop {
    Loop *loop;
    int64_t drain_ms;
} Stop;

static void on_stop(void *arg)
{
    Stop *stop = arg;
    Loop *loop = stop->loop;
    if (loop->listen_fd >= 0) {
        on_connection(&loop->listener, 0,
                      0); /* who is in the kernel's queue has not been refused yet */
        uv_close((uv_handle_t *)&loop->listener, NULL);
        (void)close(loop->listen_fd); /* nothing was written to it */
        loop->listen_fd = -1;
    }
    loop_begin_stop(loop, stop->drain_ms);
}

void net_stop(Net *net, int64_t drain_ms)
{
    if (!net->is_running || net->is_stopped)
        return;
    net->is_stopped = true;
    Stop stops[LOOPS_MAX];
    for (size_t i = 0; i < net->loop_count; i++) {
        stops[i] = (Stop){&net->loops[i], drain_ms};
        loop_post(&net->loops[i], on_stop, &stops[i]);
    }
    for (size_t i = 0; i < net->loop_count; i++)
        ENSURE(uv_thread_join(&net->loops[i].thread) == 0);
}

void net_free(Net *net)
{
    if (!net)
        return;
    net_stop(net, 0);
    for (size_t i = 0; i < net->loop_count; i++)
        if (net->loops[i].listen_fd >= 0)
            (void)close(net->loops[i].listen_fd); /* never ran */
    for (size_t i = 0; i < net->loop_count; i++)
        loop_deinit(&net->loops[i]);
    proxies_free(net->proxies);
    free(net->loops);
    free((char *)net->options.listen);
    free((char *)net->options.tls_cert);
    free((char *)net->options.tls_key);
    free((char *)net->options.spool_dir);
    free((char *)net->options.trusted_proxies);
    free(net);
}

/* ---- reloading ---- */
typedef struct NewTls {
    Loop *loop;
    SSL_CTX *tls;
} NewTls;

static void on_new_tls(void *arg)
{
    NewTls *fresh = arg;
    SSL_CTX_free(fresh->loop->tls);
    fresh->loop->tls = fresh->tls;
    free(fresh);
}

Err net_reload_tls(Net *net)
{
    SSL_CTX *tls;
    TRY(load_tls(net, &tls));
    for (size_t i = 0; i < net->loop_count && tls; i++) {
        NewTls *fresh = malloc(sizeof *fresh);
        ENSURE(fresh != NULL && SSL_CTX_up_ref(tls) == 1);
        *fresh = (NewTls){&net->loops[i], tls};
        loop_post(&net->loops[i], on_new_tls, fresh);
    }
    SSL_CTX_free(tls);
    return OK;
}

void net_post(Net *net, size_t loop_index, void (*fn)(void *arg), void *arg)
{
    ENSURE(loop_index < net->loop_count);
    loop_post(&net->loops[loop_index], fn, arg);
}

void net_wake(Net *net, size_t loop_index)
{
    ENSURE(loop_index < net->loop_count);
    loop_wake(&net->loops[loop_index]);
}
