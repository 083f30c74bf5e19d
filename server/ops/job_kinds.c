/* ops/job_kinds.c: which jobs and ticks there are. */
#include "domain/emojis.h"
#include "domain/files.h"
#include "domain/jobs.h"
#include "domain/mails.h"
#include "domain/one_time_tokens.h"
#include "domain/search.h"
#include "domain/statuses.h"
#include "domain/uploads.h"

/* clang-format off */
const JobKind JOB_KINDS[] = {
    { "emoji_gone", emoji_gone_job_run, 12 },
    { "mail", mail_job_run, 12 },               /* some five hours, then the address is given up */
    { "mail_notify", mail_notify_job_run, 12 },
    { 0 },
};

const Tick TICKS[] = {
    { "search index", 500, search_index_catch_up },
    { "statuses", 5 * 1000, statuses_tick },
    { "sessions", 3600 * 1000, sessions_expire },
    { "one-time tokens", 3600 * 1000, tokens_expire },
    { "forgotten files", 3600 * 1000, files_expire },
    { "forgotten uploads", 3600 * 1000, uploads_expire },
    { 0 },
};
/* clang-format on */
