/* model/entity.h: one list of fields per entity; JSON, SQL and the OpenAPI text follow from it.
 *
 * A list says, for each field: kind, name (the same in C, JSON and SQL) and rights. The C type follows from the kind.
 * What is computed or nested (a post's metadata) is a plain function beside the noun.
 */
#pragma once
#include "base/buf.h"
#include "base/json.h"
#include "db/db.h"
#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

typedef enum FieldKind {
    KIND_ID,     /* 26 characters or empty */
    KIND_TEXT,
    KIND_TIME,   /* Unix milliseconds; 0 means never */
    KIND_COUNT,
    KIND_FLAG,
    KIND_OBJECT, /* JSON text of an object; empty is {} */
    KIND_ARRAY,  /* JSON text of an array; empty is [] */
    KIND_NULL,   /* always null on the wire: what clients expect and we do not have */
    KIND_NO,     /* always false */
    KIND_ZERO,   /* always 0 */
} FieldKind;

typedef Str C_ID, C_TEXT, C_OBJECT, C_ARRAY;
typedef int64_t C_TIME, C_COUNT;
typedef bool C_FLAG;
typedef char C_NULL, C_NO, C_ZERO;

enum {
    SHOW = 1,  /* in replies */
    NEW = 2,   /* read from a create body */
    EDIT = 4,  /* read from a patch body */
    SAVE = 8,  /* a column */
    OMIT = 16, /* left out of replies when empty, zero or false */
};

typedef struct Field {
    const char *name;
    FieldKind kind;
    uint8_t rights;
    size_t offset;
} Field;

typedef struct Entity {
    const char *type, *table; /* names in OpenAPI and SQL */
    const Field *fields;
    size_t count, size;
} Entity;

/* A bit for each field of an entity, in list order. */
typedef uint64_t FieldMask;

/* "{…}" of the SHOW fields; or only the members, when the caller adds more inside the same object. */
void entity_write_json(const Entity *e, const void *obj, Buf *out);
void entity_write_fields(const Entity *e, const void *obj, Buf *out);
/* The same as text in the arena: for events, whose members are often JSON inside a string. */
Str entity_to_json(Arena *arena, const Entity *e, const void *obj);

/* Reads the fields that carry `right` (NEW or EDIT) from a JSON object; others are ignored, as in v4. Sets *ret_mask to
 * those present and not null. Text is borrowed from `json`, OBJECT and ARRAY text is in the arena.
 * ERR_SYNTAX: a value of the wrong type; *ret_bad is then its name. */
Err entity_read_json(const Entity *e, const json_t *json, uint8_t right, Arena *arena, void *obj, FieldMask *ret_mask,
                     const char **ret_bad);
/* The mask of one field. */
FieldMask entity_mask_of(const Entity *e, const char *name);
bool entity_mask_has(const Entity *e, FieldMask mask, const char *name);
/* Copies the fields of `mask` from `from` to `to`. */
void entity_merge(const Entity *e, FieldMask mask, const void *from, void *to);

/* Expands a template once and for ever: "$" becomes the SAVE columns in list order, "$p." the same, each after "p.".
 *     db_query(tx, &rows, ENTITY_SQL(&post_entity, "SELECT $ FROM posts WHERE id = ?"), id) */
#define ENTITY_SQL(entity, text)                                                                   \
    ({                                                                                             \
        static _Atomic(const char *) sql_;                                                         \
        const char *made_ = atomic_load_explicit(&sql_, memory_order_acquire);                     \
        made_ ? made_ : entity_sql_make((entity), "" text, &sql_);                                 \
    })
const char *entity_sql_make(const Entity *e, const char *text, _Atomic(const char *) *slot);
size_t entity_column_count(const Entity *e);

/* Reads the SAVE columns of the current row, the first at column `from`; texts are copied into the arena. */
void entity_read_row(const Entity *e, const DbRows *rows, int from, Arena *arena, void *obj);
/* One row by a query whose result is exactly the SAVE columns; ERR_ABSENT when there is none. */
#define entity_get(tx, entity, arena, obj, sql, ...)                                               \
    entity_get_args((tx), (entity), (arena), (obj), (sql), DB_ARGS(__VA_ARGS__))
Err entity_get_args(DbTx *tx, const Entity *e, Arena *arena, void *obj, const char *sql, const DbArg *args, size_t count);
/* All rows of such a query, an array in the arena. */
#define entity_list(tx, entity, arena, ret_items, ret_count, sql, ...)                             \
    entity_list_args((tx), (entity), (arena), (void **)(ret_items), (ret_count), (sql), DB_ARGS(__VA_ARGS__))
Err entity_list_args(DbTx *tx, const Entity *e, Arena *arena, void **ret_items, size_t *ret_count, const char *sql,
                     const DbArg *args, size_t count);
/* The same with SQL put together at run time ("$" expanded too). */
Err entity_list_text(DbTx *tx, const Entity *e, Arena *arena, void **ret_items, size_t *ret_count, Str sql,
                     const DbArg *args, size_t count);

Err entity_insert(DbTx *tx, const Entity *e, const void *obj);
/* Writes the SAVE fields of the row whose first SAVE column (the key) equals the object's. */
Err entity_update(DbTx *tx, const Entity *e, const void *obj);
/* The same at once, so that ERR_UNIQUE is told here (db_exec may tell it later). */
Err entity_insert_now(DbTx *tx, const Entity *e, const void *obj);
Err entity_update_now(DbTx *tx, const Entity *e, const void *obj);

/* For OpenAPI: the members of "properties" and the items of "required" of a reply's JSON schema. */
void entity_write_properties(const Entity *e, Buf *out);
void entity_write_required(const Entity *e, Buf *out);
/* All entities, ending with NULL. */
extern const Entity *const ENTITIES[];

#define FIELD_MEMBER(T, kind, name, rights) C_##kind name;
#define FIELD_ROW(T, kind, name, rights)    {#name, KIND_##kind, rights, offsetof(T, name)},
#define FIELD_ONE(T, kind, name, rights)    +1

#define ENTITY_DECLARE(T, t, LIST)                                                                 \
    typedef struct T {                                                                             \
        LIST(FIELD_MEMBER, T)                                                                      \
    } T;                                                                                           \
    static_assert((0 LIST(FIELD_ONE, T)) <= 64, #T " outgrew the 64-bit mask");                    \
    extern const Entity t##_entity;                                                                \
    static inline void t##_write_json(const T *obj, Buf *out)                                      \
    {                                                                                              \
        entity_write_json(&t##_entity, obj, out);                                                  \
    }                                                                                              \
    static inline Err t##_insert_row(DbTx *tx, const T *obj)                                       \
    {                                                                                              \
        return entity_insert(tx, &t##_entity, obj);                                                \
    }                                                                                              \
    static inline Err t##_update_row(DbTx *tx, const T *obj)                                       \
    {                                                                                              \
        return entity_update(tx, &t##_entity, obj);                                                \
    }                                                                                              \
    static inline void t##_read_row(const DbRows *rows, int from, Arena *arena, T *obj)            \
    {                                                                                              \
        entity_read_row(&t##_entity, rows, from, arena, obj);                                      \
    }

#define ENTITY_DEFINE(T, t, table_name, LIST)                                                      \
    static const Field t##_fields[] = {LIST(FIELD_ROW, T)};                                        \
    const Entity t##_entity = {#T, table_name, t##_fields, sizeof t##_fields / sizeof *t##_fields, \
                               sizeof(T)}
