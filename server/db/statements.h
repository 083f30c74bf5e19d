/* db/statements.h: the prepared statements of one connection.
 *
 * Model    Keyed by the SQL's address when it lives for ever, else by its text, and by the kinds of its arguments. A
 *          statement in use (rows being read) is passed over, so the same SQL may run twice at a time.
 * Threads  Belongs to its connection.
 * Limits   At most `limit` are kept; the one unused for longest goes first.
 */
#pragma once
#include "db/db.h"

/* Drivers embed this as their first member. */
typedef struct Statement {
    struct Statement *next; /* in its bucket */
    struct Statement *newer, *older;
    Str sql; /* static, or owned by the statement */
    uint64_t hash, kinds;
    uint64_t text_hash; /* builds with assertions notice an address that changed its text */
    bool is_static, is_busy;
} Statement;

enum { STATEMENT_BUCKETS = 128 };
typedef struct Statements {
    Statement *buckets[STATEMENT_BUCKETS];
    Statement *newest, *oldest;
    int count, limit;
    void (*drop)(Statement *statement, void *arg); /* the driver's */
    void *arg;
} Statements;

void statements_init(Statements *all, int limit, void (*drop)(Statement *, void *), void *arg);
void statements_deinit(Statements *all);

/* An idle prepared statement, now busy; or NULL. */
Statement *statements_take(Statements *all, Str sql, bool is_static, const DbArg *args,
                           size_t count);
/* Adds one just prepared, busy. */
void statements_add(Statements *all, Statement *statement, Str sql, bool is_static,
                    const DbArg *args, size_t count);
/* Makes it idle, and drops what is too much. */
void statements_give(Statements *all, Statement *statement);
void statements_drop(Statements *all, Statement *statement);
