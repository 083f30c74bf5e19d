#include "domain/channel_reads.h"
#include "store/channel_store.h"

/* Has the member read everything? Then there is nothing to write, as with most views. */
static bool is_read(const Channel *channel, const ChannelMember *m)
{
    return m->msg_count == channel->total_msg_count &&
           m->msg_count_root == channel->total_msg_count_root && m->mention_count == 0 &&
           m->mention_count_root == 0 && m->urgent_mention_count == 0 &&
           m->last_viewed_at >= channel->last_post_at;
}

/* *ret_time: 0 when the user is not in the channel, or there is none such. */
static Err look(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, Channel *ret_channel,
                int64_t *ret_time, bool *ret_read)
{
    ChannelMember member;
    *ret_time = 0;
    *ret_read = true;
    Err err = store_channel_get(tx, ctx->arena, channel_id, ret_channel);
    if (err == OK)
        err = store_channel_member_get(tx, ctx->arena, channel_id, user_id, &member);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    *ret_time = member.last_viewed_at > ret_channel->last_post_at ? member.last_viewed_at
                                                                  : ret_channel->last_post_at;
    *ret_read = is_read(ret_channel, &member);
    return OK;
}

static Err mark_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str user_id, int64_t time)
{
    return db_exec(tx,
                   "UPDATE channel_members SET msg_count = ?, msg_count_root = ?, mention_count = "
                   "0, mention_count_root = 0, "
                   "urgent_mention_count = 0, last_viewed_at = ?, last_update_at = ? WHERE "
                   "channel_id = ? AND user_id = ?",
                   channel->total_msg_count, channel->total_msg_count_root, time, ctx->now,
                   channel->id, user_id);
}

/* Reads (`marks` false: says in *ret_dirty whether there is anything to mark) or marks and fills in the event. */
static Err walk(Ctx *ctx, DbTx *tx, Str user_id, const Str *ids, size_t count, bool marks,
                int64_t *ret_times, bool *ret_dirty, Buf *times)
{
    *ret_dirty = false;
    for (size_t i = 0; i < count; i++) {
        Channel channel;
        bool read;
        TRY(look(ctx, tx, ids[i], user_id, &channel, &ret_times[i], &read));
        if (read)
            continue;
        *ret_dirty = true;
        if (!marks)
            continue;
        TRY(mark_in(ctx, tx, &channel, user_id, ret_times[i]));
        json_key_str(times, channel.id);
        json_int(times, ret_times[i]);
    }
    return OK;
}

Err channel_view(Ctx *ctx, Str user_id, const Str *channel_ids, size_t count, int64_t *ret_times)
{
    DbTx *tx;
    bool is_dirty;
    TRY(ctx_read(ctx, &tx));
    TRY(walk(ctx, tx, user_id, channel_ids, count, false, ret_times, &is_dirty, NULL));
    if (!is_dirty)
        return OK;
    TRY(ctx_write(ctx, &tx));
    Event *event = event_new(ctx->arena, "multiple_channels_viewed");
    json_key(&event->data, "channel_times");
    json_open(&event->data);
    TRY(walk(ctx, tx, user_id, channel_ids, count, true, ret_times, &is_dirty, &event->data));
    json_close(&event->data);
    event->user_id = user_id;
    if (is_dirty && ctx->settings->ServiceSettings_EnableChannelViewedMessages)
        hub_publish_on_commit(tx, ctx->hub, event);
    return ctx_commit(ctx);
}
