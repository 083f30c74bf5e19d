/* db/postgres.c: the PostgreSQL driver: a bounded pool of connections in pipeline mode.
 *
 * Trips    A transaction's begin, its db_exec and its commit ride in the pipeline: a writing transaction waits once at its
 *          commit, and once for each query before. The end of a reading transaction, or of one that is rolled back, is
 *          sent and not waited for.
 * Levels   Writers: READ COMMITTED, rows are locked explicitly. Readers: REPEATABLE READ READ ONLY, one snapshot.
 * Away     A connection that broke is replaced at the next begin. While the server cannot be reached, one thread tries,
 *          at growing distances, and all others are told ERR_UNAVAILABLE at once.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "db/driver.h"
#include "db/pool.h"
#include "db/postgres_conn.h"
#include <stdatomic.h>

enum {
    CONNECTIONS = 16,
    QUEUE_LIMIT = 1000, /* answers left waiting; bounds memory and tells of errors early */
    AWAY_FIRST_MS = 250,
    AWAY_MOST_MS = 2000,
    ATTEMPT_MS = 4000, /* longer than an attempt takes */
    OID_BYTEA = 17,
};

typedef struct PostgresDb {
    Db db;
    char *data_source;
    int64_t timeout_ms;
    Pool pool;
    Lock lock;                           /* guards what follows */
    int64_t away_until_ms, away_step_ms; /* 0: the last connecting succeeded */
} PostgresDb;

typedef struct PostgresTx {
    DbTx tx;
    PostgresConn *conn;
} PostgresTx;

/* ---- connections ---- */

/* May this thread try to connect? While the server is away only one does at a time. */
static bool may_connect(PostgresDb *db)
{
    lock_take(&db->lock);
    int64_t now_ms = clock_monotonic_ms();
    bool may = db->away_step_ms == 0 || now_ms >= db->away_until_ms;
    if (may && db->away_step_ms > 0)
        db->away_until_ms = now_ms + ATTEMPT_MS; /* until this attempt tells */
    lock_release(&db->lock);
    return may;
}

static void note_connect(PostgresDb *db, bool is_ok)
{
    lock_take(&db->lock);
    int64_t step_ms = db->away_step_ms * 2;
    db->away_step_ms = is_ok                     ? 0
                       : step_ms < AWAY_FIRST_MS ? AWAY_FIRST_MS
                       : step_ms > AWAY_MOST_MS  ? AWAY_MOST_MS
                                                 : step_ms;
    db->away_until_ms = clock_monotonic_ms() + db->away_step_ms;
    lock_release(&db->lock);
}

static Err connect(PostgresDb *db, PostgresConn **ret_conn)
{
    if (!may_connect(db))
        return ERR_UNAVAILABLE;
    Err err = postgres_conn_open(db->data_source, db->timeout_ms, ret_conn);
    note_connect(db, err == OK);
    return err;
}

static Err conn_take(PostgresDb *db, PostgresConn **ret_conn)
{
    void *item;
    TRY(pool_take(&db->pool, &item));
    PostgresConn *conn = item;
    if (conn && !postgres_conn_is_alive(conn)) {
        postgres_conn_free(conn);
        conn = NULL;
    }
    Err err = conn ? OK : connect(db, &conn);
    if (err != OK) {
        pool_give(&db->pool, NULL);
        return err;
    }
    *ret_conn = conn;
    return OK;
}

static void conn_give(PostgresDb *db, PostgresConn *conn)
{
    if (conn->is_broken) {
        postgres_conn_free(conn);
        conn = NULL;
    } else {
        postgres_conn_leave(conn);
    }
    pool_give(&db->pool, conn);
}

/* ---- transactions ---- */

static Err postgres_begin(Db *base, bool is_write, DbTx **ret_tx)
{
    PostgresDb *db = (PostgresDb *)base;
    PostgresConn *conn;
    TRY(conn_take(db, &conn));
    Err err = postgres_conn_queue_literal(
        conn, is_write ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                       : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (err != OK) {
        conn_give(db, conn);
        return err;
    }
    PostgresTx *tx = calloc(1, sizeof *tx);
    ENSURE(tx != NULL);
    db_tx_init(&tx->tx, base, is_write);
    tx->conn = conn;
    *ret_tx = &tx->tx;
    return OK;
}

/* Sends the rollback and does not wait. The sync point before it is for what was queued and never
 * asked about: if that failed, the server would skip the rollback, too. */
static void postgres_rollback(DbTx *base)
{
    PostgresConn *conn = ((PostgresTx *)base)->conn;
    if (postgres_conn_send(conn) == OK && postgres_conn_queue_literal(conn, "ROLLBACK") == OK)
        (void)postgres_conn_send(conn); /* a lost connection is replaced */
}

static Err commit_write(DbTx *base, PostgresConn *conn)
{
    PGresult *result = NULL;
    TRY(postgres_conn_queue_literal(conn, "COMMIT"));
    TRY(postgres_conn_collect(conn, &result));
    /* COMMIT of a failed transaction is no error and answers ROLLBACK. */
    bool is_committed = result && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    if (!is_committed) {
        log_error("postgres did not commit");
        return ERR_INTERNAL;
    }
    metric_add(METRIC_DB_BATCHES, 1);
    db_run_hooks(base);
    return OK;
}

static Err postgres_commit(DbTx *base)
{
    PostgresConn *conn = ((PostgresTx *)base)->conn;
    if (base->is_write) {
        Err err = commit_write(base, conn);
        if (err != OK && !conn->is_broken && PQtransactionStatus(conn->handle) != PQTRANS_IDLE)
            postgres_rollback(base);
        return err;
    }
    TRY(postgres_conn_queue_literal(conn, "COMMIT"));
    TRY(postgres_conn_send(conn));
    db_run_hooks(base);
    return OK;
}

static void postgres_release(DbTx *base)
{
    PostgresTx *tx = (PostgresTx *)base;
    conn_give((PostgresDb *)base->db, tx->conn);
    db_tx_deinit(base);
    free(tx);
}

/* ---- statements ---- */

static Err postgres_exec(DbTx *base, Str sql, bool is_static, const DbArg *args, size_t count,
                         int64_t *ret_count)
{
    PostgresConn *conn = ((PostgresTx *)base)->conn;
    TRY(postgres_conn_queue(conn, sql, is_static, args, count));
    if (!ret_count)
        return conn->count < QUEUE_LIMIT ? OK : postgres_conn_collect(conn, NULL);
    PGresult *result = NULL;
    TRY(postgres_conn_collect(conn, &result));
    int64_t touched = 0;
    (void)str_to_int(str_of(PQcmdTuples(result)),
                     &touched); /* "" for statements that touch no rows */
    PQclear(result);
    *ret_count = touched;
    return OK;
}

static Err postgres_flush(DbTx *base)
{
    return postgres_conn_collect(((PostgresTx *)base)->conn, NULL);
}

static Err postgres_query(DbTx *base, DbRows *rows, Str sql, bool is_static, const DbArg *args,
                          size_t count)
{
    PostgresConn *conn = ((PostgresTx *)base)->conn;
    PGresult *result = NULL;
    TRY(postgres_conn_queue(conn, sql, is_static, args, count));
    TRY(postgres_conn_collect(conn, &result));
    db_rows_open(base, rows, result);
    return OK;
}

static bool postgres_next(DbRows *rows)
{
    return ++rows->at < PQntuples(db_rows_result(rows));
}

static Str cell(const DbRows *rows, int column)
{
    const PGresult *result = db_rows_result(rows);
    ENSURE(column >= 0 && column < PQnfields(result) && rows->at >= 0 &&
           rows->at < PQntuples(result));
    return str_make(PQgetvalue(result, (int)rows->at, column),
                    (size_t)PQgetlength(result, (int)rows->at, column));
}

static int64_t postgres_column_int(const DbRows *rows, int column)
{
    int64_t value = 0;
    (void)str_to_int(cell(rows, column),
                     &value); /* NULL and what is no number count as 0, as in SQLite */
    return value;
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* bytea comes as \x0a1b… */
static Str decode_bytea(Arena *arena, Str hex)
{
    size_t len = hex.len < 2 ? 0 : (hex.len - 2) / 2;
    char *bytes = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(hex_digit(hex.ptr[2 + 2 * i]) << 4 | hex_digit(hex.ptr[3 + 2 * i]));
    return str_make(bytes, len);
}

static Str postgres_column_bytes(const DbRows *rows, int column)
{
    Str text = cell(rows, column);
    bool is_bytea = PQftype(db_rows_result(rows), column) == OID_BYTEA;
    return is_bytea ? decode_bytea(rows->tx->arena, text) : text;
}

static void postgres_rows_end(DbTx *base, void *result)
{
    (void)base;
    PQclear(result);
}

static Err postgres_script(DbTx *base, const char *sql)
{
    return postgres_conn_script(((PostgresTx *)base)->conn, sql);
}

static Err postgres_backup(Db *base, const char *path)
{
    (void)base, (void)path;
    log_error("back PostgreSQL up with its own tools (pg_dump, pg_basebackup)");
    return ERR_INTERNAL;
}

/* ---- opening and closing ---- */

static void conn_free(void *item)
{
    postgres_conn_free(item);
}

static void postgres_free(Db *base)
{
    PostgresDb *db = (PostgresDb *)base;
    pool_deinit(&db->pool, conn_free);
    lock_deinit(&db->lock);
    free(db->data_source);
    free(db);
}

static const DbDriver POSTGRES_DRIVER = {
    .name = "postgres",
    .dialect = DB_POSTGRES,
    .free = postgres_free,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .release = postgres_release,
    .exec = postgres_exec,
    .flush = postgres_flush,
    .query = postgres_query,
    .next = postgres_next,
    .column_int = postgres_column_int,
    .column_bytes = postgres_column_bytes,
    .rows_end = postgres_rows_end,
    .script = postgres_script,
    .backup = postgres_backup,
};

Err db_postgres_open(const char *data_source, const DbOptions *options, Db **ret_db)
{
    PostgresDb *db = calloc(1, sizeof *db);
    ENSURE(db != NULL && (db->data_source = strdup(data_source)) != NULL);
    db->db.driver = &POSTGRES_DRIVER;
    db->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 10000;
    pool_init(&db->pool, options->connections > 0 ? options->connections : CONNECTIONS,
              db->timeout_ms);
    lock_init(&db->lock, LOCK_DB);
    PostgresConn *conn;
    Err err = conn_take(db, &conn); /* is it there? */
    if (err != OK) {
        postgres_free(&db->db);
        return err;
    }
    conn_give(db, conn);
    *ret_db = &db->db;
    return OK;
}
