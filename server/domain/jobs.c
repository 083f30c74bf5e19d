#include "domain/jobs.h"
#include "store/job_store.h"

static void wake(void *arg)
{
    App *app = arg;
    if (app->wake_jobs)
        app->wake_jobs(app->wake_jobs_arg);
}

Err job_add_in(Ctx *ctx, DbTx *tx, const char *type, int64_t run_at, Str data)
{
    Job job = {
        .id = ctx_id(ctx),
        .type = str_of(type),
        .create_at = ctx->now,
        .run_at = run_at ? run_at : ctx->now,
        .status = STR("pending"),
        .data = data,
    };
    TRY(store_job_insert(tx, &job));
    db_on_commit(tx, wake, ctx->app);
    return OK;
}

Err job_end_in(DbTx *tx, const Job *job)
{
    bool was_mine;
    TRY(store_job_delete(tx, job, &was_mine));
    return was_mine ? OK : ERR_RETRY;
}
