#include "domain/threads.h"
#include "store/post_store.h"

/* The participants with `user_id` moved to the end. */
static Str participants_with(Ctx *ctx, Str old, Str user_id)
{
    Buf out;
    buf_init(&out, 1024 * 1024);
    json_open_array(&out);
    json_t *list;
    if (old.len && json_parse(ctx->arena, old, &list) == OK) {
        size_t i;
        json_t *id;
        json_array_foreach(list, i, id)
        {
            if (!str_eq(json_text(id), user_id))
                json_str(&out, json_text(id));
        }
    }
    json_str(&out, user_id);
    json_close_array(&out);
    Str text = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

static Err follow(DbTx *tx, Str post_id, Str user_id, int64_t viewed, int64_t now, int64_t mentions)
{
    static const DbUpsert UPSERT = {
        "thread_members", "post_id, user_id, following, last_viewed, last_updated, unread_mentions",
        "post_id, user_id", ""};
    TRY(db_upsert(tx, &UPSERT, post_id, user_id, 1, viewed, now, 0));
    return db_exec(tx,
                   "UPDATE thread_members SET following = 1, last_updated = ?, unread_mentions = "
                   "unread_mentions + ? "
                   "WHERE post_id = ? AND user_id = ?",
                   now, mentions, post_id, user_id);
}

Err thread_reply_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root, const Post *reply,
                    const Mentions *mentions)
{
    Thread thread;
    Err err = store_thread_get(tx, ctx->arena, root->id, &thread);
    if (err == ERR_ABSENT) {
        thread = (Thread){.post_id = root->id,
                          .channel_id = channel->id,
                          .team_id = channel->team_id,
                          .reply_count = 1,
                          .last_reply_at = reply->create_at,
                          .participants = participants_with(ctx, STR_EMPTY, reply->user_id)};
        TRY(thread_insert_row(tx, &thread));
        if (!str_eq(root->user_id, reply->user_id))
            TRY(follow(tx, root->id, root->user_id, root->create_at, reply->create_at, 0));
    } else {
        TRY(err);
        TRY(db_exec(tx,
                    "UPDATE threads SET reply_count = reply_count + 1, last_reply_at = ?, "
                    "participants = ? WHERE post_id = ?",
                    reply->create_at, participants_with(ctx, thread.participants, reply->user_id),
                    root->id));
    }
    TRY(follow(tx, root->id, reply->user_id, reply->create_at, reply->create_at, 0));
    TRY(db_exec(tx, "UPDATE thread_members SET last_viewed = ? WHERE post_id = ? AND user_id = ?",
                reply->create_at, root->id, reply->user_id));
    for (size_t i = 0; i < mentions->user_ids.len; i++)
        TRY(follow(tx, root->id, mentions->user_ids.items[i], 0, reply->create_at, 1));
    return db_exec(tx, "UPDATE posts SET update_at = ? WHERE id = ?", reply->create_at, root->id);
}
