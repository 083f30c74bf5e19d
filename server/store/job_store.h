/* store/job_store.h: the durable jobs in SQL: work that outlives the request that asked for it.
 *
 * A job is put in by the transaction that causes it, so it exists if and only if its cause does. Workers on any node claim
 * it for a while; one that dies loses it then, and another takes it: a job runs at least once.
 */
#pragma once
#include "model/system.h"

Err store_job_insert(DbTx *tx, const Job *job);
/* When the next job is due; INT64_MAX: there is none. */
Err store_job_next(DbTx *tx, int64_t *ret_next);
/* Takes the job that is due longest, for `lock_ms`: it is then running and counts one attempt more. ERR_ABSENT: nothing is
 * due; ERR_RETRY: another was quicker. */
Err store_job_claim(DbTx *tx, Arena *arena, int64_t now, int64_t lock_ms, Job *ret_job);
/* It is done. Only by the one who holds it: false when it was lost to another meanwhile. */
Err store_job_delete(DbTx *tx, const Job *job, bool *ret_was_mine);
/* It failed: to be tried again at `run_at`; or, when `is_dead`, kept to be looked at. */
Err store_job_fail(DbTx *tx, const Job *job, int64_t run_at, bool is_dead, Str error);
/* All that are running wait again: when it is known that no worker lives. */
Err store_job_free_all(DbTx *tx);
Err store_job_count(DbTx *tx, Str status, int64_t *ret_count);
