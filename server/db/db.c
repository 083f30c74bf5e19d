#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/metric.h"
#include "db/driver.h"
#include <stdatomic.h>

/* The transactions this thread has open, innermost first: at most one on each Db. */
static _Thread_local DbTx *open_txs;

Err db_open(const char *data_source, const DbOptions *options, Db **ret_db)
{
    static const DbOptions defaults;
    Str source = str_of(data_source), scheme = STR("sqlite:");
    if (!options)
        options = &defaults;
    if (str_starts_with(source, scheme))
        return db_sqlite_open(data_source + scheme.len, options, ret_db);
    if (str_starts_with(source, STR("postgres://")) ||
        str_starts_with(source, STR("postgresql://")) || str_contains(source, STR("dbname=")))
        return db_postgres_open(data_source, options, ret_db);
    log_error("unknown kind of data source: expected sqlite:PATH or postgres://…");
    return ERR_INTERNAL;
}

void db_free(Db *db)
{
    if (db)
        db->driver->free(db);
}

DbDialect db_dialect(const Db *db)
{
    return db->driver->dialect;
}
const char *db_name(const Db *db)
{
    return db->driver->name;
}

/* ---- transactions ---- */

void db_tx_init(DbTx *tx, Db *db, bool is_write)
{
    *tx = (DbTx){.db = db, .arena = arena_create(), .is_write = is_write};
    tx->last_hook = &tx->hooks;
}

void db_tx_deinit(DbTx *tx)
{
    arena_free(tx->arena);
}

static Err begin(Db *db, bool is_write, DbTx **ret_tx)
{
    for (DbTx *other = open_txs; other; other = other->outer)
        ENSURE(other->db != db); /* it would wait for itself */
    DbTx *tx;
    TRY(db->driver->begin(db, is_write, &tx));
    tx->outer = open_txs;
    open_txs = tx;
    *ret_tx = tx;
    return OK;
}

Err db_begin(Db *db, DbTx **ret_tx)
{
    return begin(db, true, ret_tx);
}
Err db_read(Db *db, DbTx **ret_tx)
{
    return begin(db, false, ret_tx);
}

/* What every call on a transaction answers with: its first error stays. */
static Err note(DbTx *tx, Err err)
{
    if (tx->dead == OK)
        tx->dead = err;
    return tx->dead;
}

/* ---- turns ---- */

/* All turns that are taken, oldest first: at most a few for each connection. */
static struct {
    Lock lock;
    pthread_cond_t changed;
    DbTurn *first;
} turns = {.lock = {PTHREAD_MUTEX_INITIALIZER, LOCK_DB}, .changed = PTHREAD_COND_INITIALIZER};

void db_take_turn(DbTx *tx, Str key)
{
    ENSURE(tx->is_write && !tx->is_over);
    if (db_dialect(tx->db) == DB_SQLITE) /* one writer at a time: commits have an order anyway */
        return;
    DbTurn *turn = arena_new(tx->arena, DbTurn, 1);
    *turn = (DbTurn){NULL, tx, str_hash(key) ^ (uint64_t)(uintptr_t)tx->db};
    tx->has_turns = true;
    lock_take(&turns.lock);
    DbTurn **end = &turns.first;
    while (*end)
        end = &(*end)->next;
    *end = turn;
    lock_release(&turns.lock);
}

/* Is an older turn with the same key as one of this transaction's still taken? */
static bool must_wait(const DbTx *tx)
{
    for (const DbTurn *mine = turns.first; mine; mine = mine->next)
        if (mine->tx == tx)
            for (const DbTurn *other = turns.first; other != mine; other = other->next)
                if (other->key == mine->key && other->tx != tx)
                    return true;
    return false;
}

static void await_turns(DbTx *tx)
{
    if (!tx->has_turns)
        return;
    lock_take(&turns.lock);
    while (must_wait(tx))
        (void)lock_wait(&turns.lock, &turns.changed,
                        -1); /* without a time-out it always succeeds */
    lock_release(&turns.lock);
}

static void leave_turns(DbTx *tx)
{
    if (!tx->has_turns)
        return;
    tx->has_turns = false;
    lock_take(&turns.lock);
    for (DbTurn **at = &turns.first; *at;) {
        if ((*at)->tx == tx)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
    pthread_cond_broadcast(&turns.changed);
    lock_release(&turns.lock);
}

/* ---- the end of a transaction ---- */

static void close_cursors(DbTx *tx)
{
    for (; tx->cursors; tx->cursors = tx->cursors->next)
        if (tx->cursors->result) {
            tx->db->driver->rows_end(tx, tx->cursors->result);
            tx->cursors->result = NULL;
        }
}

Err db_commit(DbTx *tx)
{
    ENSURE(!tx->is_over);
    if (tx->dead != OK)
        return tx->dead;
    close_cursors(tx);
    tx->is_over = true;
    Err err = note(tx, tx->db->driver->commit(tx));
    leave_turns(tx);
    TRY(err);
    if (tx->is_write)
        metric_add(METRIC_DB_COMMITS, 1);
    return OK;
}

static void forget_open(DbTx *tx)
{
    DbTx **at = &open_txs;
    while (*at && *at != tx)
        at = &(*at)->outer;
    ENSURE(*at == tx); /* else another thread began it */
    *at = tx->outer;
}

void db_end(DbTx **at)
{
    DbTx *tx = *at;
    if (!tx)
        return;
    *at = NULL;
    forget_open(tx);
    close_cursors(tx);
    leave_turns(tx); /* before the rollback frees the row for the next */
    if (!tx->is_over)
        tx->db->driver->rollback(tx);
    tx->db->driver->release(tx);
}

void db_on_commit(DbTx *tx, void (*fn)(void *arg), void *arg)
{
    ENSURE(!tx->is_over);
    DbHook *hook = arena_new(tx->arena, DbHook, 1);
    *hook = (DbHook){NULL, fn, arg};
    *tx->last_hook = hook;
    tx->last_hook = &hook->next;
}

void db_run_hooks(DbTx *tx)
{
    await_turns(tx);
    for (DbHook *hook = tx->hooks; hook; hook = hook->next)
        hook->fn(hook->arg);
}

Arena *db_arena(DbTx *tx)
{
    return tx->arena;
}
Db *db_of(const DbTx *tx)
{
    return tx->db;
}

bool db_may_log(_Atomic int64_t *last_ms)
{
    int64_t now_ms = clock_monotonic_ms(), last = atomic_load(last_ms);
    return (last == 0 || now_ms - last >= 10000) &&
           atomic_compare_exchange_strong(last_ms, &last, now_ms);
}

/* ---- statements ---- */

/* PostgreSQL has no NUL in texts; so that all drivers agree, none does. Callers validate their
 * input before. */
static Err check_args(Str sql, const DbArg *args, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (args[i].kind == DB_ARG_TEXT && str_find_char(args[i].text, 0) >= 0) {
            log_error("a text with a NUL byte must not reach the database",
                      "argument=%zu sql=" STR_FMT, i + 1, STR_ARG(sql));
            return ERR_INTERNAL;
        }
    return OK;
}

static Err check(DbTx *tx, Str sql, const DbArg *args, size_t count)
{
    ENSURE(!tx->is_over);
    return tx->dead != OK ? tx->dead : note(tx, check_args(sql, args, count));
}

static Err exec(DbTx *tx, Str sql, bool is_static, const DbArg *args, size_t count,
                int64_t *ret_count)
{
    ENSURE(tx->is_write);
    TRY(check(tx, sql, args, count));
    return note(tx, tx->db->driver->exec(tx, sql, is_static, args, count, ret_count));
}

Err db_exec_args(DbTx *tx, const char *sql, const DbArg *args, size_t count)
{
    return exec(tx, str_of(sql), true, args, count, NULL);
}

Err db_exec_count_args(DbTx *tx, int64_t *ret_count, const char *sql, const DbArg *args,
                       size_t count)
{
    return exec(tx, str_of(sql), true, args, count, ret_count);
}

Err db_flush(DbTx *tx)
{
    ENSURE(!tx->is_over);
    if (tx->dead != OK || !tx->db->driver->flush)
        return tx->dead;
    return note(tx, tx->db->driver->flush(tx));
}

Err db_exec_text(DbTx *tx, Str sql, const DbArg *args, size_t count)
{
    return exec(tx, sql, false, args, count, NULL);
}

void db_rows_open(DbTx *tx, DbRows *rows, void *result)
{
    DbCursor *cursor = arena_new(tx->arena, DbCursor, 1);
    *cursor = (DbCursor){tx->cursors, result};
    tx->cursors = cursor;
    *rows = (DbRows){.tx = tx, .driver = cursor, .at = -1};
}

static Err query(DbTx *tx, DbRows *rows, Str sql, bool is_static, const DbArg *args, size_t count)
{
    db_rows_end(rows);
    *rows = (DbRows){.tx = tx};
    Err err = check(tx, sql, args, count);
    if (err == OK)
        err = note(tx, tx->db->driver->query(tx, rows, sql, is_static, args, count));
    rows->err = err;
    return err;
}

Err db_query_args(DbTx *tx, DbRows *rows, const char *sql, const DbArg *args, size_t count)
{
    return query(tx, rows, str_of(sql), true, args, count);
}

Err db_query_text(DbTx *tx, DbRows *rows, Str sql, const DbArg *args, size_t count)
{
    return query(tx, rows, sql, false, args, count);
}

bool db_next(DbRows *rows)
{
    if (!rows->driver || !db_rows_result(rows))
        return false;
    if (rows->tx->dead != OK)
        rows->err = rows->tx->dead;
    else if (rows->tx->db->driver->next(rows))
        return true;
    if (rows->err != OK)
        rows->err = note(rows->tx, rows->err);
    db_rows_end(rows);
    return false;
}

int64_t db_int(const DbRows *rows, int column)
{
    ENSURE(rows->driver && db_rows_result(rows));
    return rows->tx->db->driver->column_int(rows, column);
}

bool db_flag(const DbRows *rows, int column)
{
    return db_int(rows, column) != 0;
}

Str db_blob(const DbRows *rows, int column)
{
    ENSURE(rows->driver && db_rows_result(rows));
    return rows->tx->db->driver->column_bytes(rows, column);
}

Str db_text(const DbRows *rows, int column)
{
    return db_blob(rows, column);
}

Err db_rows_error(const DbRows *rows)
{
    return rows->err;
}

void db_rows_end(DbRows *rows)
{
    DbCursor *cursor = rows->driver;
    rows->driver = NULL;
    if (cursor && cursor->result) {
        rows->tx->db->driver->rows_end(rows->tx, cursor->result);
        cursor->result = NULL;
    }
}

/* ---- helpers made of the above ---- */

Err db_get_int_args(DbTx *tx, int64_t *ret_value, const char *sql, const DbArg *args, size_t count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_args(tx, &rows, sql, args, count));
    if (!db_next(&rows))
        return rows.err != OK ? rows.err : ERR_ABSENT;
    *ret_value = db_int(&rows, 0);
    return OK;
}

Err db_get_text_args(DbTx *tx, Arena *arena, Str *ret_value, const char *sql, const DbArg *args,
                     size_t count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_args(tx, &rows, sql, args, count));
    if (!db_next(&rows))
        return rows.err != OK ? rows.err : ERR_ABSENT;
    *ret_value = str_copy(arena, db_text(&rows, 0));
    return OK;
}

void db_sql_marks(Buf *sql, size_t n)
{
    ENSURE(n > 0);
    for (size_t i = 0; i < n; i++)
        buf_append(sql, i == 0 ? STR("?") : STR(", ?"));
}

const char *db_for_update(const DbTx *tx)
{
    return db_dialect(tx->db) == DB_SQLITE ? "" : " FOR UPDATE";
}

Err db_ping(Db *db)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t one;
    TRY(db_read(db, &tx));
    TRY(db_get_int(tx, &one, "SELECT 1"));
    return db_commit(tx);
}

Err db_backup(Db *db, const char *path)
{
    return db->driver->backup(db, path);
}
