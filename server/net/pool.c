#include "base/err.h"
#include "base/lock.h"
#include "net/net.h"
#include <pthread.h>
#include <stdlib.h>

typedef struct Task {
    void (*fn)(void *arg);
    void *arg;
} Task;

/* A lane is a ring of waiting tasks and the threads that take from it. */
typedef struct Lane {
    Lock lock;
    pthread_cond_t has_task;
    Task *ring;
    size_t limit, first, count;
    bool is_stopping;
    pthread_t *threads;
    int thread_count;
} Lane;

struct Pool {
    Lane lanes[LANE_COUNT];
};

static void *work(void *arg)
{
    Lane *lane = arg;
    lock_take(&lane->lock);
    while (lane->count > 0 || !lane->is_stopping) {
        if (lane->count == 0) {
            (void)lock_wait(&lane->lock, &lane->has_task, -1); /* the loop looks again */
            continue;
        }
        Task task = lane->ring[lane->first];
        lane->first = (lane->first + 1) % lane->limit;
        lane->count--;
        lock_release(&lane->lock);
        task.fn(task.arg);
        lock_take(&lane->lock);
    }
    lock_release(&lane->lock);
    return NULL;
}

static void lane_init(Lane *lane, int threads, int queue_limit)
{
    lane->limit = queue_limit > 0 ? (size_t)queue_limit : 1024;
    lane->ring = calloc(lane->limit, sizeof *lane->ring);
    lane->thread_count = threads > 0 ? threads : 1;
    lane->threads = calloc((size_t)lane->thread_count, sizeof *lane->threads);
    ENSURE(lane->ring && lane->threads);
    lock_init(&lane->lock, LOCK_QUEUE);
    ENSURE(pthread_cond_init(&lane->has_task, NULL) == 0);
    for (int i = 0; i < lane->thread_count; i++)
        ENSURE(pthread_create(&lane->threads[i], NULL, work, lane) == 0);
}

Pool *pool_new(const PoolOptions *options)
{
    Pool *pool = calloc(1, sizeof *pool);
    ENSURE(pool != NULL);
    for (int i = 0; i < LANE_COUNT; i++)
        lane_init(&pool->lanes[i], options->threads[i], options->queue_limit[i]);
    return pool;
}

bool pool_submit(Pool *pool, PoolLane which, void (*fn)(void *arg), void *arg)
{
    ENSURE(which < LANE_COUNT);
    Lane *lane = &pool->lanes[which];
    lock_take(&lane->lock);
    bool has_room = lane->count < lane->limit && !lane->is_stopping;
    if (has_room) {
        lane->ring[(lane->first + lane->count) % lane->limit] = (Task){fn, arg};
        lane->count++;
        (void)pthread_cond_signal(&lane->has_task); /* fails never */
    }
    lock_release(&lane->lock);
    return has_room;
}

void pool_stop(Pool *pool)
{
    for (int i = 0; i < LANE_COUNT; i++) {
        Lane *lane = &pool->lanes[i];
        lock_take(&lane->lock);
        lane->is_stopping = true;
        (void)pthread_cond_broadcast(&lane->has_task); /* fails never */
        lock_release(&lane->lock);
    }
    for (int i = 0; i < LANE_COUNT; i++) {
        Lane *lane = &pool->lanes[i];
        for (int t = 0; t < lane->thread_count; t++)
            ENSURE(pthread_join(lane->threads[t], NULL) == 0);
        lane->thread_count = 0;
    }
}

void pool_free(Pool *pool)
{
    if (!pool)
        return;
    pool_stop(pool);
    for (int i = 0; i < LANE_COUNT; i++) {
        Lane *lane = &pool->lanes[i];
        lock_deinit(&lane->lock);
        (void)pthread_cond_destroy(&lane->has_task); /* nobody waits any more */
        free(lane->ring);
        free(lane->threads);
    }
    free(pool);
}
