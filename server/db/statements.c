#include "db/statements.h"
#include "base/err.h"

void statements_init(Statements *all, int limit, void (*drop)(Statement *, void *), void *arg)
{
    *all = (Statements){.limit = limit, .drop = drop, .arg = arg};
}

void statements_deinit(Statements *all)
{
    while (all->newest)
        statements_drop(all, all->newest);
}

/* Two bits an argument: 24 arguments fit. */
static uint64_t kinds_of(const DbArg *args, size_t count)
{
    uint64_t kinds = count;
    for (size_t i = 0; i < count; i++)
        kinds = kinds << 2 | args[i].kind;
    return kinds;
}

static uint64_t hash_of(Str sql, bool is_static)
{
    if (!is_static)
        return str_hash(sql);
    uint64_t h = (uint64_t)(uintptr_t)sql.ptr * 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}

static bool is_same(const Statement *s, Str sql, bool is_static, uint64_t hash, uint64_t kinds)
{
    return s->hash == hash && s->kinds == kinds && s->is_static == is_static &&
           (is_static ? s->sql.ptr == sql.ptr : str_eq(s->sql, sql));
}

#ifndef NDEBUG
static void note_text(Statement *s, Str sql)
{
    s->text_hash = str_hash(sql);
}
static void check_text(const Statement *s, Str sql)
{
    ENSURE(s->text_hash == str_hash(sql));
}
#else
static void note_text(Statement *s, Str sql)
{
    (void)s, (void)sql;
}
static void check_text(const Statement *s, Str sql)
{
    (void)s, (void)sql;
}
#endif

static void unlink_age(Statements *all, Statement *s)
{
    *(s->newer ? &s->newer->older : &all->newest) = s->older;
    *(s->older ? &s->older->newer : &all->oldest) = s->newer;
}

static void link_newest(Statements *all, Statement *s)
{
    s->newer = NULL;
    s->older = all->newest;
    *(all->newest ? &all->newest->newer : &all->oldest) = s;
    all->newest = s;
}

Statement *statements_take(Statements *all, Str sql, bool is_static, const DbArg *args,
                           size_t count)
{
    uint64_t hash = hash_of(sql, is_static), kinds = kinds_of(args, count);
    for (Statement *s = all->buckets[hash % STATEMENT_BUCKETS]; s; s = s->next)
        if (!s->is_busy && is_same(s, sql, is_static, hash, kinds)) {
            check_text(s, sql);
            s->is_busy = true;
            unlink_age(all, s);
            link_newest(all, s);
            return s;
        }
    return NULL;
}

void statements_add(Statements *all, Statement *s, Str sql, bool is_static, const DbArg *args,
                    size_t count)
{
    s->hash = hash_of(sql, is_static);
    s->kinds = kinds_of(args, count);
    s->is_static = is_static;
    s->is_busy = true;
    s->sql = sql;
    note_text(s, sql);
    if (!is_static) {
        char *copy = malloc(sql.len + 1);
        ENSURE(copy != NULL);
        memcpy(copy, sql.ptr, sql.len);
        s->sql.ptr = copy;
    }
    Statement **bucket = &all->buckets[s->hash % STATEMENT_BUCKETS];
    s->next = *bucket;
    *bucket = s;
    link_newest(all, s);
    all->count++;
}

void statements_give(Statements *all, Statement *statement)
{
    statement->is_busy = false;
    for (Statement *s = all->oldest, *newer; s && all->count > all->limit; s = newer) {
        newer = s->newer;
        if (!s->is_busy)
            statements_drop(all, s);
    }
}

void statements_drop(Statements *all, Statement *s)
{
    Statement **at = &all->buckets[s->hash % STATEMENT_BUCKETS];
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    unlink_age(all, s);
    all->count--;
    if (!s->is_static)
        free((char *)s->sql.ptr);
    all->drop(s, all->arg);
}
