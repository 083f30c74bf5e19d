#include "net/loop.h"
#include "base/err.h"
#include "base/metric.h"
#include "net/conn.h"
#include "net/deflate.h"
#include "net/http.h"
#include "net/net_state.h"
#include "net/ws.h"

static _Thread_local Loop *current;

Loop *loop_current(void)
{
    return current;
}

/* ---- mail ---- */
void loop_mail(Loop *loop, Mail *mail)
{
    ENSURE(loop->magic == LOOP_MAGIC);
    Mail *head = atomic_load_explicit(&loop->mail, memory_order_relaxed);
    do
        mail->next = head;
    while (!atomic_compare_exchange_weak_explicit(&loop->mail, &head, mail, memory_order_release,
                                                  memory_order_relaxed));
    if (!head) /* who put the first letter in rings the bell for all */
        ENSURE(uv_async_send(&loop->async) == 0);
}

void loop_post(Loop *loop, void (*fn)(void *arg), void *arg)
{
    Mail *mail = malloc(sizeof *mail);
    ENSURE(mail != NULL);
    *mail = (Mail){NULL, fn, arg, true};
    loop_mail(loop, mail);
}

void loop_wake(Loop *loop)
{
    if (!atomic_exchange(&loop->wake, true))
        ENSURE(uv_async_send(&loop->async) == 0);
}

static void read_mail(Loop *loop)
{
    Mail *newest = atomic_exchange_explicit(&loop->mail, NULL, memory_order_acquire);
    Mail *oldest = NULL;
    while (newest) {
        Mail *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        Mail one = *oldest;
        if (one.is_owned)
            free(oldest);
        oldest = one.next;
        one.fn(one.arg);
    }
}

static void tell_wake(Loop *loop)
{
    const NetHandlers *handlers = &loop->net->handlers;
    if (handlers->on_wake)
        handlers->on_wake(handlers->app, loop->index);
}

static void on_async(uv_async_t *handle)
{
    Loop *loop = handle->data;
    read_mail(loop);
    if (atomic_exchange(&loop->wake, false))
        tell_wake(loop);
}

/* ---- the wheel ---- */
static void hang(Loop *loop, Conn *conn, int64_t at_ms)
{
    /* Round up, so that a deadline has passed when its slot comes; what lies beyond the wheel is
     * looked at on its way. */
    int64_t tick = (at_ms + TICK_MS - 1) / TICK_MS;
    if (tick <= loop->tick_at)
        tick = loop->tick_at + 1;
    if (tick > loop->tick_at + WHEEL_SLOTS - 1)
        tick = loop->tick_at + WHEEL_SLOTS - 1;
    Conn **slot = &loop->wheel[tick % WHEEL_SLOTS];
    conn->wheel_tick = tick;
    conn->wheel_next = *slot;
    conn->wheel_link = slot;
    if (*slot)
        (*slot)->wheel_link = &conn->wheel_next;
    *slot = conn;
}

void loop_forget_deadline(Conn *conn)
{
    if (!conn->wheel_link)
        return;
    *conn->wheel_link = conn->wheel_next;
    if (conn->wheel_next)
        conn->wheel_next->wheel_link = conn->wheel_link;
    conn->wheel_link = NULL;
    conn->wheel_next = NULL;
}

void loop_set_deadline(Loop *loop, Conn *conn, int64_t at_ms)
{
    conn->deadline_ms = at_ms;
    if (at_ms == 0)
        return; /* the slot will find nothing to do */
    if (conn->wheel_link && conn->wheel_tick * TICK_MS <= at_ms + TICK_MS)
        return;
    loop_forget_deadline(conn);
    hang(loop, conn, at_ms);
}

static void turn_wheel(Loop *loop)
{
    int64_t now_ms = loop_now_ms(loop);
    for (int64_t until = now_ms / TICK_MS; loop->tick_at < until;) {
        Conn **slot = &loop->wheel[++loop->tick_at % WHEEL_SLOTS];
        Conn *due = *slot;
        *slot = NULL;
        if (due)
            due->wheel_link = &due;
        while (due) {
            Conn *conn = due;
            loop_forget_deadline(conn);
            if (conn->deadline_ms > now_ms)
                hang(loop, conn, conn->deadline_ms);
            else if (conn->deadline_ms > 0)
                conn_on_deadline(conn, now_ms);
        }
    }
}

static void on_tick(uv_timer_t *handle)
{
    Loop *loop = handle->data;
    turn_wheel(loop);
    if (loop->deliveries > 0)
        metric_add(METRIC_WS_DELIVERIES, loop->deliveries);
    loop->deliveries = 0;
    net_resume_accept(loop);
    tell_wake(loop);
}

Str loop_date(Loop *loop)
{
    int64_t now_ms = clock_now_ms();
    if (now_ms / 1000 != loop->date_second) {
        Arena *arena = arena_create();
        Str text = clock_format_http(arena, now_ms);
        ENSURE(text.len < sizeof loop->date);
        memcpy(loop->date, text.ptr, text.len);
        loop->date[text.len] = '\0';
        loop->date_second = now_ms / 1000;
        arena_free(arena);
    }
    return str_of(loop->date);
}

/* ---- life ---- */
static bool is_drained(const Loop *loop)
{
    return (loop->conn_count == 0 && loop->request_count == 0) ||
           loop_now_ms(loop) >= loop->stop_at_ms;
}

/* Outside of anybody's call: what became a WebSocket moves, what was closed is told and freed. */
static void tidy(Loop *loop)
{
    while (loop->moves || loop->doomed) {
        ws_move_all(loop);
        conn_bury_doomed(loop);
    }
}

/* Before each wait. */
static void on_prepare(uv_prepare_t *handle)
{
    Loop *loop = handle->data;
    tidy(loop);
    if (!loop->is_stopping || !is_drained(loop))
        return;
    while (loop->conns)
        conn_close(loop->conns);
    tidy(loop);
    uv_stop(&loop->uv);
}

void loop_init(Loop *loop, Net *net, size_t index)
{
    *loop = (Loop){.magic = LOOP_MAGIC, .net = net, .index = index, .listen_fd = -1};
    ENSURE(uv_loop_init(&loop->uv) == 0);
    ENSURE(uv_async_init(&loop->uv, &loop->async, on_async) == 0);
    ENSURE(uv_timer_init(&loop->uv, &loop->tick) == 0);
    ENSURE(uv_prepare_init(&loop->uv, &loop->prepare) == 0);
    loop->async.data = loop->tick.data = loop->prepare.data = loop;
    loop->read_buffer = malloc(READ_BYTES);
    loop->record_buffer = malloc(TLS_RECORD_BYTES);
    ENSURE(loop->read_buffer && loop->record_buffer);
    loop->deflater = deflater_new();
    buf_init(&loop->head, 1024 * 1024);
}

void loop_run(Loop *loop)
{
    current = loop;
    loop->tick_at = loop_now_ms(loop) / TICK_MS;
    ENSURE(uv_timer_start(&loop->tick, on_tick, TICK_MS, TICK_MS) == 0);
    ENSURE(uv_prepare_start(&loop->prepare, on_prepare) == 0);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT); /* tells only whether handles are left */
    read_mail(loop);
    tidy(loop);
    metric_add(METRIC_WS_DELIVERIES, loop->deliveries);
    current = NULL;
}

void loop_begin_stop(Loop *loop, int64_t drain_ms)
{
    ASSERT_ON_LOOP(loop);
    loop->is_stopping = true;
    loop->stop_at_ms = loop_now_ms(loop) + drain_ms;
    for (Conn *conn = loop->conns, *next; conn; conn = next) {
        next = conn->next;
        conn_on_stop(conn);
    }
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void loop_deinit(Loop *loop)
{
    current = loop; /* late letters free what they carry, as on the loop */
    read_mail(loop);
    tidy(loop);
    uv_walk(&loop->uv, close_handle, NULL);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT); /* also waits for file operations under way */
    ENSURE(uv_loop_close(&loop->uv) == 0);
    request_free_all(loop);
    deflater_free(loop->deflater);
    SSL_CTX_free(loop->tls);
    buf_deinit(&loop->head);
    free(loop->read_buffer);
    free(loop->record_buffer);
    current = NULL;
}
