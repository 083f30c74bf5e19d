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
