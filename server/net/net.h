/* net/net.h: bytes and threads. HTTP/1.1 and WebSocket over TCP or TLS on event loops, and the workers behind them.
 *
 * Model    A loop (one per core) accepts, parses, times out and writes; it never waits for anything. For each request it
 *          calls handlers.on_head (how large may the body be, where shall it go) and then handlers.on_request. The
 *          handler answers at once, or gives the request to a worker lane; whoever holds the HttpReq fills the reply
 *          and calls http_reply, from any thread. Replies on a connection go out in the order of its requests; parsing
 *          of a connection pauses while a request of it is being worked on.
 * Owner    HttpReq and its arena belong to whoever is working on it; after http_reply they are net's again. A connection
 *          may die meanwhile: then http_reply just frees the request.
 * Threads  Handlers on_* and all ws_* functions: the loop that owns the connection. http_reply, net_post, pool_submit,
 *          net_reload_tls: any thread. ws_closed is never called from within a ws_* function.
 * Limits   NetOptions; every queue has a bound in bytes or entries.
 * Source   RFC 9110, 9112 (HTTP), 6455 (WebSocket), 7692 (permessage-deflate), 8446 (TLS by OpenSSL), 7239 (Forwarded).
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/frame.h"

typedef struct Net Net;
typedef struct HttpReq HttpReq;
typedef struct Ws Ws;

/* ---- requests ---- */
typedef enum HttpMethod { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER } HttpMethod;

typedef struct HttpHeader {
    Str name, value; /* value without the white space around it */
} HttpHeader;

/* A file to send instead of reply.body: `length` bytes from `offset`; the descriptor is closed by net. */
typedef struct HttpFile {
    int fd; /* -1: none */
    int64_t offset, length;
} HttpFile;

struct HttpReq {
    Arena *arena;             /* lives until the reply is written; deferred calls run on the loop */
    HttpMethod method;
    Str method_text, target;  /* as sent */
    Str path, query;          /* target cut at '?'; not decoded */
    HttpHeader *headers;
    size_t header_count;
    Str body;                 /* in memory, or mapped when it was spooled to a file */
    Str body_path;            /* the spool file; net unlinks it after the reply unless it was renamed. Empty: in memory */
    Str remote_ip;            /* of the client, behind trusted proxies too */
    bool is_tls;              /* also when a trusted proxy says so */
    bool is_websocket;        /* a well-formed upgrade request */
    Str request_id;           /* 26 characters, in the reply as X-Request-Id */
    int64_t started_us;       /* monotonic */
    size_t loop_index;
    void *user;               /* the handler's */

    struct {                  /* to fill in before http_reply */
        int status;
        Str content_type;     /* empty: none sent */
        Buf headers;          /* "Name: value\r\n" lines; use http_add_header */
        Buf body;
        Str static_body;      /* instead of body: bytes that outlive the server, such as a static file's */
        HttpFile file;
        bool is_compressible; /* may be sent gzip or br when asked and worth it; http_compress does it */
        bool close;           /* close the connection after it */
    } reply;
};

/* The first header of that name (ASCII case ignored), or STR_EMPTY. */
Str http_header(const HttpReq *req, Str name);
/* The value of a cookie, or STR_EMPTY. */
Str http_cookie(const HttpReq *req, Str name);
/* The value of a query parameter, percent-decoded into the arena; false when absent. */
bool http_query(const HttpReq *req, Str name, Str *ret_value);
/* Percent-decodes (with `plus` also '+' as space); false for a broken or NUL-bearing escape. */
bool http_decode(Arena *arena, Str text, bool plus, Str *ret_text);
/* Adds a reply header; bytes that would break the header block (CR, LF, NUL) are dropped. */
void http_add_header(HttpReq *req, Str name, Str value);
/* Compresses reply.body in place when reply.is_compressible, the client accepts it and it is larger than 1 KiB. Workers
 * call it before http_reply, so that loops do not spend time on it. */
void http_compress(HttpReq *req);
/* Hands the finished reply to the loop. The request is no longer the caller's. */
void http_reply(HttpReq *req);

/* ---- multipart/form-data (RFC 7578), over a whole body ---- */
typedef struct HttpPart {
    Str name, filename, content_type, bytes; /* slices of the body; names unescaped into the arena */
} HttpPart;
/* ERR_SYNTAX for anything malformed; at most 64 parts. */
Err http_multipart(const HttpReq *req, HttpPart **ret_parts, size_t *ret_count);

/* ---- the server ---- */
typedef struct HttpBodyPlan {
    int64_t limit_bytes; /* larger: on_too_large is called instead of on_request */
    bool spool;          /* above 256 KiB goes to a file in spool_dir; the file is synced by whoever keeps it */
} HttpBodyPlan;

typedef struct NetHandlers {
    void *app;
    HttpBodyPlan (*on_head)(void *app, HttpReq *req);
    void (*on_request)(void *app, HttpReq *req);
    /* Head parsed but body over the limit: fill in the reply (413) and http_reply; the connection closes after it. */
    void (*on_too_large)(void *app, HttpReq *req);
    /* Text or binary message, complete, valid UTF-8 when text. */
    void (*ws_message)(void *app, Ws *ws, Str message, bool is_binary);
    void (*ws_pong)(void *app, Ws *ws);
    /* The socket is gone: `ws` and its user pointer must be forgotten before this returns. Called exactly once. */
    void (*ws_closed)(void *app, Ws *ws, int close_code);
    /* Once on each loop about every 100 ms, and after net_wake(loop). */
    void (*on_wake)(void *app, size_t loop_index);
} NetHandlers;

typedef struct NetOptions {
    const char *listen;           /* "127.0.0.1:8065", ":8065", "[::1]:8065"; port 0 picks one */
    size_t loops;                 /* 0: one per core */
    const char *tls_cert, *tls_key; /* PEM files; NULL: plain */
    const char *spool_dir;
    const char *trusted_proxies;  /* space-separated CIDRs whose X-Forwarded-For, X-Real-IP and Forwarded count */
    size_t header_limit_bytes;    /* 0: 32 KiB */
    int64_t header_timeout_ms, body_timeout_ms, idle_timeout_ms, write_timeout_ms; /* 0: 10 s, 300 s, 60 s, 300 s; the
                                                                                     body one is renewed by progress */
    size_t connection_limit;      /* 0: 20,000; more are answered 503, or just closed when TLS is on */
    size_t ws_message_limit_bytes;/* 0: 8 KiB */
    size_t ws_queue_limit_bytes;  /* unsent bytes of a socket before it is closed; 0: 1 MiB */
    int64_t ws_ping_ms;           /* 0: 30 s; a socket silent for 100 s is closed */
    bool has_one_acceptor;        /* one loop accepts for all, as it also does where the kernel refuses SO_REUSEPORT */
} NetOptions;

Err net_new(const NetOptions *options, const NetHandlers *handlers, Net **ret_net); /* binds and listens */
int net_port(const Net *net);
void net_run(Net *net);        /* starts the loops' threads and returns */
/* Stops accepting, lets running requests finish for up to drain_ms, closes WebSockets with 1001, joins. Not on a loop. */
void net_stop(Net *net, int64_t drain_ms);
/* No worker holds a request any more: net_stop, pool_stop, net_free. What they replied meanwhile is freed here. */
void net_free(Net *net);
/* Reads the certificate files again; the loops take them up at once, running connections keep theirs. ERR_IO or
 * ERR_SYNTAX leave the old ones. */
Err net_reload_tls(Net *net);
size_t net_loop_count(const Net *net);
/* Runs fn(arg) on a loop soon. Any thread. Never fails. */
void net_post(Net *net, size_t loop_index, void (*fn)(void *arg), void *arg);
/* Calls handlers.on_wake on that loop soon; many wakes become one. Any thread, never blocks. */
void net_wake(Net *net, size_t loop_index);

/* ---- WebSocket ---- */
/* Answers an upgrade request with 101 and turns the connection into a Ws, on the loop `loop_index` (the connection moves
 * there when it lives on another), then calls opened(app, ws, user) there. Uses up `req`. When the connection died, or
 * cannot move, calls opened with ws NULL, so that `user` can be released. Call on the request's loop. */
void http_upgrade(HttpReq *req, size_t loop_index, void (*opened)(void *app, Ws *ws, void *user), void *user);
void ws_set_user(Ws *ws, void *user);
void *ws_user(const Ws *ws);
Str ws_remote_ip(const Ws *ws);
/* Queues one text message: frame's text and then `tail`. Takes its own reference. May close the socket (asynchronously)
 * when its queue is over the limit; *then false*. Tail at most 64 bytes. */
bool ws_send_frame(Ws *ws, Frame *frame, Str tail);
bool ws_send_text(Ws *ws, Str text);
size_t ws_queued_bytes(const Ws *ws);
/* Sends a close frame and closes after the handshake or 5 s. ws_closed follows later. */
void ws_close(Ws *ws, int code, Str reason);

/* ---- workers ---- */
typedef struct Pool Pool;
typedef enum PoolLane { LANE_MAIN, LANE_SLOW, LANE_HASH, LANE_COUNT } PoolLane;
typedef struct PoolOptions {
    int threads[LANE_COUNT];
    int queue_limit[LANE_COUNT]; /* entries waiting; 0: 1024 */
} PoolOptions;
Pool *pool_new(const PoolOptions *options);
/* False when the lane is full; count it and answer 503. */
bool pool_submit(Pool *pool, PoolLane lane, void (*fn)(void *arg), void *arg);
void pool_stop(Pool *pool); /* finishes what is queued, joins */
void pool_free(Pool *pool);

/* ---- static files ---- */
/* Files of a folder held in memory, with their .gz and .br neighbours, an ETag each. Paths below /static/ are immutable
 * (cached for a year); everything else must be asked about again. */
typedef struct StaticFiles StaticFiles;
Err static_files_load(const char *dir, StaticFiles **ret_files);
void static_files_free(StaticFiles *files);
/* Fills in the reply for `path`; false when there is no such file. Answers If-None-Match, HEAD and Accept-Encoding. */
bool static_files_reply(const StaticFiles *files, HttpReq *req, Str path);
