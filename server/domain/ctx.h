/* domain/ctx.h: what every rule needs: who asks, when, and the neighbours. No hidden globals.
 *
 * Model    A Ctx lives as long as one request (or one background job). Its transaction is opened by need: ctx_read gives
 *          the open one, or one snapshot for the whole request; ctx_write ends that and begins the handler's one writing
 *          transaction; ctx_commit makes it durable. Whoever made the Ctx calls ctx_end, which rolls back what is open.
 * Retry    What happens before ctx_write must be repeatable: on ERR_RETRY the dispatcher runs the handler again.
 * Errors   The place that discovers an error names it once: return fail(ctx, ERR_…, "for the log"). The first cause wins.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"
#include "hub/hub.h"
#include "model/errors.h"
#include "model/permissions.h"
#include "model/settings.h"
#include "model/user.h"

typedef struct App App;   /* domain/app.h */

typedef struct Failure {
    Err err;
    Str names[4], values[4]; /* for {Name} in the text */
    size_t param_count;
    Str detail;              /* for the log only */
    const char *file;
    int line;
} Failure;

typedef struct Ctx {
    App *app;
    Arena *arena;
    Db *db;
    Hub *hub;                 /* NULL outside the server */
    const Settings *settings;
    int64_t now;              /* Unix ms; fixed for the request */
    const Session *session;   /* NULL: nobody is signed in */
    const User *user;         /* the session's; NULL likewise */
    Str user_id;              /* user->id, or empty */
    PermissionSet rights;     /* of the user's system roles */
    Str request_id, remote_ip, user_agent, locale, connection_id;
    bool is_tls;
    DbTx *tx;
    bool is_writing;
    Failure failure;
} Ctx;

/* Names an error and where; returns `err`. The format is for the log; NULL is fine. */
#define fail(ctx, err, ...) fail_at((ctx), (err), __FILE__, __LINE__, "" __VA_ARGS__)
Err fail_at(Ctx *ctx, Err err, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The same with one parameter of the text: fail_param(ctx, ERR_API_CONTEXT_INVALID_BODY_PARAM, "Name", STR("user_id")). */
#define fail_param(ctx, err, name, value) fail_param_at((ctx), (err), __FILE__, __LINE__, (name), (value))
Err fail_param_at(Ctx *ctx, Err err, const char *file, int line, const char *name, Str value);
/* ERR_API_CONTEXT_INVALID_BODY_PARAM and ..._URL_PARAM with their {Name}. */
#define fail_body(ctx, name) fail_param_at((ctx), ERR_API_CONTEXT_INVALID_BODY_PARAM, __FILE__, __LINE__, "Name", str_of(name))
#define fail_url(ctx, name)  fail_param_at((ctx), ERR_API_CONTEXT_INVALID_URL_PARAM, __FILE__, __LINE__, "Name", str_of(name))
/* Refused for want of a right: 403. */
#define fail_right(ctx, permission) \
    fail_at((ctx), ERR_API_CONTEXT_PERMISSIONS, __FILE__, __LINE__, "permission=%s", permission_wire(permission))

/* Where a call says ERR_ABSENT (or ERR_UNIQUE): the wire error that means. TRY_ABSENT(ctx, store_x(…), ERR_…). */
#define TRY_AS(ctx, call, kind, wire)                                                              \
    do {                                                                                           \
        Err try_as_ = (call);                                                                      \
        if (try_as_ == (kind))                                                                     \
            return fail((ctx), (wire));                                                            \
        if (try_as_ != OK)                                                                         \
            return try_as_;                                                                        \
    } while (0)
#define TRY_ABSENT(ctx, call, wire) TRY_AS(ctx, call, ERR_ABSENT, wire)
/* The call's statement may be deferred, so it is run at once. */
#define TRY_UNIQUE(ctx, call, wire) TRY_AS(ctx, ctx_at_once((ctx), (call)), ERR_UNIQUE, wire)

Err ctx_read(Ctx *ctx, DbTx **ret_tx);
Err ctx_write(Ctx *ctx, DbTx **ret_tx);
static inline Err ctx_at_once(Ctx *ctx, Err err) { return err == OK ? db_flush(ctx->tx) : err; }
Err ctx_commit(Ctx *ctx);
void ctx_end(Ctx *ctx);

/* A fresh id of this moment, in the arena. */
Str ctx_id(Ctx *ctx);

/* Appends an audit record to the open writing transaction. `extra` is JSON text or empty. */
Err ctx_audit(Ctx *ctx, DbTx *tx, const char *action, Str extra);
/* An audit record in a transaction of its own: for acts that were refused. */
void ctx_audit_refusal(Ctx *ctx, const char *action, Str extra, Err err);
