#include "store/in_list.h"

enum { AFTER_MAX = 8 };

InList in_list_of(Arena *arena, const Str *values, size_t count, size_t from, size_t before)
{
    size_t n = count - from < IN_LIST_MAX ? count - from : IN_LIST_MAX, padded = 1;
    while (padded < n)
        padded *= 2;
    InList in = {arena_new(arena, DbArg, before + padded + AFTER_MAX), before + padded, before};
    for (size_t i = 0; i < padded; i++)
        in.args[before + i] = db_arg_text(values[from + (i < n ? i : n - 1)]);
    return in;
}

void in_list_push(InList *in, DbArg arg)
{
    in->args[in->count++] = arg;
}

Str in_list_sql(Arena *arena, const InList *in, const char *head, const char *tail)
{
    size_t marks = in->count - in->before;
    for (const char *c = tail; *c; c++)
        marks -= *c == '?';
    Buf sql;
    buf_init(&sql, 64 * 1024);
    buf_append(&sql, str_of(head));
    db_sql_marks(&sql, marks);
    buf_append(&sql, str_of(tail));
    Str text = str_copy(arena, buf_str(&sql));
    buf_deinit(&sql);
    return text;
}

Err in_list_entities(DbTx *tx, const Entity *entity, Arena *arena, void **ret_items,
                     size_t *ret_count, const char *head, const char *tail, const Str *values,
                     size_t count)
{
    *ret_items = NULL;
    *ret_count = 0;
    for (size_t from = 0; from < count; from += IN_LIST_MAX) {
        InList in = in_list_of(arena, values, count, from, 0);
        void *items;
        size_t n;
        TRY(entity_list_text(tx, entity, arena, &items, &n, in_list_sql(arena, &in, head, tail),
                             in.args, in.count));
        if (*ret_count == 0) {
            *ret_items = items;
        } else if (n > 0) {
            char *both = arena_alloc_array(arena, *ret_count + n, entity->size);
            memcpy(both, *ret_items, *ret_count * entity->size);
            memcpy(both + *ret_count * entity->size, items, n * entity->size);
            *ret_items = both;
        }
        *ret_count += n;
    }
    return OK;
}

Err in_list_exec(DbTx *tx, Arena *arena, const char *head, const char *tail, const DbArg *before,
                 size_t before_count, const Str *values, size_t count)
{
    for (size_t from = 0; from < count; from += IN_LIST_MAX) {
        InList in = in_list_of(arena, values, count, from, before_count);
        for (size_t i = 0; i < before_count; i++)
            in.args[i] = before[i];
        TRY(db_exec_text(tx, in_list_sql(arena, &in, head, tail), in.args, in.count));
    }
    return OK;
}
