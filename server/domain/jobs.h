/* domain/jobs.h: work that is done later, surely: mails, notifications, what calls other systems.
 *
 * Model    job_add_in puts a row into the `jobs` table within the transaction of its cause; the threads of ops/jobs.h take
 *          it soon after the commit, and again after a failure or a crash. One job per cause: what concerns many people is
 *          expanded by the job, not in the poster's transaction.
 * Kinds    Each kind is a row of JOB_KINDS (ops/job_kinds.c). Its function gets a Ctx of nobody and may write; run twice, it
 *          must do no harm. What must happen exactly once goes into one transaction with job_end_in.
 * Errors   OK: done, the row goes. ERR_SYNTAX: it can never succeed, and is dead at once. Others: again later, with growing
 *          pauses, until the kind's attempts are used up; then it is dead and stays to be looked at.
 */
#pragma once
#include "domain/app.h"
#include "model/system.h"

typedef struct JobKind {
    const char *type;
    Err (*run)(Ctx *ctx, const Job *job);
    int attempts;
} JobKind;
extern const JobKind JOB_KINDS[]; /* ends with type NULL */

/* Work to be repeated while the server runs: not remembered anywhere. */
typedef struct Tick {
    const char *name;
    int64_t every_ms;
    Err (*run)(Ctx *ctx);
} Tick;
extern const Tick TICKS[]; /* ends with name NULL */

/* `data` is JSON and never holds a secret. run_at 0: as soon as may be. */
Err job_add_in(Ctx *ctx, DbTx *tx, const char *type, int64_t run_at, Str data);
/* Within the job's own writing transaction: its effects and its end become durable together. ERR_RETRY when another worker
 * has taken it meanwhile: roll back. */
Err job_end_in(DbTx *tx, const Job *job);
