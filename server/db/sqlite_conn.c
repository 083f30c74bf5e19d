#include "db/sqlite_conn.h"
#include "base/log.h"
#include "db/driver.h"
#include <errno.h>

static Err kind_of(int code, int system_errno)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return ERR_UNIQUE;
    }
    switch (code & 0xff) {
    case SQLITE_FULL: return ERR_NO_SPACE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ERR_RETRY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
        return system_errno == ENOSPC || system_errno == EDQUOT ? ERR_NO_SPACE : ERR_UNAVAILABLE;
    }
    return ERR_INTERNAL;
}

Err sqlite_conn_error(SqliteConn *conn, int code, Str doing)
{
    static _Atomic int64_t last_full, last_away;
    ENSURE((code & 0xff) != SQLITE_NOMEM);
    int system_errno = sqlite3_system_errno(conn->handle);
    Err err = kind_of(code, system_errno);
    if (err == ERR_INTERNAL || (err == ERR_NO_SPACE && db_may_log(&last_full)) ||
        (err == ERR_UNAVAILABLE && db_may_log(&last_away)))
        log_error("sqlite refused", "code=%d errno=%d says=%s doing=" STR_FMT, code, system_errno,
                  sqlite3_errmsg(conn->handle), STR_ARG(doing));
    return err;
}

static void drop_statement(Statement *statement, void *arg)
{
    (void)arg;
    /* It repeats the error of its last step, which was reported then. */
    (void)sqlite3_finalize(((SqliteStatement *)statement)->handle);
    free(statement);
}

static Err pragma(SqliteConn *conn, const char *format, int64_t value)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, format, (long long)value);
    int code = sqlite3_exec(conn->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_conn_error(conn, code, str_of(sql));
}

/* The log survives from one opening to the next; only the writer may turn it on. */
static Err demand_wal(SqliteConn *conn)
{
    SqliteStatement *statement;
    Str sql = STR("PRAGMA journal_mode = WAL");
    TRY(sqlite_conn_query(conn, sql, true, NULL, 0, &statement));
    int code = sqlite3_step(statement->handle);
    Err err = code == SQLITE_ROW ? OK : sqlite_conn_error(conn, code, sql);
    if (err == OK && !str_eq_nocase(str_of((const char *)sqlite3_column_text(statement->handle, 0)),
                                    STR("wal"))) {
        log_error("sqlite cannot keep a write-ahead log here (a network file system?)");
        err = ERR_INTERNAL;
    }
    sqlite_conn_end(conn, statement);
    return err;
}

static Err set_up(SqliteConn *conn, const SqliteConnOptions *options)
{
    (void)sqlite3_extended_result_codes(conn->handle, 1); /* cannot fail on an open handle */
    /* Before any pragma: the first of them already reads the file, which another connection may be
     * recovering. */
    (void)sqlite3_busy_timeout(conn->handle, (int)options->timeout_ms); /* as above */
    TRY(pragma(conn, "PRAGMA cache_size = -%lld", options->cache_kib));
    TRY(pragma(conn, "PRAGMA temp_store = MEMORY", 0));
    TRY(pragma(conn, "PRAGMA foreign_keys = OFF", 0));
    if (!options->is_write)
        return pragma(conn, "PRAGMA query_only = ON", 0);
    TRY(demand_wal(conn));
    /* NORMAL would lose the last commits at a power cut; see "Durable" in db.h. */
    TRY(pragma(conn, "PRAGMA synchronous = FULL", 0));
    return pragma(conn, "PRAGMA journal_size_limit = %lld", 64 << 20);
}

Err sqlite_conn_open(const SqliteConnOptions *options, SqliteConn **ret_conn)
{
    SqliteConn *conn = calloc(1, sizeof *conn);
    ENSURE(conn != NULL);
    statements_init(&conn->statements, options->statements, drop_statement, NULL);
    int code = sqlite3_open_v2(options->path, &conn->handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                                   (options->is_write ? SQLITE_OPEN_CREATE : 0),
                               options->vfs);
    Err err = code == SQLITE_OK ? set_up(conn, options)
                                : sqlite_conn_error(conn, code, str_of(options->path));
    if (err != OK) {
        sqlite_conn_free(conn);
        return err;
    }
    *ret_conn = conn;
    return OK;
}

void sqlite_conn_free(SqliteConn *conn)
{
    if (!conn)
        return;
    statements_deinit(&conn->statements);
    ENSURE(sqlite3_close(conn->handle) == SQLITE_OK); /* BUSY: a statement outlived the cache */
    free(conn);
}

/* ---- statements ---- */

static Err take(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                SqliteStatement **ret_statement)
{
    SqliteStatement *statement =
        (SqliteStatement *)statements_take(&conn->statements, sql, is_static, args, count);
    if (statement) {
        *ret_statement = statement;
        return OK;
    }
    sqlite3_stmt *handle = NULL;
    const char *tail;
    int code = sqlite3_prepare_v3(conn->handle, sql.ptr, (int)sql.len, SQLITE_PREPARE_PERSISTENT,
                                  &handle, &tail);
    if (code != SQLITE_OK)
        return sqlite_conn_error(conn, code, sql);
    if (!handle || !str_is_empty(str_trim(str_slice(sql, (size_t)(tail - sql.ptr), sql.len))) ||
        (size_t)sqlite3_bind_parameter_count(handle) != count) {
        log_error("not one statement, or not with so many arguments", "arguments=%zu sql=" STR_FMT,
                  count, STR_ARG(sql));
        (void)sqlite3_finalize(handle); /* never stepped */
        return ERR_INTERNAL;
    }
    statement = calloc(1, sizeof *statement);
    ENSURE(statement != NULL);
    statement->handle = handle;
    statements_add(&conn->statements, &statement->base, sql, is_static, args, count);
    *ret_statement = statement;
    return OK;
}

/* `destructor`: SQLITE_STATIC when the statement runs to its end before the caller returns. An
 * empty value has a pointer all the same: NULL would bind NULL. */
static int bind(sqlite3_stmt *handle, const DbArg *args, size_t count,
                sqlite3_destructor_type destructor)
{
    int code = SQLITE_OK;
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        const char *ptr = args[i].text.len ? args[i].text.ptr : "";
        switch (args[i].kind) {
        case DB_ARG_INT: code = sqlite3_bind_int64(handle, (int)i + 1, args[i].number); break;
        case DB_ARG_TEXT:
            code = sqlite3_bind_text64(handle, (int)i + 1, ptr, args[i].text.len, destructor,
                                       SQLITE_UTF8);
            break;
        case DB_ARG_BLOB:
            code = sqlite3_bind_blob64(handle, (int)i + 1, ptr, args[i].text.len, destructor);
            break;
        }
    }
    return code;
}

static Err take_bound(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                      sqlite3_destructor_type destructor, SqliteStatement **ret_statement)
{
    SqliteStatement *statement = NULL;
    TRY(take(conn, sql, is_static, args, count, &statement));
    int code = bind(statement->handle, args, count, destructor);
    if (code != SQLITE_OK) {
        Err err = sqlite_conn_error(conn, code, sql);
        sqlite_conn_end(conn, statement);
        return err;
    }
    *ret_statement = statement;
    return OK;
}

Err sqlite_conn_exec(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                     int64_t *ret_count)
{
    SqliteStatement *statement = NULL;
    TRY(take_bound(conn, sql, is_static, args, count, SQLITE_STATIC, &statement));
    int code;
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
    }
    Err err = code == SQLITE_DONE ? OK : sqlite_conn_error(conn, code, sql);
    if (err == OK && ret_count)
        *ret_count = sqlite3_changes64(conn->handle);
    sqlite_conn_end(conn, statement);
    return err;
}

Err sqlite_conn_run(SqliteConn *conn, const char *sql)
{
    return sqlite_conn_exec(conn, str_of(sql), true, NULL, 0, NULL);
}

Err sqlite_conn_query(SqliteConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                      SqliteStatement **ret_statement)
{
    return take_bound(conn, sql, is_static, args, count, SQLITE_TRANSIENT, ret_statement);
}

void sqlite_conn_end(SqliteConn *conn, SqliteStatement *statement)
{
    (void)sqlite3_reset(statement->handle); /* repeats the error of the last step, reported then */
    (void)sqlite3_clear_bindings(
        statement->handle); /* always OK: frees copies, forgets borrowed pointers */
    statements_give(&conn->statements, &statement->base);
}
