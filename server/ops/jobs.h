/* ops/jobs.h: runs the durable jobs (domain/jobs.h) and the ticks.
 *
 * Threads  Two that drain the table and one that ticks. jobs_wake: any thread. They sleep until the next job is due, and at
 *          most a minute, since other nodes put jobs in too.
 */
#pragma once
#include "domain/jobs.h"

typedef struct Jobs Jobs;

/* Starts the threads; makes itself app->wake_jobs. */
Jobs *jobs_new(App *app);
/* Lets what runs come to its end, joins, and forgets itself in app. Ticks run once more: they write down what is only in
 * memory. */
void jobs_free(Jobs *jobs); /* NULL is fine */
