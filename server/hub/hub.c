#include "hub/hub.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/map.h"
#include "base/metric.h"
#include "base/vec.h"
#include <stdlib.h>

enum {
    REPLAY_FRAMES = 128,
    REPLAY_BYTES = 64 * 1024,
    REPLAY_FIRST = 8,
    MAILBOX_BYTES = 64 * 1024 * 1024,
    RESUME_MS = 5 * 60 * 1000,
    EXPIRY_TICK_MS = 1000,
};
static const int64_t REPLAY_TOTAL_BYTES = 64 * 1024 * 1024;

/* ---- what travels in a mailbox ---- */
typedef enum LetterKind {
    LETTER_EVENT,
    LETTER_MEMBER,
    LETTER_ADMIN,
    LETTER_DISCONNECT,
    LETTER_LOADED
} LetterKind;

/* One block of memory, shared by the shards it goes to; its texts lie behind it. */
typedef struct Letter {
    _Atomic int references;
    LetterKind kind;
    size_t size;
    Frame *frame;    /* EVENT: up to and with "\"seq\":" */
    size_t data_end; /* where in frame->text the data object closes: extras go in before it */
    Str user_id, channel_id, team_id, connection_id, omit_connection_id, session_id;
    bool is_sanitized, is_sensitive, is_droppable;
    HubGroup group;
    bool flag;       /* MEMBER: joined; ADMIN: manages the system */
    Str *omit, *ids; /* ids: LOADED, channels and then teams */
    size_t omit_count, channel_count, team_count;
    uint64_t ticket; /* LOADED */
    EventExtra *extras;
    size_t extra_count;
    Arena *arena; /* holds all texts */
} Letter;

static Letter *letter_new(LetterKind kind)
{
    Arena *arena = arena_create_small();
    Letter *letter = arena_new(arena, Letter, 1);
    letter->arena = arena;
    letter->kind = kind;
    atomic_init(&letter->references, 1);
    return letter;
}

static void letter_unref(Letter *letter)
{
    if (atomic_fetch_sub(&letter->references, 1) > 1)
        return;
    frame_unref(letter->frame);
    arena_free(letter->arena);
}

/* ---- a shard's people ---- */
typedef struct HubUser HubUser;

typedef struct UserSet { /* those of a channel or team who are online here */
    HubUser **users;
    size_t count, cap;
} UserSet;

struct HubConn {
    uint32_t magic;
    char id[ID_LEN + 1], session_id[ID_LEN + 1];
    HubUser *user;
    size_t loop_index;
    void *socket; /* NULL: waiting to be resumed */
    int64_t detached_at_ms;
    int64_t next_seq;
    bool is_admin, wants_ack;
    bool said_hello;
    Frame **replay; /* ring: frames of next_seq - replay_count … next_seq - 1 */
    size_t replay_cap, replay_first, replay_count, replay_bytes;
};
enum { CONN_MAGIC = 0x48434F4E };

struct HubUser {
    char id[ID_LEN + 1];
    HubConn **conns;
    size_t conn_count, conn_cap, open_sockets;
    bool is_loaded;
    uint64_t
        ticket;    /* of the load under way: an earlier one may have read what is no longer true */
    StrVec groups; /* ids of channels and teams whose sets hold this user; owned copies */
    Letter **waiting; /* membership letters that came while loading */
    size_t waiting_count, waiting_cap;
};

typedef struct Shard {
    Lock lock; /* the mailbox; rank LOCK_MAILBOX */
    Letter **mail;
    size_t mail_count, mail_cap, mail_bytes;
    bool overflowed;
    Map users; /* id → HubUser */
    Map sets;  /* channel or team id → UserSet */
    Map conns; /* connection id → HubConn */
    int64_t last_expiry_ms, replay_total;
    uint64_t last_ticket;
} Shard;

struct Hub {
    HubSockets sockets;
    Lock lock;     /* directory and online; rank LOCK_HUB */
    Map directory; /* connection id → loop index + 1 */
    Map online;    /* user id → number of open sockets */
    char *version, *host_name;
    size_t loop_count;
    Shard *shards;
};

static void *must_realloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    ENSURE(!__builtin_mul_overflow(count, size, &bytes));
    void *grown = realloc(old, bytes);
    ENSURE(grown != NULL);
    return grown;
}

static char *dup_str(Str s)
{
    char *copy = must_realloc(NULL, s.len + 1, 1);
    memcpy(copy, s.len ? s.ptr : "", s.len);
    copy[s.len] = 0;
    return copy;
}

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
    hub->version = dup_str(server_version);
    hub->host_name = dup_str(host_name);
    return hub;
}

void hub_set_version(Hub *hub, Str server_version)
{
    char *fresh = dup_str(server_version);
    lock_take(&hub->lock);
    char *old = hub->version;
    hub->version = fresh;
    lock_release(&hub->lock);
    free(old);
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
static Frame *encode(const Event *event, size_t *ret_data_end)
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
        shard->mail = must_realloc(shard->mail, shard->mail_cap, sizeof *shard->mail);
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
    letter->frame = encode(event, &letter->data_end);
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
        letter->extras[i] = (EventExtra){str_copy(arena, event->extras[i].user_id),
                                         str_copy(arena, event->extras[i].json)};
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

/* ---- sets of users ---- */
static void set_add(Shard *shard, Str group_id, HubUser *user)
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
        set->users = must_realloc(set->users, set->cap, sizeof *set->users);
    }
    set->users[set->count++] = user;
    if (user->groups.len == user->groups.cap) {
        user->groups.cap = user->groups.cap ? user->groups.cap * 2 : 8;
        user->groups.items = must_realloc(user->groups.items, user->groups.cap, sizeof(Str));
    }
    user->groups.items[user->groups.len++] = (Str){dup_str(group_id), group_id.len};
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

static void set_remove(Shard *shard, Str group_id, HubUser *user)
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
        Frame **ring = must_realloc(NULL, cap, sizeof *ring);
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
static void conn_free(Hub *hub, Shard *shard, HubConn *conn)
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
static void conn_drop(Hub *hub, Shard *shard, HubConn *conn, int code, Str reason)
{
    void *socket = conn->socket;
    conn_free(hub, shard, conn);
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
static void conn_deliver(Hub *hub, Shard *shard, HubConn *conn, Frame *frame, bool is_droppable)
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

static void say_hello(Hub *hub, Shard *shard, HubConn *conn)
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
    Frame *frame = encode(event, &unused);
    conn->said_hello = true;
    conn_deliver(hub, shard, conn, frame, false);
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
        user->conns = must_realloc(user->conns, user->conn_cap, sizeof *user->conns);
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
        conn_free(hub, shard, old);
    }
    HubUser *user = user_get(hub, shard, loop_index, attach->user_id);
    HubConn *conn = conn_new(hub, loop_index, user);
    conn_take_socket(hub, conn, attach, socket);
    if (user->is_loaded)
        say_hello(hub, shard, conn);
    return conn;
}

void hub_detach(Hub *hub, HubConn *conn)
{
    ENSURE(conn->magic == CONN_MAGIC);
    socket_lost(hub, conn);
    if (!conn->said_hello)
        conn_free(hub, &hub->shards[conn->loop_index], conn);
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

/* ---- delivery ---- */
static bool is_omitted(const Letter *letter, Str user_id)
{
    for (size_t i = 0; i < letter->omit_count; i++)
        if (str_eq(letter->omit[i], user_id))
            return true;
    return false;
}

/* The frame with this user's further members of data; NULL when there are none. */
static Frame *frame_with_extra(const Letter *letter, Str user_id)
{
    for (size_t i = 0; i < letter->extra_count; i++) {
        if (!str_eq(letter->extras[i].user_id, user_id))
            continue;
        Str text = str_make(letter->frame->text, letter->frame->len);
        Buf out;
        buf_init(&out, 32 * 1024 * 1024);
        buf_append(&out, str_slice(text, 0, letter->data_end));
        if (out.ptr[out.len - 1] != '{')
            buf_append_char(&out, ',');
        buf_append(&out, letter->extras[i].json);
        buf_append(&out, str_slice(text, letter->data_end, text.len));
        Frame *frame = frame_new(buf_str(&out));
        buf_deinit(&out);
        return frame;
    }
    return NULL;
}

static void deliver_to_conn(Hub *hub, Shard *shard, HubConn *conn, const Letter *letter,
                            Frame *frame)
{
    if ((letter->is_sanitized && conn->is_admin) || (letter->is_sensitive && !conn->is_admin))
        return;
    if (letter->omit_connection_id.len && str_eq(letter->omit_connection_id, str_of(conn->id)))
        return;
    conn_deliver(hub, shard, conn, frame, letter->is_droppable);
}

static void deliver_to_user(Hub *hub, Shard *shard, HubUser *user, const Letter *letter)
{
    if (letter->omit_count && is_omitted(letter, str_of(user->id)))
        return;
    Frame *own = letter->extra_count ? frame_with_extra(letter, str_of(user->id)) : NULL;
    for (size_t i = 0; i < user->conn_count; i++)
        deliver_to_conn(hub, shard, user->conns[i], letter, own ? own : letter->frame);
    frame_unref(own);
}

static void deliver_event(Hub *hub, Shard *shard, const Letter *letter)
{
    if (letter->connection_id.len) {
        HubConn *conn = map_find(&shard->conns, letter->connection_id);
        if (conn)
            conn_deliver(hub, shard, conn, letter->frame, letter->is_droppable);
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
        set_add(shard, letter->channel_id, user);
    else
        set_remove(shard, letter->channel_id, user);
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
        user->waiting = must_realloc(user->waiting, user->waiting_cap, sizeof *user->waiting);
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
        set_add(shard, letter->ids[i], user);
    for (size_t i = 0; i < user->waiting_count; i++) {
        apply_membership(shard, user, user->waiting[i]);
        letter_unref(user->waiting[i]);
    }
    user->waiting_count = 0;
    for (size_t i = 0; i < user->conn_count; i++)
        if (!user->conns[i]->said_hello)
            say_hello(hub, shard, user->conns[i]);
}

static void take_disconnect_letter(Hub *hub, Shard *shard, const Letter *letter)
{
    HubUser *user = map_find(&shard->users, letter->user_id);
    for (size_t i = user ? user->conn_count : 0; i-- > 0;) {
        HubConn *conn = user->conns[i];
        bool is_last = user->conn_count == 1;
        if (letter->session_id.len == 0 || str_eq(str_of(conn->session_id), letter->session_id)) {
            conn_drop(hub, shard, conn, 1000, STR("session ended"));
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
            list = must_realloc(list, cap, sizeof *list);
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
        conn_drop(hub, shard, list[i], 1013, STR("overloaded"));
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
        conn_free(hub, shard, list[i]);
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
            conn_free(hub, shard, conn);
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
