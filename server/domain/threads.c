#include "domain/threads.h"
#include "domain/channels.h"
#include "domain/thread_view.h"
#include "store/channel_store.h"
#include "store/post_store.h"

/* ---- participants ---- */
/* The participants with `user_id` moved to the end. */
static Str participants_with(Ctx *ctx, Str old, Str user_id)
{
    StrVec ids = {0};
    json_t *list, *id;
    size_t i;
    if (old.len && json_parse(ctx->arena, old, &list) == OK)
        json_array_foreach(list, i, id) if (!str_eq(json_text(id), user_id))
            vec_push(ctx->arena, &ids, json_text(id));
    vec_push(ctx->arena, &ids, user_id);
    return post_ids_json(ctx->arena, ids.items, ids.len);
}

/* ---- a reply comes ---- */
static Err count_reply(Ctx *ctx, DbTx *tx, const PostInsert *what, const Post *reply,
                       Thread *ret_thread, bool *ret_is_first, int64_t *ret_before_last)
{
    Thread thread;
    Err err = store_thread_get(tx, ctx->arena, what->root->id, &thread);
    *ret_is_first = err == ERR_ABSENT;
    *ret_before_last = 0;
    if (err == ERR_ABSENT) {
        *ret_thread = (Thread){.post_id = what->root->id,
                               .channel_id = what->channel->id,
                               .team_id = what->channel->team_id,
                               .reply_count = 1,
                               .last_reply_at = reply->create_at,
                               .participants = participants_with(ctx, STR_EMPTY, reply->user_id)};
        return thread_insert_row(tx, ret_thread);
    }
    TRY(err);
    thread.reply_count++;
    if (reply->create_at > thread.last_reply_at) {
        *ret_before_last = thread.last_reply_at;
        thread.last_reply_at = reply->create_at;
    }
    thread.participants = participants_with(ctx, thread.participants, reply->user_id);
    *ret_thread = thread;
    return thread_update_row(tx, &thread);
}

static Err let_follow(Ctx *ctx, DbTx *tx, const PostInsert *what, const Post *reply, bool is_first)
{
    const Post *root = what->root;
    const Mentions *mentions = what->mentions;
    const ThreadMember author = {.post_id = root->id,
                                 .user_id = reply->user_id,
                                 .following = true,
                                 .last_viewed = reply->create_at,
                                 .last_updated = ctx->now};
    if (!ctx->settings->ServiceSettings_ThreadAutoFollow)
        return db_exec(tx,
                       "UPDATE thread_members SET last_viewed = ?, last_updated = ?, "
                       "unread_mentions = 0 WHERE post_id = ? AND user_id = ?",
                       reply->create_at, ctx->now, root->id, reply->user_id);
    if (is_first) {
        StrVec others = {0};
        if (!str_eq(root->user_id, reply->user_id))
            vec_push(ctx->arena, &others, root->user_id);
        for (size_t i = 0; what->auto_followers && i < what->auto_followers->len; i++)
            vec_push(ctx->arena, &others, what->auto_followers->items[i]);
        TRY(store_thread_follow(tx, ctx->arena, root->id, others.items, others.len, root->create_at,
                                ctx->now, false));
    }
    TRY(store_thread_member_save(tx, &author));
    return store_thread_follow(tx, ctx->arena, root->id, mentions->user_ids.items,
                               mentions->personal_count, 0, ctx->now, true);
}

Err thread_reply_in(Ctx *ctx, DbTx *tx, const PostInsert *what, const Post *reply, PostParts *parts,
                    StrVec *ret_followers)
{
    const Mentions *mentions = what->mentions;
    PostParts none = {0};
    Thread *thread = arena_new(ctx->arena, Thread, 1);
    bool is_first;
    int64_t before_last;
    TRY(count_reply(ctx, tx, what, reply, thread, &is_first, &before_last));
    parts->threads = thread;
    parts->thread_count = 1;
    TRY(let_follow(ctx, tx, what, reply, is_first));
    TRY(store_thread_count_mentions(tx, ctx->arena, thread->post_id, mentions->user_ids.items,
                                    mentions->user_ids.len, ctx->now));
    TRY(db_exec(tx, "UPDATE posts SET update_at = ? WHERE id = ?", reply->update_at,
                thread->post_id));
    Follower *followers;
    size_t count;
    TRY(store_thread_followers(tx, ctx->arena, thread, what->root->create_at, before_last,
                               &followers, &count));
    for (size_t i = 0; i < count; i++)
        vec_push(ctx->arena, ret_followers, followers[i].user_id);
    Post root = *what->root;
    root.update_at = reply->update_at;
    ThreadNews news = {.thread = thread,
                       .root = &root,
                       .root_parts = what->root_parts ? what->root_parts : &none,
                       .author_id = reply->user_id,
                       .new_replies = 1,
                       .mentioned = &mentions->user_ids};
    thread_publish_updated(ctx, tx, &news, followers, count);
    return OK;
}

/* ---- a reply goes ---- */
static Err recount(Ctx *ctx, DbTx *tx, Thread *thread)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    StrVec ids = {0};
    thread->reply_count = thread->last_reply_at = 0;
    TRY(db_query(tx, &rows,
                 "SELECT user_id, count(*), max(create_at) FROM posts WHERE root_id = ? AND "
                 "delete_at = 0 GROUP BY user_id "
                 "ORDER BY max(create_at)",
                 thread->post_id));
    while (db_next(&rows)) {
        vec_push(ctx->arena, &ids, str_copy(ctx->arena, db_text(&rows, 0)));
        thread->reply_count += db_int(&rows, 1);
        thread->last_reply_at = db_int(&rows, 2);
    }
    thread->participants = post_ids_json(ctx->arena, ids.items, ids.len);
    return db_rows_error(&rows);
}

Err thread_reply_deleted_in(Ctx *ctx, DbTx *tx, const Post *root, const Post *reply,
                            const Mentions *mentions)
{
    Thread thread;
    Err err = store_thread_get(tx, ctx->arena, root->id, &thread);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    TRY(recount(ctx, tx, &thread));
    TRY(thread_update_row(tx, &thread));
    for (size_t i = 0; i < mentions->user_ids.len; i++)
        TRY(db_exec(tx,
                    "UPDATE thread_members SET unread_mentions = unread_mentions - 1, last_updated "
                    "= ? WHERE post_id = ? AND "
                    "user_id = ? AND last_viewed < ? AND unread_mentions > 0",
                    ctx->now, root->id, mentions->user_ids.items[i], reply->create_at));
    TRY(db_exec(tx, "UPDATE posts SET update_at = ? WHERE id = ?", reply->update_at, root->id));
    Follower *followers;
    size_t count;
    TRY(store_thread_followers(tx, ctx->arena, &thread, root->create_at, 0, &followers, &count));
    PostParts parts;
    TRY(post_parts_load(ctx, root, 1, &(PostViewOptions){.for_everybody = true}, &parts));
    ThreadNews news = {.thread = &thread,
                       .root = root,
                       .root_parts = &parts,
                       .author_id = reply->user_id,
                       .new_replies = -1,
                       .mentioned = &mentions->user_ids,
                       .changed_at = reply->create_at};
    thread_publish_updated(ctx, tx, &news, followers, count);
    return OK;
}

/* ---- one follower's place ---- */
static Err load_root(Ctx *ctx, Str thread_id, Post *ret_root, Channel *ret_channel)
{
    TRY(post_to_read(ctx, thread_id, ret_root, ret_channel));
    return ret_root->root_id.len ? fail(ctx, ERR_APP_USER_GET_THREADS_FOR_USER_NOT_FOUND, "a reply")
                                 : OK;
}

typedef struct Place {
    Post root;
    Channel channel;
    Thread thread;
    ThreadMember member;
    int64_t unread_replies;
} Place;

/* The thread as the user stands in it; 404 when they do not follow it and must. */
static Err load_place(Ctx *ctx, Str user_id, Str thread_id, bool must_follow, Place *ret_place)
{
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY(load_root(ctx, thread_id, &ret_place->root, &ret_place->channel));
    Err err = store_thread_get(tx, ctx->arena, thread_id, &ret_place->thread);
    if (err == ERR_ABSENT)
        ret_place->thread = (Thread){.post_id = thread_id,
                                     .channel_id = ret_place->channel.id,
                                     .team_id = ret_place->channel.team_id};
    else
        TRY(err);
    err = store_thread_member_get(tx, ctx->arena, thread_id, user_id, &ret_place->member);
    bool absent = err == ERR_ABSENT;
    if (absent)
        ret_place->member = (ThreadMember){.post_id = thread_id, .user_id = user_id};
    else
        TRY(err);
    if (must_follow &&
        (absent || !ret_place->member.following || ret_place->thread.reply_count == 0))
        return fail(ctx, absent ? ERR_APP_USER_GET_THREAD_MEMBERSHIP_FOR_USER_NOT_FOUND
                                : ERR_APP_USER_GET_THREADS_FOR_USER_NOT_FOUND);
    return store_thread_count_unread(tx, thread_id, ret_place->member.last_viewed,
                                     &ret_place->unread_replies);
}

static Err write_place(Ctx *ctx, const Place *place, bool extended, Buf *out)
{
    ThreadRow row = {place->thread, place->member.last_viewed, place->member.unread_mentions,
                     place->unread_replies};
    return thread_rows_write(ctx, &row, 1, &place->root, 1, extended, true, out);
}

Err thread_get(Ctx *ctx, Str user_id, Str thread_id, bool extended, Buf *out)
{
    Place place;
    TRY(load_place(ctx, user_id, thread_id, true, &place));
    return write_place(ctx, &place, extended, out);
}

static Event *follower_event(Ctx *ctx, const char *name, Str user_id, Str team_id)
{
    Event *event = event_new(ctx->arena, name);
    event->user_id = user_id;
    event->team_id = team_id;
    return event;
}

static void put_int(Event *event, const char *name, int64_t value)
{
    json_key(&event->data, name);
    json_int(&event->data, value);
}

static void put_str(Event *event, const char *name, Str value)
{
    json_key(&event->data, name);
    json_str(&event->data, value);
}

Err thread_set_following(Ctx *ctx, Str user_id, Str team_id, Str thread_id, bool following)
{
    Place place;
    DbTx *tx;
    TRY(load_place(ctx, user_id, thread_id, false, &place));
    TRY(ctx_write(ctx, &tx));
    place.member.following = following;
    place.member.last_updated = ctx->now;
    if (following) {
        place.member.last_viewed =
            place.thread.last_reply_at > ctx->now ? place.thread.last_reply_at : ctx->now;
        place.member.unread_mentions = 0;
    }
    TRY(store_thread_member_save(tx, &place.member));
    Event *event = follower_event(ctx, "thread_follow_changed", user_id, team_id);
    put_str(event, "thread_id", thread_id);
    json_key(&event->data, "state");
    json_bool(&event->data, following);
    put_int(event, "reply_count", place.thread.reply_count);
    hub_publish_on_commit(tx, ctx->hub, event);
    return ctx_commit(ctx);
}

/* In a burst the channel's times run ahead of the clock: who reads now has seen the last reply all the same. The very time
 * of a reply is meant as it stands. */
static Err seen_time(Ctx *ctx, const Thread *thread, int64_t time, int64_t *ret_time)
{
    enum { CLOCKS_DIFFER_MS = 1000 };
    bool is_now = time > ctx->now - CLOCKS_DIFFER_MS && time < thread->last_reply_at;
    *ret_time = time;
    if (!is_now || thread->last_reply_at <= ctx->now)
        return OK;
    DbTx *tx;
    int64_t replies;
    TRY(ctx_read(ctx, &tx));
    TRY(db_get_int(tx, &replies, "SELECT count(*) FROM posts WHERE root_id = ? AND create_at = ?",
                   thread->post_id, time));
    if (replies == 0)
        *ret_time = thread->last_reply_at;
    return OK;
}

static Err set_place(Ctx *ctx, Place *place, Str team_id, int64_t time, Buf *out)
{
    DbTx *tx;
    ThreadMember *member = &place->member;
    int64_t old_mentions = member->unread_mentions, old_replies = place->unread_replies;
    TRY(ctx_write(ctx, &tx));
    member->last_viewed = time;
    member->last_updated = ctx->now;
    TRY(store_thread_count_unread(tx, member->post_id, time, &place->unread_replies));
    TRY(mentions_count_since(ctx, tx, &place->channel, member->post_id, member->user_id, time + 1,
                             &member->unread_mentions, NULL));
    TRY(store_thread_member_save(tx, member));
    Event *event = follower_event(ctx, "thread_read_changed", member->user_id, team_id);
    put_str(event, "thread_id", member->post_id);
    put_int(event, "timestamp", time);
    put_int(event, "unread_mentions", member->unread_mentions);
    put_int(event, "unread_replies", place->unread_replies);
    put_int(event, "previous_unread_mentions", old_mentions);
    put_int(event, "previous_unread_replies", old_replies);
    put_str(event, "channel_id", place->channel.id);
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_commit(ctx));
    return write_place(ctx, place, false, out);
}

Err thread_set_read(Ctx *ctx, Str user_id, Str team_id, Str thread_id, int64_t time, Buf *out)
{
    Place place;
    TRY(load_place(ctx, user_id, thread_id, true, &place));
    int64_t seen;
    TRY(seen_time(ctx, &place.thread, time, &seen));
    return set_place(ctx, &place, team_id, seen, out);
}

Err thread_set_unread(Ctx *ctx, Str user_id, Str team_id, Str thread_id, Str post_id, Buf *out)
{
    Post post;
    Place place;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, &post);
    if (err == ERR_ABSENT ||
        (err == OK &&
         (post.delete_at != 0 || !(str_eq(post.root_id, thread_id) || str_eq(post.id, thread_id)))))
        return fail(ctx, ERR_APP_USER_UPDATE_THREAD_READ_FOR_USER_BY_POST);
    TRY(err);
    TRY(load_place(ctx, user_id, thread_id, true, &place));
    return set_place(ctx, &place, team_id, post.create_at - 1, out);
}

Err threads_read_all(Ctx *ctx, Str user_id, Str team_id)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(
        tx,
        "UPDATE thread_members SET unread_mentions = 0, last_updated = ?, last_viewed = (SELECT "
        "CASE WHEN t.last_reply_at > ? "
        "THEN t.last_reply_at ELSE ? END FROM threads t WHERE t.post_id = thread_members.post_id) "
        "WHERE user_id = ? AND following = 1 AND post_id IN (SELECT t.post_id FROM threads t WHERE "
        "t.team_id = ? OR t.team_id = '')",
        ctx->now, ctx->now, ctx->now, user_id, team_id));
    hub_publish_on_commit(tx, ctx->hub,
                          follower_event(ctx, "thread_read_changed", user_id, team_id));
    return ctx_commit(ctx);
}

Err thread_unread_from_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root, Str user_id,
                          int64_t time)
{
    Thread thread;
    ThreadMember member;
    Follower follower = {.user_id = user_id, .last_viewed = time};
    Err err = store_thread_get(tx, ctx->arena, root->id, &thread);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    err = store_thread_member_get(tx, ctx->arena, root->id, user_id, &member);
    if (err == ERR_ABSENT)
        member = (ThreadMember){.post_id = root->id, .user_id = user_id};
    else
        TRY(err);
    member.following = true;
    member.last_viewed = time;
    member.last_updated = ctx->now;
    TRY(store_thread_count_unread(tx, root->id, time, &follower.unread_replies));
    TRY(mentions_count_since(ctx, tx, channel, root->id, user_id, time + 1, &member.unread_mentions,
                             NULL));
    follower.unread_mentions = member.unread_mentions;
    TRY(store_thread_member_save(tx, &member));
    PostParts parts;
    TRY(post_parts_load(ctx, root, 1, &(PostViewOptions){.for_everybody = true}, &parts));
    ThreadNews news = {.thread = &thread, .root = root, .root_parts = &parts};
    thread_publish_updated(ctx, tx, &news, &follower, 1);
    return OK;
}

Err threads_list(Ctx *ctx, const ThreadQuery *query, bool totals, bool rows, bool extended,
                 Buf *out)
{
    DbTx *tx;
    ThreadTotals sums = {0};
    ThreadRow *found = NULL;
    size_t count = 0, post_count = 0;
    Post *posts = NULL;
    TRY(need_self_or_edit(ctx, query->user_id));
    TRY(need_in_team(ctx, query->team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    if (totals)
        TRY(store_thread_totals(tx, query, &sums));
    if (rows) {
        StrVec ids = {0};
        TRY(store_thread_list_of_user(tx, ctx->arena, query, &found, &count));
        for (size_t i = 0; i < count; i++)
            vec_push(ctx->arena, &ids, found[i].thread.post_id);
        TRY(store_post_list_by_ids(tx, ctx->arena, ids.items, ids.len, &posts, &post_count));
    }
    json_open(out);
    json_key(out, "total");
    json_int(out, query->only_unread ? sums.unread_threads : sums.total);
    json_key(out, "total_unread_threads");
    json_int(out, sums.unread_threads);
    json_key(out, "total_unread_mentions");
    json_int(out, sums.unread_mentions);
    json_key(out, "total_unread_urgent_mentions");
    json_int(out, 0);
    json_key(out, "threads");
    if (rows)
        TRY(thread_rows_write(ctx, found, count, posts, post_count, extended, false, out));
    else
        json_nil(out);
    json_close(out);
    return OK;
}
