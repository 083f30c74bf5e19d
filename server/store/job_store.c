#include "store/job_store.h"

Err store_job_insert(DbTx *tx, const Job *job)
{
    return job_insert_row(tx, job);
}

/* The first in time: one that waits, else one whose worker died. */
static Err find_due(DbTx *tx, Arena *arena, int64_t now, Job *ret_job)
{
    Err err = entity_get(tx, &job_entity, arena, ret_job,
                         ENTITY_SQL(&job_entity,
                                    "SELECT $ FROM jobs WHERE status = 'pending' AND run_at <= ? "
                                    "ORDER BY run_at LIMIT 1"),
                         now);
    if (err != ERR_ABSENT)
        return err;
    return entity_get(
        tx, &job_entity, arena, ret_job,
        ENTITY_SQL(&job_entity, "SELECT $ FROM jobs WHERE status = 'running' AND locked_until <= ? "
                                "ORDER BY run_at LIMIT 1"),
        now);
}

Err store_job_next(DbTx *tx, int64_t *ret_next)
{
    return db_get_int(tx, ret_next,
                      "SELECT coalesce(min(due), 9223372036854775807) FROM (SELECT min(run_at) AS "
                      "due FROM jobs WHERE status = "
                      "'pending' UNION ALL SELECT min(locked_until) AS due FROM jobs WHERE status "
                      "= 'running') AS both_kinds");
}

Err store_job_claim(DbTx *tx, Arena *arena, int64_t now, int64_t lock_ms, Job *ret_job)
{
    Job job;
    TRY(find_due(tx, arena, now, &job));
    int64_t touched;
    TRY(db_exec_count(
        tx, &touched,
        "UPDATE jobs SET status = 'running', locked_until = ?, attempts = attempts + 1 "
        "WHERE id = ? AND status = ? AND locked_until = ?",
        now + lock_ms, job.id, job.status, job.locked_until));
    if (touched == 0)
        return ERR_RETRY;
    job.status = STR("running");
    job.locked_until = now + lock_ms;
    job.attempts++;
    *ret_job = job;
    return OK;
}

Err store_job_delete(DbTx *tx, const Job *job, bool *ret_was_mine)
{
    int64_t touched;
    TRY(db_exec_count(tx, &touched, "DELETE FROM jobs WHERE id = ? AND locked_until = ?", job->id,
                      job->locked_until));
    *ret_was_mine = touched == 1;
    return OK;
}

Err store_job_fail(DbTx *tx, const Job *job, int64_t run_at, bool is_dead, Str error)
{
    return db_exec(tx,
                   "UPDATE jobs SET status = ?, run_at = ?, locked_until = 0, last_error = ? WHERE "
                   "id = ? AND locked_until = ?",
                   is_dead ? STR("dead") : STR("pending"), run_at, error, job->id,
                   job->locked_until);
}

Err store_job_free_all(DbTx *tx)
{
    return db_exec(tx,
                   "UPDATE jobs SET status = 'pending', locked_until = 0 WHERE status = 'running'");
}

Err store_job_count(DbTx *tx, Str status, int64_t *ret_count)
{
    return db_get_int(tx, ret_count, "SELECT count(*) FROM jobs WHERE status = ?", status);
}
