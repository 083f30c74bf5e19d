/* db/sqlite_conn.h: one SQLite connection: its settings, prepared statements and error kinds.
 *
 * Threads  One at a time; whoever hands it over does so under a lock.
 */
#pragma once
#include "db/statements.h"
#include <sqlite3.h>

typedef struct SqliteConn {
    sqlite3 *handle;
    Statements statements;
} SqliteConn;

typedef struct SqliteStatement {
    Statement base;
    sqlite3_stmt *handle;
} SqliteStatement;

typedef struct SqliteConnOptions {
    const char *path, *vfs;
    int64_t timeout_ms;
    int cache_kib, statements;
    bool is_write;
} SqliteConnOptions;

Err sqlite_conn_open(const SqliteConnOptions *options, SqliteConn **ret_conn);
void sqlite_conn_free(SqliteConn *conn); /* NULL is fine */

/* Runs a statement to its end. `ret_count` may be NULL. */
Err sqlite_conn_exec(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                     int64_t *ret_count);
/* The same without arguments; `sql` is a literal. */
Err sqlite_conn_run(SqliteConn *conn, const char *sql);
/* A statement with its arguments (copied) bound, ready to step; give it back with sqlite_conn_end.
 */
Err sqlite_conn_query(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                      SqliteStatement **ret_statement);
void sqlite_conn_end(SqliteConn *conn, SqliteStatement *statement);

/* What kind of Err the connection's last failure is; logs what is not expected. */
Err sqlite_conn_error(SqliteConn *conn, int code, Str doing);
/* Has SQLite itself rolled the transaction back (disk full, I/O error)? */
static inline bool sqlite_conn_is_idle(const SqliteConn *conn)
{
    return sqlite3_get_autocommit(conn->handle) != 0;
}
