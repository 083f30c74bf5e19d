#include "ops/jobs.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"
#include "store/job_store.h"
#include <stdlib.h>

enum {
    DRAINERS = 2,
    SLEEP_MAX_MS = 60 * 1000,
    LOCK_MS = 10 * 60 *
              1000, /* longer than any job may take: then another worker believes this one dead */
    FIRST_PAUSE_MS = 10 * 1000,
    PAUSE_MAX_MS = 60 * 60 * 1000,
};

struct Jobs {
    App *app;
    Lock lock; /* guards what follows */
    pthread_cond_t news;
    bool is_ending;
    uint64_t wakes;
    pthread_t drainers[DRAINERS], ticker;
};

static void jobs_wake(void *arg)
{
    Jobs *jobs = arg;
    lock_take(&jobs->lock);
    jobs->wakes++;
    pthread_cond_broadcast(&jobs->news);
    lock_release(&jobs->lock);
}

/* ---- one job ---- */
static const JobKind *kind_find(Str type)
{
    for (const JobKind *kind = JOB_KINDS; kind->type; kind++)
        if (str_eq(type, str_of(kind->type)))
            return kind;
    return NULL;
}

/* 10 s, 20 s, 40 s … one hour, each a little longer or shorter, so that what failed together does not come back together. */
static int64_t pause_ms(int64_t attempts)
{
    int64_t pause = PAUSE_MAX_MS;
    if (attempts < 9)
        pause = (int64_t)FIRST_PAUSE_MS << (attempts - 1);
    uint16_t random;
    random_bytes(&random, sizeof random);
    return pause * (90 + random % 20) / 100;
}

static Err end_job(Ctx *ctx, const Job *job)
{
    DbTx *tx;
    bool was_mine;
    TRY(ctx_write(ctx, &tx));
    TRY(store_job_delete(tx, job,
                         &was_mine)); /* not mine: it ended itself, or another worker has it */
    return ctx_commit(ctx);
}

static Err fail_job(Ctx *ctx, const JobKind *kind, const Job *job, Err cause)
{
    bool is_dead = !kind || cause == ERR_SYNTAX || job->attempts >= kind->attempts;
    Str error =
        ctx->failure.detail.len ? str_slice(ctx->failure.detail, 0, 400) : str_of(err_name(cause));
    if (is_dead)
        log_error("a job is given up", "id=" STR_FMT " type=" STR_FMT " error=" STR_FMT,
                  STR_ARG(job->id), STR_ARG(job->type), STR_ARG(error));
    else
        log_warn("a job failed and is tried again",
                 "id=" STR_FMT " type=" STR_FMT " attempts=%lld error=" STR_FMT, STR_ARG(job->id),
                 STR_ARG(job->type), (long long)job->attempts, STR_ARG(error));
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(store_job_fail(tx, job, clock_now_ms() + pause_ms(job->attempts), is_dead, error));
    return ctx_commit(ctx);
}

static void run_job(App *app, Arena *arena, const Job *job)
{
    const JobKind *kind = kind_find(job->type);
    Err err = kind ? ERR_RETRY : ERR_SYNTAX;
    Ctx ctx;
    ctx_init(&ctx, app, arena);
    for (int attempt = 0; kind && attempt < 3 && err == ERR_RETRY; attempt++) {
        ctx_deinit(&ctx);
        ctx_init(&ctx, app, arena);
        err = kind->run(&ctx, job);
        ctx_end(&ctx);
    }
    metric_add(err == OK ? METRIC_JOBS_DONE : METRIC_JOBS_FAILED, 1);
    Err last = err == OK ? end_job(&ctx, job) : fail_job(&ctx, kind, job, err);
    if (last != OK) /* its lock runs out, and it comes again */
        log_error("the end of a job could not be written", "id=" STR_FMT " err=%s",
                  STR_ARG(job->id), err_name(last));
    ctx_deinit(&ctx);
}

/* ---- draining ---- */
static Err claim(App *app, Arena *arena, Job *ret_job, int64_t *ret_next)
{
    Ctx ctx;
    DbTx *tx;
    ctx_init(&ctx, app, arena);
    Err err = ctx_read(&ctx, &tx);
    int64_t due = 0;
    if (err == OK) /* an idle look must not write */
        err = store_job_next(tx, &due);
    *ret_next = due;
    if (err == OK && due > ctx.now)
        err = ERR_ABSENT;
    if (err == OK)
        err = ctx_write(&ctx, &tx);
    if (err == OK)
        err = store_job_claim(tx, arena, ctx.now, LOCK_MS, ret_job);
    if (err == OK)
        err = ctx_commit(&ctx);
    ctx_deinit(&ctx);
    return err;
}

/* Sleeps until `next` (Unix ms), the next wake after `seen`, or the end; false at the end. */
static bool sleep_until(Jobs *jobs, int64_t next, uint64_t seen)
{
    int64_t pause = next == INT64_MAX ? SLEEP_MAX_MS : next - clock_now_ms();
    pause = pause > SLEEP_MAX_MS ? SLEEP_MAX_MS : pause;
    lock_take(&jobs->lock);
    while (!jobs->is_ending && jobs->wakes == seen && pause > 0 &&
           lock_wait(&jobs->lock, &jobs->news, pause))
        ;
    bool goes_on = !jobs->is_ending;
    lock_release(&jobs->lock);
    return goes_on;
}

static void *drain(void *arg)
{
    Jobs *jobs = arg;
    Arena *arena = arena_create();
    for (bool goes_on = true; goes_on;) {
        lock_take(&jobs->lock);
        uint64_t seen = jobs->wakes;
        goes_on = !jobs->is_ending;
        lock_release(&jobs->lock);
        if (!goes_on)
            break;
        Job job;
        int64_t next;
        Err err = claim(jobs->app, arena, &job, &next);
        if (err == OK)
            run_job(jobs->app, arena, &job);
        else if (err == ERR_ABSENT)
            goes_on = sleep_until(jobs, next, seen);
        else if (err != ERR_RETRY) /* the database is away: not so often */
            goes_on = sleep_until(jobs, clock_now_ms() + 5000, seen);
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

/* ---- ticking ---- */
static void run_tick(App *app, Arena *arena, const Tick *tick)
{
    Err err = ERR_RETRY;
    for (int attempt = 0; attempt < 3 && err == ERR_RETRY; attempt++) {
        Ctx ctx;
        ctx_init(&ctx, app, arena);
        err = tick->run(&ctx);
        ctx_deinit(&ctx);
        arena_reset(arena);
    }
    if (err != OK)
        log_warn("a tick failed", "name=%s err=%s", tick->name, err_name(err));
}

static void *tick(void *arg)
{
    enum { STEP_MS = 1000, TICK_LIMIT = 32 };
    Jobs *jobs = arg;
    Arena *arena = arena_create();
    int64_t due[TICK_LIMIT] = {0};
    bool goes_on = true;
    for (int64_t now = clock_monotonic_ms(); goes_on; now = clock_monotonic_ms()) {
        for (size_t i = 0; TICKS[i].name; i++) {
            ENSURE(i < TICK_LIMIT);
            if (due[i] && now >= due[i])
                run_tick(jobs->app, arena, &TICKS[i]);
            if (!due[i] || now >= due[i])
                due[i] = now + TICKS[i].every_ms;
        }
        lock_take(&jobs->lock);
        while (!jobs->is_ending && lock_wait(&jobs->lock, &jobs->news, STEP_MS))
            if (clock_monotonic_ms() - now >= STEP_MS)
                break;
        goes_on = !jobs->is_ending;
        lock_release(&jobs->lock);
    }
    for (size_t i = 0; TICKS[i].name; i++)
        run_tick(jobs->app, arena, &TICKS[i]);
    arena_free(arena);
    return NULL;
}

/* The data directory of SQLite belongs to one process: what is still noted as running died with the last one. Other
 * databases may have other nodes, whose locks must run out. */
static void free_abandoned(App *app)
{
    if (db_dialect(app->db) != DB_SQLITE)
        return;
    Arena *arena = arena_create();
    Ctx ctx;
    DbTx *tx;
    ctx_init(&ctx, app, arena);
    Err err = ctx_write(&ctx, &tx);
    if (err == OK)
        err = store_job_free_all(tx);
    if (err == OK)
        err = ctx_commit(&ctx);
    if (err != OK)
        log_warn("jobs of the last run wait for their locks to run out", "err=%s", err_name(err));
    ctx_deinit(&ctx);
    arena_free(arena);
}

Jobs *jobs_new(App *app)
{
    free_abandoned(app);
    Jobs *jobs = calloc(1, sizeof *jobs);
    ENSURE(jobs != NULL);
    jobs->app = app;
    lock_init(&jobs->lock, LOCK_QUEUE);
    ENSURE(pthread_cond_init(&jobs->news, NULL) == 0);
    app->wake_jobs = jobs_wake;
    app->wake_jobs_arg = jobs;
    for (size_t i = 0; i < DRAINERS; i++)
        ENSURE(pthread_create(&jobs->drainers[i], NULL, drain, jobs) == 0);
    ENSURE(pthread_create(&jobs->ticker, NULL, tick, jobs) == 0);
    return jobs;
}

void jobs_free(Jobs *jobs)
{
    if (!jobs)
        return;
    jobs->app->is_ending = true;
    lock_take(&jobs->lock);
    jobs->is_ending = true;
    pthread_cond_broadcast(&jobs->news);
    lock_release(&jobs->lock);
    for (size_t i = 0; i < DRAINERS; i++)
        ENSURE(pthread_join(jobs->drainers[i], NULL) == 0);
    ENSURE(pthread_join(jobs->ticker, NULL) == 0);
    jobs->app->wake_jobs = NULL;
    (void)pthread_cond_destroy(&jobs->news); /* nobody waits any more */
    lock_deinit(&jobs->lock);
    free(jobs);
}
