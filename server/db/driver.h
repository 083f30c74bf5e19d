/* db/driver.h: what a driver gives to db.c. Only db/ includes it.
 *
 * db.c keeps the rules that are the same everywhere: a transaction is dead after its first error, is committed at most
 * once, and its open cursors are closed before it ends. A driver is called only with a living transaction.
 */
#pragma once
#include "db/db.h"

typedef struct DbDriver {
    const char *name;
    DbDialect dialect;
    void (*free)(Db *db);
    Err (*begin)(Db *db, bool is_write, DbTx **ret_tx);
    Err (*commit)(DbTx *tx);   /* runs the hooks once durable; after an error nothing is left of the transaction */
    void (*rollback)(DbTx *tx);
    void (*release)(DbTx *tx); /* gives connection and memory back; last call on tx */
    /* `is_static`: the address of sql may key the statement cache. ret_count NULL: may be deferred. */
    Err (*exec)(DbTx *tx, Str sql, bool is_static, const DbArg *args, size_t count, int64_t *ret_count);
    Err (*flush)(DbTx *tx); /* NULL: nothing is ever deferred */
    /* Calls db_rows_open. */
    Err (*query)(DbTx *tx, DbRows *rows, Str sql, bool is_static, const DbArg *args, size_t count);
    bool (*next)(DbRows *rows); /* false: no more rows, or rows->err */
    int64_t (*column_int)(const DbRows *rows, int column);
    Str (*column_bytes)(const DbRows *rows, int column); /* of a text or a blob */
    void (*rows_end)(DbTx *tx, void *result);
    Err (*script)(DbTx *tx, const char *sql); /* several statements, for migrations */
    Err (*backup)(Db *db, const char *path);
} DbDriver;

struct Db {
    const DbDriver *driver;
};

typedef struct DbHook {
    struct DbHook *next;
    void (*fn)(void *arg);
    void *arg;
} DbHook;

/* A transaction's place among those with the same key; in the transaction's arena. */
typedef struct DbTurn {
    struct DbTurn *next;
    DbTx *tx;
    uint64_t key;
} DbTurn;

/* What DbRows.driver points to, in the transaction's arena, so that a commit can close what its caller left open. */
typedef struct DbCursor {
    struct DbCursor *next;
    void *result; /* the driver's statement or result; NULL: closed */
} DbCursor;

/* Drivers embed this as their first member. */
struct DbTx {
    Db *db;
    Arena *arena;
    Err dead; /* not OK: what every further call answers */
    bool is_write, is_over, has_turns;
    DbHook *hooks, **last_hook;
    DbCursor *cursors;
    DbTx *outer; /* the thread's other open transaction, on another Db */
};

void db_tx_init(DbTx *tx, Db *db, bool is_write);
void db_tx_deinit(DbTx *tx);
void db_run_hooks(DbTx *tx);
void db_rows_open(DbTx *tx, DbRows *rows, void *result);
/* The driver's result behind open rows. */
static inline void *db_rows_result(const DbRows *rows) { return ((DbCursor *)rows->driver)->result; }
/* At most one line in ten seconds for each `last_ms`: a database that is away must not fill the log. */
bool db_may_log(_Atomic int64_t *last_ms);

Err db_sqlite_open(const char *path, const DbOptions *options, Db **ret_db);
Err db_postgres_open(const char *data_source, const DbOptions *options, Db **ret_db);
