#include "db/pool.h"
#include "base/clock.h"

void waitline_init(WaitLine *line)
{
    *line = (WaitLine){NULL, &line->first};
}

static void waitline_leave(WaitLine *line, Waiter *waiter)
{
    Waiter **at = &line->first;
    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
    if (line->last == &waiter->next)
        line->last = at;
}

bool waitline_wait(WaitLine *line, Lock *lock, int64_t timeout_ms, void **ret_item)
{
    Waiter me = {.cond = PTHREAD_COND_INITIALIZER};
    *line->last = &me;
    line->last = &me.next;
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    while (!me.is_served) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (left_ms <= 0) {
            waitline_leave(line, &me);
            break;
        }
        (void)lock_wait(lock, &me.cond, left_ms); /* what counts is is_served and the clock */
    }
    (void)pthread_cond_destroy(&me.cond); /* cannot fail: nobody waits on it */
    if (me.is_served)
        *ret_item = me.item;
    return me.is_served;
}

bool waitline_serve(WaitLine *line, void *item)
{
    Waiter *first = line->first;
    if (!first)
        return false;
    line->first = first->next;
    if (!line->first)
        line->last = &line->first;
    first->item = item;
    first->is_served = true;
    pthread_cond_signal(&first->cond);
    return true;
}

void pool_init(Pool *pool, int limit, int64_t timeout_ms)
{
    *pool = (Pool){.limit = limit < 1            ? 1
                            : limit > POOL_LIMIT ? POOL_LIMIT
                                                 : limit,
                   .timeout_ms = timeout_ms};
    lock_init(&pool->lock, LOCK_DB);
    waitline_init(&pool->line);
}

void pool_deinit(Pool *pool, void (*item_free)(void *item))
{
    ENSURE(pool->idle_count == pool->open_count);
    while (pool->idle_count > 0)
        item_free(pool->idle[--pool->idle_count]);
    lock_deinit(&pool->lock);
}

Err pool_take(Pool *pool, void **ret_item)
{
    bool is_served = true;
    lock_take(&pool->lock);
    if (pool->idle_count > 0) {
        *ret_item = pool->idle[--pool->idle_count];
    } else if (pool->open_count < pool->limit) {
        pool->open_count++;
        *ret_item = NULL;
    } else {
        is_served = waitline_wait(&pool->line, &pool->lock, pool->timeout_ms, ret_item);
    }
    lock_release(&pool->lock);
    return is_served ? OK : ERR_UNAVAILABLE;
}

void pool_give(Pool *pool, void *item)
{
    lock_take(&pool->lock);
    if (!waitline_serve(&pool->line, item)) {
        if (item)
            pool->idle[pool->idle_count++] = item;
        else
            pool->open_count--;
    }
    lock_release(&pool->lock);
}
