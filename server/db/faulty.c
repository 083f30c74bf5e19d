/* db/faulty.c: a driver for tests that passes everything on to another one and fails the n-th call.
 */
#include "db/driver.h"
#include <stdatomic.h>

typedef struct FaultyDb {
    Db db;
    DbDriver driver; /* with the inner one's name and dialect */
    Db *inner;
    _Atomic int64_t calls, fail_at;
    _Atomic Err err;
    _Atomic bool after;
} FaultyDb;

typedef struct FaultyTx {
    DbTx tx;
    DbTx *inner;
} FaultyTx;

static DbTx *inner_of(DbTx *base)
{
    return ((FaultyTx *)base)->inner;
}

static bool is_time(FaultyDb *db)
{
    return atomic_fetch_add(&db->calls, 1) + 1 == db->fail_at;
}

static Err count_call(Db *base)
{
    FaultyDb *db = (FaultyDb *)base;
    return is_time(db) ? db->err : OK;
}

static Err faulty_begin(Db *base, bool is_write, DbTx **ret_tx)
{
    FaultyDb *db = (FaultyDb *)base;
    TRY(count_call(base));
    DbTx *inner;
    TRY(is_write ? db_begin(db->inner, &inner) : db_read(db->inner, &inner));
    FaultyTx *tx = calloc(1, sizeof *tx);
    ENSURE(tx != NULL);
    db_tx_init(&tx->tx, base, is_write);
    tx->inner = inner;
    *ret_tx = &tx->tx;
    return OK;
}

static Err faulty_commit(DbTx *base)
{
    FaultyDb *db = (FaultyDb *)base->db;
    DbTx *inner = inner_of(base);
    if (is_time(db)) {
        /* A commit whose answer was lost has taken effect, but its hooks do not run. */
        if (db->after)
            TRY(db_commit(inner));
        return db->err;
    }
    inner->hooks = base->hooks;
    return db_commit(inner);
}

static void faulty_rollback(DbTx *base)
{
    (void)base; /* faulty_release ends the inner transaction */
}

static void faulty_release(DbTx *base)
{
    db_end(&((FaultyTx *)base)->inner);
    db_tx_deinit(base);
    free(base);
}

static Err faulty_exec(DbTx *base, Str sql, bool is_static, const DbArg *args, size_t count,
                       int64_t *ret_count)
{
    TRY(count_call(base->db));
    DbTx *inner = inner_of(base);
    if (!is_static)
        return db_exec_text(inner, sql, args, count);
    return ret_count ? db_exec_count_args(inner, ret_count, sql.ptr, args, count)
                     : db_exec_args(inner, sql.ptr, args, count);
}

static Err faulty_flush(DbTx *base)
{
    return db_flush(inner_of(base));
}

/* The rows belong to the inner transaction: reading them goes past this driver. */
static Err faulty_query(DbTx *base, DbRows *rows, Str sql, bool is_static, const DbArg *args,
                        size_t count)
{
    TRY(count_call(base->db));
    DbTx *inner = inner_of(base);
    return is_static ? db_query_args(inner, rows, sql.ptr, args, count)
                     : db_query_text(inner, rows, sql, args, count);
}

static Err faulty_script(DbTx *base, const char *sql)
{
    TRY(count_call(base->db));
    DbTx *inner = inner_of(base);
    return inner->db->driver->script(inner, sql);
}

static Err faulty_backup(Db *base, const char *path)
{
    return db_backup(((FaultyDb *)base)->inner, path);
}

static void faulty_free(Db *base)
{
    db_free(((FaultyDb *)base)->inner);
    free(base);
}

static const DbDriver FAULTY_DRIVER = {
    .free = faulty_free,
    .begin = faulty_begin,
    .commit = faulty_commit,
    .rollback = faulty_rollback,
    .release = faulty_release,
    .exec = faulty_exec,
    .flush = faulty_flush,
    .query = faulty_query,
    .script = faulty_script,
    .backup = faulty_backup,
};

Db *db_faulty_new(Db *inner)
{
    FaultyDb *db = calloc(1, sizeof *db);
    ENSURE(db != NULL);
    db->inner = inner;
    db->driver = FAULTY_DRIVER;
    db->driver.name = inner->driver->name;
    db->driver.dialect = inner->driver->dialect;
    db->db.driver = &db->driver;
    return &db->db;
}

void db_faulty_arm(Db *faulty, int64_t n, Err err, bool after)
{
    FaultyDb *db = (FaultyDb *)faulty;
    db->err = err;
    db->after = after;
    db->fail_at = n;
    db->calls = 0;
}

int64_t db_faulty_calls(const Db *faulty)
{
    return ((const FaultyDb *)faulty)->calls;
}
