/* db/postgres_conn.h: one PostgreSQL connection in pipeline mode.
 *
 * Model    What is queued goes to the server without waiting; postgres_conn_collect waits for all answers, in order. The
 *          first error makes the server skip what follows up to the next sync point.
 * Strays   The end of a transaction whose answer nobody waits for (a rollback, the end of a reading one) is left in the
 *          queue; the next collect reads and ignores it.
 * Threads  One at a time; it is handed over through the pool.
 */
#pragma once
#include "db/statements.h"
#include <libpq-fe.h>

typedef struct PostgresPending {
    enum { PENDING_PREPARE, PENDING_RUN, PENDING_SYNC } kind;
    int64_t serial; /* of the statement */
} PostgresPending;

typedef struct PostgresConn {
    PGconn *handle;
    Statements statements;
    int64_t next_serial;
    PostgresPending *queue; /* what the server still has to answer */
    size_t first, count, cap, strays;
    bool is_broken; /* to be replaced: lost, or in a state nobody knows */
    bool is_closing;
} PostgresConn;

/* Connects, waiting 3 seconds at most for each address. */
Err postgres_conn_open(const char *data_source, int64_t lock_timeout_ms, PostgresConn **ret_conn);
void postgres_conn_free(PostgresConn *conn); /* NULL is fine */
/* Did the server close it while nobody looked? One system call. */
bool postgres_conn_is_alive(PostgresConn *conn);

/* Queues a statement. Errors: the connection is lost. */
Err postgres_conn_queue(PostgresConn *conn, Str sql, bool is_static, const DbArg *args,
                        size_t count);
/* The same without arguments; `sql` is a literal. */
Err postgres_conn_queue_literal(PostgresConn *conn, const char *sql);
/* Queues a sync point and sends everything. */
Err postgres_conn_send(PostgresConn *conn);
/* Sends, waits for all answers and returns the first error. `ret_last` (may be NULL): the last
 * statement's, owned. */
Err postgres_conn_collect(PostgresConn *conn, PGresult **ret_last);
/* From now on nobody waits for what is in the queue. */
void postgres_conn_leave(PostgresConn *conn);
/* Several statements at once, outside the pipeline. */
Err postgres_conn_script(PostgresConn *conn, const char *sql);
