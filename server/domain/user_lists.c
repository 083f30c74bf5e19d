#include "domain/user_lists.h"
#include "domain/channels.h"
#include "domain/names.h"
#include "domain/statuses.h"
#include "store/user_store.h"
#include <stdlib.h>

Err user_is_visible(Ctx *ctx, Str user_id, bool *ret_is_visible)
{
    *ret_is_visible = can(ctx, PERM_VIEW_MEMBERS) || str_eq(user_id, ctx->user_id);
    if (*ret_is_visible)
        return OK;
    int64_t shared;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(db_get_int(tx, &shared,
                   "SELECT count(*) FROM channel_members m JOIN channel_members o ON o.channel_id "
                   "= m.channel_id "
                   "WHERE m.user_id = ? AND o.user_id = ?",
                   ctx->user_id, user_id));
    *ret_is_visible = shared > 0;
    return OK;
}

static Err check_channel(Ctx *ctx, Str channel_id)
{
    Channel channel;
    return channel_id.len ? channel_to_see(ctx, channel_id, &channel) : OK;
}

Err user_query_check(Ctx *ctx, UserQuery *q)
{
    if (q->in_team.len)
        TRY(need_in_team(ctx, q->in_team, PERM_VIEW_TEAM));
    if (q->not_in_team.len)
        TRY(need_in_team(ctx, q->not_in_team, PERM_VIEW_TEAM));
    TRY(check_channel(ctx, q->in_channel));
    TRY(check_channel(ctx, q->not_in_channel));
    if (q->without_team)
        TRY(need(ctx, PERM_LIST_USERS_WITHOUT_TEAM));
    if (!can(ctx, PERM_VIEW_MEMBERS))
        q->known_to = ctx->user_id;
    return OK;
}

/* ---- by presence ---- */
typedef struct Ranked {
    Str id;
    int rank;
    size_t place; /* in the order by name */
} Ranked;

static int compare_ranked(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int rank_of(Str status)
{
    static const Str order[] = {{"online", 6}, {"away", 4}, {"dnd", 3}};
    int rank = 0;
    while (rank < 3 && !str_eq(status, order[rank]))
        rank++;
    return rank;
}

static Err list_by_status(Ctx *ctx, DbTx *tx, UserQuery *q, User **ret_users, size_t *ret_count)
{
    int64_t limit = q->limit, offset = q->offset;
    StrVec ids = {0};
    q->limit = 0;
    TRY(store_user_query_ids(tx, ctx->arena, q, &ids));
    Ranked *ranked = arena_new(ctx->arena, Ranked, ids.len);
    for (size_t i = 0; i < ids.len; i++)
        ranked[i] = (Ranked){ids.items[i], rank_of(status_now(ctx, ids.items[i])), i};
    if (ids.len)
        qsort(ranked, ids.len, sizeof *ranked, compare_ranked);
    size_t from = (size_t)offset < ids.len ? (size_t)offset : ids.len;
    size_t count = ids.len - from < (size_t)limit ? ids.len - from : (size_t)limit;
    Str *wanted = arena_new(ctx->arena, Str, count);
    for (size_t i = 0; i < count; i++)
        wanted[i] = ranked[from + i].id;
    User *found, *sorted = arena_new(ctx->arena, User, count);
    size_t found_count, filled = 0;
    TRY(store_user_list_by_ids(tx, ctx->arena, wanted, count, &found, &found_count));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < found_count; k++)
            if (str_eq(found[k].id, wanted[i]))
                sorted[filled++] = found[k];
    *ret_users = sorted;
    *ret_count = filled;
    return OK;
}

Err user_list(Ctx *ctx, UserQuery *q, ListOrder order, User **ret_users, size_t *ret_count)
{
    static const UserSort sorts[] = {
        [ORDER_NONE] = SORT_NAME,         [ORDER_ACTIVITY] = SORT_ACTIVE,
        [ORDER_CREATED] = SORT_CREATED,   [ORDER_STATUS] = SORT_NAME,
        [ORDER_ADMIN] = SORT_ADMIN_FIRST,
    };
    DbTx *tx;
    *ret_users = NULL;
    *ret_count = 0;
    if (q->limit == 0)
        return OK; /* per_page=0 */
    q->sort = sorts[order];
    TRY(ctx_read(ctx, &tx));
    if (order == ORDER_STATUS)
        return list_by_status(ctx, tx, q, ret_users, ret_count);
    return store_user_query(tx, ctx->arena, q, ret_users, ret_count);
}

bool user_query_add_term(Ctx *ctx, UserQuery *q, Str term, bool is_completion)
{
    bool is_admin = can(ctx, PERM_MANAGE_SYSTEM);
    bool by_full_name = is_admin || ctx->settings->PrivacySettings_ShowFullName;
    bool by_email = !is_completion && (is_admin || ctx->settings->PrivacySettings_ShowEmailAddress);
    Str folded = name_fold(ctx->arena, str_trim(term));
    while (folded.len && folded.ptr[0] == '@')
        folded = str_slice(folded, 1, folded.len);
    size_t words = 0;
    for (Str rest = folded; rest.ptr;) {
        Str word = str_trim(str_split(&rest, ' '));
        if (word.len == 0)
            continue;
        words++;
        vec_push(ctx->arena, by_full_name ? &q->words : &q->name_words,
                 name_pattern(ctx->arena, word));
    }
    if (by_email && words == 1)
        q->email = prefix_pattern(ctx->arena, folded);
    return words > 0;
}

Err user_list_known(Ctx *ctx, StrVec *ret_ids)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows,
                 "SELECT DISTINCT o.user_id FROM channel_members m JOIN channel_members o ON "
                 "o.channel_id = m.channel_id "
                 "WHERE m.user_id = ? AND o.user_id <> ?",
                 ctx->user_id, ctx->user_id));
    while (db_next(&rows))
        vec_push(ctx->arena, ret_ids, str_copy(ctx->arena, db_text(&rows, 0)));
    return db_rows_error(&rows);
}
