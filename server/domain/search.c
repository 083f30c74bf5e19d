#include "domain/search.h"
#include "base/clock.h"
#include "domain/search_query.h"
#include "store/channel_store.h"
#include "store/tokens.h"
#include "store/user_store.h"
#include <stdlib.h>

enum { TAIL_LIMIT = 5000, INDEX_BATCH = 200, STEP_MS = 1000 };

/* The ids behind the names of from: and in:. A name nobody has finds nothing, but does not fail. */
static Err author_ids(Ctx *ctx, DbTx *tx, const StrVec *names, StrVec *ret_ids)
{
    User *users;
    size_t count;
    TRY(store_user_list_by_usernames(tx, ctx->arena, names->items, names->len, &users, &count));
    for (size_t i = 0; i < count; i++)
        vec_push(ctx->arena, ret_ids, users[i].id);
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->items[i], STR("me")))
            vec_push(ctx->arena, ret_ids, ctx->user_id);
    return OK;
}

static Str direct_name(Ctx *ctx, Str other_id)
{
    bool is_first = str_cmp(ctx->user_id, other_id) <= 0;
    Str a = is_first ? ctx->user_id : other_id, b = is_first ? other_id : ctx->user_id;
    return str_printf(ctx->arena, STR_FMT "__" STR_FMT, STR_ARG(a), STR_ARG(b));
}

static Err channel_ids(Ctx *ctx, DbTx *tx, Str team_id, const StrVec *names, StrVec *ret_ids)
{
    for (size_t i = 0; i < names->len; i++) {
        CLEANUP(db_rows_end) DbRows rows = {0};
        TRY(db_query(
            tx, &rows,
            "SELECT c.id FROM channels c JOIN channel_members m ON m.channel_id = c.id AND "
            "m.user_id = ? "
            "WHERE (c.name = ? OR c.id = ?) AND ('' = ? OR c.team_id = ? OR c.team_id = '')",
            ctx->user_id, names->items[i], names->items[i], team_id, team_id));
        while (db_next(&rows))
            vec_push(ctx->arena, ret_ids, str_copy(ctx->arena, db_text(&rows, 0)));
        TRY(db_rows_error(&rows));
        User other;
        Channel direct;
        Err err = store_user_get_by_username(tx, ctx->arena, names->items[i], &other);
        if (err == OK)
            err = store_channel_get_by_name(tx, ctx->arena, STR_EMPTY, direct_name(ctx, other.id),
                                            &direct);
        if (err == OK)
            vec_push(ctx->arena, ret_ids, direct.id);
        else if (err != ERR_ABSENT)
            return err;
    }
    return OK;
}

/* Everything the names of a question stand for. */
typedef struct Resolved {
    StrVec from, not_from, in, not_in;
    bool finds_nothing;
} Resolved;

static Err resolve(Ctx *ctx, DbTx *tx, Str team_id, const SearchWords *w, Resolved *ret_resolved)
{
    Resolved r = {0};
    TRY(author_ids(ctx, tx, &w->from, &r.from));
    TRY(author_ids(ctx, tx, &w->not_from, &r.not_from));
    TRY(channel_ids(ctx, tx, team_id, &w->in, &r.in));
    TRY(channel_ids(ctx, tx, team_id, &w->not_in, &r.not_in));
    r.finds_nothing = w->is_hopeless || (w->from.len && !r.from.len) || (w->in.len && !r.in.len);
    *ret_resolved = r;
    return OK;
}

typedef VEC(SearchClause) ClauseVec;

static SearchClause clause_of(Ctx *ctx, const StrVec *ids, Str (*token)(Arena *, Str))
{
    Str *tokens = arena_new(ctx->arena, Str, ids->len);
    for (size_t i = 0; i < ids->len; i++)
        tokens[i] = token(ctx->arena, ids->items[i]);
    return (SearchClause){tokens, ids->len, false};
}

/* What must not be, ids first: each its own clause. */
static void exclude(Ctx *ctx, ClauseVec *clauses, const StrVec *ids, Str (*token)(Arena *, Str))
{
    for (size_t i = 0; i < ids->len; i++) {
        StrVec one = {&ids->items[i], 1, 1};
        vec_push(ctx->arena, clauses, clause_of(ctx, &one, token));
    }
}

static bool passes_filters(const Resolved *r, const Post *post)
{
    return (!r->from.len || strvec_has(&r->from, post->user_id)) &&
           !strvec_has(&r->not_from, post->user_id) &&
           (!r->in.len || strvec_has(&r->in, post->channel_id)) &&
           !strvec_has(&r->not_in, post->channel_id) &&
           !str_starts_with(post->type, STR("system_"));
}

/* Posts the index has not reached: read and matched here, newest first. */
static Err search_tail(Ctx *ctx, DbTx *tx, const SearchQuery *query, const SearchWords *w,
                       const Resolved *r, Post **ret_posts, size_t *ret_count)
{
    Post *posts;
    size_t count, kept = 0;
    TRY(store_search_tail(tx, ctx->arena, query, TAIL_LIMIT, &posts, &count));
    for (size_t i = 0; i < count; i++)
        if (passes_filters(r, &posts[i]) &&
            search_words_match(ctx->arena, w, query->is_or, &posts[i]))
            posts[kept++] = posts[i];
    *ret_posts = posts;
    *ret_count = kept;
    return OK;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = ((const Post *)a)->create_at, y = ((const Post *)b)->create_at;
    return x == y ? str_cmp(((const Post *)b)->id, ((const Post *)a)->id) : x < y ? 1 : -1;
}

Err search_posts(Ctx *ctx, const SearchRequest *request, Post **ret_posts, size_t *ret_count)
{
    SearchWords w;
    Resolved r;
    DbTx *tx;
    *ret_posts = NULL;
    *ret_count = 0;
    search_words_parse(ctx->arena, request->terms, request->time_zone_offset_s * 1000, &w);
    TRY(ctx_read(ctx, &tx));
    TRY(resolve(ctx, tx, request->team_id, &w, &r));
    if (r.finds_nothing)
        return OK;
    ClauseVec filters = {0}, must_not = {0};
    for (size_t i = 0; i < w.must_not_count; i++)
        vec_push(ctx->arena, &must_not, w.must_not[i]);
    exclude(ctx, &must_not, &r.not_from, token_of_author);
    exclude(ctx, &must_not, &r.not_in, token_of_channel);
    if (r.from.len)
        vec_push(ctx->arena, &filters, clause_of(ctx, &r.from, token_of_author));
    if (r.in.len)
        vec_push(ctx->arena, &filters, clause_of(ctx, &r.in, token_of_channel));
    bool has_dates = w.after || w.before;
    if (w.must_count == 0 && filters.len == 0) {
        if (!has_dates)
            return OK; /* nothing asked for, or only what must not be */
        StrVec ids = {0};
        TRY(store_channel_ids_of_user(tx, ctx->arena, ctx->user_id, &ids.items, &ids.len));
        if (ids.len == 0)
            return OK;
        vec_push(ctx->arena, &filters, clause_of(ctx, &ids, token_of_channel));
    }
    SearchQuery query = {
        .user_id = ctx->user_id,
        .team_id = request->team_id,
        .must = w.must,
        .must_count = w.must_count,
        .must_not = must_not.items,
        .must_not_count = must_not.len,
        .is_or = request->is_or,
        .filters = filters.items,
        .filter_count = filters.len,
        .after = w.after,
        .before = w.before,
        .with_archived = request->with_archived,
        .limit = request->per_page,
    };
    Post *tail, *indexed;
    size_t tail_count, indexed_count, from = (size_t)(request->page * request->per_page);
    TRY(search_tail(ctx, tx, &query, &w, &r, &tail, &tail_count));
    query.offset = from > tail_count ? (int64_t)(from - tail_count) : 0;
    TRY(store_search_posts(tx, ctx->arena, &query, &indexed, &indexed_count));
    Post *all = arena_new(ctx->arena, Post, tail_count + indexed_count);
    size_t count = 0;
    for (size_t i = from; i < tail_count && count < (size_t)request->per_page; i++)
        all[count++] = tail[i];
    for (size_t i = 0; i < indexed_count && count < (size_t)request->per_page; i++)
        all[count++] = indexed[i];
    qsort(all, count, sizeof *all, newest_first);
    *ret_posts = all;
    *ret_count = count;
    return OK;
}

Err search_files(Ctx *ctx, const SearchRequest *request, FileInfo **ret_files, size_t *ret_count)
{
    SearchWords w;
    Resolved r;
    DbTx *tx;
    *ret_files = NULL;
    *ret_count = 0;
    search_words_parse(ctx->arena, request->terms, request->time_zone_offset_s * 1000, &w);
    TRY(ctx_read(ctx, &tx));
    TRY(resolve(ctx, tx, request->team_id, &w, &r));
    bool asks = w.plain.len || w.extensions.len || r.from.len || r.in.len || w.after || w.before;
    if (r.finds_nothing || !asks)
        return OK;
    SearchQuery query = {
        .user_id = ctx->user_id,
        .team_id = request->team_id,
        .is_or = request->is_or,
        .after = w.after,
        .before = w.before,
        .with_archived = request->with_archived,
        .limit = request->per_page,
        .offset = request->page * request->per_page,
    };
    return store_search_files(tx, ctx->arena, &query, &w.plain, &w.extensions, &r.in, &r.from,
                              ret_files, ret_count);
}

static Err is_index_behind(Ctx *ctx, bool *ret_behind)
{
    DbTx *tx;
    int64_t cursor, newer, dirty;
    TRY(ctx_read(ctx, &tx));
    TRY(store_search_cursor(tx, &cursor));
    TRY(db_get_int(tx, &newer, "SELECT count(*) FROM (SELECT 1 FROM posts WHERE seq > ? LIMIT 1) p",
                   cursor));
    TRY(db_get_int(tx, &dirty,
                   "SELECT count(*) FROM (SELECT 1 FROM search_dirty WHERE seq <= ? LIMIT 1) d",
                   cursor));
    *ret_behind = newer > 0 || dirty > 0;
    ctx_end(ctx);
    return OK;
}

Err search_index_catch_up(Ctx *ctx)
{
    bool more;
    TRY(is_index_behind(ctx, &more)); /* an idle server writes nothing */
    for (int64_t until = clock_monotonic_ms() + STEP_MS; more && clock_monotonic_ms() < until;) {
        DbTx *tx;
        more = false;
        TRY(ctx_write(ctx, &tx));
        TRY(store_search_index(tx, ctx->arena, ctx->now, INDEX_BATCH, &more));
        TRY(ctx_commit(ctx));
    }
    return OK;
}
