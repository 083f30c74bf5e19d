/* hub/hub.h: tells the connected users what happened.
 *
 * Model    An Event has an audience (a channel, a team, one user, everybody) and data. The hub encodes it once into a Frame
 *          that all sockets of the audience share; each socket adds only its own sequence number. A connection (HubConn)
 *          outlives its socket by five minutes, so that a client that comes back gets what it missed, and nothing twice.
 *          Each loop has a shard: the connections that live on it, their users, and for each channel and team with
 *          somebody online the set of those users. Publishing puts the event into the shards' mailboxes.
 * Order    Events are delivered in the order in which they were published; those of a transaction are published after its
 *          commit. Changes of membership travel in the same mailboxes, so that a removed member is out before later
 *          events go.
 * Threads  hub_publish*, hub_disconnect, hub_loaded, hub_loop_of, hub_online*: any. hub_attach, hub_detach, hub_pump: the
 *          loop that owns the shard.
 * Owner    Events are borrowed: encoded before return. The hub never includes net/: it reaches sockets through HubSockets.
 * Limits   A mailbox holds 64 MiB; past it the shard forgets its connections and closes their sockets, so that clients load
 *          afresh. A connection keeps at most 128 frames and 64 KiB for replay, all of them 64 MiB.
 * Source   Mattermost API v4, WebSocket events and reliable reconnection; RFC 6455 is net's business.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/frame.h"
#include "db/db.h"

typedef struct Hub Hub;         /* opaque */
typedef struct HubConn HubConn; /* opaque; belongs to its loop */

/* How the hub reaches the outside; api/ fills it in at start. */
typedef struct HubSockets {
    void *app;
    /* Queues frame and tail; false when the socket is being closed. On the shard's loop. */
    bool (*send)(void *socket, Frame *frame, Str tail);
    /* Closes it. The HubConn is already gone: the socket must forget it, and hub_detach is not called for it. */
    void (*close)(void *socket, int code, Str reason);
    /* Makes hub_pump run soon on that loop. Any thread, never blocks. */
    void (*wake)(void *app, size_t loop_index);
    /* Asks for a user's memberships; answered by hub_loaded with the same ticket, from any thread. On the shard's loop. */
    void (*load)(void *app, size_t loop_index, Str user_id, uint64_t ticket);
    /* The user's first socket opened (true) or the last one closed (false). On the shard's loop: do little. */
    void (*presence)(void *app, Str user_id, bool is_online);
    /* Does it read so slowly that typing and the like had better not be queued? NULL: never. On the shard's loop. */
    bool (*is_slow)(void *socket);
} HubSockets;

Hub *hub_new(size_t loop_count, const HubSockets *sockets, Str server_version, Str host_name);
void hub_free(Hub *hub);
/* What hello tells as server_version; it changes with the client configuration. */
void hub_set_version(Hub *hub, Str server_version);

/* ---- events ---- */
typedef struct EventExtra {
    Str user_id, json; /* further members of data for this user only: "\"mentions\":\"[…]\"" */
    bool asks_ack;     /* and should_ack, for connections that want to tell that they have notified */
} EventExtra;

typedef struct Event {
    const char *name;
    Buf data;            /* the members of an open JSON object: json_key(&e->data, …) … */
    Str user_id;         /* set: only this user, and channel_id and team_id are mere information */
    Str channel_id, team_id;
    Str connection_id;   /* set: only this connection */
    Str omit_connection_id;
    const Str *omit_users;
    size_t omit_count;
    const EventExtra *extras;
    size_t extra_count;
    bool is_sanitized;   /* for those who do not manage the system */
    bool is_sensitive;   /* only for those who do */
    bool is_droppable;   /* typing and the like: not for slow sockets, not replayed */
} Event;

/* An event in the arena; its data is freed with it. */
Event *event_new(Arena *arena, const char *name);
/* Leaves out one user. What `omit_users` and `extras` point at must live until the commit: this copies. */
void event_omit(Event *event, Arena *arena, Str user_id);

/* Sends it to its audience. Never blocks, never fails. */
void hub_publish(Hub *hub, const Event *event);
/* The same once `tx` has committed; dropped on rollback. `hub` NULL (no server, as in the command line): nothing. */
void hub_publish_on_commit(DbTx *tx, Hub *hub, const Event *event);

typedef enum HubGroup { HUB_CHANNEL, HUB_TEAM } HubGroup;
/* From the commit on, the user hears (or no longer hears) what is sent to that channel or team. */
void hub_membership_on_commit(DbTx *tx, Hub *hub, HubGroup group, Str group_id, Str user_id, bool is_member);
/* From the commit on the user's connections count (or not) as those of somebody who manages the system. */
void hub_admin_on_commit(DbTx *tx, Hub *hub, Str user_id, bool is_admin);
/* Closes the sockets of a user after the commit; of one session when session_id is not empty. They cannot be resumed. */
void hub_disconnect_on_commit(DbTx *tx, Hub *hub, Str user_id, Str session_id);
void hub_disconnect(Hub *hub, Str user_id, Str session_id);

/* ---- connections ---- */
typedef struct HubAttach {
    Str user_id, session_id;
    Str connection_id;   /* of an earlier connection, or empty */
    int64_t sequence;    /* the next sequence number the client expects */
    bool is_admin;       /* manages the system */
    bool wants_ack;      /* posted_ack=true */
} HubAttach;

/* A socket signed in: resumes its earlier connection or makes a new one, which says hello as soon as the user's
 * memberships are loaded. Never NULL. */
HubConn *hub_attach(Hub *hub, size_t loop_index, const HubAttach *attach, void *socket);
/* The socket is gone; the connection waits five minutes for another. */
void hub_detach(Hub *hub, HubConn *conn);
/* The memberships `load` asked for; ids are copied. */
void hub_loaded(Hub *hub, size_t loop_index, Str user_id, uint64_t ticket, const Str *channel_ids,
                size_t channel_count, const Str *team_ids, size_t team_count);
/* Takes the mailbox, delivers, expires. */
void hub_pump(Hub *hub, size_t loop_index);
/* The loop that owns a connection id; `fallback` when nobody knows it. A socket must be attached there. */
size_t hub_loop_of(Hub *hub, Str connection_id, size_t fallback);

/* On its loop: does its user manage the system? Changes come by hub_admin_on_commit; this is for one that came before the
 * connection did. */
void hub_conn_set_admin(HubConn *conn, bool is_admin);
Str hub_conn_id(const HubConn *conn);
Str hub_conn_user(const HubConn *conn);
Str hub_conn_session(const HubConn *conn);

/* Has the user an open socket? */
bool hub_is_online(Hub *hub, Str user_id);
