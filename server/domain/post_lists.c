#include "domain/post_lists.h"
#include "base/map.h"
#include "domain/channels.h"
#include "store/channel_store.h"
#include "store/post_store.h"

enum { SINCE_LIMIT = 1000, THREAD_LIMIT = 10000 };

Err post_list_tag(Ctx *ctx, const Channel *channel, const PostViewOptions *view, Str *ret_tag)
{
    int64_t followed = 0;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    if (view->collapsed_threads) /* is_following changes without the channel */
        TRY(db_get_int(
            tx, &followed,
            "SELECT COALESCE(max(last_updated), 0) FROM thread_members WHERE user_id = ?",
            ctx->user_id));
    *ret_tag =
        str_printf(ctx->arena, STR_FMT ".%lld.%lld.%d", STR_ARG(channel->id),
                   (long long)channel->version, (long long)followed, view->collapsed_threads);
    return OK;
}

static PostFilter filter_of(const PostListQuery *query)
{
    return (PostFilter){.roots_only = query->view.collapsed_threads,
                        .with_deleted = query->with_deleted};
}

/* The roots of listed replies that are not listed themselves. */
static Err add_roots(Ctx *ctx, DbTx *tx, PostList *list)
{
    StrVec missing = {0};
    Post *roots;
    Map seen = {0};
    for (size_t i = 0; i < list->count; i++)
        (void)map_set(&seen, list->posts[i].id, list);
    for (size_t i = 0; i < list->count; i++)
        if (list->posts[i].root_id.len && !map_set(&seen, list->posts[i].root_id, list))
            vec_push(ctx->arena, &missing, list->posts[i].root_id);
    map_deinit(&seen);
    if (missing.len == 0)
        return OK;
    TRY(store_post_list_by_ids(tx, ctx->arena, missing.items, missing.len, &roots,
                               &list->other_count));
    list->others = roots;
    return OK;
}

/* The ids that stand next to the list on both sides. */
static Err add_neighbours(Ctx *ctx, DbTx *tx, Str channel_id, PostFilter filter, PostList *list)
{
    if (list->count == 0)
        return OK;
    filter.with_deleted = false;
    TRY(store_post_id_after(tx, ctx->arena, channel_id, list->posts[0].create_at, filter,
                            &list->next_post_id));
    return store_post_id_before(tx, ctx->arena, channel_id, list->posts[list->count - 1].create_at,
                                filter, &list->prev_post_id);
}

/* The post a page stands before or after; it may be deleted, but belongs to the channel. */
static Err load_anchor(Ctx *ctx, DbTx *tx, const Channel *channel, const PostListQuery *query,
                       Post *ret_anchor)
{
    bool is_before = query->before.len > 0;
    Err err = store_post_get(tx, ctx->arena, is_before ? query->before : query->after, ret_anchor);
    if (err == ERR_ABSENT || (err == OK && !str_eq(ret_anchor->channel_id, channel->id)))
        return fail_url(ctx, is_before ? "before" : "after");
    return err;
}

Err post_list_of_channel(Ctx *ctx, const Channel *channel, const PostListQuery *query,
                         PostList *ret_list)
{
    DbTx *tx;
    Post *posts, anchor;
    PostFilter filter = filter_of(query);
    PostList list = {0};
    int64_t offset = query->page * query->per_page;
    TRY(ctx_read(ctx, &tx));
    if (query->since > 0) {
        TRY(store_post_list_since(tx, ctx->arena, channel->id, query->since, filter.roots_only,
                                  SINCE_LIMIT, &posts, &list.count));
    } else if (query->before.len || query->after.len) {
        TRY(load_anchor(ctx, tx, channel, query, &anchor));
        if (query->before.len)
            TRY(store_post_list_before(tx, ctx->arena, channel->id, anchor.create_at, filter,
                                       query->per_page, offset, &posts, &list.count));
        else
            TRY(store_post_list_after(tx, ctx->arena, channel->id, anchor.create_at, filter,
                                      query->per_page, offset, &posts, &list.count));
    } else {
        TRY(store_post_list_before(tx, ctx->arena, channel->id, 0, filter, query->per_page, offset,
                                   &posts, &list.count));
    }
    list.posts = posts;
    if (query->since == 0)
        TRY(add_neighbours(ctx, tx, channel->id, filter, &list));
    if (!query->skips_roots && !filter.roots_only)
        TRY(add_roots(ctx, tx, &list));
    *ret_list = list;
    return OK;
}

Err post_unread_place(Ctx *ctx, const Channel *channel, Str user_id, int64_t *ret_viewed_at)
{
    DbTx *tx;
    ChannelMember member;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_member_get(tx, ctx->arena, channel->id, user_id, &member),
               ERR_APP_CHANNEL_GET_MEMBER_MISSING);
    *ret_viewed_at = member.last_viewed_at;
    return OK;
}

Err post_list_around_unread(Ctx *ctx, const Channel *channel, int64_t viewed_at, int64_t before,
                            int64_t after, const PostListQuery *query, PostList *ret_list)
{
    DbTx *tx;
    Post *above, *below = NULL;
    size_t above_count, below_count = 0;
    PostFilter filter = filter_of(query);
    PostList list = {0};
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_list_after(tx, ctx->arena, channel->id, viewed_at, filter, after, 0, &below,
                              &below_count));
    int64_t place = below_count ? below[below_count - 1].create_at : 0;
    TRY(store_post_list_before(tx, ctx->arena, channel->id, place, filter, before, 0, &above,
                               &above_count));
    Post *posts = arena_new(ctx->arena, Post, above_count + below_count);
    if (below_count)
        memcpy(posts, below, below_count * sizeof *posts);
    if (above_count)
        memcpy(posts + below_count, above, above_count * sizeof *posts);
    list.posts = posts;
    list.count = above_count + below_count;
    TRY(add_neighbours(ctx, tx, channel->id, filter, &list));
    if (!query->skips_roots && !filter.roots_only)
        TRY(add_roots(ctx, tx, &list));
    *ret_list = list;
    return OK;
}

Err post_list_pinned(Ctx *ctx, const Channel *channel, PostList *ret_list)
{
    DbTx *tx;
    Post *posts;
    PostList list = {0};
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_list_pinned(tx, ctx->arena, channel->id, &posts, &list.count));
    list.posts = posts;
    TRY(add_roots(ctx, tx, &list));
    *ret_list = list;
    return OK;
}

Err post_list_flagged(Ctx *ctx, Str user_id, Str channel_id, Str team_id, int64_t limit,
                      int64_t offset, PostList *ret_list)
{
    DbTx *tx;
    Post *posts;
    PostList list = {0};
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_list_flagged(tx, ctx->arena, user_id, channel_id, team_id, limit, offset, &posts,
                                &list.count));
    list.posts = posts;
    *ret_list = list;
    return OK;
}

Err post_list_thread(Ctx *ctx, const Post *root, const ThreadAsk *ask, PostList *ret_list)
{
    DbTx *tx;
    Post *replies;
    size_t count;
    PostList list = {.shows_has_next = ask->per_page > 0};
    int64_t limit = ask->per_page ? ask->per_page : THREAD_LIMIT;
    ThreadWalk walk = {
        .root_id = root->id,
        .upwards = ask->upwards,
        .by_update = ask->from_update_at > 0 || ask->updates_only,
        .from = ask->from_update_at > 0 ? ask->from_update_at : ask->from_create_at,
        .from_id = ask->from_post,
        .limit = limit + 1,
    };
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_list_thread(tx, ctx->arena, &walk, &replies, &count));
    list.has_next = (int64_t)count > limit;
    count = list.has_next ? (size_t)limit : count;
    Post *posts = arena_new(ctx->arena, Post, count + 1);
    posts[0] = *root; /* the root first, then the replies: clients go on from the last */
    if (count)
        memcpy(posts + 1, replies, count * sizeof *posts);
    list.posts = posts;
    list.count = count + 1;
    *ret_list = list;
    return OK;
}

/* May one read there? Asked once for each channel. */
static Err is_readable(Ctx *ctx, DbTx *tx, Map *known, Str channel_id, bool *ret_readable)
{
    static int yes, no;
    Channel channel;
    void *answer = map_find(known, channel_id);
    if (answer) {
        *ret_readable = answer == &yes;
        return OK;
    }
    Err err = store_channel_get(tx, ctx->arena, channel_id, &channel);
    if (err != OK && err != ERR_ABSENT)
        return err;
    *ret_readable = false;
    if (err == OK)
        TRY(can_read_channel(ctx, &channel, ret_readable));
    (void)map_set(known, channel_id, *ret_readable ? &yes : &no);
    return OK;
}

static Err keep_readable(Ctx *ctx, DbTx *tx, Map *known, Map *by_id, const StrVec *ids, Post *kept,
                         size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < ids->len; i++) {
        const Post *post = map_find(by_id, ids->items[i]);
        bool readable;
        if (!post || post->delete_at != 0)
            continue;
        TRY(is_readable(ctx, tx, known, post->channel_id, &readable));
        if (readable)
            kept[(*ret_count)++] = *post;
    }
    return OK;
}

Err post_list_by_ids(Ctx *ctx, const StrVec *ids, Post **ret_posts, size_t *ret_count)
{
    DbTx *tx;
    Post *found, *kept = arena_new(ctx->arena, Post, ids->len);
    size_t count;
    Map known = {0}, by_id = {0};
    TRY(ctx_read(ctx, &tx));
    TRY(store_post_list_by_ids(tx, ctx->arena, ids->items, ids->len, &found, &count));
    for (size_t i = 0; i < count; i++)
        (void)map_set(&by_id, found[i].id, &found[i]);
    Err err = keep_readable(ctx, tx, &known, &by_id, ids, kept, ret_count);
    map_deinit(&known);
    map_deinit(&by_id);
    *ret_posts = kept;
    return err;
}
