/* db/upsert.c: the text of an upsert, made once and kept for ever, as the statement caches are
 * keyed by its address. */
#include "base/err.h"
#include "db/db.h"
#include <stdatomic.h>

typedef struct UpsertText {
    struct UpsertText *next;
    const DbUpsert *what;
    char sql[];
} UpsertText;

/* Lists that only grow. Two threads may make the same text at the same time; the one that is found
 * first serves. */
enum { BUCKETS = 64 };
static _Atomic(UpsertText *) texts[BUCKETS];

static void append_set(Buf *sql, const char *update)
{
    const char *separator = " DO UPDATE SET ";
    for (Str rest = str_of(update); rest.ptr;) {
        Str name = str_trim(str_split(&rest, ','));
        buf_printf(sql, "%s" STR_FMT " = excluded." STR_FMT, separator, STR_ARG(name),
                   STR_ARG(name));
        separator = ", ";
    }
}

/* SQLite and PostgreSQL speak alike here; a dialect that does not gets its branch and lists of its
 * own. */
static UpsertText *make_text(const DbUpsert *what)
{
    size_t columns = 1;
    for (const char *at = what->columns; *at; at++)
        columns += *at == ',';
    Buf sql;
    buf_init(&sql, 64 * 1024);
    buf_printf(&sql, "INSERT INTO %s (%s) VALUES (", what->table, what->columns);
    db_sql_marks(&sql, columns);
    buf_printf(&sql, ") ON CONFLICT (%s)", what->key);
    if (what->update[0])
        append_set(&sql, what->update);
    else
        buf_append(&sql, STR(" DO NOTHING"));
    buf_append_char(&sql, 0);
    ENSURE(!sql.overflowed);
    UpsertText *text = malloc(sizeof *text + sql.len);
    ENSURE(text != NULL);
    text->what = what;
    memcpy(text->sql, sql.ptr, sql.len);
    buf_deinit(&sql);
    return text;
}

static const char *text_of(const DbUpsert *what)
{
    _Atomic(UpsertText *) *bucket = &texts[(uintptr_t)what / sizeof *what % BUCKETS];
    for (UpsertText *text = atomic_load(bucket); text; text = text->next)
        if (text->what == what)
            return text->sql;
    UpsertText *text = make_text(what);
    text->next = atomic_load(bucket);
    while (!atomic_compare_exchange_weak(bucket, &text->next, text)) {
    }
    return text->sql;
}

Err db_upsert_args(DbTx *tx, const DbUpsert *what, const DbArg *args, size_t count)
{
    return db_exec_args(tx, text_of(what), args, count);
}
