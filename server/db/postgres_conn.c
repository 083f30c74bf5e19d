#include "db/postgres_conn.h"
#include "base/log.h"
#include "db/driver.h"
#include <endian.h>
#include <poll.h>

enum { STATEMENTS_LIMIT = 256, SQL_LIMIT_BYTES = 1 << 20, ARGS_LIMIT = 65535 };
enum { OID_BYTES = 17, OID_INT8 = 20, OID_TEXT = 25 }; /* of pg_type; they never change */

typedef struct PostgresStatement {
    Statement base;
    int64_t serial;
    bool is_on_server;
} PostgresStatement;

/* ---- errors ---- */

static bool is_one_of(const char *state, const char *states)
{
    return strstr(states, state) != NULL;
}

/* SQLSTATE to Err: PostgreSQL documentation, appendix A. */
static Err kind_of(const char *state)
{
    if (is_one_of(state, "40001 40P01")) /* serialization failure, deadlock */
        return ERR_RETRY;
    if (is_one_of(state, "0A000 26000")) /* a plan that a migration outdated; a lost statement */
        return ERR_RETRY;
    if (is_one_of(state, "23505"))
        return ERR_UNIQUE;
    if (is_one_of(state, "53100"))
        return ERR_NO_SPACE;
    /* Connections; resources; time-outs and shutdown; a lock not got; a standby; the system. */
    static const char *const away[] = {"08", "53", "57", "55P03", "25006", "25P03", "58"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        if (str_starts_with(str_of(state), str_of(away[i])))
            return ERR_UNAVAILABLE;
    return ERR_INTERNAL;
}

/* Errors after which the connection is not used again, although it may look well. */
static bool breaks_connection(const char *state)
{
    return is_one_of(state, "0A000 26000 25006 25P03") ||
           str_starts_with(str_of(state), STR("08")) || str_starts_with(str_of(state), STR("57P"));
}

static Err lost(PostgresConn *conn)
{
    static _Atomic int64_t last_lost;
    if (!conn->is_broken && db_may_log(&last_lost))
        log_error("postgres connection lost", "says=%s", PQerrorMessage(conn->handle));
    conn->is_broken = true;
    conn->count = conn->strays = 0;
    return ERR_UNAVAILABLE;
}

static Err error_of(PostgresConn *conn, const PGresult *result, Str sql)
{
    static _Atomic int64_t last_full, last_away;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state || PQstatus(conn->handle) == CONNECTION_BAD)
        return lost(conn);
    if (breaks_connection(state))
        conn->is_broken = true;
    Err err = kind_of(state);
    const char *says = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (err == ERR_INTERNAL || (err == ERR_NO_SPACE && db_may_log(&last_full)) ||
        (err == ERR_UNAVAILABLE && db_may_log(&last_away)))
        log_error("postgres refused", "sqlstate=%s says=%s doing=" STR_FMT, state, says ? says : "",
                  STR_ARG(sql));
    return err;
}

/* ---- connecting ---- */

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg, (void)result;
}

/* What the operator chose (in the URI, for the role or the server) stays; the server's own "none"
 * becomes ours. A commit that is not durable would break the promise of db.h, so `off` is not a
 * choice. */
static bool set_session(PGconn *handle, int64_t lock_timeout_ms)
{
    static const char format[] =
        "SET client_min_messages = error; SET bytea_output = hex;"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off';"
        "SELECT set_config(name, value, false) FROM (VALUES"
        " ('statement_timeout', '30s'), ('lock_timeout', '%lldms'),"
        " ('idle_in_transaction_session_timeout', '60s')) AS ours (name, value)"
        " WHERE current_setting(name) = '0'";
    char sql[1024];
    (void)snprintf(sql, sizeof sql, format, (long long)lock_timeout_ms);
    PGresult *result = PQexec(handle, sql);
    bool is_ok = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return is_ok && PQenterPipelineMode(handle) == 1;
}

static void drop_statement(Statement *statement, void *arg);

Err postgres_conn_open(const char *data_source, int64_t lock_timeout_ms, PostgresConn **ret_conn)
{
    static _Atomic int64_t last_failure;
    /* The data source overrules what stands before it. A peer that vanished is noticed after 15 seconds. */
    /* clang-format off */
    static const char *const names[] = {
        "application_name", "connect_timeout", "target_session_attrs", "tcp_user_timeout",
        "keepalives_idle", "keepalives_interval", "keepalives_count", "dbname", "client_encoding", NULL};
    const char *const values[] = {
        "anser", "3", "read-write", "15000",
        "30", "5", "3", data_source, "UTF8", NULL};
    /* clang-format on */
    PGconn *handle = PQconnectdbParams(names, values, 1);
    ENSURE(handle != NULL);
    (void)PQsetNoticeReceiver(handle, ignore_notice, NULL); /* returns the former one */
    if (PQstatus(handle) != CONNECTION_OK || !set_session(handle, lock_timeout_ms)) {
        if (db_may_log(&last_failure))
            log_error("postgres is away", "says=%s", PQerrorMessage(handle));
        PQfinish(handle);
        return ERR_UNAVAILABLE;
    }
    PostgresConn *conn = calloc(1, sizeof *conn);
    ENSURE(conn != NULL);
    conn->handle = handle;
    statements_init(&conn->statements, STATEMENTS_LIMIT, drop_statement, conn);
    *ret_conn = conn;
    return OK;
}

void postgres_conn_free(PostgresConn *conn)
{
    if (!conn)
        return;
    conn->is_closing = true;
    statements_deinit(&conn->statements);
    PQfinish(conn->handle);
    free(conn->queue);
    free(conn);
}

bool postgres_conn_is_alive(PostgresConn *conn)
{
    struct pollfd fd = {.fd = PQsocket(conn->handle), .events = POLLIN};
    /* Readable: the answers to strays, or a farewell followed by the end, which shows at the second
     * reading. */
    for (int i = 0; i < 3 && poll(&fd, 1, 0) > 0; i++)
        if (PQconsumeInput(conn->handle) == 0)
            return false;
    return PQstatus(conn->handle) == CONNECTION_OK;
}

/* ---- the queue ---- */

static void expect(PostgresConn *conn, int kind, int64_t serial)
{
    if (conn->first + conn->count == conn->cap) {
        if (conn->first > 0) {
            memmove(conn->queue, conn->queue + conn->first, conn->count * sizeof *conn->queue);
        } else {
            conn->cap = conn->cap ? conn->cap * 2 : 32;
            conn->queue = realloc(conn->queue, conn->cap * sizeof *conn->queue);
            ENSURE(conn->queue != NULL);
        }
        conn->first = 0;
    }
    conn->queue[conn->first + conn->count++] = (PostgresPending){kind, serial};
}

static PostgresPending expected(PostgresConn *conn)
{
    conn->count--;
    return conn->queue[conn->first++];
}

/* Moves `at` past a quoted text, a quoted name or a comment that starts there; else by one.
 * Portable SQL has no other place where a question mark is not a placeholder. */
static size_t skip_token(Str sql, size_t at)
{
    char c = sql.ptr[at];
    Str rest = str_slice(sql, at, sql.len), end = STR_EMPTY;
    if (c == '\'' || c == '"')
        end = str_slice(rest, 0, 1);
    else if (str_starts_with(rest, STR("--")))
        end = STR("\n");
    else if (str_starts_with(rest, STR("/*")))
        end = STR("*/");
    else
        return at + 1;
    ptrdiff_t close = str_find(sql, end, at + (end.len == 2 ? 2 : 1));
    return close < 0 ? sql.len : (size_t)close + end.len;
}

/* "a = ? AND b = '?'" becomes "a = $1 AND b = '?'", with a NUL. Returns how many there are. */
static size_t number_placeholders(Str sql, Buf *out)
{
    size_t n = 0;
    for (size_t at = 0, next; at < sql.len; at = next) {
        next = skip_token(sql, at);
        if (sql.ptr[at] == '?')
            buf_printf(out, "$%zu", ++n);
        else
            buf_append(out, str_slice(sql, at, next));
    }
    buf_append_char(out, 0);
    ENSURE(!out->overflowed);
    return n;
}

static void name_of(int64_t serial, char ret_name[24])
{
    (void)snprintf(ret_name, 24, "s%lld", (long long)serial);
}

/* A statement is dropped while the connection lives: the server forgets it, too. If the pipeline
 * fails before that, the server keeps it until the connection closes. */
static void drop_statement(Statement *base, void *arg)
{
    PostgresConn *conn = arg;
    PostgresStatement *statement = (PostgresStatement *)base;
    char sql[64];
    (void)snprintf(sql, sizeof sql, "DEALLOCATE s%lld", (long long)statement->serial);
    if (statement->is_on_server && !conn->is_closing && !conn->is_broken &&
        PQsendQueryParams(conn->handle, sql, 0, NULL, NULL, NULL, NULL, 0) == 1)
        expect(conn, PENDING_RUN, 0);
    free(statement);
}

/* With their types, `? - ?` and CASE … THEN ? mean the same as in SQLite. */
static int send_prepare(PostgresConn *conn, int64_t serial, const char *numbered, const DbArg *args,
                        size_t count)
{
    Oid *types = calloc(count + 1, sizeof *types);
    ENSURE(types != NULL);
    for (size_t i = 0; i < count; i++)
        types[i] = args[i].kind == DB_ARG_INT    ? OID_INT8
                   : args[i].kind == DB_ARG_TEXT ? OID_TEXT
                                                 : OID_BYTES;
    char name[24];
    name_of(serial, name);
    int sent = PQsendPrepare(conn->handle, name, numbered, (int)count, types);
    free(types);
    return sent;
}

static Err prepare(PostgresConn *conn, Str sql, bool is_static, const DbArg *args, size_t count,
                   PostgresStatement **ret_statement)
{
    Buf numbered;
    buf_init(&numbered, SQL_LIMIT_BYTES);
    size_t places = number_placeholders(sql, &numbered);
    if (places != count) {
        log_error("a statement with another number of arguments", "arguments=%zu sql=" STR_FMT,
                  count, STR_ARG(sql));
        buf_deinit(&numbered);
        return ERR_INTERNAL;
    }
    int64_t serial = ++conn->next_serial;
    int sent = send_prepare(conn, serial, numbered.ptr, args, count);
    buf_deinit(&numbered);
    if (sent != 1)
        return lost(conn);
    expect(conn, PENDING_PREPARE, serial);
    PostgresStatement *statement = calloc(1, sizeof *statement);
    ENSURE(statement != NULL);
    statement->serial = serial;
    statement->is_on_server = true;
    statements_add(&conn->statements, &statement->base, sql, is_static, args, count);
    *ret_statement = statement;
    return OK;
}

/* All arguments travel in binary: nothing to copy, quote or end with NUL. */
static int send_run(PostgresConn *conn, int64_t serial, const DbArg *args, size_t count)
{
    enum { FEW = 24 };
    int64_t few_numbers[FEW], *numbers = few_numbers;
    const char *few_values[FEW], **values = few_values;
    int few_lengths[FEW], *lengths = few_lengths, few_formats[FEW], *formats = few_formats;
    void *many = NULL;
    if (count > FEW) {
        many = calloc(count, sizeof *numbers + sizeof *values + sizeof *lengths + sizeof *formats);
        ENSURE(many != NULL);
        numbers = many;
        values = (const char **)(numbers + count);
        lengths = (int *)(values + count);
        formats = lengths + count;
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (int64_t)htobe64((uint64_t)args[i].number);
        bool is_int = args[i].kind == DB_ARG_INT;
        values[i] = is_int ? (const char *)&numbers[i] : args[i].text.len ? args[i].text.ptr : "";
        lengths[i] = is_int ? 8 : (int)args[i].text.len;
        formats[i] = 1;
    }
    char name[24];
    name_of(serial, name);
    int sent = PQsendQueryPrepared(conn->handle, name, (int)count, values, lengths, formats, 0);
    free(many);
    return sent;
}

Err postgres_conn_queue(PostgresConn *conn, Str sql, bool is_static, const DbArg *args,
                        size_t count)
{
    ENSURE(count <= ARGS_LIMIT);
    if (conn->is_broken)
        return ERR_UNAVAILABLE;
    PostgresStatement *statement =
        (PostgresStatement *)statements_take(&conn->statements, sql, is_static, args, count);
    if (!statement)
        TRY(prepare(conn, sql, is_static, args, count, &statement));
    int sent = send_run(conn, statement->serial, args, count);
    if (sent == 1)
        expect(conn, PENDING_RUN, statement->serial);
    statements_give(&conn->statements, &statement->base);
    return sent == 1 ? OK : lost(conn);
}

Err postgres_conn_queue_literal(PostgresConn *conn, const char *sql)
{
    return postgres_conn_queue(conn, str_of(sql), true, NULL, 0);
}

Err postgres_conn_send(PostgresConn *conn)
{
    if (conn->is_broken)
        return ERR_UNAVAILABLE;
    if (PQpipelineSync(conn->handle) != 1)
        return lost(conn);
    expect(conn, PENDING_SYNC, 0);
    return OK;
}

/* ---- the answers ---- */

static PostgresStatement *find_statement(PostgresConn *conn, int64_t serial)
{
    for (Statement *s = conn->statements.newest; s; s = s->older)
        if (((PostgresStatement *)s)->serial == serial)
            return (PostgresStatement *)s;
    return NULL;
}

/* The server refused or skipped a preparation: the next use prepares again. */
static void forget_statement(PostgresConn *conn, int64_t serial)
{
    PostgresStatement *statement = find_statement(conn, serial);
    if (!statement)
        return;
    statement->is_on_server = false;
    statements_drop(&conn->statements, &statement->base);
}

static Err read_sync(PostgresConn *conn)
{
    PGresult *result = PQgetResult(conn->handle);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_PIPELINE_SYNC ? OK : lost(conn);
}

/* Each statement's answer is its result, then NULL. */
static Err read_answer(PostgresConn *conn, PostgresPending what, PGresult **ret_result)
{
    PGresult *result = PQgetResult(conn->handle);
    if (!result)
        return lost(conn);
    ExecStatusType status = PQresultStatus(result);
    Err err = OK;
    if (status == PGRES_PIPELINE_ABORTED) {
        err = ERR_RETRY; /* never the first error of its pipeline, so nobody sees it */
    } else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        PostgresStatement *statement = find_statement(conn, what.serial);
        err = error_of(conn, result, statement ? statement->base.sql : STR_EMPTY);
    }
    if (err != OK && what.kind == PENDING_PREPARE)
        forget_statement(conn, what.serial);
    if (PQstatus(conn->handle) == CONNECTION_OK)
        for (PGresult *more; (more = PQgetResult(conn->handle)) != NULL;)
            PQclear(more);
    if (err == OK) {
        *ret_result = result;
        return OK;
    }
    PQclear(result);
    return err;
}

Err postgres_conn_collect(PostgresConn *conn, PGresult **ret_last)
{
    TRY(postgres_conn_send(conn));
    Err first_err = OK;
    PGresult *last = NULL;
    while (conn->count > 0) {
        bool is_stray = conn->strays > 0;
        if (is_stray)
            conn->strays--;
        PostgresPending what = expected(conn);
        PGresult *result = NULL;
        Err err = what.kind == PENDING_SYNC ? read_sync(conn) : read_answer(conn, what, &result);
        if (first_err == OK && (!is_stray || conn->is_broken))
            first_err = err;
        if (what.kind == PENDING_RUN && what.serial != 0 && result) {
            PQclear(last);
            last = result;
        } else {
            PQclear(result);
        }
    }
    if (conn->is_broken && first_err == OK)
        first_err = ERR_UNAVAILABLE;
    if (first_err == OK && ret_last)
        *ret_last = last;
    else
        PQclear(last);
    return first_err;
}

void postgres_conn_leave(PostgresConn *conn)
{
    conn->strays = conn->count;
}

Err postgres_conn_script(PostgresConn *conn, const char *sql)
{
    TRY(postgres_conn_collect(conn, NULL));
    if (PQexitPipelineMode(conn->handle) != 1)
        return lost(conn);
    PGresult *result = PQexec(conn->handle, sql);
    ExecStatusType status = PQresultStatus(result);
    Err err = OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        err = error_of(conn, result, str_slice(str_of(sql), 0, 200));
    PQclear(result);
    if (!conn->is_broken && PQenterPipelineMode(conn->handle) != 1)
        return lost(conn);
    return err;
}
