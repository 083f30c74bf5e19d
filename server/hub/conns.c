/* hub/conns.c: connections that outlive their sockets, and the sets of users who hear a channel or team. */
#include "base/clock.h"
#include "base/json.h"
#include "base/metric.h"
#include "hub/shard.h"
#include <stdlib.h>

void *hub_realloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    ENSURE(!__builtin_mul_overflow(count, size, &bytes));
    void *grown = realloc(old, bytes);
    ENSURE(grown != NULL);
    return grown;
}

char *hub_dup_str(Str s)
{
    char *copy = hub_realloc(NULL, s.len + 1, 1);
    memcpy(copy, s.len ? s.ptr : "", s.len);
    copy[s.len] = 0;
    return copy;
}

/* ---- sets of users ---- */
void shard_set_add(Shard *shard, Str group_id, HubUser *user)
{
    UserSet *set = map_find(&shard->sets, group_id);
    if (!set) {
        set = calloc(1, sizeof *set);
        ENSURE(set != NULL);
        map_set(&shard->sets, group_id, set);
    }
    for (size_t i = 0; i < set->count; i++)
        if (set->users[i] == user)
            return;
    if (set->count == set->cap) {
        set->cap = set->cap ? set->cap * 2 : 4;
        set->users = hub_realloc(set->users, set->cap, sizeof *set->users);
    }
    set->users[set->count++] = user;
    if (user->groups.len == user->groups.cap) {
        user->groups.cap = user->groups.cap ? user->groups.cap * 2 : 8;
        user->groups.items = hub_realloc(user->groups.items, user->groups.cap, sizeof(Str));
    }
    user->groups.items[user->groups.len++] = (Str){hub_dup_str(group_id), group_id.len};
}

static void set_remove_only(Shard *shard, Str group_id, HubUser *user)
{
    UserSet *set = map_find(&shard->sets, group_id);
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++)
        if (set->users[i] == user) {
            set->users[i] = set->users[--set->count];
            break;
        }
    if (set->count == 0) {
        map_remove(&shard->sets, group_id);
        free(set->users);
        free(set);
    }
}

void shard_set_remove(Shard *shard, Str group_id, HubUser *user)
{
    set_remove_only(shard, group_id, user);
    for (size_t i = 0; i < user->groups.len; i++)
        if (str_eq(user->groups.items[i], group_id)) {
            free((char *)user->groups.items[i].ptr);
            user->groups.items[i] = user->groups.items[--user->groups.len];
            return;
        }
}

/* ---- connections ---- */
static void count_online(Hub *hub, Str user_id, int change)
{
    lock_take(&hub->lock);
    intptr_t count = (intptr_t)map_find(&hub->online, user_id) + change;
    if (count > 0)
        map_set(&hub->online, user_id, (void *)count);
    else
        map_remove(&hub->online, user_id);
    bool is_edge = (change > 0 && count == 1) || (change < 0 && count == 0);
    lock_release(&hub->lock);
    if (is_edge)
        hub->sockets.presence(hub->sockets.app, user_id, change > 0);
}

bool hub_is_online(Hub *hub, Str user_id)
{
    if (!hub)
        return false;
    lock_take(&hub->lock);
    bool is_online = map_find(&hub->online, user_id) != NULL;
    lock_release(&hub->lock);
    return is_online;
}

size_t hub_loop_of(Hub *hub, Str connection_id, size_t fallback)
{
    if (connection_id.len == 0)
        return fallback;
    lock_take(&hub->lock);
    size_t found = (size_t)(uintptr_t)map_find(&hub->directory, connection_id);
    lock_release(&hub->lock);
    return found ? found - 1 : fallback;
}

static void directory_put(Hub *hub, Str connection_id, size_t loop_index)
{
    lock_take(&hub->lock);
    map_set(&hub->directory, connection_id, (void *)(uintptr_t)(loop_index + 1));
    lock_release(&hub->lock);
}

static void directory_drop(Hub *hub, Str connection_id)
{
    lock_take(&hub->lock);
    map_remove(&hub->directory, connection_id);
    lock_release(&hub->lock);
}

static void replay_clear(Shard *shard, HubConn *conn)
{
    for (size_t i = 0; i < conn->replay_count; i++)
        frame_unref(conn->replay[(conn->replay_first + i) % conn->replay_cap]);
    shard->replay_total -= (int64_t)conn->replay_bytes;
    conn->replay_count = conn->replay_first = conn->replay_bytes = 0;
}

static void replay_drop_oldest(Shard *shard, HubConn *conn)
{
    Frame *oldest = conn->replay[conn->replay_first];
    conn->replay_first = (conn->replay_first + 1) % conn->replay_cap;
    conn->replay_count--;
    conn->replay_bytes -= oldest->len;
    shard->replay_total -= (int64_t)oldest->len;
    frame_unref(oldest);
}

static void replay_push(Hub *hub, Shard *shard, HubConn *conn, Frame *frame)
{
    while (conn->replay_count > 0 &&
           (conn->replay_count == REPLAY_FRAMES || conn->replay_bytes + frame->len > REPLAY_BYTES ||
            shard->replay_total > REPLAY_TOTAL_BYTES / (int64_t)hub->loop_count))
        replay_drop_oldest(shard, conn);
    if (conn->replay_count == conn->replay_cap) {
        size_t cap = conn->replay_cap ? conn->replay_cap * 2 : REPLAY_FIRST;
        Frame **ring = hub_realloc(NULL, cap, sizeof *ring);
        for (size_t i = 0; i < conn->replay_count; i++)
            ring[i] = conn->replay[(conn->replay_first + i) % conn->replay_cap];
        free(conn->replay);
        conn->replay = ring;
        conn->replay_first = 0;
        conn->replay_cap = cap;
    }
    conn->replay[(conn->replay_first + conn->replay_count) % conn->replay_cap] = frame_ref(frame);
    conn->replay_count++;
    conn->replay_bytes += frame->len;
    shard->replay_total += (int64_t)frame->len;
}

static void user_free(Shard *shard, HubUser *user)
{
    map_remove(&shard->users, str_of(user->id));
    for (size_t i = 0; i < user->groups.len; i++) {
        set_remove_only(shard, user->groups.items[i], user);
        free((char *)user->groups.items[i].ptr);
    }
    for (size_t i = 0; i < user->waiting_count; i++)
        letter_unref(user->waiting[i]);
    free(user->waiting);
    free(user->groups.items);
    free(user->conns);
    free(user);
}

static void socket_lost(Hub *hub, HubConn *conn)
{
    if (!conn->socket)
        return;
    conn->socket = NULL;
    conn->detached_at_ms = clock_monotonic_ms();
    conn->user->open_sockets--;
    count_online(hub, str_of(conn->user->id), -1);
}

/* Forgets a connection for good. Its socket, if any, is the caller's to close. */
void hub_conn_free(Hub *hub, Shard *shard, HubConn *conn)
{
    ENSURE(conn->magic == CONN_MAGIC);
    socket_lost(hub, conn);
    HubUser *user = conn->user;
    for (size_t i = 0; i < user->conn_count; i++)
        if (user->conns[i] == conn) {
            user->conns[i] = user->conns[--user->conn_count];
            break;
        }
    map_remove(&shard->conns, str_of(conn->id));
    directory_drop(hub, str_of(conn->id));
    replay_clear(shard, conn);
    free(conn->replay);
    conn->magic = 0;
    free(conn);
    if (user->conn_count == 0)
        user_free(shard, user);
}

/* Forgets a connection and closes its socket: the client's next hello carries a new id, which makes it load afresh. The
 * socket's user pointer still names the freed conn until net says it is closed, so the caller's close comes first. */
void hub_conn_drop(Hub *hub, Shard *shard, HubConn *conn, int code, Str reason)
{
    void *socket = conn->socket;
    hub_conn_free(hub, shard, conn);
    if (socket)
        hub->sockets.close(socket, code, reason);
}

static bool write_frame(Hub *hub, HubConn *conn, Frame *frame, int64_t seq)
{
    char tail[32];
    int len = snprintf(tail, sizeof tail, "%lld}", (long long)seq);
    metric_add(METRIC_WS_DELIVERIES, 1);
    return hub->sockets.send(conn->socket, frame, str_make(tail, (size_t)len));
}

/* Next event of this connection: numbered, kept for replay, and sent when a socket is there. */
void hub_conn_deliver(Hub *hub, Shard *shard, HubConn *conn, Frame *frame, bool is_droppable)
{
    if (!conn->said_hello)
        return; /* not loaded: the client has not been told to listen yet, and will load what happened */
    bool is_slow = conn->socket && hub->sockets.is_slow && hub->sockets.is_slow(conn->socket);
    if (is_droppable && (!conn->socket || is_slow))
        return;
    int64_t seq = conn->next_seq++;
    replay_push(hub, shard, conn, frame);
    if (conn->socket)
        (void)write_frame(hub, conn, frame,
                          seq); /* false: being closed; the frame stays for replay */
}

void hub_conn_say_hello(Hub *hub, Shard *shard, HubConn *conn)
{
    Arena *arena = arena_create();
    Event *event = event_new(arena, "hello");
    event->user_id = str_of(conn->user->id);
    event->connection_id = str_of(conn->id);
    lock_take(&hub->lock);
    json_key(&event->data, "server_version");
    json_str(&event->data, str_of(hub->version));
    lock_release(&hub->lock);
    json_key(&event->data, "connection_id");
    json_str(&event->data, str_of(conn->id));
    json_key(&event->data, "server_hostname");
    json_str(&event->data, str_of(hub->host_name));
    size_t unused;
    Frame *frame = event_encode(event, &unused);
    conn->said_hello = true;
    hub_conn_deliver(hub, shard, conn, frame, false);
    frame_unref(frame);
    arena_free(arena);
}

static HubUser *user_get(Hub *hub, Shard *shard, size_t loop_index, Str user_id)
{
    HubUser *user = map_find(&shard->users, user_id);
    if (user)
        return user;
    user = calloc(1, sizeof *user);
    ENSURE(user != NULL && user_id.len <= ID_LEN);
    memcpy(user->id, user_id.ptr, user_id.len);
    user->ticket = ++shard->last_ticket;
    map_set(&shard->users, user_id, user);
    hub->sockets.load(hub->sockets.app, loop_index, user_id,
                      user->ticket); /* registered first, loaded after */
    return user;
}

static HubConn *conn_new(Hub *hub, size_t loop_index, HubUser *user)
{
    Shard *shard = &hub->shards[loop_index];
    HubConn *conn = calloc(1, sizeof *conn);
    ENSURE(conn != NULL);
    Arena *arena = arena_create();
    memcpy(conn->id, id_make(arena, clock_now_ms()).ptr, ID_LEN);
    arena_free(arena);
    conn->magic = CONN_MAGIC;
    conn->loop_index = loop_index;
    conn->user = user;
    if (user->conn_count == user->conn_cap) {
        user->conn_cap = user->conn_cap ? user->conn_cap * 2 : 2;
        user->conns = hub_realloc(user->conns, user->conn_cap, sizeof *user->conns);
    }
    user->conns[user->conn_count++] = conn;
    map_set(&shard->conns, str_of(conn->id), conn);
    directory_put(hub, str_of(conn->id), loop_index);
    return conn;
}

/* The client has everything before `sequence`: sends what it missed. False when that is no longer known. */
static bool replay_from(Hub *hub, HubConn *conn, int64_t sequence)
{
    int64_t oldest = conn->next_seq - (int64_t)conn->replay_count;
    if (sequence < oldest || sequence > conn->next_seq)
        return false;
    for (int64_t seq = sequence; seq < conn->next_seq; seq++) {
        size_t at = (conn->replay_first + (size_t)(seq - oldest)) % conn->replay_cap;
        if (!write_frame(hub, conn, conn->replay[at], seq))
            break;
    }
    return true;
}

static void conn_take_socket(Hub *hub, HubConn *conn, const HubAttach *attach, void *socket)
{
    conn->socket = socket;
    conn->is_admin = attach->is_admin;
    conn->wants_ack = attach->wants_ack;
    ENSURE(attach->session_id.len <= ID_LEN);
    memset(conn->session_id, 0, sizeof conn->session_id);
    memcpy(conn->session_id, attach->session_id.len ? attach->session_id.ptr : "",
           attach->session_id.len);
    conn->user->open_sockets++;
    count_online(hub, str_of(conn->user->id), 1);
}

HubConn *hub_attach(Hub *hub, size_t loop_index, const HubAttach *attach, void *socket)
{
    Shard *shard = &hub->shards[loop_index];
    HubConn *old =
        attach->connection_id.len ? map_find(&shard->conns, attach->connection_id) : NULL;
    if (old && str_eq(str_of(old->user->id), attach->user_id) && !old->socket && old->said_hello) {
        conn_take_socket(hub, old, attach, socket);
        if (replay_from(hub, old, attach->sequence))
            return old;
        socket_lost(hub, old);
        hub_conn_free(hub, shard, old);
    }
    HubUser *user = user_get(hub, shard, loop_index, attach->user_id);
    HubConn *conn = conn_new(hub, loop_index, user);
    conn_take_socket(hub, conn, attach, socket);
    if (user->is_loaded)
        hub_conn_say_hello(hub, shard, conn);
    return conn;
}

void hub_detach(Hub *hub, HubConn *conn)
{
    ENSURE(conn->magic == CONN_MAGIC);
    socket_lost(hub, conn);
    if (!conn->said_hello)
        hub_conn_free(hub, &hub->shards[conn->loop_index], conn);
}

void hub_conn_set_admin(HubConn *conn, bool is_admin)
{
    ENSURE(conn->magic == CONN_MAGIC);
    conn->is_admin = is_admin;
}

Str hub_conn_id(const HubConn *conn)
{
    return str_of(conn->id);
}
Str hub_conn_user(const HubConn *conn)
{
    return str_of(conn->user->id);
}
Str hub_conn_session(const HubConn *conn)
{
    return str_of(conn->session_id);
}
