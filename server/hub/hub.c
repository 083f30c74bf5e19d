#include "hub/hub.h"
#include "base/clock.h"
#include "base/metric.h"
#include "hub/shard.h"
#include <stdlib.h>

Hub *hub_new(size_t loop_count, const HubSockets *sockets, Str server_version, Str host_name)
{
    Hub *hub = calloc(1, sizeof *hub);
    ENSURE(hub != NULL && loop_count > 0);
    hub->sockets = *sockets;
    hub->loop_count = loop_count;
    hub->shards = calloc(loop_count, sizeof *hub->shards);
    ENSURE(hub->shards != NULL);
    lock_init(&hub->lock, LOCK_HUB);
    for (size_t i = 0; i < loop_count; i++)
        lock_init(&hub->shards[i].lock, LOCK_MAILBOX);
    hub->version = hub_dup_str(server_version);
    hub->host_name = hub_dup_str(host_name);
    return hub;
}

void hub_set_version(Hub *hub, Str server_version)
{
    char *fresh = hub_dup_str(server_version);
    lock_take(&hub->lock);
    char *old = hub->version;
    hub->version = fresh;
    lock_release(&hub->lock);
    free(old);
}

/* ---- delivery ---- */
static bool is_omitted(const Letter *letter, Str user_id)
{
    for (size_t i = 0; i < letter->omit_count; i++)
        if (str_eq(letter->omit[i], user_id))
            return true;
    return false;
}

static const EventExtra *extra_of(const Letter *letter, Str user_id)
{
    for (size_t i = 0; i < letter->extra_count; i++)
        if (str_eq(letter->extras[i].user_id, user_id))
            return &letter->extras[i];
    return NULL;
}

/* The frame with one user's further members of data. */
static Frame *frame_with_extra(const Letter *letter, Str json, bool asks_ack)
{
    Str text = str_make(letter->frame->text, letter->frame->len);
    Buf out;
    buf_init(&out, 32 * 1024 * 1024);
    buf_append(&out, str_slice(text, 0, letter->data_end));
    if (out.ptr[out.len - 1] != '{')
        buf_append_char(&out, ',');
    buf_append(&out, json);
    if (asks_ack)
        buf_append(&out, STR(",\"should_ack\":true"));
    buf_append(&out, str_slice(text, letter->data_end, text.len));
    Frame *frame = frame_new(buf_str(&out));
    buf_deinit(&out);
    return frame;
}

static void deliver_to_conn(Hub *hub, Shard *shard, HubConn *conn, const Letter *letter,
                            Frame *frame)
{
    if ((letter->is_sanitized && conn->is_admin) || (letter->is_sensitive && !conn->is_admin))
        return;
    if (letter->omit_connection_id.len && str_eq(letter->omit_connection_id, str_of(conn->id)))
        return;
    hub_conn_deliver(hub, shard, conn, frame, letter->is_droppable);
}

static void deliver_to_user(Hub *hub, Shard *shard, HubUser *user, const Letter *letter)
{
    if (letter->omit_count && is_omitted(letter, str_of(user->id)))
        return;
    const EventExtra *extra = extra_of(letter, str_of(user->id));
    Frame *own = extra ? frame_with_extra(letter, extra->json, false) : NULL, *asking = NULL;
    for (size_t i = 0; i < user->conn_count; i++) {
        Frame *frame = own ? own : letter->frame;
        if (extra && extra->asks_ack && user->conns[i]->wants_ack)
            frame = asking = asking ? asking : frame_with_extra(letter, extra->json, true);
        deliver_to_conn(hub, shard, user->conns[i], letter, frame);
    }
    frame_unref(own);
    frame_unref(asking);
}

static void deliver_event(Hub *hub, Shard *shard, const Letter *letter)
{
    if (letter->connection_id.len) {
        HubConn *conn = map_find(&shard->conns, letter->connection_id);
        if (conn)
            hub_conn_deliver(hub, shard, conn, letter->frame, letter->is_droppable);
        return;
    }
    if (letter->user_id.len) {
        HubUser *user = map_find(&shard->users, letter->user_id);
        if (user)
            deliver_to_user(hub, shard, user, letter);
        return;
    }
    Str group = letter->channel_id.len ? letter->channel_id : letter->team_id;
    if (group.len) {
        UserSet *set = map_find(&shard->sets, group);
        for (size_t i = 0; set && i < set->count; i++)
            deliver_to_user(hub, shard, set->users[i], letter);
        return;
    }
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&shard->users, &i));)
        deliver_to_user(hub, shard, slot->value, letter);
}

static void apply_membership(Shard *shard, HubUser *user, const Letter *letter)
{
    if (letter->flag)
        shard_set_add(shard, letter->channel_id, user);
    else
        shard_set_remove(shard, letter->channel_id, user);
}

static void take_member_letter(Shard *shard, Letter *letter)
{
    HubUser *user = map_find(&shard->users, letter->user_id);
    if (!user)
        return;
    if (user->is_loaded) {
        apply_membership(shard, user, letter);
        return;
    }
    if (user->waiting_count == user->waiting_cap) {
        user->waiting_cap = user->waiting_cap ? user->waiting_cap * 2 : 4;
        user->waiting = hub_realloc(user->waiting, user->waiting_cap, sizeof *user->waiting);
    }
    atomic_fetch_add(&letter->references, 1);
    user->waiting[user->waiting_count++] = letter;
}

static void take_loaded_letter(Hub *hub, Shard *shard, const Letter *letter)
{
    HubUser *user = map_find(&shard->users, letter->user_id);
    if (!user || user->is_loaded || user->ticket != letter->ticket)
        return;
    user->is_loaded = true;
    for (size_t i = 0; i < letter->channel_count + letter->team_count; i++)
        shard_set_add(shard, letter->ids[i], user);
    for (size_t i = 0; i < user->waiting_count; i++) {
        apply_membership(shard, user, user->waiting[i]);
        letter_unref(user->waiting[i]);
    }
    user->waiting_count = 0;
    for (size_t i = 0; i < user->conn_count; i++)
        if (!user->conns[i]->said_hello)
            hub_conn_say_hello(hub, shard, user->conns[i]);
}

static void take_disconnect_letter(Hub *hub, Shard *shard, const Letter *letter)
{
    HubUser *user = map_find(&shard->users, letter->user_id);
    for (size_t i = user ? user->conn_count : 0; i-- > 0;) {
        HubConn *conn = user->conns[i];
        bool is_last = user->conn_count == 1;
        if (letter->session_id.len == 0 || str_eq(str_of(conn->session_id), letter->session_id)) {
            hub_conn_drop(hub, shard, conn, 1000, STR("session ended"));
            if (is_last)
                return; /* the user went with the last connection */
        }
    }
}

static void take_letter(Hub *hub, Shard *shard, Letter *letter)
{
    HubUser *user;
    switch (letter->kind) {
    case LETTER_EVENT: deliver_event(hub, shard, letter); break;
    case LETTER_MEMBER: take_member_letter(shard, letter); break;
    case LETTER_LOADED: take_loaded_letter(hub, shard, letter); break;
    case LETTER_DISCONNECT: take_disconnect_letter(hub, shard, letter); break;
    case LETTER_ADMIN:
        user = map_find(&shard->users, letter->user_id);
        for (size_t i = 0; user && i < user->conn_count; i++)
            user->conns[i]->is_admin = letter->flag;
        break;
    }
}

static bool is_any(const HubConn *conn)
{
    return conn != NULL;
}

static bool is_forgotten(const HubConn *conn)
{
    return !conn->socket && clock_monotonic_ms() - conn->detached_at_ms > RESUME_MS;
}

/* Those that `is_meant`; the caller frees the list. Removing moves a map's slots, so they are collected first. */
static HubConn **conns_list(const Shard *shard, bool (*is_meant)(const HubConn *conn),
                            size_t *ret_count)
{
    HubConn **list = NULL;
    size_t count = 0, cap = 0;
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&shard->conns, &i));) {
        if (!is_meant(slot->value))
            continue;
        if (count == cap) {
            cap = cap ? cap * 2 : 16;
            list = hub_realloc(list, cap, sizeof *list);
        }
        list[count++] = slot->value;
    }
    *ret_count = count;
    return list;
}

static void drop_all(Hub *hub, Shard *shard)
{
    size_t count;
    HubConn **list = conns_list(shard, is_any, &count);
    for (size_t i = 0; i < count; i++) {
        metric_add(METRIC_WS_OVERFLOWS, 1);
        hub_conn_drop(hub, shard, list[i], 1013, STR("overloaded"));
    }
    free(list);
}

static void expire(Hub *hub, Shard *shard)
{
    int64_t now = clock_monotonic_ms();
    if (now - shard->last_expiry_ms < EXPIRY_TICK_MS)
        return;
    shard->last_expiry_ms = now;
    size_t count;
    HubConn **list = conns_list(shard, is_forgotten, &count);
    for (size_t i = 0; i < count; i++)
        hub_conn_free(hub, shard, list[i]);
    free(list);
}

void hub_pump(Hub *hub, size_t loop_index)
{
    Shard *shard = &hub->shards[loop_index];
    for (;;) {
        lock_take(&shard->lock);
        Letter **mail_taken = shard->mail;
        size_t count = shard->mail_count;
        bool overflowed = shard->overflowed;
        shard->mail = NULL;
        shard->mail_count = shard->mail_cap = shard->mail_bytes = 0;
        shard->overflowed = false;
        lock_release(&shard->lock);
        if (overflowed)
            drop_all(hub, shard);
        for (size_t i = 0; i < count; i++) {
            take_letter(hub, shard, mail_taken[i]);
            letter_unref(mail_taken[i]);
        }
        free(mail_taken);
        if (count == 0)
            break;
    }
    expire(hub, shard);
}

void hub_free(Hub *hub)
{
    if (!hub)
        return;
    for (size_t i = 0; i < hub->loop_count; i++) {
        Shard *shard = &hub->shards[i];
        MapSlot *slot;
        for (size_t at = 0; (slot = map_next(&shard->conns, &at)); at = 0) {
            HubConn *conn = slot->value;
            conn->socket = NULL; /* the loops have ended; nobody is told any more */
            hub_conn_free(hub, shard, conn);
        }
        for (size_t at = 0; at < shard->mail_count; at++)
            letter_unref(shard->mail[at]);
        free(shard->mail);
        map_deinit(&shard->users);
        map_deinit(&shard->sets);
        map_deinit(&shard->conns);
        lock_deinit(&shard->lock);
    }
    map_deinit(&hub->directory);
    map_deinit(&hub->online);
    lock_deinit(&hub->lock);
    free(hub->version);
    free(hub->host_name);
    free(hub->shards);
    free(hub);
}
