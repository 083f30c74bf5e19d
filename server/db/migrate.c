/* db/migrate.c: brings the schema up to date.
 *
 * Each migration runs in a transaction of its own, which first takes the lock that other nodes
 * respect and looks again whether the migration is still to do; so it may be interrupted anywhere
 * and started on many nodes at once.
 */
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/driver.h"

/* Any number that no other program on the same PostgreSQL database takes: "ANSER" in ASCII. */
#define ADVISORY_LOCK "280267670866"

static const char TABLES[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, "
    "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL);\n"
    /* A migration that takes away what old programs need raises it: UPDATE schema_state SET
       min_binary = 12. */
    "CREATE TABLE IF NOT EXISTS schema_state (id SMALLINT PRIMARY KEY, min_binary BIGINT NOT "
    "NULL);\n"
    "INSERT INTO schema_state (id, min_binary) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;\n";

/* In SQLite whoever writes is alone. */
static Err begin_locked(Db *db, DbTx **ret_tx)
{
    TRY(db_begin(db, ret_tx));
    if (db_dialect(db) == DB_SQLITE)
        return OK;
    /* Rewriting a large table, or waiting for the node that does, takes longer than a request may.
     */
    return db->driver->script(*ret_tx,
                              "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
                              "SET LOCAL client_min_messages = warning;"
                              "SELECT pg_advisory_xact_lock(" ADVISORY_LOCK ")");
}

static Err make_tables(Db *db)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(begin_locked(db, &tx));
    TRY(db->driver->script(tx, TABLES));
    return db_commit(tx);
}

static Err check_binary(DbTx *tx, int binary_version)
{
    int64_t min_binary;
    TRY(db_get_int(tx, &min_binary, "SELECT min_binary FROM schema_state WHERE id = 1"));
    if (binary_version >= min_binary)
        return OK;
    log_error("the database belongs to a newer program", "needs=%lld this=%d",
              (long long)min_binary, binary_version);
    return ERR_INTERNAL;
}

/* Has it run? One that ran with another text is an error: nobody knows then what the schema is. */
static Err find_run(DbTx *tx, const DbMigration *one, Str checksum, bool *ret_has_run)
{
    Str was;
    Err err = db_get_text(tx, db_arena(tx), &was,
                          "SELECT checksum FROM schema_migrations WHERE version = ?", one->version);
    if (err == ERR_ABSENT) {
        *ret_has_run = false;
        return OK;
    }
    TRY(err);
    if (!str_eq(was, checksum)) {
        log_error("a migration was changed after it ran", "version=%d name=%s", one->version,
                  one->name);
        return ERR_INTERNAL;
    }
    *ret_has_run = true;
    return OK;
}

static Err run_one(Db *db, const DbMigration *one, int binary_version)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(begin_locked(db, &tx));
    TRY(check_binary(tx, binary_version));
    Str checksum = sha256_hex(db_arena(tx), str_of(one->sql));
    bool has_run;
    TRY(find_run(tx, one, checksum, &has_run));
    if (has_run)
        return db_commit(tx);
    TRY(db->driver->script(tx, one->sql));
    TRY(db_exec(
        tx,
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
        one->version, str_of(one->name), checksum, clock_now_ms()));
    TRY(db_commit(tx));
    log_info("schema migrated", "version=%d name=%s", one->version, one->name);
    return OK;
}

Err db_migrate(Db *db, const DbMigration *migrations, size_t count, int binary_version)
{
    TRY(make_tables(db));
    for (size_t i = 0; i < count; i++)
        TRY(run_one(db, &migrations[i], binary_version));
    return OK;
}
