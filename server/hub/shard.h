/* hub/shard.h: what the files of the hub share: the letters of a mailbox, and the people of a shard. Only hub/ includes it.
 *
 * events.c makes letters of events and sends them; conns.c keeps connections and who is in which set; hub.c takes the
 * mailbox and delivers.
 */
#pragma once
#include "base/id.h"
#include "base/lock.h"
#include "base/map.h"
#include "base/vec.h"
#include "hub/hub.h"

enum {
    REPLAY_FRAMES = 128,
    REPLAY_BYTES = 64 * 1024,
    REPLAY_FIRST = 8,
    MAILBOX_BYTES = 64 * 1024 * 1024,
    RESUME_MS = 5 * 60 * 1000,
    EXPIRY_TICK_MS = 1000,
    REPLAY_TOTAL_BYTES = 64 * 1024 * 1024,
};

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

/* ---- events.c ---- */
void letter_unref(Letter *letter);
/* {"event":…,"data":{…},"broadcast":{…},"seq":   and where the data object closes. */
Frame *event_encode(const Event *event, size_t *ret_data_end);

/* ---- conns.c ---- */
void shard_set_add(Shard *shard, Str group_id, HubUser *user);
void shard_set_remove(Shard *shard, Str group_id, HubUser *user);
/* Forgets a connection for good. Its socket, if any, is the caller's to close. */
void hub_conn_free(Hub *hub, Shard *shard, HubConn *conn);
/* Forgets a connection and closes its socket: the client's next hello carries a new id, so that it loads afresh. */
void hub_conn_drop(Hub *hub, Shard *shard, HubConn *conn, int code, Str reason);
/* The next event of this connection: numbered, kept for replay, and sent when a socket is there. */
void hub_conn_deliver(Hub *hub, Shard *shard, HubConn *conn, Frame *frame, bool is_droppable);
void hub_conn_say_hello(Hub *hub, Shard *shard, HubConn *conn);

/* realloc that aborts rather than fails, of count * size bytes; a NUL-terminated copy to free. */
void *hub_realloc(void *old, size_t count, size_t size);
char *hub_dup_str(Str s);
