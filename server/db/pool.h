/* db/pool.h: waiting in a line, and a bounded pool of connections.
 *
 * Model    Who comes first is served first. A thing given back goes straight to the head of the line, so nobody who
 *          comes later can overtake; what nobody waits for lies on a stack, the warmest on top.
 * Threads  WaitLine: under its owner's lock. Pool: any thread.
 */
#pragma once
#include "base/err.h"
#include "base/lock.h"

typedef struct Waiter {
    struct Waiter *next;
    pthread_cond_t cond;
    void *item;
    bool is_served;
} Waiter;

typedef struct WaitLine {
    Waiter *first, **last;
} WaitLine;

void waitline_init(WaitLine *line);
static inline bool waitline_is_empty(const WaitLine *line)
{
    return line->first == NULL;
}
/* Queues and waits until served: *ret_item is what waitline_serve gave. False on time-out. */
bool waitline_wait(WaitLine *line, Lock *lock, int64_t timeout_ms, void **ret_item);
/* Serves the first in the line; false when nobody waits. */
bool waitline_serve(WaitLine *line, void *item);

enum { POOL_LIMIT = 128 };
typedef struct Pool {
    Lock lock;
    WaitLine line;
    void *idle[POOL_LIMIT];
    int idle_count, open_count, limit;
    int64_t timeout_ms;
} Pool;

void pool_init(Pool *pool, int limit, int64_t timeout_ms);
void pool_deinit(Pool *pool, void (*item_free)(void *item)); /* all items are back */
/* An item, or NULL in *ret_item: a free place, where the caller makes a new one. ERR_UNAVAILABLE on
 * time-out. */
Err pool_take(Pool *pool, void **ret_item);
/* Gives an item back; NULL gives its place back. */
void pool_give(Pool *pool, void *item);
