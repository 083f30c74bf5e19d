/* model/entity.c: the only file that turns a field's offset into a pointer. */
#include "model/entity.h"
#include "base/vec.h"
#include <stdatomic.h>
#include <stdlib.h>

static bool is_text(FieldKind kind)
{
    return kind == KIND_ID || kind == KIND_TEXT || kind == KIND_OBJECT || kind == KIND_ARRAY;
}

static bool is_empty(const Field *f, const void *at)
{
    switch (f->kind) {
    case KIND_ID:
    case KIND_TEXT:
    case KIND_OBJECT:
    case KIND_ARRAY: return ((const Str *)at)->len == 0;
    case KIND_TIME:
    case KIND_COUNT: return *(const int64_t *)at == 0;
    case KIND_FLAG: return !*(const bool *)at;
    case KIND_NULL:
    case KIND_NO:
    case KIND_ZERO: return true;
    }
    return true;
}

void entity_write_fields(const Entity *e, const void *obj, Buf *out)
{
    for (const Field *f = e->fields; f < e->fields + e->count; f++) {
        if (!(f->rights & SHOW))
            continue;
        const void *at = (const char *)obj + f->offset;
        if ((f->rights & OMIT) && is_empty(f, at))
            continue;
        json_key(out, f->name);
        switch (f->kind) { /* no default: -Wswitch finds a forgotten kind */
        case KIND_ID:
        case KIND_TEXT: json_str(out, *(const Str *)at); break;
        case KIND_OBJECT: json_raw(out, is_empty(f, at) ? STR("{}") : *(const Str *)at); break;
        case KIND_ARRAY: json_raw(out, is_empty(f, at) ? STR("[]") : *(const Str *)at); break;
        case KIND_TIME:
        case KIND_COUNT: json_int(out, *(const int64_t *)at); break;
        case KIND_FLAG: json_bool(out, *(const bool *)at); break;
        case KIND_NULL: json_nil(out); break;
        case KIND_NO: json_bool(out, false); break;
        case KIND_ZERO: json_int(out, 0); break;
        }
    }
}

void entity_write_json(const Entity *e, const void *obj, Buf *out)
{
    json_open(out);
    entity_write_fields(e, obj, out);
    json_close(out);
}

Str entity_to_json(Arena *arena, const Entity *e, const void *obj)
{
    Buf out;
    buf_init(&out, 16 * 1024 * 1024);
    entity_write_json(e, obj, &out);
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

/* One value from a body; false: wrong type. */
static bool read_value(const Field *f, const json_t *value, Arena *arena, void *at)
{
    switch (f->kind) {
    case KIND_ID:
    case KIND_TEXT:
        if (!json_is_string(value))
            return false;
        *(Str *)at = json_text(value);
        return true;
    case KIND_OBJECT:
        if (!json_is_object(value))
            return false;
        *(Str *)at = json_dump(arena, value);
        return true;
    case KIND_ARRAY:
        if (!json_is_array(value))
            return false;
        *(Str *)at = json_dump(arena, value);
        return true;
    case KIND_TIME:
    case KIND_COUNT:
        if (!json_is_integer(value))
            return false;
        *(int64_t *)at = json_integer_value(value);
        return true;
    case KIND_FLAG:
        if (!json_is_boolean(value))
            return false;
        *(bool *)at = json_boolean_value(value);
        return true;
    case KIND_NULL:
    case KIND_NO:
    case KIND_ZERO: return true;
    }
    return false;
}

Err entity_read_json(const Entity *e, const json_t *json, uint8_t right, Arena *arena, void *obj,
                     FieldMask *ret_mask, const char **ret_bad)
{
    FieldMask mask = 0;
    if (!json_is_object(json)) {
        *ret_bad = e->type;
        return ERR_SYNTAX;
    }
    for (size_t i = 0; i < e->count; i++) {
        const Field *f = &e->fields[i];
        if (!(f->rights & right))
            continue;
        const json_t *value = json_find(json, f->name);
        if (!value || json_is_null(value))
            continue;
        if (!read_value(f, value, arena, (char *)obj + f->offset)) {
            *ret_bad = f->name;
            return ERR_SYNTAX;
        }
        mask |= 1ull << i;
    }
    if (ret_mask)
        *ret_mask = mask;
    return OK;
}

FieldMask entity_mask_of(const Entity *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++)
        if (str_eq(str_of(e->fields[i].name), str_of(name)))
            return (FieldMask)1 << i;
    BUG("a field of that name");
}

bool entity_mask_has(const Entity *e, FieldMask mask, const char *name)
{
    return (mask & entity_mask_of(e, name)) != 0;
}

static size_t kind_size(FieldKind kind)
{
    return is_text(kind)                             ? sizeof(Str)
           : kind == KIND_TIME || kind == KIND_COUNT ? sizeof(int64_t)
           : kind == KIND_FLAG                       ? sizeof(bool)
                                                     : 0;
}

void entity_merge(const Entity *e, FieldMask mask, const void *from, void *to)
{
    for (size_t i = 0; i < e->count; i++)
        if (mask >> i & 1)
            memcpy((char *)to + e->fields[i].offset, (const char *)from + e->fields[i].offset,
                   kind_size(e->fields[i].kind));
}

size_t entity_column_count(const Entity *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->count; i++)
        n += (e->fields[i].rights & SAVE) != 0;
    return n;
}

static void append_columns(const Entity *e, Str prefix, Str between, Str after, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < e->count; i++) {
        if (!(e->fields[i].rights & SAVE))
            continue;
        if (!first)
            buf_append(out, between);
        first = false;
        buf_append(out, prefix);
        buf_append(out, str_of(e->fields[i].name));
        buf_append(out, after);
    }
}

/* "$" → columns; "$p." → columns, each after "p."; "$$n" is left to nobody: templates have no other
 * dollars. */
static void expand(const Entity *e, Str text, Buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '$') {
            buf_append_char(out, text.ptr[i]);
            continue;
        }
        size_t to = i + 1;
        while (to < text.len && text.ptr[to] >= 'a' && text.ptr[to] <= 'z')
            to++;
        bool has_prefix = to > i + 1 && to < text.len && text.ptr[to] == '.';
        append_columns(e, has_prefix ? str_slice(text, i + 1, to + 1) : STR_EMPTY, STR(", "),
                       STR_EMPTY, out);
        if (has_prefix)
            i = to;
    }
}

static const char *publish(Buf *text, _Atomic(const char *) *slot)
{
    buf_append_char(text, 0);
    ENSURE(!text->overflowed);
    const char *expected = NULL;
    if (atomic_compare_exchange_strong(slot, &expected, text->ptr))
        return text
            ->ptr; /* lives as long as the program: the statement caches are keyed by its address */
    buf_deinit(text); /* another thread was first */
    return expected;
}

const char *entity_sql_make(const Entity *e, const char *text, _Atomic(const char *) *slot)
{
    Buf out;
    buf_init(&out, 64 * 1024);
    expand(e, str_of(text), &out);
    return publish(&out, slot);
}

void entity_read_row(const Entity *e, const DbRows *rows, int from, Arena *arena, void *obj)
{
    int column = from;
    for (const Field *f = e->fields; f < e->fields + e->count; f++) {
        if (!(f->rights & SAVE))
            continue;
        void *at = (char *)obj + f->offset;
        if (is_text(f->kind))
            *(Str *)at = str_copy(arena, db_text(rows, column));
        else if (f->kind == KIND_FLAG)
            *(bool *)at = db_flag(rows, column);
        else
            *(int64_t *)at = db_int(rows, column);
        column++;
    }
}

Err entity_get_args(DbTx *tx, const Entity *e, Arena *arena, void *obj, const char *sql,
                    const DbArg *args, size_t count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_args(tx, &rows, sql, args, count));
    if (!db_next(&rows)) {
        TRY(db_rows_error(&rows));
        return ERR_ABSENT;
    }
    memset(obj, 0, e->size);
    entity_read_row(e, &rows, 0, arena, obj);
    return OK;
}

static Err read_all(DbRows *rows, const Entity *e, Arena *arena, void **ret_items,
                    size_t *ret_count)
{
    size_t len = 0, cap = 0;
    char *items = NULL;
    while (db_next(rows)) {
        if (len == cap)
            items = vec_grow(arena, items, &cap, len, e->size);
        entity_read_row(e, rows, 0, arena, items + len * e->size);
        len++;
    }
    TRY(db_rows_error(rows));
    *ret_items = items;
    *ret_count = len;
    return OK;
}

Err entity_list_args(DbTx *tx, const Entity *e, Arena *arena, void **ret_items, size_t *ret_count,
                     const char *sql, const DbArg *args, size_t count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_args(tx, &rows, sql, args, count));
    return read_all(&rows, e, arena, ret_items, ret_count);
}

Err entity_list_text(DbTx *tx, const Entity *e, Arena *arena, void **ret_items, size_t *ret_count,
                     Str sql, const DbArg *args, size_t count)
{
    Buf text;
    buf_init(&text, 256 * 1024);
    expand(e, sql, &text);
    Str expanded = str_copy(arena, buf_str(&text));
    bool overflowed = text.overflowed;
    buf_deinit(&text);
    if (overflowed)
        return ERR_LIMIT;
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, expanded, args, count));
    return read_all(&rows, e, arena, ret_items, ret_count);
}

/* INSERT and UPDATE texts, made at first use and kept in a table by entity: there are few entities.
 */
enum { ENTITY_LIMIT = 64 };
typedef struct Statements {
    _Atomic(const Entity *) entity;
    _Atomic(const char *) insert, update;
} Statements;
static Statements statements[ENTITY_LIMIT];

static Statements *statements_of(const Entity *e)
{
    for (size_t i = 0; i < ENTITY_LIMIT; i++) {
        const Entity *owner = atomic_load(&statements[i].entity);
        if (owner == e)
            return &statements[i];
        if (!owner) {
            if (atomic_compare_exchange_strong(&statements[i].entity, &owner, e) || owner == e)
                return &statements[i];
        }
    }
    BUG("room for one more entity");
}

static const char *insert_sql(const Entity *e)
{
    Statements *s = statements_of(e);
    const char *made = atomic_load(&s->insert);
    if (made)
        return made;
    Buf out;
    buf_init(&out, 64 * 1024);
    buf_printf(&out, "INSERT INTO %s (", e->table);
    append_columns(e, STR_EMPTY, STR(", "), STR_EMPTY, &out);
    buf_append(&out, STR(") VALUES ("));
    db_sql_marks(&out, entity_column_count(e));
    buf_append_char(&out, ')');
    return publish(&out, &s->insert);
}

static const char *update_sql(const Entity *e)
{
    Statements *s = statements_of(e);
    const char *made = atomic_load(&s->update);
    if (made)
        return made;
    Buf out;
    buf_init(&out, 64 * 1024);
    buf_printf(&out, "UPDATE %s SET ", e->table);
    append_columns(e, STR_EMPTY, STR(", "), STR(" = ?"), &out);
    const Field *key = e->fields;
    while (!(key->rights & SAVE))
        key++;
    buf_printf(&out, " WHERE %s = ?", key->name);
    return publish(&out, &s->update);
}

/* The SAVE fields as parameters; room for one more. */
static size_t bind(const Entity *e, const void *obj, DbArg *args)
{
    size_t n = 0;
    for (const Field *f = e->fields; f < e->fields + e->count; f++) {
        if (!(f->rights & SAVE))
            continue;
        const void *at = (const char *)obj + f->offset;
        if (is_text(f->kind))
            args[n++] = db_arg_text(*(const Str *)at);
        else if (f->kind == KIND_FLAG)
            args[n++] = db_arg_int(*(const bool *)at);
        else
            args[n++] = db_arg_int(*(const int64_t *)at);
    }
    return n;
}

Err entity_insert(DbTx *tx, const Entity *e, const void *obj)
{
    DbArg args[65];
    size_t n = bind(e, obj, args);
    return db_exec_args(tx, insert_sql(e), args, n);
}

Err entity_update(DbTx *tx, const Entity *e, const void *obj)
{
    DbArg args[65];
    size_t n = bind(e, obj, args);
    args[n] = args[0];
    return db_exec_args(tx, update_sql(e), args, n + 1);
}

Err entity_insert_now(DbTx *tx, const Entity *e, const void *obj)
{
    DbArg args[65];
    int64_t rows;
    size_t n = bind(e, obj, args);
    return db_exec_count_args(tx, &rows, insert_sql(e), args, n);
}

Err entity_update_now(DbTx *tx, const Entity *e, const void *obj)
{
    DbArg args[65];
    int64_t rows;
    size_t n = bind(e, obj, args);
    args[n] = args[0];
    return db_exec_count_args(tx, &rows, update_sql(e), args, n + 1);
}

void entity_write_properties(const Entity *e, Buf *out)
{
    static const char *const types[] = {
        [KIND_ID] = "{\"type\":\"string\"}",    [KIND_TEXT] = "{\"type\":\"string\"}",
        [KIND_TIME] = "{\"type\":\"integer\"}", [KIND_COUNT] = "{\"type\":\"integer\"}",
        [KIND_FLAG] = "{\"type\":\"boolean\"}", [KIND_OBJECT] = "{\"type\":\"object\"}",
        [KIND_ARRAY] = "{\"type\":\"array\"}",  [KIND_NULL] = "{\"type\":\"null\"}",
        [KIND_NO] = "{\"type\":\"boolean\"}",   [KIND_ZERO] = "{\"type\":\"integer\"}",
    };
    for (size_t i = 0; i < e->count; i++) {
        if (!(e->fields[i].rights & SHOW))
            continue;
        json_key(out, e->fields[i].name);
        json_raw(out, str_of(types[e->fields[i].kind]));
    }
}

void entity_write_required(const Entity *e, Buf *out)
{
    for (size_t i = 0; i < e->count; i++)
        if ((e->fields[i].rights & SHOW) && !(e->fields[i].rights & OMIT))
            json_str(out, str_of(e->fields[i].name));
}
