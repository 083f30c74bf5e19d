#include "domain/posts.h"
#include "base/metric.h"
#include "domain/channels.h"
#include "domain/mails.h"
#include "domain/post_hints.h"
#include "domain/statuses.h"
#include "domain/threads.h"
#include "store/channel_store.h"
#include "store/member_store.h"
#include "store/post_store.h"
#include "store/thread_store.h"

/* ---- doors ---- */
Err post_to_read_any(Ctx *ctx, Str post_id, bool with_deleted, Post *ret_post, Channel *ret_channel)
{
    DbTx *tx;
    if (with_deleted && !can(ctx, PERM_MANAGE_SYSTEM))
        return fail_right(ctx, PERM_MANAGE_SYSTEM);
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_post_get(tx, ctx->arena, post_id, ret_post), ERR_APP_POST_GET);
    TRY(channel_to_read(ctx, ret_post->channel_id, ret_channel));
    if (ret_post->delete_at != 0 && !with_deleted)
        return fail(ctx, ERR_APP_POST_GET, "deleted");
    return OK;
}

Err post_to_read(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel)
{
    return post_to_read_any(ctx, post_id, false, ret_post, ret_channel);
}

/* ---- events ---- */
Event *post_event_new(Ctx *ctx, const char *name, Str channel_id, Str post_json)
{
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "post");
    json_str(&event->data, post_json);
    event->channel_id = channel_id;
    return event;
}

/* Members of the event for one user: each a string that holds JSON, so encoded twice. */
static Str extra_json(Ctx *ctx, bool is_mentioned, bool is_follower, Str user_id)
{
    return str_printf(
        ctx->arena, "%s%.*s%s%s%s%.*s%s", is_mentioned ? "\"mentions\":\"[\\\"" : "",
        is_mentioned ? (int)user_id.len : 0, user_id.ptr, is_mentioned ? "\\\"]\"" : "",
        is_mentioned && is_follower ? "," : "", is_follower ? "\"followers\":\"[\\\"" : "",
        is_follower ? (int)user_id.len : 0, user_id.ptr, is_follower ? "\\\"]\"" : "");
}

static void add_extras(Ctx *ctx, Event *event, const Mentions *mentions, const StrVec *followers,
                       Str author_id)
{
    size_t count = 0;
    EventExtra *extras = arena_new(ctx->arena, EventExtra, mentions->user_ids.len + followers->len);
    for (size_t i = 0; i < mentions->user_ids.len; i++) {
        Str id = mentions->user_ids.items[i];
        extras[count++] = (EventExtra){id, extra_json(ctx, true, strvec_has(followers, id), id),
                                       !str_eq(id, author_id)};
    }
    for (size_t i = 0; i < followers->len; i++) {
        Str id = followers->items[i];
        if (!strvec_has(&mentions->user_ids, id) && !str_eq(id, author_id))
            extras[count++] = (EventExtra){id, extra_json(ctx, false, true, id), true};
    }
    event->extras = extras;
    event->extra_count = count;
}

static bool has_image(const PostParts *parts)
{
    for (size_t i = 0; i < parts->file_count; i++)
        if (str_starts_with(parts->files[i].mime_type, STR("image/")))
            return true;
    return false;
}

static void publish_posted(Ctx *ctx, DbTx *tx, const PostInsert *what, const PostParts *parts,
                           const StrVec *followers, const Post *post)
{
    Str json = post_text(ctx, post, parts, &(PostViewOptions){.for_everybody = true});
    Event *event = post_event_new(ctx, "posted", post->channel_id, json);
    Buf *data = &event->data;
    json_key(data, "channel_display_name");
    json_str(data, what->channel->display_name);
    json_key(data, "channel_name");
    json_str(data, what->channel->name);
    json_key(data, "channel_type");
    json_str(data, what->channel->type);
    json_key(data, "sender_name");
    json_str(data, str_concat(ctx->arena, STR("@"), what->author->username));
    json_key(data, "set_online");
    json_bool(data, what->sets_online);
    json_key(data, "team_id");
    json_str(data, what->channel->team_id);
    if (parts->file_count) {
        json_key(data, "otherFile");
        json_str(data, STR("true"));
    }
    if (has_image(parts)) {
        json_key(data, "image");
        json_str(data, STR("true"));
    }
    add_extras(ctx, event, what->mentions, followers, post->user_id);
    hub_publish_on_commit(tx, ctx->hub, event);
}

/* ---- the transaction ---- */
/* Who writes has read what stands above. */
static Err mark_read(Ctx *ctx, DbTx *tx, const PostInsert *what, const ChannelTick *tick,
                     const Post *post)
{
    TRY(db_exec(tx,
                "UPDATE channel_members SET msg_count = ?, msg_count_root = ?, mention_count = 0, "
                "mention_count_root = 0, "
                "urgent_mention_count = 0, last_viewed_at = ?, last_update_at = ? WHERE channel_id "
                "= ? AND user_id = ?",
                tick->total_msg_count, tick->total_msg_count_root, tick->time, ctx->now,
                post->channel_id, post->user_id));
    if (!ctx->settings->ServiceSettings_EnableChannelViewedMessages)
        return OK;
    Event *event = event_new(ctx->arena, "multiple_channels_viewed");
    json_key(&event->data, "channel_times");
    json_open(&event->data);
    json_key_str(&event->data, what->channel->id);
    json_int(&event->data, tick->time);
    json_close(&event->data);
    event->user_id = post->user_id;
    event->is_droppable = true;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

/* An admin may give an earlier time: the first free one at or after it. */
static Err choose_time(DbTx *tx, Post *post, int64_t now)
{
    int64_t taken = 1;
    while (post->create_at > 0 && post->create_at < now && taken) {
        TRY(db_get_int(tx, &taken,
                       "SELECT count(*) FROM posts WHERE channel_id = ? AND create_at = ?",
                       post->channel_id, post->create_at));
        post->create_at += taken != 0;
    }
    if (post->create_at <= 0 || post->create_at > now)
        post->create_at = now;
    return OK;
}

Err post_insert_in(Ctx *ctx, DbTx *tx, const PostInsert *what, Post *post, Str *ret_json)
{
    bool is_root = post->root_id.len == 0, is_counted = !post_is_membership_note(post->type);
    PostParts nothing = {0}, *parts = what->parts ? what->parts : &nothing;
    StrVec followers = {0};
    ChannelTick tick;
    TRY_ABSENT(ctx,
               store_channel_tick_post(tx, what->channel->id, ctx->now, is_counted, is_root, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    if (tick.delete_at != 0 && !post_is_system(post->type))
        return fail(ctx, ERR_API_POST_CREATE_POST_CAN_NOT_POST_TO_DELETED_ERROR);
    TRY(choose_time(tx, post, tick.time));
    post->update_at = tick.time;
    TRY(store_post_insert(tx, post));
    TRY(store_member_count_mentions(tx, ctx->arena, post->channel_id,
                                    what->mentions->user_ids.items, what->mentions->user_ids.len,
                                    is_root, ctx->now));
    if (what->marks_read)
        TRY(mark_read(ctx, tx, what, &tick, post));
    if (!is_root)
        TRY(thread_reply_in(ctx, tx, what, post, parts, &followers));
    publish_posted(ctx, tx, what, parts, &followers, post);
    if (!post_is_system(post->type))
        TRY(mail_notify_in(ctx, tx, post, &what->mentions->user_ids, &followers));
    if (ret_json)
        *ret_json = post_text(ctx, post, parts, &(PostViewOptions){0});
    return OK;
}

/* ---- creating ---- */
/* The post already made under this name; ERR_ABSENT when there is none. */
static Err find_duplicate(Ctx *ctx, DbTx *tx, Str user_id, Str pending_post_id, Post *ret_post)
{
    Str post_id;
    if (pending_post_id.len == 0)
        return ERR_ABSENT;
    TRY(store_pending_post_get(tx, ctx->arena, user_id, pending_post_id, &post_id));
    return store_post_get(tx, ctx->arena, post_id, ret_post);
}

static Err find_root(Ctx *ctx, DbTx *tx, const Post *draft, Post *ret_root)
{
    if (draft->root_id.len == 0)
        return OK;
    TRY_ABSENT(ctx, store_post_get(tx, ctx->arena, draft->root_id, ret_root),
               ERR_API_POST_CREATE_POST_ROOT_ID);
    if (!str_eq(ret_root->channel_id, draft->channel_id))
        return fail(ctx, ERR_API_POST_CREATE_POST_CHANNEL_ROOT_ID);
    if (ret_root->root_id.len || ret_root->delete_at != 0)
        return fail(ctx, ERR_API_POST_CREATE_POST_ROOT_ID);
    return OK;
}

/* Only what the author of a message may say. */
static Post post_of_draft(Ctx *ctx, const Post *draft, const User *author)
{
    return (Post){
        .id = ctx_id(ctx),
        .create_at = can(ctx, PERM_MANAGE_SYSTEM) ? draft->create_at : 0,
        .user_id = author->id,
        .channel_id = draft->channel_id,
        .root_id = draft->root_id,
        .message = draft->message,
        .type = draft->type,
        .props = draft->props,
        .file_ids = draft->file_ids,
        .pending_post_id = draft->pending_post_id,
        .priority = draft->root_id.len || !ctx->settings->ServiceSettings_PostPriority
                        ? STR_EMPTY
                        : draft->priority,
    };
}

static Err take_files(Ctx *ctx, DbTx *tx, const Channel *channel, const PostHow *how, Post *post,
                      StrVec *ret_ids, PostParts *parts)
{
    StrVec asked;
    TRY(post_file_ids(ctx, post, &asked));
    *ret_ids = (StrVec){0};
    post->file_ids = STR_EMPTY;
    if (asked.len == 0)
        return OK;
    if (!how->is_integration)
        TRY(need_in_channel(ctx, channel, PERM_UPLOAD_FILE));
    TRY(post_files_free(ctx, tx, post, &asked, &parts->files, &parts->file_count));
    for (size_t i = 0; i < parts->file_count; i++) {
        vec_push(ctx->arena, ret_ids, parts->files[i].id);
        parts->files[i].post_id = post->id;
    }
    post->file_ids = post_ids_json(ctx->arena, ret_ids->items, ret_ids->len);
    return OK;
}

/* Writing shows that one is there; a program that writes in somebody's name does not. */
static bool shows_presence(const Ctx *ctx, const PostHow *how)
{
    return !how->keeps_status && !how->is_integration && !how->author && !ctx->user->is_bot &&
           ctx->settings->ServiceSettings_EnableUserStatuses;
}

static Err reply_with(Ctx *ctx, const Post *post, Post *ret_post, Str *ret_json)
{
    *ret_post = *post;
    return ret_json ? post_view_text(ctx, post, &(PostViewOptions){0}, ret_json) : OK;
}

Err post_send(Ctx *ctx, const Channel *channel, const Post *draft, const PostHow *how,
              Post *ret_post, Str *ret_json)
{
    const User *author = how->author ? how->author : ctx->user;
    Post root = {0}, post = post_of_draft(ctx, draft, author), old;
    Mentions mentions;
    PostParts parts = {0}, root_parts = {0};
    StrVec file_ids;
    bool collapsed;
    DbTx *tx;
    TRY(post_check(ctx, &post));
    TRY(mentions_find(ctx, channel, &post, &mentions)); /* first: it may begin a new snapshot */
    TRY(ctx_read(ctx, &tx));
    Err err = find_duplicate(ctx, tx, post.user_id, post.pending_post_id, &old);
    if (err == OK)
        return reply_with(ctx, &old, ret_post, ret_json);
    if (err != ERR_ABSENT)
        return err;
    TRY(find_root(ctx, tx, &post, &root));
    StrVec auto_followers = {0};
    if (root.id.len) {
        TRY(post_parts_load(ctx, &root, 1, &(PostViewOptions){.for_everybody = true}, &root_parts));
        if (root_parts.thread_count == 0 && !channel_is_direct(channel))
            TRY(store_thread_auto_followers(tx, ctx->arena, channel->id, &auto_followers));
        TRY(mentions_add_thread(ctx, tx, &root, &post, &mentions));
    }
    TRY(post_fill_props(ctx, channel, how, &mentions, &post));
    TRY(post_fill_hashtags(ctx, &post));
    TRY(post_parts_load(ctx, &post, 1, &(PostViewOptions){.for_everybody = true, .is_new = true},
                        &parts));
    TRY(take_files(ctx, tx, channel, how, &post, &file_ids, &parts));
    TRY(threads_are_collapsed(ctx, tx, post.user_id, &collapsed));
    Event *hint;
    TRY(post_hint_outsiders(ctx, tx, channel, &post, &mentions, &hint));
    PostInsert what = {
        .channel = channel,
        .root = &root,
        .mentions = &mentions,
        .author = author,
        .parts = &parts,
        .root_parts = &root_parts,
        .auto_followers = &auto_followers,
        .sets_online = !how->keeps_status && !how->is_integration,
        .marks_read = !how->is_integration && !author->is_bot && !(root.id.len && collapsed),
    };

    TRY(ctx_write(ctx, &tx));
    if (post.pending_post_id.len)
        TRY(store_pending_post_insert(tx, post.user_id, post.pending_post_id, post.id, ctx->now));
    if (file_ids.len)
        TRY(post_files_attach_in(ctx, tx, &post, &file_ids));
    TRY(post_insert_in(ctx, tx, &what, &post, ret_json));
    if (hint)
        hub_publish_on_commit(tx, ctx->hub, hint);
    err = ctx_commit(ctx);
    if (err == ERR_UNIQUE)
        return ERR_RETRY; /* somebody else made the post of this name meanwhile: the next run finds it */
    TRY(err);
    metric_add(METRIC_POSTS_CREATED, 1);
    *ret_post = post;
    if (shows_presence(ctx, how))
        status_seen(ctx, ctx->user_id);
    return OK;
}

Err post_create(Ctx *ctx, const Post *draft, const PostHow *how, Post *ret_post, Str *ret_json)
{
    Channel channel;
    TRY(channel_to_write(ctx, draft->channel_id, &channel));
    Err err = post_send(ctx, &channel, draft, how, ret_post, ret_json);
    return err == ERR_UNIQUE ? ERR_RETRY : err;
}

Err post_send_ephemeral(Ctx *ctx, const Post *draft, Str user_id, Str author_id, Str *ret_json)
{
    Post post = {
        .id = ctx_id(ctx),
        .create_at = ctx->now,
        .update_at = ctx->now,
        .user_id = author_id,
        .channel_id = draft->channel_id,
        .root_id = draft->root_id,
        .message = draft->message,
        .type = STR("system_ephemeral"),
        .props = draft->props,
    };
    TRY(post_check(ctx, &post));
    *ret_json = post_text(ctx, &post, &(PostParts){0}, &(PostViewOptions){.for_everybody = true});
    Event *event = post_event_new(ctx, "ephemeral_message", post.channel_id, *ret_json);
    event->user_id = user_id;
    hub_publish(ctx->hub, event);
    return OK;
}
