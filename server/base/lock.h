/* base/lock.h: a mutex with a rank.
 *
 * While holding a lock a thread takes only locks of a higher rank; builds with assertions check it. A lock is never
 * held over I/O. Ranks, in the order in which they may be taken, stand here so that they can be compared.
 */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum LockRank {
    LOCK_SETTINGS = 10,
    LOCK_CACHE = 20,
    LOCK_DB = 30,
    LOCK_HUB = 40,
    LOCK_MAILBOX = 50,
    LOCK_QUEUE = 60,
    LOCK_METRIC = 70,
    LOCK_LOG = 80,
} LockRank;

typedef struct Lock {
    pthread_mutex_t mutex;
    LockRank rank;
} Lock;

void lock_init(Lock *lock, LockRank rank);
void lock_deinit(Lock *lock);
void lock_take(Lock *lock);
void lock_release(Lock *lock);
/* Waits on `cond`, giving up the lock meanwhile. timeout_ms < 0 waits for ever; false on time-out. */
bool lock_wait(Lock *lock, pthread_cond_t *cond, int64_t timeout_ms);
