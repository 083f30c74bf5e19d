#include "domain/statuses.h"
#include "base/vec.h"
#include "domain/channels.h"

static const DbUpsert UPSERT = {
    "statuses", "user_id, status, manual, last_activity_at, dnd_end_time, prev_status", "user_id",
    "status, manual, last_activity_at, dnd_end_time, prev_status"};

static Err get(Ctx *ctx, DbTx *tx, Str user_id, Status *ret_status)
{
    Err err =
        entity_get(tx, &status_entity, ctx->arena, ret_status,
                   ENTITY_SQL(&status_entity, "SELECT $ FROM statuses WHERE user_id = ?"), user_id);
    if (err == ERR_ABSENT) {
        *ret_status = (Status){.user_id = user_id, .status = STR("offline")};
        return OK;
    }
    return err;
}

static Err save_in(Ctx *ctx, DbTx *tx, const Status *s)
{
    TRY(db_upsert(tx, &UPSERT, s->user_id, s->status, s->manual, s->last_activity_at,
                  s->dnd_end_time, s->prev_status));
    Event *event = event_new(ctx->arena, "status_change");
    json_key(&event->data, "status");
    json_str(&event->data, s->status);
    json_key(&event->data, "user_id");
    json_str(&event->data, s->user_id);
    event->user_id = s->user_id;
    event->is_droppable = true;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

static Err set_automatic(Ctx *ctx, Str user_id, Str status)
{
    DbTx *tx;
    Status now;
    TRY(ctx_write(ctx, &tx));
    TRY(get(ctx, tx, user_id, &now));
    if (now.manual && !str_eq(now.status, STR("online")))
        return ctx_commit(ctx);
    now.last_activity_at = ctx->now;
    now.manual = false;
    now.status = status;
    TRY(save_in(ctx, tx, &now));
    return ctx_commit(ctx);
}

Err status_connection_changed(Ctx *ctx, Str user_id, bool is_online)
{
    return set_automatic(ctx, user_id, is_online ? STR("online") : STR("offline"));
}

Err status_set_active(Ctx *ctx, bool is_active, bool is_manual)
{
    (void)is_manual;
    return set_automatic(ctx, ctx->user_id, is_active ? STR("online") : STR("away"));
}

Err statuses_write_online(Ctx *ctx, Buf *out)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows, "SELECT user_id, status FROM statuses WHERE status <> 'offline'"));
    json_open(out);
    while (db_next(&rows)) {
        json_key_str(out, db_text(&rows, 0));
        json_str(out, db_text(&rows, 1));
    }
    json_close(out);
    return db_rows_error(&rows);
}

Err status_list(Ctx *ctx, const Str *ids, size_t count, Status **ret_statuses)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Status *statuses = arena_new(ctx->arena, Status, count);
    for (size_t i = 0; i < count; i++)
        TRY(get(ctx, tx, ids[i], &statuses[i]));
    *ret_statuses = statuses;
    return OK;
}

Err statuses_write_by_ids(Ctx *ctx, const json_t *ids, Buf *out)
{
    StrVec wanted = {0};
    size_t i;
    json_t *id;
    json_array_foreach((json_t *)ids, i, id) vec_push(ctx->arena, &wanted, json_text(id));
    Status *statuses;
    TRY(status_list(ctx, wanted.items, wanted.len, &statuses));
    json_open(out);
    for (i = 0; i < wanted.len; i++) {
        json_key_str(out, statuses[i].user_id);
        json_str(out, statuses[i].status);
    }
    json_close(out);
    return OK;
}

Err typing_publish(Ctx *ctx, Str user_id, Str channel_id, Str parent_id)
{
    Channel channel;
    TRY(channel_to_write(ctx, channel_id, &channel));
    if (!ctx->settings->ServiceSettings_EnableUserTypingMessages)
        return OK;
    Event *event = event_new(ctx->arena, "typing");
    json_key(&event->data, "parent_id");
    json_str(&event->data, parent_id);
    json_key(&event->data, "user_id");
    json_str(&event->data, user_id);
    event->channel_id = channel_id;
    event->omit_users = &user_id;
    event->omit_count = 1;
    event->is_droppable = true;
    hub_publish(ctx->hub, event);
    return OK;
}
