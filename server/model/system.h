/* model/system.h: what the server keeps for itself: audit records and background jobs. */
#pragma once
#include "model/entity.h"

/* Append only. Written in the transaction of the act it records. */
#define AUDIT_FIELDS(F, T)                                                                            \
    F(T, ID,     id,         SHOW | SAVE)                                                             \
    F(T, TIME,   create_at,  SHOW | SAVE)                                                             \
    F(T, ID,     user_id,    SHOW | SAVE)                                                             \
    F(T, TEXT,   action,     SHOW | SAVE)                         /* user.login, channel.archive … */ \
    F(T, TEXT,   extra_info, SHOW | SAVE)                         /* JSON: what it was done to */     \
    F(T, TEXT,   ip_address, SHOW | SAVE)                                                             \
    F(T, ID,     session_id, SHOW | SAVE)                                                             \
    F(T, TEXT,   result,     SAVE)                                /* success, or the error's id */    \
    F(T, ID,     request_id, SAVE)
ENTITY_DECLARE(Audit, audit, AUDIT_FIELDS)

#define JOB_FIELDS(F, T)                                                                              \
    F(T, ID,    id,         SAVE)                                                                     \
    F(T, TEXT,  type,       SAVE)                                 /* email, search_index … */         \
    F(T, TIME,  create_at,  SAVE)                                                                     \
    F(T, TIME,  run_at,     SAVE)                                 /* not before */                    \
    F(T, COUNT, attempts,   SAVE)                                                                     \
    F(T, TEXT,  status,     SAVE)                                 /* pending, running, dead */        \
    F(T, TIME,  locked_until, SAVE)                               /* a worker that died loses it then */ \
    F(T, TEXT,  data,       SAVE)                                 /* JSON */                          \
    F(T, TEXT,  last_error, SAVE)
ENTITY_DECLARE(Job, job, JOB_FIELDS)
