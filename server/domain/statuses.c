#include "domain/statuses.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/map.h"
#include "base/vec.h"
#include "domain/channels.h"
#include <stdlib.h>

enum { WRITE_EVERY_MS = 2 * 60 * 1000, WRITE_BATCH = 500 };

typedef enum Kind { OFFLINE, ONLINE, AWAY, DND, OOO, NAME_COUNT } Kind;
static const Str NAMES[] = {{"offline", 7}, {"online", 6}, {"away", 4}, {"dnd", 3}, {"ooo", 3}};

/* One user, from the first sight on. */
typedef struct Presence {
    char user_id[ID_LEN];
    Kind status, before_dnd;
    bool is_chosen;
    int64_t last_activity_at; /* Unix ms */
    int64_t dnd_end_time;     /* Unix s; 0: open end */
    int64_t written_at;
    bool is_dirty;
} Presence;

struct Presences {
    Lock lock; /* guards all */
    Map by_user;
};

static const DbUpsert UPSERT = {
    "statuses", "user_id, status, manual, last_activity_at, dnd_end_time, prev_status", "user_id",
    "status, manual, last_activity_at, dnd_end_time, prev_status"};

Presences *presences_new(void)
{
    Presences *presences = calloc(1, sizeof *presences);
    ENSURE(presences != NULL);
    lock_init(&presences->lock, LOCK_CACHE);
    return presences;
}

void presences_free(Presences *presences)
{
    if (!presences)
        return;
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&presences->by_user, &i));)
        free(slot->value);
    map_deinit(&presences->by_user);
    lock_deinit(&presences->lock);
    free(presences);
}

static bool kind_find(Str name, Kind *ret_kind)
{
    for (int kind = 0; kind < NAME_COUNT; kind++)
        if (str_eq(name, NAMES[kind])) {
            *ret_kind = (Kind)kind;
            return true;
        }
    return false;
}

/* ---- with the lock held ---- */
static Presence *find(Presences *presences, Str user_id)
{
    return map_find(&presences->by_user, user_id);
}

static Presence *get(Presences *presences, Str user_id)
{
    Presence *p = find(presences, user_id);
    if (p)
        return p;
    p = calloc(1, sizeof *p);
    ENSURE(p != NULL && user_id.len == ID_LEN);
    memcpy(p->user_id, user_id.ptr, ID_LEN);
    (void)map_set(&presences->by_user, user_id, p); /* there was none */
    return p;
}

static Event *event_of(Arena *arena, Str user_id, Kind status)
{
    Event *event = event_new(arena, "status_change");
    json_key(&event->data, "status");
    json_str(&event->data, NAMES[status]);
    json_key(&event->data, "user_id");
    json_str(&event->data, user_id);
    event->user_id = user_id;
    event->is_droppable = true;
    return event;
}

/* What is seen of somebody, which nobody chose. */
static void set_seen(Ctx *ctx, Presence *p, Kind status)
{
    if (p->is_chosen || p->status == status)
        return;
    p->status = status;
    p->is_dirty = true;
    if (ctx->hub)
        hub_publish(ctx->hub, event_of(ctx->arena, str_make(p->user_id, ID_LEN), status));
}

static bool is_idle(const Ctx *ctx, const Presence *p)
{
    return ctx->now - p->last_activity_at >=
           ctx->settings->TeamSettings_UserStatusAwayTimeout * 1000;
}

/* ---- what people do ---- */
void status_seen(Ctx *ctx, Str user_id)
{
    Presences *presences = ctx->app->presences;
    lock_take(&presences->lock);
    Presence *p = get(presences, user_id);
    p->last_activity_at = ctx->now;
    p->is_dirty = true;
    set_seen(ctx, p, ONLINE);
    lock_release(&presences->lock);
}

/* Asks the hub rather than trusting the order in which workers come by. */
void status_connection_changed(Ctx *ctx, Str user_id)
{
    if (hub_is_online(ctx->hub, user_id)) {
        status_seen(ctx, user_id);
        return;
    }
    lock_take(&ctx->app->presences->lock);
    Presence *p = find(ctx->app->presences, user_id);
    if (p)
        set_seen(ctx, p, OFFLINE);
    lock_release(&ctx->app->presences->lock);
}

static bool is_chosen(Ctx *ctx, Str user_id)
{
    lock_take(&ctx->app->presences->lock);
    const Presence *p = find(ctx->app->presences, user_id);
    bool answer = p && p->is_chosen;
    lock_release(&ctx->app->presences->lock);
    return answer;
}

Err status_set_active(Ctx *ctx, bool is_active, bool is_manual)
{
    if (is_manual && (!is_active || is_chosen(ctx, ctx->user_id))) {
        Status unused;
        return status_choose(ctx, ctx->user_id, is_active ? STR("online") : STR("away"), 0,
                             &unused);
    }
    if (is_active) {
        status_seen(ctx, ctx->user_id);
        return OK;
    }
    lock_take(&ctx->app->presences->lock);
    Presence *p = get(ctx->app->presences, ctx->user_id);
    if (is_idle(ctx, p))
        set_seen(ctx, p, AWAY);
    lock_release(&ctx->app->presences->lock);
    return OK;
}

/* ---- what people choose ---- */
typedef struct Choice {
    Presences *presences;
    Presence value;
} Choice;

static void apply_choice(void *arg)
{
    Choice *choice = arg;
    lock_take(&choice->presences->lock);
    Presence *p = get(choice->presences, str_make(choice->value.user_id, ID_LEN));
    *p = choice->value;
    lock_release(&choice->presences->lock);
}

static Err write_presence(DbTx *tx, const Presence *p)
{
    return db_upsert(tx, &UPSERT, str_make(p->user_id, ID_LEN), NAMES[p->status], p->is_chosen,
                     p->last_activity_at, p->dnd_end_time,
                     p->status == DND ? NAMES[p->before_dnd] : STR_EMPTY);
}

/* Durable first, then seen. */
static Err commit_choice(Ctx *ctx, const Presence *value)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(write_presence(tx, value));
    Choice *choice = arena_new(db_arena(tx), Choice, 1);
    *choice = (Choice){ctx->app->presences, *value};
    choice->value.is_dirty = false;
    choice->value.written_at = ctx->now;
    db_on_commit(tx, apply_choice, choice);
    hub_publish_on_commit(
        tx, ctx->hub, event_of(ctx->arena, str_make(choice->value.user_id, ID_LEN), value->status));
    return ctx_commit(ctx);
}

static Presence copy_of(Ctx *ctx, Str user_id)
{
    lock_take(&ctx->app->presences->lock);
    Presence copy = *get(ctx->app->presences, user_id);
    lock_release(&ctx->app->presences->lock);
    return copy;
}

Err status_choose(Ctx *ctx, Str user_id, Str status, int64_t dnd_end_time, Status *ret_status)
{
    Kind kind;
    if (!kind_find(status, &kind))
        return fail_body(ctx, "status");
    Presence p = copy_of(ctx, user_id);
    if (kind == DND && p.status != DND)
        p.before_dnd = p.status;
    p.status = kind;
    p.is_chosen = kind != ONLINE; /* being there is seen, not chosen */
    p.dnd_end_time = kind == DND ? dnd_end_time : 0;
    if (str_eq(user_id, ctx->user_id))
        p.last_activity_at = ctx->now;
    TRY(commit_choice(ctx, &p));
    return status_get(ctx, user_id, ret_status);
}

/* ---- reading ---- */
Err statuses_load(Ctx *ctx)
{
    DbTx *tx;
    Status *rows;
    size_t count;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx,
                "UPDATE statuses SET status = 'offline' WHERE manual = 0 AND status <> 'offline'"));
    TRY(entity_list(tx, &status_entity, ctx->arena, &rows, &count,
                    ENTITY_SQL(&status_entity, "SELECT $ FROM statuses WHERE manual = 1")));
    for (size_t i = 0; i < count; i++) {
        Presence *p = get(ctx->app->presences, rows[i].user_id);
        (void)kind_find(rows[i].status, &p->status);          /* unknown: offline */
        (void)kind_find(rows[i].prev_status, &p->before_dnd); /* none: offline */
        p->is_chosen = true;
        p->last_activity_at = rows[i].last_activity_at;
        p->dnd_end_time = rows[i].dnd_end_time;
    }
    return ctx_commit(ctx);
}

static Status shown(Ctx *ctx, const Presence *p, Str user_id)
{
    Kind status = p->status;
    if (!p->is_chosen && status == OFFLINE && ctx->hub && hub_is_online(ctx->hub, user_id))
        status = ONLINE; /* just connected: the worker that notes it has not come by yet */
    return (Status){
        .user_id = user_id,
        .status = NAMES[status],
        .manual = p->is_chosen,
        .last_activity_at = p->last_activity_at,
        .dnd_end_time = p->dnd_end_time,
    };
}

/* When those who were not seen since the start were last active. */
static Err read_absent(Ctx *ctx, const StrVec *ids, Map *places)
{
    if (ids->len == 0)
        return OK;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Buf *sql = buf_new(ctx->arena, 256 * 1024);
    buf_append(sql, STR("SELECT user_id, last_activity_at FROM statuses WHERE user_id IN ("));
    db_sql_marks(sql, ids->len);
    buf_append_char(sql, ')');
    DbArg *args = arena_new(ctx->arena, DbArg, ids->len);
    for (size_t i = 0; i < ids->len; i++)
        args[i] = db_arg_text(ids->items[i]);
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query_text(tx, &rows, buf_str(sql), args, ids->len));
    while (db_next(&rows)) {
        Status *place = map_find(places, db_text(&rows, 0));
        if (place)
            place->last_activity_at = db_int(&rows, 1);
    }
    return db_rows_error(&rows);
}

Err status_list(Ctx *ctx, const Str *ids, size_t count, Status **ret_statuses)
{
    Status *statuses = arena_new(ctx->arena, Status, count);
    StrVec absent = {0};
    Map places = {0};
    lock_take(&ctx->app->presences->lock);
    for (size_t i = 0; i < count; i++) {
        const Presence *p = find(ctx->app->presences, ids[i]);
        statuses[i] = shown(ctx, p ? p : &(Presence){0}, ids[i]);
        if (!p) {
            vec_push(ctx->arena, &absent, ids[i]);
            (void)map_set(&places, ids[i],
                          &statuses[i]); /* an id asked twice: the last place is filled */
        }
    }
    lock_release(&ctx->app->presences->lock);
    Err err = read_absent(ctx, &absent, &places);
    map_deinit(&places);
    TRY(err);
    *ret_statuses = statuses;
    return OK;
}

Err status_get(Ctx *ctx, Str user_id, Status *ret_status)
{
    Status *one;
    TRY(status_list(ctx, &user_id, 1, &one));
    *ret_status = *one;
    return OK;
}

Str status_now(Ctx *ctx, Str user_id)
{
    lock_take(&ctx->app->presences->lock);
    const Presence *p = find(ctx->app->presences, user_id);
    Str status = shown(ctx, p ? p : &(Presence){0}, user_id).status;
    lock_release(&ctx->app->presences->lock);
    return status;
}

bool status_lets_mail_through(Ctx *ctx, Str user_id)
{
    Str status = status_now(ctx, user_id);
    return !str_eq(status, STR("online")) && !str_eq(status, STR("dnd"));
}

Err statuses_write_online(Ctx *ctx, Buf *out)
{
    json_open(out);
    lock_take(&ctx->app->presences->lock);
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&ctx->app->presences->by_user, &i));) {
        Status status = shown(ctx, slot->value, slot->key);
        if (str_eq(status.status, STR("offline")))
            continue;
        json_key_str(out, status.user_id);
        json_str(out, status.status);
    }
    lock_release(&ctx->app->presences->lock);
    json_close(out);
    return OK;
}

Err statuses_write_by_ids(Ctx *ctx, const json_t *ids, Buf *out)
{
    size_t i;
    json_t *id;
    json_open(out);
    json_array_foreach((json_t *)ids, i, id)
    {
        json_key_str(out, json_text(id));
        json_str(out, status_now(ctx, json_text(id)));
    }
    json_close(out);
    return OK;
}

/* ---- the tick ---- */
/* Those whose silence has an end now; the list is in the arena. */
static size_t find_ended(Ctx *ctx, Presence **ret_ended)
{
    VEC(Presence) ended = {0};
    MapSlot *slot;
    lock_take(&ctx->app->presences->lock);
    for (size_t i = 0; (slot = map_next(&ctx->app->presences->by_user, &i));) {
        const Presence *p = slot->value;
        if (p->status == DND && p->dnd_end_time != 0 && p->dnd_end_time * 1000 <= ctx->now)
            vec_push(ctx->arena, &ended, *p);
    }
    lock_release(&ctx->app->presences->lock);
    *ret_ended = ended.items;
    return ended.len;
}

static Err end_silence(Ctx *ctx)
{
    Presence *ended;
    size_t count = find_ended(ctx, &ended);
    for (size_t i = 0; i < count; i++) {
        Presence *p = &ended[i];
        bool is_connected = ctx->hub && hub_is_online(ctx->hub, str_make(p->user_id, ID_LEN));
        p->status = p->before_dnd == ONLINE && !is_connected ? OFFLINE : p->before_dnd;
        p->is_chosen = false;
        p->dnd_end_time = 0;
        TRY(commit_choice(ctx, p));
    }
    return OK;
}

static void note_idle(Ctx *ctx)
{
    MapSlot *slot;
    lock_take(&ctx->app->presences->lock);
    for (size_t i = 0; (slot = map_next(&ctx->app->presences->by_user, &i));) {
        Presence *p = slot->value;
        if ((p->status == ONLINE || p->status == AWAY) && is_idle(ctx, p))
            set_seen(ctx, p, ctx->hub && hub_is_online(ctx->hub, slot->key) ? AWAY : OFFLINE);
    }
    lock_release(&ctx->app->presences->lock);
}

static size_t take_dirty(Ctx *ctx, Presence *list)
{
    size_t count = 0;
    MapSlot *slot;
    lock_take(&ctx->app->presences->lock);
    for (size_t i = 0;
         count < WRITE_BATCH && (slot = map_next(&ctx->app->presences->by_user, &i));) {
        Presence *p = slot->value;
        if (!p->is_dirty || ctx->now - p->written_at < WRITE_EVERY_MS)
            continue;
        p->is_dirty = false; /* lost when the write fails: the next activity is noted again */
        p->written_at = ctx->now;
        list[count++] = *p;
    }
    lock_release(&ctx->app->presences->lock);
    return count;
}

Err statuses_tick(Ctx *ctx)
{
    TRY(end_silence(ctx));
    note_idle(ctx);
    Presence *list = arena_new(ctx->arena, Presence, WRITE_BATCH);
    size_t count = take_dirty(ctx, list);
    if (count == 0)
        return OK;
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    for (size_t i = 0; i < count; i++)
        if (!list[i].is_chosen) /* what was chosen is written when it is chosen */
            TRY(write_presence(tx, &list[i]));
    return ctx_commit(ctx);
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
