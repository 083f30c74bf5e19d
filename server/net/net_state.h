/* net/net_state.h: what the loops of one server share. Private to net; never changes after net_run, save the
 * atomics. */
#pragma once
#include "net/loop.h"

typedef struct Proxies Proxies;

struct Net {
    NetOptions options; /* defaults filled in; texts are copies */
    NetHandlers handlers;
    Loop *loops;
    size_t loop_count;
    int port;
    bool has_one_acceptor; /* loop 0 accepts for all and hands the sockets round */
    bool is_running, is_stopped;
    Proxies *proxies;
    _Atomic size_t connection_count; /* of all loops, for the limit */
};

/* Takes up accepting again after the process ran out of descriptors. */
void net_resume_accept(Loop *loop);
