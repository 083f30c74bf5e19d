/* db/db.h: the one SQL interface; sqlite.c, postgres.c and faulty.c stand behind it.
 *
 * Model    A transaction is straight-line code:
 *              CLEANUP(db_end) DbTx *tx = NULL;
 *              TRY(db_begin(db, &tx));
 *              TRY(db_exec(tx, "UPDATE channels SET header = ? WHERE id = ?", header, id));
 *              TRY(db_commit(tx));                       // leaving the block without it rolls back
 *          Between begin and commit there is only SQL: no files, no network, no hashing, no waiting.
 * Durable  When db_commit of a writing transaction returns OK, its effects survive kill -9 and power loss.
 * Errors   After any error the transaction is dead: every further call on it fails with the same Err, and db_end rolls
 *          back. ERR_RETRY (deadlock, serialisation, a batch that rolled back): run the whole handler again. ERR_UNIQUE:
 *          a unique constraint. ERR_NO_SPACE: disk full. ERR_UNAVAILABLE: the server is away. ERR_INTERNAL: the rest,
 *          logged with the database's own words. ERR_ABSENT (no row) is an answer and leaves the transaction alive.
 * Threads  A Db serves all threads. A DbTx belongs to the thread that began it. A thread has at most one open at a time.
 * SQL      Portable subset only: ? placeholders; LIMIT ? OFFSET ?; no RETURNING, NULL, arrays, ILIKE, partial indexes;
 *          booleans are SMALLINT 0/1, times BIGINT milliseconds, JSON opaque TEXT. Upserts go through db_upsert.
 *          SQL text given to db_exec, db_exec_count and db_query must live for ever (a literal, or ENTITY_SQL): the
 *          statement cache is keyed by its address. What is put together at run time goes to the _text forms.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct Db Db;
typedef struct DbTx DbTx;

typedef enum DbDialect { DB_SQLITE, DB_POSTGRES } DbDialect;

typedef struct DbOptions {
    int connections;      /* PostgreSQL: the most connections, writers and readers together; 0 means 16 */
    int64_t timeout_ms;   /* waiting for a connection or a lock; 0 means 10,000 */
    const char *vfs;      /* SQLite: name of a registered VFS, for tests; NULL is the system's */
} DbOptions;

/* `data_source` is "sqlite:PATH" or "postgres://…" (any libpq URI or "host=… dbname=…"). The schema is not touched.
 * Errors: ERR_UNAVAILABLE, ERR_NO_SPACE, ERR_INTERNAL; a database that is away at start is an error here, later it is
 * only an error of the transactions meanwhile. */
Err db_open(const char *data_source, const DbOptions *options, Db **ret_db);
void db_free(Db *db); /* NULL is fine. Every transaction has ended */
DbDialect db_dialect(const Db *db);
const char *db_name(const Db *db); /* "sqlite" or "postgres" */

/* Wraps `inner` (then owned by it): the `n`-th call after db_faulty_arm (counting begins, statements and commits; from 1)
 * fails with `err`; n = 0 disarms. With `after` a commit takes effect and then reports the error. For tests. */
Db *db_faulty_new(Db *inner);
void db_faulty_arm(Db *faulty, int64_t n, Err err, bool after);
int64_t db_faulty_calls(const Db *faulty); /* calls seen since the last arming */

/* A writing transaction. SQLite: writers take turns, each in a savepoint; those who finished while others were
 * waiting are made durable by one commit of all (group commit), in the order of their turns. */
Err db_begin(Db *db, DbTx **ret_tx);
/* A reading transaction: one snapshot, taken at its first query, for all of them. db_exec on it is a bug. */
Err db_read(Db *db, DbTx **ret_tx);
Err db_commit(DbTx *tx);
/* Ends the transaction: rolls back what is not committed. For CLEANUP; *tx may be NULL. */
void db_end(DbTx **tx);

/* Calls fn(arg) after the commit has become durable; drops it on rollback. In commit order within SQLite; elsewhere within
 * one connection, and between transactions that took a turn. Runs before db_commit returns, maybe on another thread (the
 * one that committed the batch); `arg` lives until db_commit returns. */
void db_on_commit(DbTx *tx, void (*fn)(void *arg), void *arg);
/* Takes a turn among the transactions of this process that name the same `key` (an id): their on-commit functions run in
 * the order of these calls. Call it while holding the lock on the row that the key names, so that the order of turns is the
 * order of commits: a transaction then waits only for others that have already committed. */
void db_take_turn(DbTx *tx, Str key);

/* Scratch memory that lives as long as the transaction. */
Arena *db_arena(DbTx *tx);
Db *db_of(const DbTx *tx);

/* ---- parameters: int, int64_t, size_t, bool and Str are passed as they are ---- */
typedef struct DbArg {
    enum { DB_ARG_INT, DB_ARG_TEXT, DB_ARG_BLOB } kind;
    int64_t number;
    Str text;
} DbArg;
static inline DbArg db_arg_int(int64_t v) { return (DbArg){DB_ARG_INT, v, {0}}; }
static inline DbArg db_arg_text(Str v) { return (DbArg){DB_ARG_TEXT, 0, v}; }
static inline DbArg db_arg_blob(Str v) { return (DbArg){DB_ARG_BLOB, 0, v}; }
static inline DbArg db_arg_same(DbArg v) { return v; }
#define DB_ARG(v)                                                                                  \
    _Generic((v), Str: db_arg_text, DbArg: db_arg_same, default: db_arg_int)(v)

/* DB_ARGS(a, b, …): a DbArg array literal and its length. At most 24. */
#define DB_MAP_1(v) DB_ARG(v)
#define DB_MAP_2(v, ...) DB_ARG(v), DB_MAP_1(__VA_ARGS__)
#define DB_MAP_3(v, ...) DB_ARG(v), DB_MAP_2(__VA_ARGS__)
#define DB_MAP_4(v, ...) DB_ARG(v), DB_MAP_3(__VA_ARGS__)
#define DB_MAP_5(v, ...) DB_ARG(v), DB_MAP_4(__VA_ARGS__)
#define DB_MAP_6(v, ...) DB_ARG(v), DB_MAP_5(__VA_ARGS__)
#define DB_MAP_7(v, ...) DB_ARG(v), DB_MAP_6(__VA_ARGS__)
#define DB_MAP_8(v, ...) DB_ARG(v), DB_MAP_7(__VA_ARGS__)
#define DB_MAP_9(v, ...) DB_ARG(v), DB_MAP_8(__VA_ARGS__)
#define DB_MAP_10(v, ...) DB_ARG(v), DB_MAP_9(__VA_ARGS__)
#define DB_MAP_11(v, ...) DB_ARG(v), DB_MAP_10(__VA_ARGS__)
#define DB_MAP_12(v, ...) DB_ARG(v), DB_MAP_11(__VA_ARGS__)
#define DB_MAP_13(v, ...) DB_ARG(v), DB_MAP_12(__VA_ARGS__)
#define DB_MAP_14(v, ...) DB_ARG(v), DB_MAP_13(__VA_ARGS__)
#define DB_MAP_15(v, ...) DB_ARG(v), DB_MAP_14(__VA_ARGS__)
#define DB_MAP_16(v, ...) DB_ARG(v), DB_MAP_15(__VA_ARGS__)
#define DB_MAP_17(v, ...) DB_ARG(v), DB_MAP_16(__VA_ARGS__)
#define DB_MAP_18(v, ...) DB_ARG(v), DB_MAP_17(__VA_ARGS__)
#define DB_MAP_19(v, ...) DB_ARG(v), DB_MAP_18(__VA_ARGS__)
#define DB_MAP_20(v, ...) DB_ARG(v), DB_MAP_19(__VA_ARGS__)
#define DB_MAP_21(v, ...) DB_ARG(v), DB_MAP_20(__VA_ARGS__)
#define DB_MAP_22(v, ...) DB_ARG(v), DB_MAP_21(__VA_ARGS__)
#define DB_MAP_23(v, ...) DB_ARG(v), DB_MAP_22(__VA_ARGS__)
#define DB_MAP_24(v, ...) DB_ARG(v), DB_MAP_23(__VA_ARGS__)
#define DB_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18,   \
                _19, _20, _21, _22, _23, _24, NAME, ...)                                           \
    NAME
#define DB_MAP(...)                                                                                \
    DB_PICK(__VA_ARGS__, DB_MAP_24, DB_MAP_23, DB_MAP_22, DB_MAP_21, DB_MAP_20, DB_MAP_19,         \
            DB_MAP_18, DB_MAP_17, DB_MAP_16, DB_MAP_15, DB_MAP_14, DB_MAP_13, DB_MAP_12,           \
            DB_MAP_11, DB_MAP_10, DB_MAP_9, DB_MAP_8, DB_MAP_7, DB_MAP_6, DB_MAP_5, DB_MAP_4,      \
            DB_MAP_3, DB_MAP_2, DB_MAP_1, )                                                        \
    (__VA_ARGS__)
#define DB_ARRAY(...) (DbArg[]){__VA_OPT__(DB_MAP(__VA_ARGS__), ) {0}}
#define DB_ARGS(...) DB_ARRAY(__VA_ARGS__), sizeof(DB_ARRAY(__VA_ARGS__)) / sizeof(DbArg) - 1

/* ---- statements ---- */

/* Runs a statement that answers nothing. May be deferred (PostgreSQL pipeline): its error then shows at the next query
 * or at the commit. */
#define db_exec(tx, sql, ...) db_exec_args((tx), (sql), DB_ARGS(__VA_ARGS__))
Err db_exec_args(DbTx *tx, const char *sql, const DbArg *args, size_t count);
/* The same, at once, and tells how many rows it touched. */
#define db_exec_count(tx, ret_count, sql, ...) db_exec_count_args((tx), (ret_count), (sql), DB_ARGS(__VA_ARGS__))
Err db_exec_count_args(DbTx *tx, int64_t *ret_count, const char *sql, const DbArg *args, size_t count);
/* Runs what was deferred and tells its error: for where the error of one statement has a meaning of its own. */
Err db_flush(DbTx *tx);

/* Rows of a query:
 *     CLEANUP(db_rows_end) DbRows rows = {0};
 *     TRY(db_query(tx, &rows, "SELECT id, name FROM teams WHERE delete_at = ?", 0));
 *     while (db_next(&rows)) { Str id = str_copy(arena, db_text(&rows, 0)); … }
 *     TRY(db_rows_error(&rows));                       // an error while stepping
 * Other statements, also with the same SQL text, may run while the rows are being read. A commit closes what is still
 * open. Declare rows after their transaction, so that they end before it. */
typedef struct DbRows {
    DbTx *tx;
    void *driver; /* the driver's own */
    int64_t at;
    Err err;
} DbRows;
#define db_query(tx, rows, sql, ...) db_query_args((tx), (rows), (sql), DB_ARGS(__VA_ARGS__))
Err db_query_args(DbTx *tx, DbRows *rows, const char *sql, const DbArg *args, size_t count);
bool db_next(DbRows *rows);
int64_t db_int(const DbRows *rows, int column);
bool db_flag(const DbRows *rows, int column);
Str db_text(const DbRows *rows, int column); /* borrowed until the next db_next or db_rows_end */
Str db_blob(const DbRows *rows, int column);
Err db_rows_error(const DbRows *rows);
void db_rows_end(DbRows *rows); /* also for CLEANUP; twice is fine */

/* For SQL put together at run time; the text is hashed, and only few such statements are kept prepared. */
Err db_exec_text(DbTx *tx, Str sql, const DbArg *args, size_t count);
Err db_query_text(DbTx *tx, DbRows *rows, Str sql, const DbArg *args, size_t count);

/* One value: ERR_ABSENT when there is no row. */
#define db_get_int(tx, ret_value, sql, ...) db_get_int_args((tx), (ret_value), (sql), DB_ARGS(__VA_ARGS__))
Err db_get_int_args(DbTx *tx, int64_t *ret_value, const char *sql, const DbArg *args, size_t count);
/* Copied into `arena`. */
#define db_get_text(tx, arena, ret_value, sql, ...) db_get_text_args((tx), (arena), (ret_value), (sql), DB_ARGS(__VA_ARGS__))
Err db_get_text_args(DbTx *tx, Arena *arena, Str *ret_value, const char *sql, const DbArg *args, size_t count);

/* Insert, or update where the key exists. A static const: the text is made once per driver.
 *     static const DbUpsert UPSERT = {"statuses", "user_id, status, manual", "user_id", "status, manual"};
 * `update` may be "": keep what is there. Arguments go in the order of `columns`. */
typedef struct DbUpsert {
    const char *table, *columns, *key, *update;
} DbUpsert;
#define db_upsert(tx, what, ...) db_upsert_args((tx), (what), DB_ARGS(__VA_ARGS__))
Err db_upsert_args(DbTx *tx, const DbUpsert *what, const DbArg *args, size_t count);

/* Appends "?, ?, ?" for an IN list of n > 0. */
void db_sql_marks(Buf *sql, size_t n);

/* " FOR UPDATE" in dialects that lock rows, "" in SQLite, where a writer is alone. */
const char *db_for_update(const DbTx *tx);

/* ---- schema ---- */
typedef struct DbMigration {
    int version;
    const char *name, *sql; /* statements separated by lines holding only "--;" */
} DbMigration;
/* Brings the schema to the last version, each migration in a transaction of its own with a checksum row in
 * schema_migrations, under a lock that other nodes respect; running it again does nothing. ERR_INTERNAL when a migration
 * already run has another checksum or the schema asks for a newer program: a migration that takes away what older
 * programs need says UPDATE schema_state SET min_binary = N, and programs whose `binary_version` is below are refused. */
Err db_migrate(Db *db, const DbMigration *migrations, size_t count, int binary_version);

/* An online copy of a SQLite database into a new file, consistent and verified (integrity_check). Not for PostgreSQL
 * (ERR_INTERNAL): its own tools do it. */
Err db_backup(Db *db, const char *path);
/* A cheap "are you there". */
Err db_ping(Db *db);
