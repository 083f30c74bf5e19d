#include "domain/reactions.h"
#include "domain/channels.h"
#include "domain/post_lists.h"
#include "model/system_emoji.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/reaction_store.h"

enum { EMOJI_NAME_MAX = 64 };

static bool is_emoji_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '-' || c == '_'))
            return false;
    }
    return name.len > 0 && name.len <= EMOJI_NAME_MAX;
}

/* The post and its channel, with a right there; a post that is not there is refused like a foreign one. */
static Err post_to_react(Ctx *ctx, Str post_id, Permission right, Post *ret_post,
                         Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, ret_post);
    if (err == ERR_ABSENT)
        return fail_right(ctx, right);
    TRY(err);
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, ret_post->channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    TRY(need_in_channel(ctx, ret_channel, right));
    return ret_post->delete_at != 0 ? fail(ctx, ERR_APP_POST_GET, "deleted") : OK;
}

static Err check_emoji(Ctx *ctx, DbTx *tx, Str name)
{
    Emoji *emojis;
    size_t count = 0;
    if (emoji_is_system(name))
        return OK;
    if (ctx->settings->ServiceSettings_EnableCustomEmoji)
        TRY(store_reaction_emojis(tx, ctx->arena, &name, 1, &emojis, &count));
    return count ? OK : fail(ctx, ERR_APP_EMOJI_GET_BY_NAME_NO_RESULT);
}

static void publish(Ctx *ctx, DbTx *tx, const char *name, const Reaction *reaction)
{
    Buf text;
    buf_init(&text, 4096);
    reaction_write_json(reaction, &text);
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "reaction");
    json_str(&event->data, buf_str(&text));
    buf_deinit(&text);
    event->channel_id = reaction->channel_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

static Err touch_post(DbTx *tx, Str post_id, int64_t time)
{
    return db_exec(tx,
                   "UPDATE posts SET update_at = ?, has_reactions = CASE WHEN EXISTS (SELECT 1 "
                   "FROM reactions r WHERE r.post_id = posts.id) "
                   "THEN 1 ELSE 0 END WHERE id = ?",
                   time, post_id);
}

Err reaction_add(Ctx *ctx, const Reaction *draft, Reaction *ret_reaction)
{
    Post post;
    Channel channel;
    DbTx *tx;
    ChannelTick tick;
    int64_t others;
    if (draft->user_id.len != 26 || draft->post_id.len != 26 || !is_emoji_name(draft->emoji_name))
        return fail(ctx, ERR_API_REACTION_SAVE_REACTION_INVALID);
    if (!str_eq(draft->user_id, ctx->user_id))
        return fail(ctx, ERR_API_REACTION_SAVE_REACTION_USER_ID);
    TRY(post_to_react(ctx, draft->post_id, PERM_ADD_REACTION, &post, &channel));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_REACTION_SAVE_ARCHIVED_CHANNEL);
    TRY(ctx_read(ctx, &tx));
    TRY(check_emoji(ctx, tx, draft->emoji_name));

    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_tick(tx, channel.id, ctx->now, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    Err err =
        store_reaction_get(tx, ctx->arena, post.id, ctx->user_id, draft->emoji_name, ret_reaction);
    if (err != ERR_ABSENT)
        return err; /* leaving without a commit takes the tick back */
    TRY(store_reaction_count_others(tx, post.id, draft->emoji_name, &others));
    if (others >= ctx->settings->ServiceSettings_UniqueEmojiReactionLimitPerPost)
        return fail(ctx, ERR_APP_REACTION_SAVE_SAVE_TOO_MANY_REACTIONS);
    Reaction reaction = {.user_id = ctx->user_id,
                         .post_id = post.id,
                         .emoji_name = draft->emoji_name,
                         .create_at = tick.time,
                         .update_at = tick.time,
                         .channel_id = channel.id};
    TRY(reaction_insert_row(tx, &reaction));
    TRY(touch_post(tx, post.id, tick.time));
    publish(ctx, tx, "reaction_added", &reaction);
    *ret_reaction = reaction;
    return ctx_commit(ctx);
}

Err reaction_remove(Ctx *ctx, Str user_id, Str post_id, Str emoji_name)
{
    Post post;
    Channel channel;
    Reaction reaction;
    DbTx *tx;
    ChannelTick tick;
    int64_t touched;
    if (!is_emoji_name(emoji_name))
        return fail_url(ctx, "emoji_name");
    TRY(post_to_react(ctx, post_id, PERM_REMOVE_REACTION, &post, &channel));
    if (!str_eq(user_id, ctx->user_id))
        TRY(need_in_channel(ctx, &channel, PERM_REMOVE_OTHERS_REACTIONS));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_REACTION_DELETE_ARCHIVED_CHANNEL);
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_tick(tx, channel.id, ctx->now, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    Err err = store_reaction_get(tx, ctx->arena, post.id, user_id, emoji_name, &reaction);
    if (err != OK)
        return err == ERR_ABSENT ? OK : err;
    TRY(store_reaction_delete(tx, post.id, user_id, emoji_name, &touched));
    TRY(touch_post(tx, post.id, tick.time));
    publish(ctx, tx, "reaction_removed", &reaction);
    if (!str_eq(user_id, ctx->user_id))
        TRY(ctx_audit(ctx, tx, "reaction.remove_others",
                      str_printf(ctx->arena, "{\"post_id\":\"" STR_FMT "\"}", STR_ARG(post.id))));
    return ctx_commit(ctx);
}

Err reactions_of_post(Ctx *ctx, Str post_id, Reaction **ret_reactions, size_t *ret_count)
{
    Post post;
    Channel channel;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, &post);
    if (err == ERR_ABSENT)
        return fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
    TRY(err);
    TRY(channel_to_read(ctx, post.channel_id, &channel));
    return store_reaction_list(tx, ctx->arena, &post_id, 1, ret_reactions, ret_count);
}

Err reactions_of_posts(Ctx *ctx, const StrVec *post_ids, Reaction **ret_reactions,
                       size_t *ret_count)
{
    Post *posts;
    size_t count;
    DbTx *tx;
    TRY(post_list_by_ids(ctx, post_ids, &posts, &count));
    if (count < post_ids->len)
        return fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
    TRY(ctx_read(ctx, &tx));
    return store_reaction_list(tx, ctx->arena, post_ids->items, post_ids->len, ret_reactions,
                               ret_count);
}
