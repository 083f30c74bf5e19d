#include "domain/keywords.h"
#include "base/clock.h"
#include "base/map.h"
#include "domain/app.h"
#include "domain/mention_scan.h"
#include <stdlib.h>

enum { FRESH_MS = 30 * 1000, OVERLAP_MS = 60 * 1000, STALE_MAX = 1000 };

/* One word of one user; malloc. */
typedef struct Word {
    struct Word *next_of_word, *next_of_user;
    char *text;
    size_t len;
    bool is_first_name;
    char user_id[26];
} Word;

/* Guarded by its lock; nobody reads the database while holding it. */
struct KeywordCache {
    Lock lock;
    Map by_word, by_user; /* text → chain of Word */
    size_t multibyte_count;
    uint64_t generation; /* moves with every forget */
    bool is_loaded;
    int64_t read_at_ms;        /* monotonic */
    int64_t seen_update_at;    /* users changed before this have been read */
    char stale[STALE_MAX][26]; /* to be read again */
    size_t stale_count;        /* above STALE_MAX: everything */
};

KeywordCache *keywords_new(void)
{
    KeywordCache *cache = calloc(1, sizeof *cache);
    ENSURE(cache != NULL);
    lock_init(&cache->lock, LOCK_CACHE);
    return cache;
}

static void empty(KeywordCache *cache)
{
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&cache->by_user, &i));)
        for (Word *word = slot->value, *next; word; word = next) {
            next = word->next_of_user;
            free(word->text);
            free(word);
        }
    map_deinit(&cache->by_user);
    map_deinit(&cache->by_word);
    cache->by_user = cache->by_word = (Map){0};
    cache->multibyte_count = 0;
}

void keywords_free(KeywordCache *cache)
{
    if (!cache)
        return;
    empty(cache);
    lock_deinit(&cache->lock);
    free(cache);
}

void keywords_forget(KeywordCache *cache, Str user_id)
{
    if (!cache)
        return;
    lock_take(&cache->lock);
    cache->generation++;
    if (cache->stale_count < STALE_MAX && user_id.len == 26)
        memcpy(cache->stale[cache->stale_count++], user_id.ptr, 26);
    else
        cache->is_loaded = false;
    lock_release(&cache->lock);
}

/* ---- the words of a user ---- */
void keywords_of_user(Arena *arena, const User *user, KeywordVec *keywords)
{
    json_t *props;
    if (user->notify_props.len < 3 || json_parse(arena, user->notify_props, &props) != OK)
        return;
    for (Str rest = json_text(json_find(props, "mention_keys")); rest.ptr;) {
        Str key = mention_fold(arena, str_trim(str_split(&rest, ',')));
        if (key.len)
            vec_push(arena, keywords, (Keyword){key, false, user->id});
    }
    if (str_eq(json_text(json_find(props, "first_name")), STR("true")) && user->first_name.len)
        vec_push(arena, keywords, (Keyword){user->first_name, true, user->id});
}

static void drop_user(KeywordCache *cache, Str user_id)
{
    for (Word *word = map_remove(&cache->by_user, user_id), *next; word; word = next) {
        next = word->next_of_user;
        Str text = str_make(word->text, word->len);
        Word *first = map_find(&cache->by_word, text);
        if (first == word) {
            if (word->next_of_word)
                (void)map_set(&cache->by_word, text, word->next_of_word);
            else
                (void)map_remove(&cache->by_word, text);
        } else {
            while (first && first->next_of_word != word)
                first = first->next_of_word;
            if (first)
                first->next_of_word = word->next_of_word;
        }
        cache->multibyte_count -= mention_is_multibyte(text);
        free(word->text);
        free(word);
    }
}

static void add_word(KeywordCache *cache, const Keyword *keyword)
{
    Word *word = calloc(1, sizeof *word);
    ENSURE(word != NULL);
    word->text = malloc(keyword->word.len);
    ENSURE(word->text != NULL);
    memcpy(word->text, keyword->word.ptr, keyword->word.len);
    word->len = keyword->word.len;
    word->is_first_name = keyword->is_first_name;
    memcpy(word->user_id, keyword->user_id.ptr, 26);
    word->next_of_word = map_find(&cache->by_word, keyword->word);
    (void)map_set(&cache->by_word, keyword->word, word);
    word->next_of_user = map_find(&cache->by_user, keyword->user_id);
    (void)map_set(&cache->by_user, keyword->user_id, word);
    cache->multibyte_count += mention_is_multibyte(keyword->word);
}

/* ---- reading ---- */
typedef struct Fill {
    uint64_t generation;
    bool is_whole;
    StrVec stale;
    int64_t since;
} Fill;

static bool needs_fill(Ctx *ctx, KeywordCache *cache, Fill *ret_fill)
{
    lock_take(&cache->lock);
    bool is_old = clock_monotonic_ms() - cache->read_at_ms > FRESH_MS;
    bool needed = !cache->is_loaded || is_old || cache->stale_count;
    *ret_fill = (Fill){.generation = cache->generation,
                       .is_whole = !cache->is_loaded,
                       .since = is_old ? cache->seen_update_at - OVERLAP_MS : INT64_MAX};
    for (size_t i = 0; needed && i < cache->stale_count; i++)
        vec_push(ctx->arena, &ret_fill->stale, str_copy(ctx->arena, str_make(cache->stale[i], 26)));
    lock_release(&cache->lock);
    return needed;
}

static Err read_rows(Ctx *ctx, const Fill *fill, User **ret_users, size_t *ret_count)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Buf sql;
    buf_init(&sql, 64 * 1024);
    VEC(DbArg) args = {0};
    if (fill->is_whole) {
        buf_append(&sql, STR("SELECT $ FROM users WHERE delete_at = 0 AND (notify_props LIKE "
                             "'%\"first_name\":\"true\"%' OR "
                             "(notify_props LIKE '%\"mention_keys\":%' AND notify_props NOT LIKE "
                             "'%\"mention_keys\":\"\"%'))"));
    } else {
        buf_append(&sql, STR("SELECT $ FROM users WHERE update_at >= ?"));
        vec_push(ctx->arena, &args, db_arg_int(fill->since));
        if (fill->stale.len) {
            buf_append(&sql, STR(" OR id IN ("));
            db_sql_marks(&sql, fill->stale.len);
            buf_append_char(&sql, ')');
            for (size_t i = 0; i < fill->stale.len; i++)
                vec_push(ctx->arena, &args, db_arg_text(fill->stale.items[i]));
        }
    }
    Err err = entity_list_text(tx, &user_entity, ctx->arena, (void **)ret_users, ret_count,
                               buf_str(&sql), args.items, args.len);
    buf_deinit(&sql);
    return err;
}

static void apply(Ctx *ctx, KeywordCache *cache, const Fill *fill, const User *users, size_t count)
{
    KeywordVec keywords = {0};
    for (size_t i = 0; i < count; i++)
        if (users[i].delete_at == 0)
            keywords_of_user(ctx->arena, &users[i], &keywords);
    lock_take(&cache->lock);
    if (cache->generation == fill->generation) {
        if (fill->is_whole)
            empty(cache);
        for (size_t i = 0; i < count; i++)
            drop_user(cache, users[i].id);
        for (size_t i = 0; i < keywords.len; i++)
            add_word(cache, &keywords.items[i]);
        cache->stale_count = 0;
        cache->is_loaded = true;
        if (fill->is_whole || fill->since != INT64_MAX) {
            cache->read_at_ms = clock_monotonic_ms();
            cache->seen_update_at = ctx->now;
        }
    }
    lock_release(&cache->lock);
}

static Err refresh(Ctx *ctx, KeywordCache *cache)
{
    Fill fill;
    User *users;
    size_t count;
    if (!needs_fill(ctx, cache, &fill))
        return OK;
    ctx_end(ctx); /* the rows must be read by a snapshot that is younger than the generation */
    TRY(read_rows(ctx, &fill, &users, &count));
    apply(ctx, cache, &fill, users, count);
    return OK;
}

static void push_chain(Arena *arena, const Word *word, Str form, KeywordVec *keywords)
{
    for (; word; word = word->next_of_word) {
        if (word->is_first_name && !str_eq(form, str_make(word->text, word->len)))
            continue;
        vec_push(arena, keywords,
                 (Keyword){str_copy(arena, str_make(word->text, word->len)), word->is_first_name,
                           str_copy(arena, str_make(word->user_id, 26))});
    }
}

Err keywords_find(Ctx *ctx, const StrVec *forms, Str folded, KeywordVec *ret_keywords)
{
    KeywordCache *cache = ctx->app->keywords;
    KeywordVec found = {0};
    TRY(refresh(ctx, cache));
    lock_take(&cache->lock);
    for (size_t i = 0; i < forms->len && cache->by_word.count; i++) {
        Str form = forms->items[i], lower = mention_fold(ctx->arena, form);
        push_chain(ctx->arena, map_find(&cache->by_word, lower), form, &found);
        if (!str_eq(form, lower))
            push_chain(ctx->arena, map_find(&cache->by_word, form), form, &found);
    }
    MapSlot *slot;
    for (size_t i = 0; cache->multibyte_count && (slot = map_next(&cache->by_word, &i));)
        if (mention_is_multibyte(slot->key) && str_contains(folded, slot->key))
            push_chain(ctx->arena, slot->value, slot->key, &found);
    lock_release(&cache->lock);
    *ret_keywords = found;
    return OK;
}
