/* db/sqlite.c: the SQLite driver: one writing connection (sqlite_writer.c) and a pool of reading ones. */
#include "base/log.h"
#include "db/sqlite_db.h"

enum { READERS_LIMIT = 16 };

SqliteTx *sqlite_tx_new(SqliteDb *db, SqliteConn *conn, bool is_write)
{
    SqliteTx *tx = calloc(1, sizeof *tx);
    ENSURE(tx != NULL);
    db_tx_init(&tx->tx, &db->db, is_write);
    tx->conn = conn;
    tx->settled = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    return tx;
}

void sqlite_release(DbTx *base)
{
    SqliteTx *tx = (SqliteTx *)base;
    (void)pthread_cond_destroy(&tx->settled); /* cannot fail: nobody waits on it */
    db_tx_deinit(base);
    free(tx);
}

/* ---- reading transactions ---- */

static Err reader_open(const SqliteDb *db, SqliteConn **ret_conn)
{
    return sqlite_conn_open(&(SqliteConnOptions){.path = db->path,
                                                 .vfs = db->vfs,
                                                 .timeout_ms = db->timeout_ms,
                                                 .cache_kib = 512,
                                                 .statements = 64},
                            ret_conn);
}

static Err reader_take(SqliteDb *db, SqliteConn **ret_conn)
{
    void *item;
    TRY(pool_take(&db->readers, &item));
    *ret_conn = item;
    Err err = item ? OK : reader_open(db, ret_conn);
    if (err != OK)
        pool_give(&db->readers, NULL);
    return err;
}

/* A connection that cannot end its transaction is not used again. */
static void reader_give(SqliteDb *db, SqliteConn *conn)
{
    if (!sqlite_conn_is_idle(conn)) {
        sqlite_conn_free(conn);
        conn = NULL;
    }
    pool_give(&db->readers, conn);
}

static Err begin_read(SqliteDb *db, DbTx **ret_tx)
{
    SqliteConn *conn;
    TRY(reader_take(db, &conn));
    Err err = sqlite_conn_run(conn, "BEGIN");
    if (err != OK) {
        reader_give(db, conn);
        return err;
    }
    *ret_tx = &sqlite_tx_new(db, conn, false)->tx;
    return OK;
}

static void end_read(SqliteDb *db, SqliteTx *tx)
{
    if (!sqlite_conn_is_idle(tx->conn))
        (void)sqlite_conn_run(tx->conn, "ROLLBACK"); /* nothing to lose; reader_give looks */
    reader_give(db, tx->conn);
}

/* ---- the driver ---- */

static Err sqlite_begin(Db *base, bool is_write, DbTx **ret_tx)
{
    SqliteDb *db = (SqliteDb *)base;
    return is_write ? sqlite_writer_begin(db, ret_tx) : begin_read(db, ret_tx);
}

static Err sqlite_commit(DbTx *base)
{
    SqliteDb *db = (SqliteDb *)base->db;
    SqliteTx *tx = (SqliteTx *)base;
    if (base->is_write)
        return sqlite_writer_commit(db, tx);
    end_read(db, tx);
    db_run_hooks(base);
    return OK;
}

static void sqlite_rollback(DbTx *base)
{
    SqliteDb *db = (SqliteDb *)base->db;
    SqliteTx *tx = (SqliteTx *)base;
    if (base->is_write)
        sqlite_writer_roll_back(db, tx, base->dead);
    else
        end_read(db, tx);
}

static Err sqlite_exec(DbTx *base, Str sql, bool is_static, const DbArg *args, size_t count,
                       int64_t *ret_count)
{
    return sqlite_conn_exec(((SqliteTx *)base)->conn, sql, is_static, args, count, ret_count);
}

static Err sqlite_query(DbTx *base, DbRows *rows, Str sql, bool is_static, const DbArg *args,
                        size_t count)
{
    SqliteStatement *statement;
    TRY(sqlite_conn_query(((SqliteTx *)base)->conn, sql, is_static, args, count, &statement));
    db_rows_open(base, rows, statement);
    return OK;
}

static bool sqlite_next(DbRows *rows)
{
    SqliteStatement *statement = db_rows_result(rows);
    int code = sqlite3_step(statement->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        rows->err = sqlite_conn_error(((SqliteTx *)rows->tx)->conn, code, statement->base.sql);
    return code == SQLITE_ROW;
}

static int64_t sqlite_column_int(const DbRows *rows, int column)
{
    SqliteStatement *statement = db_rows_result(rows);
    ENSURE(column >= 0 && column < sqlite3_data_count(statement->handle));
    return sqlite3_column_int64(statement->handle, column);
}

static Str sqlite_column_bytes(const DbRows *rows, int column)
{
    SqliteStatement *statement = db_rows_result(rows);
    ENSURE(column >= 0 && column < sqlite3_data_count(statement->handle));
    /* Before the length: it may convert. */
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    return str_make(bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement->handle, column));
}

static void sqlite_rows_end(DbTx *base, void *result)
{
    sqlite_conn_end(((SqliteTx *)base)->conn, result);
}

static Err sqlite_script(DbTx *base, const char *sql)
{
    SqliteConn *conn = ((SqliteTx *)base)->conn;
    int code = sqlite3_exec(conn->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_conn_error(conn, code, str_slice(str_of(sql), 0, 200));
}

static Err sqlite_backup(Db *base, const char *path)
{
    SqliteDb *db = (SqliteDb *)base;
    SqliteConn *from;
    TRY(reader_take(db, &from));
    Err err = sqlite_backup_copy(from, db, path);
    reader_give(db, from);
    return err;
}

/* ---- opening and closing ---- */

static void reader_free(void *item)
{
    sqlite_conn_free(item);
}

static void sqlite_free(Db *base)
{
    SqliteDb *db = (SqliteDb *)base;
    sqlite_log_stop(db);
    sqlite_conn_free(db->checkpoint_conn);
    pool_deinit(&db->readers, reader_free);
    ENSURE(!db->has_turn);
    sqlite_conn_free(db->writer); /* the last one folds the log into the file */
    lock_deinit(&db->lock);
    free(db->path);
    free(db);
}

static const DbDriver SQLITE_DRIVER = {
    .name = "sqlite",
    .dialect = DB_SQLITE,
    .free = sqlite_free,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .release = sqlite_release,
    .exec = sqlite_exec,
    .query = sqlite_query,
    .next = sqlite_next,
    .column_int = sqlite_column_int,
    .column_bytes = sqlite_column_bytes,
    .rows_end = sqlite_rows_end,
    .script = sqlite_script,
    .backup = sqlite_backup,
};

static Err open_connections(SqliteDb *db)
{
    TRY(sqlite_conn_open(&(SqliteConnOptions){.path = db->path,
                                              .vfs = db->vfs,
                                              .timeout_ms = db->timeout_ms,
                                              .cache_kib = 4096,
                                              .statements = 128,
                                              .is_write = true},
                         &db->writer));
    TRY(reader_open(db, &db->checkpoint_conn));
    /* SQLite syncs the folder for its logs, not for a new main file. */
    TRY(sqlite_sync_folder_of(db->path));
    sqlite_log_start(db);
    return OK;
}

Err db_sqlite_open(const char *path, const DbOptions *options, Db **ret_db)
{
    /* Counting every allocation under one lock serves nobody. (Refused once SQLite is in use.) */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    SqliteDb *db = calloc(1, sizeof *db);
    ENSURE(db != NULL && (db->path = strdup(path)) != NULL);
    db->db.driver = &SQLITE_DRIVER;
    db->vfs = options->vfs;
    db->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 10000;
    pool_init(&db->readers, READERS_LIMIT, db->timeout_ms);
    lock_init(&db->lock, LOCK_DB);
    sqlite_writer_init(db);
    db->checkpoint_due = db->checkpoint_done = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    Err err = open_connections(db);
    if (err != OK) {
        sqlite_free(&db->db);
        return err;
    }
    *ret_db = &db->db;
    return OK;
}
