/* bench/micro/db_bench.c: transactions like posting a message: lock the channel, insert, two
 * updates.
 *
 *     ninja -C build/release db_bench && build/release/db_bench sqlite:PATH|postgres://… THREADS
 * SECONDS [READERS]
 *
 * Prints transactions a second and their latency; with READERS also "latest 60" queries a second
 * beside them.
 */
#include "base/clock.h"
#include "base/id.h"
#include "base/metric.h"
#include "db/db.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CHANNELS = 50, THREADS_LIMIT = 512, LATENCIES = 200000 };

static Db *db;
static atomic_bool is_over;
static _Atomic int64_t posts, reads, retries, failures, next_latency;
static int32_t latencies_us[LATENCIES];

static const DbMigration SCHEMA[] = {
    {1, "bench",
     "CREATE TABLE bench_channels (id BIGINT PRIMARY KEY, last_at BIGINT NOT NULL, count BIGINT "
     "NOT NULL);\n--;\n"
     "CREATE TABLE bench_members (channel BIGINT NOT NULL, member BIGINT NOT NULL, seen BIGINT NOT "
     "NULL, PRIMARY KEY (channel, member));\n--;\n"
     "CREATE TABLE bench_posts (id VARCHAR(26) PRIMARY KEY, channel BIGINT NOT NULL, create_at "
     "BIGINT NOT NULL, message TEXT NOT NULL);\n--;\n"
     "CREATE INDEX bench_posts_channel ON bench_posts (channel, create_at);"},
};

static Err fill(void)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(db, &tx));
    for (int channel = 0; channel < CHANNELS; channel++) {
        TRY(db_exec(tx, "INSERT INTO bench_channels (id, last_at, count) VALUES (?, 0, 0)",
                    channel));
        for (int member = 0; member < 20; member++)
            TRY(db_exec(tx, "INSERT INTO bench_members (channel, member, seen) VALUES (?, ?, 0)",
                        channel, member));
    }
    return db_commit(tx);
}

static Err post_once(Arena *arena, int64_t channel)
{
    static const char text[] = "Some hundred bytes of message, as people write them when they have "
                               "something to say, or nothing.";
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t now_ms = clock_now_ms();
    TRY(db_begin(db, &tx));
    TRY(db_exec(tx, "UPDATE bench_members SET seen = seen + 1 WHERE channel = ? AND member = ?",
                channel, now_ms % 20));
    TRY(db_exec(tx, "INSERT INTO bench_posts (id, channel, create_at, message) VALUES (?, ?, ?, ?)",
                id_make(arena, now_ms), channel, now_ms, str_of(text)));
    TRY(db_exec(tx, "UPDATE bench_members SET seen = ? WHERE channel = ? AND member = ?", now_ms,
                channel, (now_ms + 7) % 20));
    TRY(db_exec(tx, "UPDATE bench_channels SET last_at = ?, count = count + 1 WHERE id = ?", now_ms,
                channel));
    return db_commit(tx);
}

static void *write_posts(void *arg)
{
    Arena *arena = arena_create();
    unsigned seed = (unsigned)(uintptr_t)arg * 7919 + 1;
    while (!is_over) {
        arena_reset(arena);
        int64_t from_us = clock_monotonic_us();
        Err err = post_once(arena, rand_r(&seed) % CHANNELS);
        atomic_fetch_add(err == OK ? &posts : err == ERR_RETRY ? &retries : &failures, 1);
        latencies_us[next_latency++ % LATENCIES] = (int32_t)(clock_monotonic_us() - from_us);
    }
    arena_free(arena);
    return NULL;
}

static Err read_latest(int64_t channel)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_read(db, &tx));
    TRY(db_query(tx, &rows,
                 "SELECT id, create_at, message FROM bench_posts WHERE channel = ? ORDER BY "
                 "create_at DESC LIMIT ?",
                 channel, 60));
    while (db_next(&rows))
        (void)db_text(&rows, 2);
    TRY(db_rows_error(&rows));
    return db_commit(tx);
}

static void *read_posts(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg * 104729 + 1;
    while (!is_over)
        atomic_fetch_add(read_latest(rand_r(&seed) % CHANNELS) == OK ? &reads : &failures, 1);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

static void report(double seconds)
{
    size_t n = next_latency < LATENCIES ? (size_t)next_latency : LATENCIES;
    qsort(latencies_us, n, sizeof *latencies_us, compare);
    printf("posts/s %.0f  p50 %.2f ms  p99 %.2f ms  max %.2f ms  commits a batch %.1f  reads/s "
           "%.0f  retries %lld  failures %lld\n",
           (double)posts / seconds, n ? latencies_us[n / 2] / 1e3 : 0,
           n ? latencies_us[n * 99 / 100] / 1e3 : 0, n ? latencies_us[n - 1] / 1e3 : 0,
           (double)metric_value(METRIC_DB_COMMITS) / (double)metric_value(METRIC_DB_BATCHES),
           (double)reads / seconds, (long long)retries, (long long)failures);
}

int main(int argc, char **argv)
{
    int64_t writers, seconds, readers = 0;
    if (argc < 4 || !str_to_int(str_of(argv[2]), &writers) ||
        !str_to_int(str_of(argv[3]), &seconds) ||
        (argc > 4 && !str_to_int(str_of(argv[4]), &readers)) || writers + readers > THREADS_LIMIT) {
        fprintf(stderr, "usage: %s DATA_SOURCE THREADS SECONDS [READERS]\n", argv[0]);
        return 2;
    }
    if (db_open(argv[1], NULL, &db) != OK || db_migrate(db, SCHEMA, 1, 1) != OK)
        return 1;
    (void)!fill(); /* refused by the primary key when it is filled already */
    static pthread_t threads[THREADS_LIMIT];
    for (int64_t i = 0; i < writers + readers; i++)
        ENSURE(pthread_create(&threads[i], NULL, i < writers ? write_posts : read_posts,
                              (void *)(uintptr_t)i) == 0);
    int64_t from_us = clock_monotonic_us();
    (void)nanosleep(&(struct timespec){.tv_sec = seconds},
                    NULL); /* shorter on a signal, which is measured */
    is_over = true;
    double passed = (double)(clock_monotonic_us() - from_us) / 1e6;
    for (int64_t i = 0; i < writers + readers; i++)
        ENSURE(pthread_join(threads[i], NULL) == 0);
    report(passed);
    db_free(db);
    return 0;
}
