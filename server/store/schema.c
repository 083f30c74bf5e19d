#include "store/schema.h"
#include "base/embedded.h"

enum { BINARY_VERSION = 1, MIGRATION_LIMIT = 256 };

/* Files are named NUMBER_name.DIALECT.sql and come sorted. */
static size_t of_dialect(const char *dialect, Arena *arena, DbMigration *ret_list)
{
    size_t count = 0;
    Str ending = str_printf(arena, ".%s.sql", dialect);
    for (const EmbeddedFile *file = embedded_migrations; file->name; file++) {
        int64_t version = 0;
        Str name = str_of(file->name);
        if (!str_ends_with(name, ending) || count == MIGRATION_LIMIT)
            continue;
        ENSURE(str_to_int(str_slice(name, 0, 4), &version));
        ret_list[count++] =
            (DbMigration){(int)version, str_to_c(arena, str_slice(name, 5, name.len - ending.len)),
                          file->text.ptr};
    }
    return count;
}

Err schema_migrate(Db *db)
{
    Arena *arena = arena_create();
    DbMigration *list = arena_new(arena, DbMigration, MIGRATION_LIMIT);
    size_t count = of_dialect(db_name(db), arena, list);
    Err err = db_migrate(db, list, count, BINARY_VERSION);
    arena_free(arena);
    return err;
}

static Err last_run(Db *db, int64_t *ret_version)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t has_table;
    *ret_version = 0;
    TRY(db_read(db, &tx));
    if (db_dialect(db) == DB_SQLITE)
        TRY(db_get_int(tx, &has_table,
                       "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = "
                       "'schema_migrations'"));
    else
        TRY(db_get_int(tx, &has_table,
                       "SELECT count(*) FROM information_schema.tables WHERE table_schema = "
                       "current_schema() AND table_name = "
                       "'schema_migrations'"));
    if (!has_table)
        return OK;
    return db_get_int(tx, ret_version, "SELECT coalesce(max(version), 0) FROM schema_migrations");
}

Err schema_state(Db *db, int64_t *ret_have, int64_t *ret_newest)
{
    Arena *arena = arena_create();
    DbMigration *list = arena_new(arena, DbMigration, MIGRATION_LIMIT);
    size_t count = of_dialect(db_name(db), arena, list);
    *ret_newest = count ? list[count - 1].version : 0;
    arena_free(arena);
    return last_run(db, ret_have);
}
