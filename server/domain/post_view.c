#include "domain/post_view.h"
#include "store/post_store.h"

/* What several posts hang together with, read in batches. */
typedef struct Attached {
    Thread *threads;
    size_t thread_count;
} Attached;

static const Thread *thread_of(const Attached *a, const Post *post)
{
    Str root = post->root_id.len ? post->root_id : post->id;
    for (size_t i = 0; i < a->thread_count; i++)
        if (str_eq(a->threads[i].post_id, root))
            return &a->threads[i];
    return NULL;
}

static Err load_attached(Ctx *ctx, const Post *posts, size_t count, Attached *ret_attached)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    StrVec roots = {0};
    for (size_t i = 0; i < count; i++)
        vec_push(ctx->arena, &roots, posts[i].root_id.len ? posts[i].root_id : posts[i].id);
    *ret_attached = (Attached){0};
    return store_thread_list(tx, ctx->arena, roots.items, roots.len, &ret_attached->threads,
                             &ret_attached->thread_count);
}

static void write_post(const Post *post, const Attached *a, const PostViewOptions *options,
                       Buf *out)
{
    Post shown = *post;
    const Thread *thread = thread_of(a, post);
    shown.reply_count = thread ? thread->reply_count : 0;
    shown.last_reply_at =
        thread && options->collapsed_threads && post->root_id.len == 0 ? thread->last_reply_at : 0;
    json_open(out);
    entity_write_fields(&post_entity, &shown, out);
    json_key(out, "participants");
    json_nil(out);
    json_key(out, "metadata");
    json_raw(out, STR("{}"));
    json_close(out);
}

Err post_view_write(Ctx *ctx, const Post *post, const PostViewOptions *options, Buf *out)
{
    Attached attached;
    TRY(load_attached(ctx, post, 1, &attached));
    write_post(post, &attached, options, out);
    return OK;
}

Err post_view_write_all(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options,
                        Buf *out)
{
    Attached attached;
    TRY(load_attached(ctx, posts, count, &attached));
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        write_post(&posts[i], &attached, options, out);
    json_close_array(out);
    return OK;
}

Err post_list_write(Ctx *ctx, const PostList *list, const PostViewOptions *options, Buf *out)
{
    Attached attached;
    TRY(load_attached(ctx, list->posts, list->count, &attached));
    json_open(out);
    json_key(out, "order");
    json_open_array(out);
    for (size_t i = 0; i < list->count; i++)
        json_str(out, list->posts[i].id);
    json_close_array(out);
    json_key(out, "posts");
    json_open(out);
    for (size_t i = 0; i < list->count; i++) {
        json_key_str(out, list->posts[i].id);
        write_post(&list->posts[i], &attached, options, out);
    }
    for (size_t i = 0; i < list->other_count; i++) {
        json_key_str(out, list->others[i].id);
        write_post(&list->others[i], &attached, options, out);
    }
    json_close(out);
    json_key(out, "next_post_id");
    json_str(out, list->next_post_id);
    json_key(out, "prev_post_id");
    json_str(out, list->prev_post_id);
    if (list->shows_has_next && list->has_next) {
        json_key(out, "has_next");
        json_bool(out, true);
    }
    json_key(out, "first_inaccessible_post_time");
    json_int(out, 0);
    if (list->shows_matches) {
        json_key(out, "matches");
        json_nil(out);
    }
    json_close(out);
    return OK;
}
