/* db/driver.h: what a driver gives to db.c. Only db/ includes it. */
#pragma once
#include "db/db.h"

typedef struct DbDriver {
    const char *name;
    DbDialect dialect;
    void (*free)(Db *db);
    Err (*begin)(Db *db, bool is_write, DbTx **ret_tx);
    Err (*commit)(DbTx *tx);   /* runs the hooks once durable */
    void (*rollback)(DbTx *tx);
    void (*release)(DbTx *tx); /* gives connection and memory back; last call on tx */
    /* `is_static`: the address of sql may key the statement cache. ret_count NULL: may be deferred. */
    Err (*exec)(DbTx *tx, Str sql, bool is_static, const DbArg *args, size_t count, int64_t *ret_count);
    Err (*query)(DbTx *tx, DbRows *rows, Str sql, bool is_static, const DbArg *args, size_t count);
    bool (*next)(DbRows *rows);
    int64_t (*column_int)(const DbRows *rows, int column);
    Str (*column_text)(const DbRows *rows, int column);
    void (*rows_end)(DbRows *rows);
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

/* Drivers embed this as their first member. */
struct DbTx {
    Db *db;
    Arena *arena;
    Err dead;          /* not OK: what every further call answers */
    bool is_write, is_over;
    DbHook *hooks, **last_hook;
};

Err db_sqlite_open(const char *path, const DbOptions *options, Db **ret_db);
Err db_postgres_open(const char *data_source, const DbOptions *options, Db **ret_db);
