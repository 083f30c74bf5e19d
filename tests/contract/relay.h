/* tests/contract/relay.h: a TCP relay in front of the test's PostgreSQL that can be cut, as a server that goes away. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct Relay {
    int listener, port;
    pthread_t thread;
    atomic_bool is_cut, is_over;
} Relay;

/* Listens on a free port of 127.0.0.1 and passes everything on to the server of `uri`. */
void relay_start(Relay *relay, const char *uri);
/* While it is cut, every connection is closed at once, also those that are open. */
void relay_cut(Relay *relay, bool is_cut);
void relay_stop(Relay *relay);
