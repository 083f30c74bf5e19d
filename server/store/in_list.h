/* store/in_list.h: "… IN (?, ?, …)" for lists of any length: a slice at a time, padded to a power of two by repeating the
 * last value, so that few different statements exist and the databases can keep them prepared.
 *
 *     for (size_t from = 0; from < count; from += IN_LIST_MAX) {
 *         InList in = in_list_of(arena, ids, count, from, 1);              // 1: room for what stands before the list
 *         in.args[0] = db_arg_text(channel_id);
 *         TRY(db_query_text(tx, &rows, in_list_sql(arena, &in, "SELECT … WHERE channel_id = ? AND id IN (", ")"), in.args, in.count));
 *     }
 */
#pragma once
#include "model/entity.h"

enum { IN_LIST_MAX = 512 };

typedef struct InList {
    DbArg *args;
    size_t count, before; /* all arguments; those before the list. What follows the list: in_list_push */
} InList;

/* `before` arguments to be set by the caller, then the padded slice. There is room for 8 more. */
InList in_list_of(Arena *arena, const Str *values, size_t count, size_t from, size_t before);
void in_list_push(InList *in, DbArg arg);
Str in_list_sql(Arena *arena, const InList *in, const char *head, const char *tail);

/* All rows of an entity whose key is among `values`: "SELECT $ FROM posts WHERE id IN (", ") ORDER BY …". */
Err in_list_entities(DbTx *tx, const Entity *entity, Arena *arena, void **ret_items, size_t *ret_count, const char *head,
                     const char *tail, const Str *values, size_t count);
/* A statement without rows for each slice: "UPDATE … WHERE id IN (", ")". `before` arguments stand before the list. */
Err in_list_exec(DbTx *tx, Arena *arena, const char *head, const char *tail, const DbArg *before, size_t before_count,
                 const Str *values, size_t count);
