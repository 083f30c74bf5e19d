/* db/sqlite.c: the SQLite driver: one writing connection with group commit, a pool of reading ones,
 * checkpoints.
 *
 * Turns    Writers take turns on the one connection, first come, first served. All turns between
 * two commits of SQLite form a batch in one outer transaction; the first works in it directly, each
 * later one in a savepoint. Commit   Whoever finishes while others wait for their turn joins the
 * batch, hands the turn over and sleeps. Whoever finishes while nobody waits (or fills the batch)
 * commits the outer transaction for all, runs their hooks in order and wakes them. No timer: a lone
 * writer commits at once. Rollback undoes one savepoint. If it leaves a batch that nobody else will
 * finish, the one who failed commits it. If SQLite itself rolled the outer transaction back (disk
 * full, I/O error), the whole batch answers an error. Guard    `lock` guards the line, `has_turn`,
 * `settled` and the tickets. The writing connection, the batch and what belongs to it are guarded
 * by holding the turn. Log      Commits only append to the write-ahead log. A background thread
 * copies it into the file every 1,000 frames, which alone never catches up with busy writers; past
 * 16,000 frames a writer does it while it holds the turn, so that the log starts again from its
 * head.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "db/driver.h"
#include "db/pool.h"
#include "db/sqlite_conn.h"
#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
    BATCH_LIMIT = 64,
    BATCH_LIMIT_MS = 20, /* the first member need not wait for many slow ones */
    READERS_LIMIT = 16,
    CHECKPOINT_FRAMES = 1000,
    CHECKPOINT_FRAMES_MUST = 16000,
    CHECKPOINT_WAIT_MS = 50, /* for readers still in the log, while all writers wait */
};

typedef struct SqliteTx {
    DbTx tx;
    SqliteConn *conn;
    struct SqliteTx *next_in_batch;
    bool has_savepoint, is_settled;
    Err result;
    pthread_cond_t settled;
} SqliteTx;

typedef struct SqliteDb {
    Db db;
    char *path;
    const char *vfs;
    int64_t timeout_ms;
    SqliteConn *writer;
    Pool readers;

    Lock lock;
    bool has_turn; /* somebody has the turn */
    WaitLine line;
    int64_t next_ticket, served_ticket; /* commits run their hooks in this order */
    pthread_cond_t ticket_served;

    bool is_outer_open;
    SqliteTx *batch, **batch_end;
    int batch_count;
    int64_t batch_since_ms;
    int log_frames, checkpointed_frames, refused_frames;

    pthread_t checkpointer;
    SqliteConn *checkpoint_conn;
    bool has_checkpointer, is_checkpoint_due, is_checkpointing, is_stopping;
    pthread_cond_t checkpoint_due, checkpoint_done;
} SqliteDb;

/* ---- the turn ---- */

static Err turn_take(SqliteDb *db)
{
    bool is_served = true;
    void *nothing;
    lock_take(&db->lock);
    if (db->has_turn)
        is_served = waitline_wait(&db->line, &db->lock, db->timeout_ms, &nothing);
    else
        db->has_turn = true;
    lock_release(&db->lock);
    return is_served ? OK : ERR_UNAVAILABLE;
}

static void turn_give(SqliteDb *db)
{
    lock_take(&db->lock);
    if (!waitline_serve(&db->line, NULL))
        db->has_turn = false;
    lock_release(&db->lock);
}

/* Gives the turn on if somebody waits for it; else keeps it. */
static bool turn_give_to_waiter(SqliteDb *db)
{
    lock_take(&db->lock);
    bool is_served = waitline_serve(&db->line, NULL);
    lock_release(&db->lock);
    return is_served;
}

/* ---- the batch ---- */

static void batch_reset(SqliteDb *db)
{
    db->batch = NULL;
    db->batch_end = &db->batch;
    db->batch_count = 0;
}

static void batch_add(SqliteDb *db, SqliteTx *tx)
{
    if (db->batch_count == 0)
        db->batch_since_ms = clock_monotonic_ms();
    tx->next_in_batch = NULL;
    *db->batch_end = tx;
    db->batch_end = &tx->next_in_batch;
    db->batch_count++;
}

static bool batch_is_full(const SqliteDb *db)
{
    return db->batch_count >= BATCH_LIMIT ||
           clock_monotonic_ms() - db->batch_since_ms >= BATCH_LIMIT_MS;
}

/* Tells every member its result. A member may be gone as soon as it is told. */
static void batch_settle(SqliteDb *db, SqliteTx *first, Err result)
{
    lock_take(&db->lock);
    for (SqliteTx *tx = first, *next; tx; tx = next) {
        next = tx->next_in_batch;
        tx->result = result;
        tx->is_settled = true;
        pthread_cond_signal(&tx->settled);
    }
    lock_release(&db->lock);
}

static void roll_back_all(SqliteDb *db)
{
    if (!sqlite_conn_is_idle(db->writer))
        (void)sqlite_conn_run(db->writer,
                              "ROLLBACK"); /* fails only when SQLite has already done it */
    ENSURE(sqlite_conn_is_idle(db->writer));
    db->is_outer_open = false;
}

/* The outer transaction is gone, or must go: all members failed. */
static void batch_fail(SqliteDb *db, Err cause)
{
    SqliteTx *first = db->batch;
    roll_back_all(db);
    batch_reset(db);
    batch_settle(db, first, cause == ERR_NO_SPACE ? ERR_NO_SPACE : ERR_RETRY);
}

/* ---- checkpoints ---- */

static int on_log_growth(void *arg, sqlite3 *handle, const char *schema, int frames)
{
    (void)handle, (void)schema;
    ((SqliteDb *)arg)->log_frames = frames;
    return SQLITE_OK;
}

static void *run_checkpointer(void *arg)
{
    SqliteDb *db = arg;
    lock_take(&db->lock);
    while (!db->is_stopping) {
        if (!db->is_checkpoint_due || db->is_checkpointing) {
            (void)lock_wait(&db->lock, &db->checkpoint_due, -1); /* the flags are looked at again */
            continue;
        }
        db->is_checkpoint_due = false;
        db->is_checkpointing = true;
        lock_release(&db->lock);
        int code = sqlite3_wal_checkpoint_v2(db->checkpoint_conn->handle, NULL,
                                             SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if (code != SQLITE_OK)
            (void)sqlite_conn_error(db->checkpoint_conn, code,
                                    STR("background checkpoint")); /* tried again later */
        lock_take(&db->lock);
        db->is_checkpointing = false;
        pthread_cond_signal(&db->checkpoint_done);
    }
    lock_release(&db->lock);
    return NULL;
}

static void ask_for_checkpoint(SqliteDb *db)
{
    if (db->log_frames < db->checkpointed_frames)
        db->checkpointed_frames = 0; /* the log began anew */
    if (db->log_frames - db->checkpointed_frames < CHECKPOINT_FRAMES)
        return;
    db->checkpointed_frames = db->log_frames;
    lock_take(&db->lock);
    db->is_checkpoint_due = true;
    pthread_cond_signal(&db->checkpoint_due);
    lock_release(&db->lock);
}

static bool must_checkpoint(SqliteDb *db)
{
    if (db->log_frames < db->refused_frames)
        db->refused_frames = 0;
    return db->log_frames >= CHECKPOINT_FRAMES_MUST &&
           db->log_frames - db->refused_frames >= CHECKPOINT_FRAMES;
}

/* With the turn held nobody appends, so the copy can become complete; waiting for the background
 * thread is what keeps writers from outrunning the disk. A reader with an old snapshot may still
 * refuse: then again after 1,000 more frames. */
static void checkpoint_with_turn(SqliteDb *db)
{
    sqlite3 *handle = db->writer->handle;
    lock_take(&db->lock);
    while (db->is_checkpointing)
        (void)lock_wait(&db->lock, &db->checkpoint_done, -1); /* the flag is looked at again */
    db->is_checkpointing = true;
    lock_release(&db->lock);
    (void)sqlite3_busy_timeout(handle, CHECKPOINT_WAIT_MS); /* cannot fail on an open handle */
    int code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    (void)sqlite3_busy_timeout(handle, (int)db->timeout_ms); /* as above */
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        (void)sqlite_conn_error(db->writer, code,
                                STR("checkpoint")); /* the log grows on, the data are safe in it */
    db->refused_frames = code == SQLITE_OK ? 0 : db->log_frames;
    lock_take(&db->lock);
    db->is_checkpointing = db->is_checkpoint_due = false;
    lock_release(&db->lock);
}

/* ---- writing transactions ---- */

static void hooks_in_order(SqliteDb *db, SqliteTx *first, int64_t ticket)
{
    lock_take(&db->lock);
    while (db->served_ticket != ticket)
        (void)lock_wait(&db->lock, &db->ticket_served, -1); /* the ticket is looked at again */
    lock_release(&db->lock);
    for (SqliteTx *tx = first; tx; tx = tx->next_in_batch)
        db_run_hooks(&tx->tx);
    lock_take(&db->lock);
    db->served_ticket++;
    pthread_cond_broadcast(&db->ticket_served);
    lock_release(&db->lock);
}

/* Commits the outer transaction for all members of the batch and gives the turn on. */
static void batch_commit(SqliteDb *db)
{
    Err err = sqlite_conn_run(db->writer, "COMMIT");
    if (err != OK) {
        batch_fail(db, err);
        turn_give(db);
        return;
    }
    metric_add(METRIC_DB_BATCHES, 1);
    db->is_outer_open = false;
    SqliteTx *first = db->batch;
    batch_reset(db);
    ask_for_checkpoint(db);
    int64_t ticket = db->next_ticket++;
    bool keeps_turn = must_checkpoint(db);
    if (!keeps_turn)
        turn_give(db); /* the next batch works while this one's hooks run */
    hooks_in_order(db, first, ticket);
    batch_settle(db, first, OK);
    if (keeps_turn) {
        checkpoint_with_turn(db);
        turn_give(db);
    }
}

/* Leaves the turn with the batch as it is: somebody who waits goes on with it, or it is committed
 * now. */
static void turn_leave(SqliteDb *db)
{
    if (db->batch_count == 0)
        turn_give(db);
    else if (batch_is_full(db) || !turn_give_to_waiter(db))
        batch_commit(db);
}

/* Undoes this one's work. */
static void roll_back_one(SqliteDb *db, SqliteTx *tx, Err cause)
{
    if (sqlite_conn_is_idle(db->writer) || db->batch_count == 0)
        batch_fail(db, cause);
    else if (tx->has_savepoint && (sqlite_conn_run(db->writer, "ROLLBACK TO writer") != OK ||
                                   sqlite_conn_run(db->writer, "RELEASE writer") != OK))
        batch_fail(db, cause);
    turn_leave(db);
}

static Err open_turn(SqliteDb *db, SqliteTx *tx)
{
    if (db->is_outer_open) {
        TRY(sqlite_conn_run(db->writer, "SAVEPOINT writer"));
        tx->has_savepoint = true;
        return OK;
    }
    TRY(sqlite_conn_run(db->writer, "BEGIN IMMEDIATE"));
    db->is_outer_open = true;
    return OK;
}

static SqliteTx *tx_new(SqliteDb *db, SqliteConn *conn, bool is_write)
{
    SqliteTx *tx = calloc(1, sizeof *tx);
    ENSURE(tx != NULL);
    db_tx_init(&tx->tx, &db->db, is_write);
    tx->conn = conn;
    tx->settled = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    return tx;
}

static void sqlite_release(DbTx *base)
{
    SqliteTx *tx = (SqliteTx *)base;
    (void)pthread_cond_destroy(&tx->settled); /* cannot fail: nobody waits on it */
    db_tx_deinit(base);
    free(tx);
}

static Err begin_write(SqliteDb *db, DbTx **ret_tx)
{
    TRY(turn_take(db));
    SqliteTx *tx = tx_new(db, db->writer, true);
    Err err = open_turn(db, tx);
    if (err != OK) {
        roll_back_one(db, tx, err);
        sqlite_release(&tx->tx);
        return err;
    }
    *ret_tx = &tx->tx;
    return OK;
}

static Err commit_write(SqliteDb *db, SqliteTx *tx)
{
    Err err = tx->has_savepoint ? sqlite_conn_run(db->writer, "RELEASE writer") : OK;
    if (err != OK) {
        roll_back_one(db, tx, err);
        return err;
    }
    batch_add(db, tx);
    turn_leave(db);
    lock_take(&db->lock);
    while (!tx->is_settled)
        (void)lock_wait(&db->lock, &tx->settled, -1); /* is_settled is looked at again */
    lock_release(&db->lock);
    return tx->result;
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
    *ret_tx = &tx_new(db, conn, false)->tx;
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
    return is_write ? begin_write(db, ret_tx) : begin_read(db, ret_tx);
}

static Err sqlite_commit(DbTx *base)
{
    SqliteDb *db = (SqliteDb *)base->db;
    SqliteTx *tx = (SqliteTx *)base;
    if (base->is_write)
        return commit_write(db, tx);
    end_read(db, tx);
    db_run_hooks(base);
    return OK;
}

static void sqlite_rollback(DbTx *base)
{
    SqliteDb *db = (SqliteDb *)base->db;
    SqliteTx *tx = (SqliteTx *)base;
    if (base->is_write)
        roll_back_one(db, tx, base->dead);
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
    const void *bytes =
        sqlite3_column_blob(statement->handle, column); /* before the length: it may convert */
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

/* ---- backup ---- */

static Err sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    Err err = fsync(fd) == 0 ? OK : ERR_IO;
    (void)close(fd); /* what could be lost is synced, or reported */
    return err;
}

static Err sync_folder_of(const char *path)
{
    char copy[4096];
    (void)snprintf(copy, sizeof copy, "%s", path); /* SQLite refuses longer paths */
    return sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
}

static Err copy_pages(SqliteConn *from, SqliteConn *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (!backup)
        return sqlite_conn_error(to, sqlite3_errcode(to->handle), STR("backup"));
    (void)sqlite3_backup_step(backup, -1); /* one snapshot; the result is kept for the next line */
    int code = sqlite3_backup_finish(backup);
    return code == SQLITE_OK ? OK : sqlite_conn_error(to, code, STR("backup"));
}

static Err verify(SqliteConn *conn)
{
    SqliteStatement *statement;
    Str sql = STR("PRAGMA integrity_check(1)");
    TRY(sqlite_conn_query(conn, sql, true, NULL, 0, &statement));
    int code = sqlite3_step(statement->handle);
    const char *says =
        code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement->handle, 0) : NULL;
    Err err = code == SQLITE_ROW ? OK : sqlite_conn_error(conn, code, sql);
    if (err == OK && (!says || !str_eq(str_of(says), STR("ok")))) {
        log_error("the copy of the database is damaged", "says=%s", says ? says : "");
        err = ERR_INTERNAL;
    }
    sqlite_conn_end(conn, statement);
    return err;
}

static Err copy_into(SqliteConn *from, const SqliteConnOptions *options)
{
    SqliteConn *to;
    TRY(sqlite_conn_open(options, &to));
    Err err = copy_pages(from, to);
    if (err == OK)
        err = sqlite_conn_run(
            to, "PRAGMA journal_mode = DELETE"); /* one file, without a log beside it */
    if (err == OK)
        err = verify(to);
    sqlite_conn_free(to);
    return err;
}

static Err sqlite_backup(Db *base, const char *path)
{
    SqliteDb *db = (SqliteDb *)base;
    char part[4096];
    if ((size_t)snprintf(part, sizeof part, "%s.tmp", path) >= sizeof part)
        return ERR_IO;
    (void)unlink(part); /* left by an interrupted backup, or not there */
    SqliteConn *from;
    TRY(reader_take(db, &from));
    Err err = copy_into(from, &(SqliteConnOptions){.path = part,
                                                   .vfs = db->vfs,
                                                   .timeout_ms = db->timeout_ms,
                                                   .cache_kib = 512,
                                                   .statements = 4,
                                                   .is_write = true});
    reader_give(db, from);
    if (err == OK)
        err = sync_path(part, O_RDONLY);
    if (err == OK && rename(part, path) != 0)
        err = ERR_IO;
    if (err != OK) {
        (void)unlink(part); /* best effort: the next backup tries again */
        return err;
    }
    return sync_folder_of(path);
}

/* ---- opening and closing ---- */

static void reader_free(void *item)
{
    sqlite_conn_free(item);
}

static void sqlite_free(Db *base)
{
    SqliteDb *db = (SqliteDb *)base;
    if (db->has_checkpointer) {
        lock_take(&db->lock);
        db->is_stopping = true;
        pthread_cond_signal(&db->checkpoint_due);
        lock_release(&db->lock);
        ENSURE(pthread_join(db->checkpointer, NULL) == 0);
    }
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
    (void)sqlite3_wal_hook(db->writer->handle, on_log_growth,
                           db); /* returns the former one: the automatic checkpoint */
    TRY(reader_open(db, &db->checkpoint_conn));
    TRY(sync_folder_of(
        db->path)); /* SQLite syncs the folder for its logs, not for a new main file */
    ENSURE(pthread_create(&db->checkpointer, NULL, run_checkpointer, db) == 0);
    db->has_checkpointer = true;
    return OK;
}

Err db_sqlite_open(const char *path, const DbOptions *options, Db **ret_db)
{
    /* Counting every allocation under one lock serves nobody. Refused once SQLite is in use, which
     * is fine. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    SqliteDb *db = calloc(1, sizeof *db);
    ENSURE(db != NULL && (db->path = strdup(path)) != NULL);
    db->db.driver = &SQLITE_DRIVER;
    db->vfs = options->vfs;
    db->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : 10000;
    pool_init(&db->readers, READERS_LIMIT, db->timeout_ms);
    lock_init(&db->lock, LOCK_DB);
    waitline_init(&db->line);
    batch_reset(db);
    db->ticket_served = db->checkpoint_due = db->checkpoint_done =
        (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    Err err = open_connections(db);
    if (err != OK) {
        sqlite_free(&db->db);
        return err;
    }
    *ret_db = &db->db;
    return OK;
}
