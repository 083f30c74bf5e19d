#include "domain/thread_view.h"
#include "domain/users.h"
#include "store/user_store.h"

typedef struct Roster {
    User *users;
    size_t count;
} Roster;

static void write_thread(Ctx *ctx, const ThreadRow *row, Str root_json, const Roster *known,
                         Buf *out)
{
    json_open(out);
    json_key(out, "id");
    json_str(out, row->thread.post_id);
    json_key(out, "reply_count");
    json_int(out, row->thread.reply_count);
    json_key(out, "last_reply_at");
    json_int(out, row->thread.last_reply_at);
    json_key(out, "last_viewed_at");
    json_int(out, row->last_viewed);
    json_key(out, "participants");
    thread_participants_write(ctx, &row->thread, known->users, known->count, out);
    json_key(out, "post");
    json_raw(out, root_json);
    json_key(out, "unread_replies");
    json_int(out, row->unread_replies);
    json_key(out, "unread_mentions");
    json_int(out, row->unread_mentions);
    json_key(out, "is_urgent");
    json_bool(out, false);
    json_key(out, "delete_at");
    json_int(out, row->thread.delete_at);
    json_close(out);
}

static Err load_roster(Ctx *ctx, const ThreadRow *rows, size_t count, bool extended,
                       Roster *ret_roster)
{
    StrVec ids = {0};
    json_t *list, *id;
    size_t j;
    DbTx *tx;
    *ret_roster = (Roster){0};
    if (!extended)
        return OK;
    for (size_t i = 0; i < count; i++)
        if (json_parse(ctx->arena, rows[i].thread.participants, &list) == OK)
            json_array_foreach(list, j, id) if (!strvec_has(&ids, json_text(id)))
                vec_push(ctx->arena, &ids, json_text(id));
    TRY(ctx_read(ctx, &tx));
    TRY(store_user_list_by_ids(tx, ctx->arena, ids.items, ids.len, &ret_roster->users,
                               &ret_roster->count));
    for (size_t i = 0; i < ret_roster->count; i++)
        user_sanitize_for_others(ctx, &ret_roster->users[i]);
    return OK;
}

Err thread_rows_write(Ctx *ctx, const ThreadRow *rows, size_t count, const Post *posts,
                      size_t post_count, bool extended, bool alone, Buf *out)
{
    PostParts parts;
    Roster roster;
    const PostViewOptions options = {0};
    TRY(load_roster(ctx, rows, count, extended, &roster));
    TRY(post_parts_load(ctx, posts, post_count, &options, &parts));
    if (!alone)
        json_open_array(out);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < post_count; k++)
            if (str_eq(posts[k].id, rows[i].thread.post_id))
                write_thread(ctx, &rows[i], post_text(ctx, &posts[k], &parts, &options), &roster,
                             out);
    if (!alone)
        json_close_array(out);
    return OK;
}

static void publish_to(Ctx *ctx, DbTx *tx, const ThreadNews *news, Str root_json, const Follower *f)
{
    ThreadRow row = {*news->thread, f->last_viewed, f->unread_mentions, f->unread_replies};
    bool counts = !str_eq(f->user_id, news->author_id) &&
                  (news->changed_at == 0 || f->last_viewed < news->changed_at);
    bool is_mentioned = counts && news->mentioned && strvec_has(news->mentioned, f->user_id);
    int64_t old_replies = f->unread_replies - (counts ? news->new_replies : 0);
    int64_t old_mentions = f->unread_mentions - (is_mentioned ? news->new_replies : 0);
    Event *event = event_new(ctx->arena, "thread_updated");
    Buf text;
    buf_init(&text, 16 * 1024 * 1024);
    write_thread(ctx, &row, root_json, &(Roster){0}, &text);
    json_key(&event->data, "thread");
    json_str(&event->data, buf_str(&text));
    buf_deinit(&text);
    json_key(&event->data, "previous_unread_mentions");
    json_int(&event->data, old_mentions > 0 ? old_mentions : 0);
    json_key(&event->data, "previous_unread_replies");
    json_int(&event->data, old_replies > 0 ? old_replies : 0);
    event->user_id = f->user_id;
    event->team_id = news->thread->team_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

void thread_publish_updated(Ctx *ctx, DbTx *tx, const ThreadNews *news, const Follower *followers,
                            size_t count)
{
    if (!ctx->hub || str_eq(ctx->settings->ServiceSettings_CollapsedThreads, STR("disabled")))
        return;
    PostParts parts = *news->root_parts;
    parts.threads = (Thread *)news->thread;
    parts.thread_count = 1;
    Str root_json = post_text(ctx, news->root, &parts, &(PostViewOptions){.for_everybody = true});
    for (size_t i = 0; i < count; i++)
        publish_to(ctx, tx, news, root_json, &followers[i]);
}
