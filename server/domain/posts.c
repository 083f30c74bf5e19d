#include "domain/posts.h"
#include "base/metric.h"
#include "domain/channels.h"
#include "domain/post_view.h"
#include "domain/threads.h"
#include "store/channel_store.h"
#include "store/post_store.h"

bool post_is_membership_note(Str type)
{
    static const char *const types[] = {
        "system_join_channel",        "system_leave_channel",      "system_add_to_channel",
        "system_remove_from_channel", "system_join_team",          "system_leave_team",
        "system_add_to_team",         "system_remove_from_team",   "system_join_leave",
        "system_add_remove",          "system_guest_join_channel", "system_add_guest_to_chan"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, str_of(types[i])))
            return true;
    return false;
}

Err post_to_read(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_post_get(tx, ctx->arena, post_id, ret_post), ERR_APP_POST_GET);
    TRY(channel_to_read(ctx, ret_post->channel_id, ret_channel));
    if (ret_post->delete_at != 0)
        return fail(ctx, ERR_APP_POST_GET, "deleted");
    return OK;
}

static Err check_text(Ctx *ctx, const Post *post)
{
    if (str_rune_count(post->message) > POST_MESSAGE_RUNES)
        return fail(ctx, ERR_MODEL_POST_IS_VALID_MESSAGE_LENGTH);
    if (post->props.len && str_rune_count(post->props) > POST_PROPS_RUNES)
        return fail(ctx, ERR_MODEL_POST_IS_VALID_PROPS);
    if (post->type.len && (str_starts_with(post->type, STR("system_")) || post->type.len > 26))
        return fail(ctx, ERR_MODEL_POST_IS_VALID_TYPE, "type=" STR_FMT, STR_ARG(post->type));
    if (post->pending_post_id.len > 64)
        return fail_body(ctx, "pending_post_id");
    return OK;
}

static Str one_id_json(Ctx *ctx, const char *member, Str user_id)
{
    /* Twice encoded: the member's value is a string that holds JSON. */
    return str_printf(ctx->arena, "\"%s\":\"[\\\"" STR_FMT "\\\"]\"", member, STR_ARG(user_id));
}

static Str quote_name(Ctx *ctx, const User *author)
{
    return str_concat(ctx->arena, STR("@"), author->username);
}

/* The post as JSON text, ready to stand as a string inside an event. */
static Err post_text(Ctx *ctx, const Post *post, Str *ret_json)
{
    Buf out;
    buf_init(&out, 8 * 1024 * 1024);
    Err err = post_view_write(ctx, post, &(PostViewOptions){0}, &out);
    *ret_json = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return err;
}

static Err publish_posted(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *post,
                          const Mentions *mentions, const User *author)
{
    Str json;
    TRY(post_text(ctx, post, &json));
    Event *event = event_new(ctx->arena, "posted");
    Buf *data = &event->data;
    json_key(data, "channel_display_name");
    json_str(data, channel->display_name);
    json_key(data, "channel_name");
    json_str(data, channel->name);
    json_key(data, "channel_type");
    json_str(data, channel->type);
    json_key(data, "post");
    json_str(data, json);
    json_key(data, "sender_name");
    json_str(data, quote_name(ctx, author));
    json_key(data, "set_online");
    json_bool(data, post->type.len == 0);
    json_key(data, "team_id");
    json_str(data, channel->team_id);
    if (post->file_ids.len > 2) {
        json_key(data, "otherFile");
        json_str(data, STR("true"));
    }
    event->channel_id = channel->id;
    event->extra_count = mentions->user_ids.len;
    EventExtra *extras = arena_new(ctx->arena, EventExtra, mentions->user_ids.len);
    for (size_t i = 0; i < mentions->user_ids.len; i++)
        extras[i] = (EventExtra){mentions->user_ids.items[i],
                                 one_id_json(ctx, "mentions", mentions->user_ids.items[i])};
    event->extras = extras;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

static Err count_mentions(DbTx *tx, Ctx *ctx, const Post *post, const Mentions *mentions,
                          bool is_root)
{
    for (size_t i = 0; i < mentions->user_ids.len; i++)
        TRY(db_exec(tx,
                    "UPDATE channel_members SET mention_count = mention_count + 1, "
                    "mention_count_root = mention_count_root + ?, "
                    "last_update_at = ? WHERE channel_id = ? AND user_id = ?",
                    is_root, ctx->now, post->channel_id, mentions->user_ids.items[i]));
    return OK;
}

Err post_insert_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root,
                   const Mentions *mentions, const User *author, Post *post)
{
    bool is_root = post->root_id.len == 0, is_counted = !post_is_membership_note(post->type);
    ChannelTick tick;
    TRY_ABSENT(ctx, store_channel_tick_post(tx, channel->id, ctx->now, is_counted, is_root, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    if (tick.delete_at != 0 && post->type.len == 0)
        return fail(ctx, ERR_API_POST_CREATE_POST_CAN_NOT_POST_TO_DELETED_ERROR);
    post->create_at = post->update_at = tick.time;
    TRY(store_post_insert(tx, post));
    if (!is_root)
        TRY(thread_reply_in(ctx, tx, channel, root, post, mentions));
    TRY(count_mentions(tx, ctx, post, mentions, is_root));
    if (post->type.len ==
        0) /* who writes has read: not for replies, whose channel may have unread posts */
        TRY(db_exec(
            tx,
            "UPDATE channel_members SET msg_count = ?, msg_count_root = ?, mention_count = 0, "
            "mention_count_root = 0, "
            "last_viewed_at = ?, last_update_at = ? WHERE channel_id = ? AND user_id = ? AND 1 = ?",
            tick.total_msg_count, tick.total_msg_count_root, post->create_at, ctx->now, channel->id,
            post->user_id, is_root));
    return publish_posted(ctx, tx, channel, post, mentions, author);
}

/* The post already made under this name; ERR_ABSENT when there is none. */
static Err find_duplicate(Ctx *ctx, DbTx *tx, Str pending_post_id, Post *ret_post)
{
    Str post_id;
    if (pending_post_id.len == 0)
        return ERR_ABSENT;
    TRY(store_pending_post_get(tx, ctx->arena, ctx->user_id, pending_post_id, &post_id));
    return store_post_get(tx, ctx->arena, post_id, ret_post);
}

static Err find_root(Ctx *ctx, const Post *draft, Post *ret_root)
{
    if (draft->root_id.len == 0)
        return OK;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_post_get(tx, ctx->arena, draft->root_id, ret_root),
               ERR_API_POST_CREATE_POST_ROOT_ID);
    if (!str_eq(ret_root->channel_id, draft->channel_id))
        return fail(ctx, ERR_API_POST_CREATE_POST_CHANNEL_ROOT_ID);
    if (ret_root->root_id.len || ret_root->delete_at != 0)
        return fail(ctx, ERR_API_POST_CREATE_POST_ROOT_ID);
    return OK;
}

Err post_create(Ctx *ctx, const Post *draft, Post *ret_post)
{
    Channel channel;
    Post root = {0};
    Mentions mentions;
    TRY(channel_to_write(ctx, draft->channel_id, &channel));
    TRY(check_text(ctx, draft));
    TRY(find_root(ctx, draft, &root));
    Post post = *draft;
    post.id = ctx_id(ctx);
    post.user_id = ctx->user_id;
    TRY(mentions_find(ctx, &channel, &post, &mentions));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    Err err = find_duplicate(ctx, tx, post.pending_post_id, ret_post);
    if (err != ERR_ABSENT)
        return err;
    TRY(post_insert_in(ctx, tx, &channel, &root, &mentions, ctx->user, &post));
    if (post.pending_post_id.len)
        TRY(store_pending_post_insert(tx, post.user_id, post.pending_post_id, post.id, ctx->now));
    TRY(ctx_commit(ctx));
    metric_add(METRIC_POSTS_CREATED, 1);
    *ret_post = post;
    return OK;
}
