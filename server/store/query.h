/* store/query.h: SQL put together at run time, together with its arguments.
 *
 *     CLEANUP(query_deinit) Query q;
 *     query_init(&q, arena, "SELECT $ FROM channels WHERE delete_at = 0");
 *     query_one(&q, " AND team_id = ?", team_id);
 *     query_words(&q, "search_text", term);
 *     TRY(query_list(&q, tx, &channel_entity, ret_channels, ret_count));
 *
 * Texts given as `const char *` are literals of the program; what comes from outside goes only through arguments.
 */
#pragma once
#include "base/vec.h"
#include "model/entity.h"

typedef struct Query {
    Arena *arena;
    Buf sql;
    VEC(DbArg) args;
} Query;

void query_init(Query *q, Arena *arena, const char *sql);
void query_deinit(Query *q); /* for CLEANUP */

void query_add(Query *q, const char *sql);
/* Appends text with one ? and its argument. */
#define query_one(q, sql, value) query_one_arg((q), (sql), DB_ARG(value))
void query_one_arg(Query *q, const char *sql, DbArg arg);
/* Appends " (?, ?, …)"; of no items, a list that nothing is in. */
void query_in(Query *q, const Str *items, size_t count);
/* Appends " AND column LIKE …" for each of the first eight words of `term`, folded as the column is. Letters of the term
 * that LIKE would read as a pattern stand for themselves. */
void query_words(Query *q, const char *column, Str term);
/* "%word%" for LIKE … ESCAPE '!', with '!' before the letters that LIKE would read as a pattern. */
Str query_pattern(Arena *arena, Str word);

Err query_list_rows(Query *q, DbTx *tx, const Entity *entity, void **ret_items, size_t *ret_count);
#define query_list(q, tx, entity, ret_items, ret_count)                                            \
    query_list_rows((q), (tx), (entity), (void **)(ret_items), (ret_count))
/* The first column of the first row; ERR_ABSENT without one. */
Err query_get_int(Query *q, DbTx *tx, int64_t *ret_value);
/* All texts of the first column. */
Err query_texts(Query *q, DbTx *tx, StrVec *ret_texts);
Err query_exec(Query *q, DbTx *tx);
