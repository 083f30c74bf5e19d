#include "domain/unreads.h"
#include "domain/channels.h"
#include "domain/threads.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/thread_store.h"

static bool is_muted(Str notify_props)
{
    return str_contains(notify_props, STR("\"mark_unread\":\"mention\""));
}

static int64_t less(int64_t total, int64_t read)
{
    return total > read ? total - read : 0;
}

Err unread_of_channel(Ctx *ctx, Str user_id, Str channel_id, Channel *ret_channel,
                      UnreadCounts *ret_counts)
{
    ChannelMember member;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    TRY(need_in_channel(ctx, ret_channel, PERM_READ_CHANNEL));
    TRY_ABSENT(ctx, store_channel_member_get(tx, ctx->arena, channel_id, user_id, &member),
               ERR_APP_CHANNEL_GET_UNREAD);
    bool muted = is_muted(member.notify_props);
    *ret_counts = (UnreadCounts){
        .messages = muted ? 0 : less(ret_channel->total_msg_count, member.msg_count),
        .root_messages = muted ? 0 : less(ret_channel->total_msg_count_root, member.msg_count_root),
        .mentions = member.mention_count,
        .root_mentions = member.mention_count_root,
    };
    return OK;
}

/* Unread in all channels of the user's teams; rows come by team. */
static Err sum_by_team(Ctx *ctx, DbTx *tx, Str user_id, TeamUnread **ret_teams, size_t *ret_count)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    VEC(TeamUnread) teams = {0};
    TRY(db_query(tx, &rows,
                 "SELECT c.team_id, c.total_msg_count - m.msg_count, c.total_msg_count_root - "
                 "m.msg_count_root, m.mention_count, "
                 "m.mention_count_root, m.notify_props FROM channel_members m JOIN channels c ON "
                 "c.id = m.channel_id "
                 "JOIN team_members t ON t.team_id = c.team_id AND t.user_id = m.user_id "
                 "WHERE m.user_id = ? AND c.delete_at = 0 AND c.team_id <> '' AND t.delete_at = 0 "
                 "ORDER BY c.team_id",
                 user_id));
    while (db_next(&rows)) {
        Str team_id = db_text(&rows, 0);
        if (teams.len == 0 || !str_eq(teams.items[teams.len - 1].team_id, team_id))
            vec_push(ctx->arena, &teams, (TeamUnread){.team_id = str_copy(ctx->arena, team_id)});
        UnreadCounts *sum = &teams.items[teams.len - 1].counts;
        if (!is_muted(db_text(&rows, 5))) {
            sum->messages += less(db_int(&rows, 1), 0);
            sum->root_messages += less(db_int(&rows, 2), 0);
        }
        sum->mentions += db_int(&rows, 3);
        sum->root_mentions += db_int(&rows, 4);
    }
    *ret_teams = teams.items;
    *ret_count = teams.len;
    return db_rows_error(&rows);
}

static Err add_threads(Ctx *ctx, DbTx *tx, Str user_id, TeamUnread *teams, size_t count)
{
    TeamThreads *threads;
    size_t thread_count;
    TRY(store_thread_totals_by_team(tx, ctx->arena, user_id, &threads, &thread_count));
    for (size_t i = 0; i < thread_count; i++)
        for (size_t k = 0; k < count; k++)
            if (str_eq(teams[k].team_id, threads[i].team_id)) {
                teams[k].counts.threads = threads[i].unread_threads;
                teams[k].counts.thread_mentions = threads[i].unread_mentions;
            }
    return OK;
}

Err unread_of_teams(Ctx *ctx, Str user_id, Str excluded, bool with_threads, TeamUnread **ret_teams,
                    size_t *ret_count)
{
    DbTx *tx;
    TeamUnread *teams;
    size_t count, kept = 0;
    if (!str_eq(ctx->user_id, user_id))
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    TRY(ctx_read(ctx, &tx));
    TRY(sum_by_team(ctx, tx, user_id, &teams, &count));
    for (size_t i = 0; i < count; i++)
        if (!str_eq(teams[i].team_id, excluded))
            teams[kept++] = teams[i];
    if (with_threads)
        TRY(add_threads(ctx, tx, user_id, teams, kept));
    *ret_teams = teams;
    *ret_count = kept;
    return OK;
}

Err unread_of_team(Ctx *ctx, Str user_id, Str team_id, UnreadCounts *ret_counts)
{
    DbTx *tx;
    TeamUnread *teams;
    size_t count;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    TRY(sum_by_team(ctx, tx, user_id, &teams, &count));
    *ret_counts = (UnreadCounts){0};
    for (size_t i = 0; i < count; i++)
        if (str_eq(teams[i].team_id, team_id))
            *ret_counts = teams[i].counts;
    return OK;
}

static void put(Buf *out, const char *name, int64_t value)
{
    json_key(out, name);
    json_int(out, value);
}

void team_unread_write(const TeamUnread *unread, Buf *out)
{
    const UnreadCounts *counts = &unread->counts;
    json_open(out);
    json_key(out, "team_id");
    json_str(out, unread->team_id);
    put(out, "msg_count", counts->messages);
    put(out, "mention_count", counts->mentions);
    put(out, "mention_count_root", counts->root_mentions);
    put(out, "msg_count_root", counts->root_messages);
    put(out, "thread_count", counts->threads);
    put(out, "thread_mention_count", counts->thread_mentions);
    put(out, "thread_urgent_mention_count", 0);
    json_close(out);
}

/* ---- reading it again ---- */
typedef struct FromHere {
    int64_t messages, root_messages, mentions, root_mentions;
} FromHere;

/* What stands in the channel from `since` on. Join and leave notes are not counted, as in the channel's totals. */
static Err count_from(Ctx *ctx, DbTx *tx, const Channel *channel, Str user_id, int64_t since,
                      FromHere *ret_counts)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    FromHere counts = {0};
    TRY(db_query(tx, &rows,
                 "SELECT type, count(*), CAST(sum(CASE WHEN root_id = '' THEN 1 ELSE 0 END) AS "
                 "BIGINT) FROM posts "
                 "WHERE channel_id = ? AND create_at >= ? AND delete_at = 0 GROUP BY type",
                 channel->id, since));
    while (db_next(&rows)) {
        if (post_is_membership_note(db_text(&rows, 0)))
            continue;
        counts.messages += db_int(&rows, 1);
        counts.root_messages += db_int(&rows, 2);
    }
    TRY(db_rows_error(&rows));
    TRY(mentions_count_since(ctx, tx, channel, STR_EMPTY, user_id, since, &counts.mentions,
                             &counts.root_mentions));
    *ret_counts = counts;
    return OK;
}

static void publish_unread(Ctx *ctx, DbTx *tx, const Channel *channel, const ChannelMember *member,
                           Str post_id)
{
    Event *event = event_new(ctx->arena, "post_unread");
    put(&event->data, "msg_count", member->msg_count);
    put(&event->data, "msg_count_root", member->msg_count_root);
    put(&event->data, "mention_count", member->mention_count);
    put(&event->data, "mention_count_root", member->mention_count_root);
    put(&event->data, "urgent_mention_count", member->urgent_mention_count);
    put(&event->data, "last_viewed_at", member->last_viewed_at);
    json_key(&event->data, "post_id");
    json_str(&event->data, post_id);
    event->user_id = member->user_id;
    event->channel_id = channel->id;
    event->team_id = channel->team_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

static Err unread_thread(Ctx *ctx, DbTx *tx, const Channel *channel, Str root_id, Str user_id,
                         int64_t time)
{
    Post root;
    Err err = store_post_get(tx, ctx->arena, root_id, &root);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    return thread_unread_from_in(ctx, tx, channel, &root, user_id, time);
}

Err post_set_unread(Ctx *ctx, Str user_id, Str post_id, bool knows_threads, Channel *ret_channel,
                    ChannelMember *ret_member)
{
    Post post;
    ChannelMember member;
    FromHere counts;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(post_to_read(ctx, post_id, &post, ret_channel));
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, post.channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    TRY_ABSENT(ctx, store_channel_member_get(tx, ctx->arena, post.channel_id, user_id, &member),
               ERR_APP_CHANNEL_GET_MEMBER_MISSING);
    TRY(count_from(ctx, tx, ret_channel, user_id, post.create_at, &counts));
    bool leaves_roots = post.root_id.len && !knows_threads;
    member.msg_count = less(ret_channel->total_msg_count, counts.messages);
    member.mention_count = counts.mentions;
    if (!leaves_roots) {
        member.msg_count_root = less(ret_channel->total_msg_count_root, counts.root_messages);
        member.mention_count_root = counts.root_mentions;
    }
    member.urgent_mention_count = 0;
    member.last_viewed_at = post.create_at - 1;
    TRY(db_exec(tx,
                "UPDATE channel_members SET msg_count = ?, msg_count_root = ?, mention_count = ?, "
                "mention_count_root = ?, "
                "urgent_mention_count = ?, last_viewed_at = ?, last_update_at = ? WHERE channel_id "
                "= ? AND user_id = ?",
                member.msg_count, member.msg_count_root, member.mention_count,
                member.mention_count_root, member.urgent_mention_count, member.last_viewed_at,
                ctx->now, member.channel_id, member.user_id));
    if (leaves_roots)
        TRY(unread_thread(ctx, tx, ret_channel, post.root_id, user_id, post.create_at - 1));
    publish_unread(ctx, tx, ret_channel, &member, post.id);
    *ret_member = member;
    return ctx_commit(ctx);
}
