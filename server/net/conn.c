#include "net/conn.h"
#include "base/log.h"
#include "base/metric.h"
#include "net/http.h"
#include "net/net_state.h"
#include "net/tls.h"
#include "net/ws.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    SLICES = 64,
    READS_PER_TURN = 4, /* then the other connections have their turn */
    REFUSED_EXTRA =
        256, /* connections over the limit that are told so; those beyond are just closed */
};

static void on_poll(uv_poll_t *handle, int status, int events);
static void flush(Conn *conn);

/* ---- what libuv watches ---- */
static bool wants_input(const Conn *conn)
{
    if (conn->is_eof)
        return false;
    switch (conn->state) {
    case CONN_HEAD: return conn->out.bytes < CONN_QUEUE_HIGH_BYTES && !conn->out.has_file;
    case CONN_BODY: return http_body_has_room(conn);
    case CONN_WS:
    case CONN_LINGER: return true;
    case CONN_WORK:
    case CONN_DEAD: break;
    }
    return false;
}

/* Reading is stopped only when bytes come that are not wanted: a request that is answered before
 * the next comes costs no system call here. */
static void update_interest(Conn *conn)
{
    if (conn->state == CONN_DEAD || !conn->poll)
        return;
    struct iovec slice;
    bool is_wanted = wants_input(conn);
    if (is_wanted)
        conn->is_read_paused = false;
    int events = 0;
    if (!conn->is_read_paused && !conn->is_eof)
        events |= UV_READABLE;
    if (conn->tls_wants_write || (conn->out.first && out_slices(&conn->out, &slice, 1) > 0))
        events |= UV_WRITABLE;
    if (events == conn->events)
        return;
    conn->events = (unsigned char)events;
    if (events)
        ENSURE(uv_poll_start(&conn->poll->uv, events, on_poll) == 0);
    else
        ENSURE(uv_poll_stop(&conn->poll->uv) == 0);
}

static void update_deadline(Conn *conn)
{
    int64_t read_ms = conn->read_deadline_ms, write_ms = conn->write_deadline_ms;
    bool is_read_first = write_ms == 0 || (read_ms > 0 && read_ms < write_ms);
    if (conn->poll)
        loop_set_deadline(conn->loop, conn, is_read_first ? read_ms : write_ms);
}

void conn_set_read_deadline(Conn *conn, int64_t in_ms)
{
    conn->read_deadline_ms = in_ms > 0 ? loop_now_ms(conn->loop) + in_ms : 0;
    update_deadline(conn);
}

static void set_write_deadline(Conn *conn, int64_t in_ms)
{
    conn->write_deadline_ms = in_ms > 0 ? loop_now_ms(conn->loop) + in_ms : 0;
    update_deadline(conn);
}

/* ---- life ---- */
void conn_attach(Conn *conn, Loop *loop)
{
    conn->loop = loop;
    conn->poll = calloc(1, sizeof *conn->poll);
    ENSURE(conn->poll != NULL);
    conn->poll->conn = conn;
    ENSURE(uv_poll_init(&loop->uv, &conn->poll->uv, conn->fd) == 0);
    conn->events = 0;
    conn->prev = NULL;
    conn->next = loop->conns;
    if (loop->conns)
        loop->conns->prev = conn;
    loop->conns = conn;
    loop->conn_count++;
    update_deadline(conn);
    update_interest(conn);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free((char *)handle - offsetof(ConnPoll, uv));
}

void conn_detach(Conn *conn)
{
    Loop *loop = conn->loop;
    loop_forget_deadline(conn);
    conn->poll->conn = NULL;
    uv_close((uv_handle_t *)&conn->poll->uv, on_poll_closed);
    conn->poll = NULL;
    if (conn->next)
        conn->next->prev = conn->prev;
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        loop->conns = conn->next;
    conn->prev = conn->next = NULL;
    loop->conn_count--;
}

void conn_close(Conn *conn)
{
    if (conn->state == CONN_DEAD)
        return;
    ENSURE(conn->magic == CONN_MAGIC);
    if (conn->request)
        http_on_closed(conn);
    conn->state = CONN_DEAD;
    conn_detach(conn);
    SSL_free(conn->ssl);
    conn->ssl = NULL;
    (void)close(conn->fd); /* nothing left to lose: who wanted an orderly end has had it */
    conn->fd = -1;
    out_clear(&conn->out);
    if (!conn->is_refused) {
        atomic_fetch_sub(&conn->loop->net->connection_count, 1);
        metric_add(METRIC_HTTP_CONNECTIONS, -1);
    }
    conn->doomed_next = conn->loop->doomed;
    conn->loop->doomed = conn;
}

void conn_bury_doomed(Loop *loop)
{
    while (loop->doomed) {
        Conn *conn = loop->doomed;
        loop->doomed = conn->doomed_next;
        if (conn->ws)
            ws_end(conn);
        buf_deinit(&conn->in);
        conn->magic = 0;
        free(conn);
    }
}

/* The peer's address as text; IPv4 in its own form also when it came through an IPv6 socket. */
static void write_ip(int fd, char out[IP_TEXT_BYTES])
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &len) != 0)
        return; /* it has left already */
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
        (void)inet_ntop(AF_INET, &v4->sin_addr, out, IP_TEXT_BYTES);
    } else if (address.ss_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            (void)inet_ntop(AF_INET, v6->s6_addr + 12, out, IP_TEXT_BYTES);
        else
            (void)inet_ntop(AF_INET6, v6, out, IP_TEXT_BYTES);
    }
}

void conn_open(Loop *loop, int fd)
{
    Net *net = loop->net;
    size_t count = atomic_fetch_add(&net->connection_count, 1);
    bool is_over = count >= net->options.connection_limit;
    if (is_over)
        atomic_fetch_sub(&net->connection_count, 1);
    if (is_over &&
        (loop->tls || loop->conn_count > net->options.connection_limit + REFUSED_EXTRA)) {
        (void)close(fd); /* a handshake is too much work to say no */
        return;
    }
    Conn *conn = calloc(1, sizeof *conn);
    ENSURE(conn != NULL);
    conn->magic = CONN_MAGIC;
    conn->fd = fd;
    conn->is_refused = is_over;
    conn->ssl = loop->tls ? tls_new(loop->tls, fd) : NULL;
    buf_init(&conn->in, net->options.header_limit_bytes + net->options.ws_message_limit_bytes +
                            2 * READ_BYTES);
    write_ip(fd, conn->ip);
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* slower without, not wrong */
    conn_attach(conn, loop);
    if (is_over) {
        http_refuse_connection(conn);
        return;
    }
    metric_add(METRIC_HTTP_CONNECTIONS, 1);
    conn_set_read_deadline(conn, net->options.header_timeout_ms);
}

/* ---- writing ---- */
static ssize_t write_tls(Conn *conn, const struct iovec *slices, size_t count)
{
    char *record = conn->loop->record_buffer;
    size_t len = 0;
    for (size_t i = 0; i < count && len < TLS_RECORD_BYTES; i++) {
        size_t n = slices[i].iov_len;
        if (n > TLS_RECORD_BYTES - len)
            n = TLS_RECORD_BYTES - len;
        memcpy(record + len, slices[i].iov_base, n);
        len += n;
    }
    return tls_write(conn->ssl, record, len);
}

/* Bytes written (0: the kernel takes none now), or IO_BROKEN. */
static ssize_t write_slices(Conn *conn, struct iovec *slices, size_t count)
{
    ssize_t n;
    if (conn->ssl) {
        n = write_tls(conn, slices, count);
        return n == IO_AGAIN ? 0 : n;
    }
    struct msghdr message = {.msg_iov = slices, .msg_iovlen = count};
    do
        n = sendmsg(conn->fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : IO_BROKEN;
}

/* Says that nothing more comes, once everything is sent, and gives the peer time to say so too. */
static void shut(Conn *conn)
{
    conn->is_shut = true;
    if (conn->ssl)
        tls_close_notify(conn->ssl);
    if (conn->is_eof || shutdown(conn->fd, SHUT_WR) != 0) {
        conn_close(conn);
        return;
    }
    conn_set_read_deadline(conn, LINGER_MS);
}

static void flush(Conn *conn)
{
    bool has_moved = false;
    while (conn->out.first) {
        struct iovec slices[SLICES];
        size_t count = out_slices(&conn->out, slices, SLICES), want = 0;
        if (count == 0)
            break; /* a file block is being read */
        for (size_t i = 0; i < count; i++)
            want += slices[i].iov_len;
        ssize_t n = write_slices(conn, slices, count);
        if (n < 0 || !out_advance(&conn->out, (size_t)n)) {
            conn_close(conn);
            return;
        }
        has_moved |= n > 0;
        if (n == 0 || ((size_t)n < want && !conn->ssl))
            break;
    }
    if (conn->out.first && has_moved)
        set_write_deadline(conn, conn->loop->net->options.write_timeout_ms);
    else if (!conn->out.first)
        set_write_deadline(conn, 0);
    if (!conn->out.first && conn->state == CONN_LINGER && !conn->is_shut)
        shut(conn);
}

/* Sends at once what the kernel takes, when nothing waits before it. Returns the bytes sent, or
 * IO_BROKEN. */
static ssize_t send_now(Conn *conn, Str head, Str middle, Str tail)
{
    size_t total = head.len + middle.len + tail.len, sent = 0;
    while (sent < total) {
        struct iovec slices[3];
        size_t count = 0, skip = sent;
        const Str parts[] = {head, middle, tail};
        for (size_t i = 0; i < 3; i++) {
            size_t from = skip < parts[i].len ? skip : parts[i].len;
            skip -= from;
            if (from < parts[i].len)
                slices[count++] = (struct iovec){(char *)parts[i].ptr + from, parts[i].len - from};
        }
        ssize_t n = write_slices(conn, slices, count);
        if (n < 0)
            return n;
        sent += (size_t)n;
        if (n == 0 || !conn->ssl) /* TLS goes record by record */
            break;
    }
    return (ssize_t)sent;
}

void conn_send(Conn *conn, Str head, Middle middle, Str tail)
{
    ssize_t sent = 0;
    if (conn->state == CONN_DEAD || conn->is_shut) {
        middle_release(&middle);
        return;
    }
    if (!conn->out.first)
        sent = send_now(conn, head, middle.bytes, tail);
    if (sent < 0) {
        middle_release(&middle);
        conn_close(conn);
        return;
    }
    if ((size_t)sent == head.len + middle.bytes.len + tail.len) {
        middle_release(&middle);
        return;
    }
    if (!conn->out.first)
        set_write_deadline(conn, conn->loop->net->options.write_timeout_ms);
    out_push(&conn->out, head, middle, tail, (size_t)sent);
    update_interest(conn);
}

void conn_send_file(Conn *conn, HttpFile file)
{
    if (!conn->out.first)
        set_write_deadline(conn, conn->loop->net->options.write_timeout_ms);
    out_push_file(&conn->out, conn, file);
    update_interest(conn);
}

void conn_on_file_read(Conn *conn, size_t len)
{
    conn->out.bytes += len;
    flush(conn);
    conn_run(conn, NULL, 0);
}

void conn_finish(Conn *conn)
{
    if (conn->state == CONN_DEAD || conn->state == CONN_LINGER)
        return;
    conn->state = CONN_LINGER;
    conn_set_read_deadline(conn, 0);
    if (!conn->out.first)
        shut(conn);
    update_interest(conn);
}

/* ---- reading ---- */
static size_t take(Conn *conn, char *bytes, size_t len)
{
    switch (conn->state) {
    case CONN_HEAD: return http_take_head(conn, bytes, len);
    case CONN_BODY: return http_take_body(conn, bytes, len);
    case CONN_WS: return ws_take(conn, bytes, len);
    case CONN_LINGER: return len;
    case CONN_WORK:
    case CONN_DEAD: break;
    }
    return 0;
}

/* Keeps what the protocol did not use. */
static void keep_rest(Conn *conn, bool is_kept, const char *bytes, size_t used, size_t len)
{
    if (is_kept)
        buf_consume(&conn->in, used);
    else
        buf_append(&conn->in, str_make(bytes + used, len - used));
    if (conn->in.len == 0)
        buf_deinit(&conn->in); /* an idle connection keeps no buffer */
    if (conn->in.overflowed)
        conn_close(conn);
}

/* After everything that happened to a connection: what is it to do next? */
static void settle(Conn *conn)
{
    if (conn->state == CONN_DEAD)
        return;
    if (conn->is_eof &&
        conn->state != CONN_WORK) { /* half-closed: it may still read what it asked for */
        if (conn->out.first && conn->state != CONN_WS)
            conn_finish(conn);
        else
            conn_close(conn);
        return;
    }
    update_interest(conn);
}

void conn_run(Conn *conn, char *bytes, size_t len)
{
    if (conn->is_running || conn->state == CONN_DEAD)
        return; /* whoever runs it goes on with what is there */
    conn->is_running = true;
    bool is_kept = conn->in.len > 0;
    if (is_kept) {
        buf_append(&conn->in, str_make(bytes, len));
        bytes = conn->in.ptr;
        len = conn->in.len;
    }
    size_t used = 0;
    while (used < len && wants_input(conn)) {
        size_t n = take(conn, bytes + used, len - used);
        if (n == 0)
            break;
        used += n;
    }
    if (conn->state != CONN_DEAD)
        keep_rest(conn, is_kept, bytes, used, len);
    conn->is_running = false;
    settle(conn);
}

static ssize_t read_some(Conn *conn)
{
    char *out = conn->loop->read_buffer;
    if (conn->ssl)
        return tls_read(conn->ssl, out, READ_BYTES, &conn->tls_wants_write);
    ssize_t n;
    do
        n = recv(conn->fd, out, READ_BYTES, 0);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? IO_AGAIN : IO_BROKEN;
}

static void read_turn(Conn *conn)
{
    for (int i = 0; i < READS_PER_TURN; i++) {
        if (!wants_input(conn)) {
            conn->is_read_paused = true;
            break;
        }
        ssize_t n = read_some(conn);
        if (n == IO_AGAIN)
            break;
        if (n == IO_BROKEN) {
            conn_close(conn);
            return;
        }
        if (n == 0) {
            conn->is_eof = true;
            break;
        }
        Loop *loop = conn->loop;
        conn_run(conn, loop->read_buffer, (size_t)n);
        if (conn->state == CONN_DEAD)
            return;
        if (n < READ_BYTES && !conn->ssl)
            return;
    }
    settle(conn);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    Conn *conn = ((ConnPoll *)((char *)handle - offsetof(ConnPoll, uv)))->conn;
    if (status < 0) {
        conn_close(conn);
        return;
    }
    bool may_read = (events & UV_READABLE) || conn->tls_wants_write;
    conn->tls_wants_write = false;
    if (events & UV_WRITABLE)
        flush(conn);
    if (conn->state != CONN_DEAD && may_read)
        read_turn(conn);
    else if (conn->state != CONN_DEAD)
        conn_run(conn, NULL, 0); /* the queue is shorter now: the next request may begin */
}

/* ---- time ---- */
void conn_on_deadline(Conn *conn, int64_t now_ms)
{
    if (conn->write_deadline_ms > 0 && now_ms >= conn->write_deadline_ms) {
        conn_close(conn);
        return;
    }
    if (conn->read_deadline_ms == 0 || now_ms < conn->read_deadline_ms) {
        update_deadline(conn);
        return;
    }
    conn->read_deadline_ms = 0;
    switch (conn->state) {
    case CONN_HEAD:
        if (conn->has_begun) {
            http_refuse(conn, 408);
            break;
        }
        conn_close(conn);
        break;
    case CONN_BODY: http_refuse(conn, 408); break;
    case CONN_WS: ws_on_deadline(conn); break;
    case CONN_LINGER: conn_close(conn); break;
    case CONN_WORK:
    case CONN_DEAD: break;
    }
}

void conn_on_stop(Conn *conn)
{
    if (conn->state == CONN_WS)
        ws_close(conn->ws, 1001, STR("the server is stopping"));
    else if (conn->state == CONN_HEAD && conn->out.first)
        conn_finish(conn); /* the end of a reply still waits to be sent */
    else if (conn->state == CONN_HEAD && !conn->has_begun)
        conn_close(conn); /* idle: nothing is on its way that lingering would save */
}
