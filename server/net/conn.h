/* net/conn.h: one connection: socket, TLS, what is left to send, time-outs. Private to net.
 *
 * Model    A connection reads into its loop's buffer and gives the bytes to the protocol that its state names (http.c,
 *          ws.c); what these leave unused is kept in `in`. It writes at once and queues only what the kernel refuses.
 *          While a request is being worked on, or too much waits to be sent, it reads nothing more.
 * Owner    Its loop. A closed connection is unlinked at once, told and freed before the loop next waits: so a callback
 *          may go on using it until it returns. A request held elsewhere loses its `conn`, nothing more.
 */
#pragma once
#include "net/http_parser.h"
#include "net/loop.h"
#include "net/out.h"

enum { CONN_MAGIC = 0x434F4E4E, CONN_QUEUE_HIGH_BYTES = 64 * 1024, LINGER_MS = 2000, IP_TEXT_BYTES = 46 };

typedef enum ConnState {
    CONN_HEAD,   /* waiting for a request, or reading its head */
    CONN_BODY,   /* reading its body */
    CONN_WORK,   /* it is being worked on; nothing is read */
    CONN_WS,     /* a WebSocket */
    CONN_LINGER, /* sends what is queued, then says that it is done, and throws away what still comes */
    CONN_DEAD,
} ConnState;

/* libuv's part, allocated apart: it must outlive the connection by one turn, and stays behind when that moves. */
typedef struct ConnPoll {
    uv_poll_t uv;
    Conn *conn;
} ConnPoll;

struct Conn {
    uint32_t magic;
    ConnState state;
    Loop *loop;
    ConnPoll *poll;
    SSL *ssl;
    int fd;
    unsigned char events; /* what libuv watches for */
    bool is_running;      /* conn_run is on the stack */
    bool is_read_paused;
    bool is_eof;          /* the peer sends nothing more */
    bool is_shut;         /* nor do we */
    bool is_refused;      /* over the connection limit: does not count */
    bool has_begun;       /* the first bytes of a head are here */
    bool tls_wants_write; /* reading waits until the socket takes bytes */
    HttpScan scan;
    Buf in; /* received, not used yet */
    OutQueue out;
    Request *request;
    Ws *ws;
    Conn *prev, *next, *doomed_next;
    Conn *wheel_next, **wheel_link;
    int64_t wheel_tick, deadline_ms;
    int64_t read_deadline_ms, write_deadline_ms; /* 0: none */
    char ip[IP_TEXT_BYTES];
};

/* Takes over an accepted socket. */
void conn_open(Loop *loop, int fd);
/* Puts it on a loop, and takes it off without closing it. */
void conn_attach(Conn *conn, Loop *loop);
void conn_detach(Conn *conn);

/* Gives the protocol `len` fresh bytes behind what is left over, and goes on as far as it can. */
void conn_run(Conn *conn, char *bytes, size_t len);
/* Sends head, middle and tail in this order; takes the middle over. A failure closes the connection. */
void conn_send(Conn *conn, Str head, Middle middle, Str tail);
void conn_send_file(Conn *conn, HttpFile file);
void conn_set_read_deadline(Conn *conn, int64_t in_ms); /* from now; 0: none */
/* Ends it politely: what is queued is sent, then the sending side is shut, then the peer has two seconds. */
void conn_finish(Conn *conn);
/* Ends it now. What remains to be told is told before the loop next waits. */
void conn_close(Conn *conn);

void conn_on_file_read(Conn *conn, size_t len);
void conn_on_deadline(Conn *conn, int64_t now_ms);
void conn_on_stop(Conn *conn);
void conn_bury_doomed(Loop *loop);
