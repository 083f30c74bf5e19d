#include "base/lock.h"
#include "base/err.h"
#include <time.h>

#ifndef NDEBUG
/* Ranks this thread holds, innermost last. */
static _Thread_local LockRank held[16];
static _Thread_local int held_count;

static void note_take(LockRank rank)
{
    ENSURE(held_count == 0 || held[held_count - 1] < rank);
    ENSURE(held_count < 16);
    held[held_count++] = rank;
}
static void note_release(LockRank rank)
{
    for (int i = held_count - 1; i >= 0; i--)
        if (held[i] == rank) {
            for (held_count--; i < held_count; i++)
                held[i] = held[i + 1];
            return;
        }
    BUG("a lock that this thread holds");
}
#else
static void note_take(LockRank rank)
{
    (void)rank;
}
static void note_release(LockRank rank)
{
    (void)rank;
}
#endif

void lock_init(Lock *lock, LockRank rank)
{
    lock->rank = rank;
    ENSURE(pthread_mutex_init(&lock->mutex, NULL) == 0);
}

void lock_deinit(Lock *lock)
{
    ENSURE(pthread_mutex_destroy(&lock->mutex) == 0);
}

void lock_take(Lock *lock)
{
    note_take(lock->rank);
    ENSURE(pthread_mutex_lock(&lock->mutex) == 0);
}

void lock_release(Lock *lock)
{
    ENSURE(pthread_mutex_unlock(&lock->mutex) == 0);
    note_release(lock->rank);
}

bool lock_wait(Lock *lock, pthread_cond_t *cond, int64_t timeout_ms)
{
    if (timeout_ms < 0)
        return pthread_cond_wait(cond, &lock->mutex) == 0;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_cond_clockwait(cond, &lock->mutex, CLOCK_MONOTONIC, &until) == 0;
}
