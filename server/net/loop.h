/* net/loop.h: one event loop, its mailbox and its clock. Private to net.
 *
 * Model    A loop owns its connections. Other threads reach it only by mail: loop_mail puts a letter on a lock-free
 *          stack and the loop runs the letters in the order they came.
 * Time     One tick each 100 ms. Connections hang in a wheel of 1,024 slots; a deadline that moves later costs nothing
 *          (the slot finds out when its turn comes), one that moves earlier is hung anew.
 * Threads  Everything: the loop's own thread, save loop_mail and loop_wake.
 */
#pragma once
#include "base/clock.h"
#include "net/net.h"
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <uv.h>

typedef struct Loop Loop;
typedef struct Conn Conn;
typedef struct Request Request;
typedef struct Deflater Deflater;

typedef struct Mail {
    struct Mail *next;
    void (*fn)(void *arg);
    void *arg;
    bool is_owned; /* freed after it ran; else it lives in what `arg` points at */
} Mail;

enum {
    LOOP_MAGIC = 0x4C4F4F50,
    TICK_MS = 100,
    WHEEL_SLOTS = 1024,
    READ_BYTES = 64 * 1024,
    TLS_RECORD_BYTES = 16 * 1024,
    FREE_REQUESTS_MAX = 64,
};

struct Loop {
    uint32_t magic;
    Net *net;
    size_t index;

    uv_loop_t uv;
    uv_thread_t thread;
    uv_async_t async;
    uv_timer_t tick;
    uv_prepare_t prepare;
    uv_poll_t listener;
    int listen_fd;  /* -1: another loop accepts for this one, or nobody does any more */
    size_t hand_to; /* the loop that gets the next accepted socket, when there is one acceptor */

    _Atomic(Mail *) mail; /* newest first */
    atomic_bool wake;

    Conn *conns;
    size_t conn_count;
    Conn *doomed;         /* closed connections whose end is still to be told */
    struct WsMove *moves; /* connections about to become WebSockets */
    Conn *wheel[WHEEL_SLOTS];
    int64_t tick_at; /* number of the last tick whose slot was looked at */

    Request *free_requests;
    size_t free_request_count, request_count;
    SSL_CTX *tls; /* one reference; NULL: plain */
    Deflater *deflater;
    char *read_buffer, *record_buffer;
    Buf head; /* the reply head being made */
    char date[32];
    int64_t date_second;
    int64_t deliveries; /* not yet added to the metric, which all loops share */

    bool is_stopping;
    int64_t stop_at_ms;
};

void loop_init(Loop *loop, Net *net, size_t index);
void loop_deinit(Loop *loop); /* its thread has ended */
/* The loop this thread runs, or NULL. */
Loop *loop_current(void);
#define ASSERT_ON_LOOP(loop) ENSURE(loop_current() == (loop))
void loop_run(Loop *loop); /* until loop_begin_stop and the end of its connections */

/* Monotonic milliseconds as of this iteration. */
static inline int64_t loop_now_ms(const Loop *loop) { return (int64_t)uv_now(&loop->uv); }
/* The Date header's value, made once a second. */
Str loop_date(Loop *loop);

void loop_mail(Loop *loop, Mail *mail);
void loop_post(Loop *loop, void (*fn)(void *arg), void *arg);
void loop_wake(Loop *loop);

/* Hangs the connection into the slot of its deadline; 0 is never. */
void loop_set_deadline(Loop *loop, Conn *conn, int64_t at_ms);
void loop_forget_deadline(Conn *conn);

void loop_begin_stop(Loop *loop, int64_t drain_ms);
