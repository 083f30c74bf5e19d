#include "store/query.h"

enum { SQL_LIMIT_BYTES = 1024 * 1024, WORDS_MAX = 8 };

void query_init(Query *q, Arena *arena, const char *sql)
{
    *q = (Query){.arena = arena};
    buf_init(&q->sql, SQL_LIMIT_BYTES);
    query_add(q, sql);
}

void query_deinit(Query *q)
{
    buf_deinit(&q->sql);
}

void query_add(Query *q, const char *sql)
{
    buf_append(&q->sql, str_of(sql));
}

void query_one_arg(Query *q, const char *sql, DbArg arg)
{
    query_add(q, sql);
    vec_push(q->arena, &q->args, arg);
}

void query_in(Query *q, const Str *items, size_t count)
{
    if (count == 0) {
        query_add(q, " (SELECT '' WHERE 1 = 0)");
        return;
    }
    query_add(q, " (");
    db_sql_marks(&q->sql, count);
    query_add(q, ")");
    for (size_t i = 0; i < count; i++)
        vec_push(q->arena, &q->args, db_arg_text(items[i]));
}

Str query_pattern(Arena *arena, Str word)
{
    char *text = arena_alloc(arena, word.len * 2 + 2);
    size_t n = 0;
    text[n++] = '%';
    for (size_t i = 0; i < word.len; i++) {
        if (strchr("%_!", word.ptr[i]))
            text[n++] = '!';
        text[n++] = word.ptr[i];
    }
    text[n++] = '%';
    return str_make(text, n);
}

void query_words(Query *q, const char *column, Str term)
{
    Str rest = str_lower(q->arena, str_trim(term));
    for (int words = 0; rest.ptr && words < WORDS_MAX;) {
        Str word = str_split(&rest, ' ');
        if (word.len == 0)
            continue;
        query_add(q, " AND ");
        query_add(q, column);
        query_one(q, " LIKE ? ESCAPE '!'", query_pattern(q->arena, word));
        words++;
    }
}

Err query_list_rows(Query *q, DbTx *tx, const Entity *entity, void **ret_items, size_t *ret_count)
{
    return entity_list_text(tx, entity, q->arena, ret_items, ret_count, buf_str(&q->sql),
                            q->args.items, q->args.len);
}

Err query_get_int(Query *q, DbTx *tx, int64_t *ret_value)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, buf_str(&q->sql), q->args.items, q->args.len));
    if (!db_next(&rows)) {
        TRY(db_rows_error(&rows));
        return ERR_ABSENT;
    }
    *ret_value = db_int(&rows, 0);
    return OK;
}

Err query_texts(Query *q, DbTx *tx, StrVec *ret_texts)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, buf_str(&q->sql), q->args.items, q->args.len));
    StrVec texts = {0};
    while (db_next(&rows))
        vec_push(q->arena, &texts, str_copy(q->arena, db_text(&rows, 0)));
    TRY(db_rows_error(&rows));
    *ret_texts = texts;
    return OK;
}

Err query_exec(Query *q, DbTx *tx)
{
    return db_exec_text(tx, buf_str(&q->sql), q->args.items, q->args.len);
}
