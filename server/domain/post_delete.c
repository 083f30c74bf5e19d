/* domain/post_delete.c: deleting messages. What is deleted stays as a row, which only those who manage the system see. */
#include "domain/channels.h"
#include "domain/post_edit.h"
#include "domain/threads.h"
#include "store/channel_store.h"
#include "store/post_store.h"

static Err post_to_delete(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, ret_post);
    if (err == ERR_ABSENT)
        return fail_right(ctx, PERM_DELETE_POST);
    TRY(err);
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, ret_post->channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    bool is_own = str_eq(ret_post->user_id, ctx->user_id);
    return need_in_channel(ctx, ret_channel, is_own ? PERM_DELETE_POST : PERM_DELETE_OTHERS_POSTS);
}

/* Twice: those who manage the system also learn by whom. */
static void publish_deleted(Ctx *ctx, DbTx *tx, const Post *post)
{
    Str json = post_text(ctx, post, &(PostParts){0}, &(PostViewOptions){.for_everybody = true});
    for (int is_sensitive = 0; is_sensitive <= 1; is_sensitive++) {
        Event *event = post_event_new(ctx, "post_deleted", post->channel_id, json);
        event->is_sanitized = !is_sensitive;
        event->is_sensitive = is_sensitive;
        if (is_sensitive) {
            json_key(&event->data, "delete_by");
            json_str(&event->data, ctx->user_id);
        }
        hub_publish_on_commit(tx, ctx->hub, event);
    }
}

/* Replies that somebody has begun to write under a post that goes. */
static Err drop_drafts(Ctx *ctx, DbTx *tx, Str root_id)
{
    Draft *drafts;
    size_t count;
    TRY(entity_list(tx, &draft_entity, ctx->arena, &drafts, &count,
                    ENTITY_SQL(&draft_entity, "SELECT $ FROM drafts WHERE root_id = ?"), root_id));
    if (count == 0)
        return OK;
    TRY(db_exec(tx, "DELETE FROM drafts WHERE root_id = ?", root_id));
    for (size_t i = 0; i < count; i++) {
        Buf text;
        buf_init(&text, 1024 * 1024);
        draft_write_json(&drafts[i], &text);
        Event *event = event_new(ctx->arena, "draft_deleted");
        json_key(&event->data, "draft");
        json_str(&event->data, buf_str(&text));
        buf_deinit(&text);
        event->user_id = drafts[i].user_id;
        event->channel_id = drafts[i].channel_id;
        hub_publish_on_commit(tx, ctx->hub, event);
    }
    return OK;
}

static Err hide_rows(Ctx *ctx, DbTx *tx, const Post *post)
{
    TRY(db_exec(
        tx,
        "UPDATE file_infos SET delete_at = ?, update_at = ? WHERE delete_at = 0 AND post_id IN "
        "(SELECT id FROM posts WHERE id = ? OR root_id = ?)",
        post->delete_at, post->delete_at, post->id, post->id));
    if (post->root_id.len == 0)
        TRY(db_exec(tx, "UPDATE threads SET delete_at = ? WHERE post_id = ?", post->delete_at,
                    post->id));
    return db_exec(tx,
                   "UPDATE posts SET delete_at = ?, update_at = ?, delete_by = ? WHERE (id = ? OR "
                   "root_id = ?) AND delete_at = 0",
                   post->delete_at, post->delete_at, ctx->user_id, post->id, post->id);
}

static Err erase_rows(DbTx *tx, const Post *post)
{
    static const char *const statements[] = {
        "DELETE FROM reactions WHERE post_id IN (SELECT id FROM posts WHERE id = ? OR root_id = ?)",
        "DELETE FROM post_versions WHERE original_id IN (SELECT id FROM posts WHERE id = ? OR "
        "root_id = ?)",
        "DELETE FROM thread_members WHERE post_id IN (SELECT id FROM posts WHERE id = ? OR root_id "
        "= ?)",
        "DELETE FROM threads WHERE post_id IN (SELECT id FROM posts WHERE id = ? OR root_id = ?)",
        "DELETE FROM posts WHERE id = ? OR root_id = ?",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        TRY(db_exec(tx, statements[i], post->id, post->id));
    return OK;
}

static Err delete_reply(Ctx *ctx, DbTx *tx, const Post *post, const Mentions *mentions)
{
    Post root;
    Err err = store_post_get(tx, ctx->arena, post->root_id, &root);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    root.update_at = post->update_at;
    return thread_reply_deleted_in(ctx, tx, &root, post, mentions);
}

Err post_delete(Ctx *ctx, Str post_id, bool for_ever)
{
    Post post;
    Channel channel;
    Mentions mentions = {0};
    ChannelTick tick;
    DbTx *tx;
    if (for_ever && !ctx->settings->ServiceSettings_EnableAPIPostDeletion)
        return fail(ctx, ERR_API_POST_DELETE_POST_NOT_ENABLED);
    if (for_ever)
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    TRY(post_to_delete(ctx, post_id, &post, &channel));
    bool was_deleted = post.delete_at != 0;
    if (was_deleted && !for_ever)
        return fail_right(ctx, PERM_DELETE_POST);
    if (channel.delete_at != 0 && !for_ever)
        return fail(ctx, ERR_API_POST_DELETE_POST_CAN_NOT_DELETE_POST_IN_DELETED_ERROR);
    if (post.root_id.len && !was_deleted)
        TRY(mentions_find(ctx, &channel, &post, &mentions));

    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_tick(tx, channel.id, ctx->now, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    post.delete_at = post.update_at = tick.time;
    TRY(hide_rows(
        ctx, tx,
        &post)); /* file_infos stay, deleted, until the clean-up of files takes their content */
    if (post.root_id.len && !was_deleted)
        TRY(delete_reply(ctx, tx, &post, &mentions));
    else
        TRY(drop_drafts(ctx, tx, post.id));
    if (for_ever)
        TRY(erase_rows(tx, &post));
    publish_deleted(ctx, tx, &post);
    if (for_ever || !str_eq(post.user_id, ctx->user_id))
        TRY(ctx_audit(ctx, tx, for_ever ? "post.delete_permanently" : "post.delete_others",
                      str_printf(ctx->arena, "{\"post_id\":\"" STR_FMT "\"}", STR_ARG(post.id))));
    return ctx_commit(ctx);
}
