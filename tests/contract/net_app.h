/* net_app.h: for the contract tests of net/: an application that echoes, and a client that speaks raw bytes. */
#pragma once
#include "net/net.h"
#include <openssl/ssl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LOOPS = 2, BIG_BYTES = 8 * 1024 * 1024, SOCKETS_MAX = 16, SPOOL_BYTES = 3 * 1024 * 1024 };

/* ---- the server ---- */
typedef struct App {
    Net *net;
    Pool *pool;
    char dir[64];
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    bool is_gate_open;     /* /gate answers only when it is */
    int waiting;           /* requests at the gate */
    int answered;          /* requests that left the gate, and late upgrades */
    Ws *sockets[SOCKETS_MAX];
    size_t socket_loops[SOCKETS_MAX];
    int wakes;             /* calls of on_wake */
    int closed_count, last_close_code, failed_upgrades, pongs;
} App;

extern App app;

/* With LOOPS loops on a free port of the loopback, unless told otherwise. */
void app_start(NetOptions options);
void app_stop(void); /* checks also that nothing is left over */
int app_start_plain(void **state);
int app_stop_plain(void **state);
void app_lock(void);
void app_unlock(void);
void app_open_gate(void);
/* Waits until *value, a field of App, is `wanted`; fails after ten seconds. */
void app_wait(const int *value, int wanted);
/* Sends a frame (used up) to every socket of a loop, the one its first character names. For net_post. */
void broadcast(void *frame);
void *stop_thread(void *arg); /* net_stop with five seconds to drain */

/* ---- the client ---- */
typedef struct Client {
    int fd;
    SSL *ssl;
    char in[256 * 1024];
    size_t len;
} Client;

typedef struct Reply {
    int status;
    char head[4096];
    char body[200 * 1024];
    size_t body_len;
} Reply;

extern Reply reply; /* the last one; too large for the stack of a sanitizer */

#define GET(path) STR("GET " path " HTTP/1.1\r\nHost: a\r\n\r\n")

/* The opening handshake; "/ws0" and "/ws1" name the loop, "/late" waits at the gate. */
#define UPGRADE(path)                                                                              \
    STR("GET " path " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"          \
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")

int dial(void);
Client *client_new(void);
Client *client_new_tls(SSL_CTX *context, SSL_SESSION *session); /* session: to resume, or NULL */
void client_free(Client *client);
void client_send(Client *client, Str text);
bool client_fill(Client *client);
void client_drop(Client *client, size_t n);
bool reply_has(const Reply *got, const char *text);
void read_reply(Client *client, Reply *got, bool has_body);
const Reply *ask(Client *client, Str request); /* sends it and reads the reply */
bool is_at_end(Client *client);
Str upload_request(Arena *arena, Str path, Str body);
Str filler(Arena *arena, size_t len);
void wait_until_no_upload_is_left(void);
Str read_big(Arena *arena, Client *client, size_t len);

Client *ws_dial_with(const char *path, const char *extra);
void ws_open(Client *client, const char *path, const char *extra); /* the handshake on a client of yours */
void ws_send_raw(Client *client, int first_byte, Str payload);
int ws_read_raw(Client *client);
void ws_expect_text(Client *client, const char *text);
int close_code(void); /* in the payload just read */
