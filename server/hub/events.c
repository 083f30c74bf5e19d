/* hub/events.c: events become letters in the mailboxes of all shards, now or after a commit. */
#include "base/json.h"
#include "base/metric.h"
#include "hub/shard.h"
#include <stdlib.h>

static Letter *letter_new(LetterKind kind)
{
    Arena *arena = arena_create_small();
    Letter *letter = arena_new(arena, Letter, 1);
    letter->arena = arena;
    letter->kind = kind;
    atomic_init(&letter->references, 1);
    return letter;
}

void letter_unref(Letter *letter)
{
    if (atomic_fetch_sub(&letter->references, 1) > 1)
        return;
    frame_unref(letter->frame);
    arena_free(letter->arena);
}

/* ---- events ---- */
static void free_event_data(void *buf)
{
    buf_deinit(buf);
}

Event *event_new(Arena *arena, const char *name)
{
    Event *event = arena_new(arena, Event, 1);
    event->name = name;
    buf_init(&event->data, 16 * 1024 * 1024);
    arena_defer(arena, free_event_data, &event->data);
    return event;
}

void event_omit(Event *event, Arena *arena, Str user_id)
{
    Str *omitted = arena_new(arena, Str, 1);
    *omitted = str_copy(arena, user_id);
    event->omit_users = omitted;
    event->omit_count = 1;
}

static void write_broadcast(const Event *event, Buf *out)
{
    json_key(out, "broadcast");
    json_open(out);
    json_key(out, "omit_users");
    if (event->omit_count == 0) {
        json_nil(out);
    } else {
        json_open(out);
        for (size_t i = 0; i < event->omit_count; i++) {
            json_key_str(out, event->omit_users[i]);
            json_bool(out, true);
        }
        json_close(out);
    }
    json_key(out, "user_id");
    json_str(out, event->user_id);
    json_key(out, "channel_id");
    json_str(out, event->channel_id);
    json_key(out, "team_id");
    json_str(out, event->team_id);
    json_key(out, "connection_id");
    json_str(out, event->connection_id);
    json_key(out, "omit_connection_id");
    json_str(out, event->omit_connection_id);
    if (event->is_sanitized) {
        json_key(out, "contains_sanitized_data");
        json_bool(out, true);
    }
    if (event->is_sensitive) {
        json_key(out, "contains_sensitive_data");
        json_bool(out, true);
    }
    json_close(out);
}

/* {"event":…,"data":{…},"broadcast":{…},"seq":   and where the data object closes. */
Frame *event_encode(const Event *event, size_t *ret_data_end)
{
    Buf out;
    buf_init(&out, 32 * 1024 * 1024);
    json_open(&out);
    json_key(&out, "event");
    json_str(&out, str_of(event->name));
    json_key(&out, "data");
    json_open(&out);
    buf_append(&out, buf_str(&event->data));
    *ret_data_end = out.len;
    json_close(&out);
    write_broadcast(event, &out);
    json_key(&out, "seq");
    ENSURE(!out.overflowed && !event->data.overflowed);
    Frame *frame = frame_new(buf_str(&out));
    buf_deinit(&out);
    return frame;
}

static Str *copy_ids(Arena *arena, const Str *ids, size_t count)
{
    Str *copy = arena_new(arena, Str, count);
    for (size_t i = 0; i < count; i++)
        copy[i] = str_copy(arena, ids[i]);
    return copy;
}

static void mail(Shard *shard, Letter *letter)
{
    lock_take(&shard->lock);
    if (shard->mail_bytes + letter->size > MAILBOX_BYTES && letter->kind == LETTER_EVENT) {
        shard->overflowed = true;
        lock_release(&shard->lock);
        return;
    }
    if (shard->mail_count == shard->mail_cap) {
        shard->mail_cap = shard->mail_cap ? shard->mail_cap * 2 : 64;
        shard->mail = hub_realloc(shard->mail, shard->mail_cap, sizeof *shard->mail);
    }
    atomic_fetch_add(&letter->references, 1);
    shard->mail[shard->mail_count++] = letter;
    shard->mail_bytes += letter->size;
    lock_release(&shard->lock);
}

static void send_letter(Hub *hub, Letter *letter)
{
    letter->size =
        sizeof *letter + (letter->frame ? letter->frame->len : 0) + arena_used_bytes(letter->arena);
    for (size_t i = 0; i < hub->loop_count; i++) {
        mail(&hub->shards[i], letter);
        hub->sockets.wake(hub->sockets.app, i);
    }
    letter_unref(letter);
}

static Letter *event_letter(const Event *event)
{
    Letter *letter = letter_new(LETTER_EVENT);
    Arena *arena = letter->arena;
    letter->frame = event_encode(event, &letter->data_end);
    letter->user_id = str_copy(arena, event->user_id);
    letter->channel_id = str_copy(arena, event->channel_id);
    letter->team_id = str_copy(arena, event->team_id);
    letter->connection_id = str_copy(arena, event->connection_id);
    letter->omit_connection_id = str_copy(arena, event->omit_connection_id);
    letter->is_sanitized = event->is_sanitized;
    letter->is_sensitive = event->is_sensitive;
    letter->is_droppable = event->is_droppable;
    letter->omit = copy_ids(arena, event->omit_users, event->omit_count);
    letter->omit_count = event->omit_count;
    letter->extras = arena_new(arena, EventExtra, event->extra_count);
    letter->extra_count = event->extra_count;
    for (size_t i = 0; i < event->extra_count; i++)
        letter->extras[i] =
            (EventExtra){str_copy(arena, event->extras[i].user_id),
                         str_copy(arena, event->extras[i].json), event->extras[i].asks_ack};
    return letter;
}

void hub_publish(Hub *hub, const Event *event)
{
    if (!hub)
        return;
    metric_add(METRIC_HUB_EVENTS, 1);
    send_letter(hub, event_letter(event));
}

/* What a commit hook carries. */
typedef struct Pending {
    Hub *hub;
    const Event *event;
    Letter *letter;
    bool is_sent;
} Pending;

static void publish_now(void *arg)
{
    Pending *pending = arg;
    if (pending->event)
        hub_publish(pending->hub, pending->event);
    else
        send_letter(pending->hub, pending->letter);
    pending->is_sent = true;
}

/* Runs when the transaction's arena goes: a letter that was never sent is thrown away. */
static void drop_unsent(void *arg)
{
    Pending *pending = arg;
    if (!pending->is_sent && pending->letter)
        letter_unref(pending->letter);
}

static void on_commit(DbTx *tx, Hub *hub, const Event *event, Letter *letter)
{
    Pending *pending = arena_new(db_arena(tx), Pending, 1);
    *pending = (Pending){hub, event, letter, false};
    arena_defer(db_arena(tx), drop_unsent, pending);
    db_on_commit(tx, publish_now, pending);
}

void hub_publish_on_commit(DbTx *tx, Hub *hub, const Event *event)
{
    if (hub)
        on_commit(tx, hub, event, NULL);
}

void hub_membership_on_commit(DbTx *tx, Hub *hub, HubGroup group, Str group_id, Str user_id,
                              bool is_member)
{
    if (!hub)
        return;
    Letter *letter = letter_new(LETTER_MEMBER);
    letter->group = group;
    letter->channel_id = str_copy(letter->arena, group_id);
    letter->user_id = str_copy(letter->arena, user_id);
    letter->flag = is_member;
    on_commit(tx, hub, NULL, letter);
}

void hub_admin_on_commit(DbTx *tx, Hub *hub, Str user_id, bool is_admin)
{
    if (!hub)
        return;
    Letter *letter = letter_new(LETTER_ADMIN);
    letter->user_id = str_copy(letter->arena, user_id);
    letter->flag = is_admin;
    on_commit(tx, hub, NULL, letter);
}

static Letter *disconnect_letter(Str user_id, Str session_id)
{
    Letter *letter = letter_new(LETTER_DISCONNECT);
    letter->user_id = str_copy(letter->arena, user_id);
    letter->session_id = str_copy(letter->arena, session_id);
    return letter;
}

void hub_disconnect_on_commit(DbTx *tx, Hub *hub, Str user_id, Str session_id)
{
    if (hub)
        on_commit(tx, hub, NULL, disconnect_letter(user_id, session_id));
}

void hub_disconnect(Hub *hub, Str user_id, Str session_id)
{
    if (hub)
        send_letter(hub, disconnect_letter(user_id, session_id));
}

void hub_loaded(Hub *hub, size_t loop_index, Str user_id, uint64_t ticket, const Str *channel_ids,
                size_t channel_count, const Str *team_ids, size_t team_count)
{
    Letter *letter = letter_new(LETTER_LOADED);
    letter->ticket = ticket;
    letter->user_id = str_copy(letter->arena, user_id);
    letter->ids = arena_new(letter->arena, Str, channel_count + team_count);
    for (size_t i = 0; i < channel_count; i++)
        letter->ids[i] = str_copy(letter->arena, channel_ids[i]);
    for (size_t i = 0; i < team_count; i++)
        letter->ids[channel_count + i] = str_copy(letter->arena, team_ids[i]);
    letter->channel_count = channel_count;
    letter->team_count = team_count;
    mail(&hub->shards[loop_index], letter);
    hub->sockets.wake(hub->sockets.app, loop_index);
    letter_unref(letter);
}
