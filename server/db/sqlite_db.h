/* db/sqlite_db.h: the parts of the SQLite driver, and what they share.
 *
 * Model    sqlite_writer.c: writers' turns on the one writing connection, and group commit. sqlite_log.c: checkpoints
 *          of the write-ahead log. sqlite_backup.c: the online copy. sqlite.c: readers, and the driver made of all this.
 * Guard    `lock` guards the line, `has_turn`, the tickets, the checkpoint flags and every `is_settled`. The writing
 *          connection, the batch and the counts of frames belong to whoever has the turn.
 */
#pragma once
#include "db/driver.h"
#include "db/pool.h"
#include "db/sqlite_conn.h"

typedef struct SqliteTx {
    DbTx tx;
    SqliteConn *conn;
    struct SqliteTx *next_in_batch;
    bool has_savepoint, is_settled;
    Err result; /* once settled */
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

    bool is_outer_open; /* the transaction around the batch */
    SqliteTx *batch, **batch_end;
    int batch_count;
    int64_t batch_since_ms;
    int log_frames, checkpointed_frames, refused_frames;

    pthread_t checkpointer;
    SqliteConn *checkpoint_conn;
    bool has_checkpointer, is_checkpoint_due, is_checkpointing, is_stopping;
    pthread_cond_t checkpoint_due, checkpoint_done;
} SqliteDb;

SqliteTx *sqlite_tx_new(SqliteDb *db, SqliteConn *conn, bool is_write);
void sqlite_release(DbTx *base);

/* ---- sqlite_writer.c ---- */
void sqlite_writer_init(SqliteDb *db);
Err sqlite_writer_begin(SqliteDb *db, DbTx **ret_tx);
Err sqlite_writer_commit(SqliteDb *db, SqliteTx *tx);
void sqlite_writer_roll_back(SqliteDb *db, SqliteTx *tx, Err cause);

/* ---- sqlite_log.c ---- */
void sqlite_log_start(SqliteDb *db); /* the background thread, on checkpoint_conn */
void sqlite_log_stop(SqliteDb *db);
/* With the turn held, after a commit: asks the background thread for a checkpoint when it is time. */
void sqlite_log_grew(SqliteDb *db);
/* With the turn held: must the writer do it itself? And does it. */
bool sqlite_log_is_long(SqliteDb *db);
void sqlite_log_checkpoint(SqliteDb *db);

/* ---- sqlite_backup.c ---- */
/* Copies what `from` sees into the file `path`, verified and synced. */
Err sqlite_backup_copy(SqliteConn *from, const SqliteDb *db, const char *path);
Err sqlite_sync_folder_of(const char *path);
