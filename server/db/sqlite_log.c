/* db/sqlite_log.c: keeps the write-ahead log short.
 *
 * Commits only append to the log. A background thread copies it into the file every 1,000 frames, which alone never
 * catches up with busy writers; past 16,000 frames a writer does it while it holds the turn, so that the log starts again
 * from its head.
 */
#include "base/log.h"
#include "db/sqlite_db.h"

enum {
    CHECKPOINT_FRAMES = 1000,
    CHECKPOINT_FRAMES_MUST = 16000,
    CHECKPOINT_WAIT_MS = 50, /* for readers still in the log, while all writers wait */
};

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
        if (code != SQLITE_OK) /* tried again later; the data are safe in the log */
            (void)sqlite_conn_error(db->checkpoint_conn, code, STR("background checkpoint"));
        lock_take(&db->lock);
        db->is_checkpointing = false;
        pthread_cond_signal(&db->checkpoint_done);
    }
    lock_release(&db->lock);
    return NULL;
}

void sqlite_log_grew(SqliteDb *db)
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

bool sqlite_log_is_long(SqliteDb *db)
{
    if (db->log_frames < db->refused_frames)
        db->refused_frames = 0;
    return db->log_frames >= CHECKPOINT_FRAMES_MUST &&
           db->log_frames - db->refused_frames >= CHECKPOINT_FRAMES;
}

/* With the turn held nobody appends, so the copy can become complete; waiting for the background
 * thread is what keeps writers from outrunning the disk. A reader with an old snapshot may still
 * refuse: then again after 1,000 more frames. */
void sqlite_log_checkpoint(SqliteDb *db)
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
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)   /* the log grows on */
        (void)sqlite_conn_error(db->writer, code, STR("checkpoint"));
    db->refused_frames = code == SQLITE_OK ? 0 : db->log_frames;
    lock_take(&db->lock);
    db->is_checkpointing = db->is_checkpoint_due = false;
    lock_release(&db->lock);
}

void sqlite_log_start(SqliteDb *db)
{
    /* Returns the former hook: the automatic checkpoint, at a commit, in a writer's time. */
    (void)sqlite3_wal_hook(db->writer->handle, on_log_growth, db);
    ENSURE(pthread_create(&db->checkpointer, NULL, run_checkpointer, db) == 0);
    db->has_checkpointer = true;
}

void sqlite_log_stop(SqliteDb *db)
{
    if (!db->has_checkpointer)
        return;
    lock_take(&db->lock);
    db->is_stopping = true;
    pthread_cond_signal(&db->checkpoint_due);
    lock_release(&db->lock);
    ENSURE(pthread_join(db->checkpointer, NULL) == 0);
}
