/* db/sqlite_writer.c: writers take turns, and share their commits.
 *
 * Turns     First come, first served. All turns between two commits of SQLite form a batch in one outer transaction; the
 *           first works in it directly, each later one in a savepoint.
 * Commit    Whoever finishes while others wait for their turn joins the batch, hands the turn over and sleeps. Whoever
 *           finishes while nobody waits (or fills the batch, or finds it 20 ms old) commits the outer transaction for all,
 *           runs their hooks in order and wakes them. No timer: a lone writer commits at once.
 * Rollback  undoes one savepoint. If it leaves a batch that nobody else will finish, the one who failed commits it. If
 *           SQLite itself rolled the outer transaction back (disk full, I/O error), the whole batch answers an error.
 */
#include "base/clock.h"
#include "base/metric.h"
#include "db/sqlite_db.h"

enum {
    BATCH_LIMIT = 64,
    BATCH_LIMIT_MS = 20, /* the first member need not wait for many slow ones */
};

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
        (void)sqlite_conn_run(db->writer, "ROLLBACK"); /* fails only when it is done already */
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

/* ---- transactions ---- */

void sqlite_writer_init(SqliteDb *db)
{
    waitline_init(&db->line);
    db->ticket_served = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    batch_reset(db);
}

/* Runs the hooks of a batch after those of the batches before. */
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
    sqlite_log_grew(db);
    int64_t ticket = db->next_ticket++;
    bool keeps_turn = sqlite_log_is_long(db);
    if (!keeps_turn)
        turn_give(db); /* the next batch works while this one's hooks run */
    hooks_in_order(db, first, ticket);
    batch_settle(db, first, OK);
    if (keeps_turn) {
        sqlite_log_checkpoint(db);
        turn_give(db);
    }
}

/* Leaves the batch as it is: somebody who waits goes on with it, or it is committed now. */
static void turn_leave(SqliteDb *db)
{
    if (db->batch_count == 0)
        turn_give(db);
    else if (batch_is_full(db) || !turn_give_to_waiter(db))
        batch_commit(db);
}

/* Undoes this one's work. */
void sqlite_writer_roll_back(SqliteDb *db, SqliteTx *tx, Err cause)
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

Err sqlite_writer_begin(SqliteDb *db, DbTx **ret_tx)
{
    TRY(turn_take(db));
    SqliteTx *tx = sqlite_tx_new(db, db->writer, true);
    Err err = open_turn(db, tx);
    if (err != OK) {
        sqlite_writer_roll_back(db, tx, err);
        sqlite_release(&tx->tx);
        return err;
    }
    *ret_tx = &tx->tx;
    return OK;
}

Err sqlite_writer_commit(SqliteDb *db, SqliteTx *tx)
{
    Err err = tx->has_savepoint ? sqlite_conn_run(db->writer, "RELEASE writer") : OK;
    if (err != OK) {
        sqlite_writer_roll_back(db, tx, err);
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
