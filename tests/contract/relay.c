#include "relay.h"
#include "base/err.h"
#include <libpq-fe.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS = 32 };

static struct sockaddr_storage server;
static socklen_t server_len;

static void find_tcp(const char *host, const char *port)
{
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM};
    ENSURE(getaddrinfo(host, port, &hints, &found) == 0);
    memcpy(&server, found->ai_addr, found->ai_addrlen);
    server_len = found->ai_addrlen;
    freeaddrinfo(found);
}

static void find_unix(const char *folder, const char *port)
{
    struct sockaddr_un *at = (struct sockaddr_un *)&server;
    at->sun_family = AF_UNIX;
    (void)snprintf(at->sun_path, sizeof at->sun_path, "%s/.s.PGSQL.%s", folder, port);
    server_len = sizeof *at;
}

static void find_server(const char *uri)
{
    const char *host = "localhost", *port = "5432";
    PQconninfoOption *options = PQconninfoParse(uri, NULL);
    ENSURE(options != NULL);
    for (PQconninfoOption *o = options; o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "host") == 0)
            host = o->val;
        if (o->val && strcmp(o->keyword, "port") == 0)
            port = o->val;
    }
    if (host[0] == '/')
        find_unix(host, port);
    else
        find_tcp(host, port);
    PQconninfoFree(options);
}

/* Moves what there is; false at the end of the stream. */
static bool pump(int from, int to)
{
    char bytes[65536];
    ssize_t n = recv(from, bytes, sizeof bytes, 0);
    for (ssize_t sent = 0; sent < n;) {
        ssize_t more = send(to, bytes + sent, (size_t)(n - sent), MSG_NOSIGNAL);
        if (more <= 0)
            return false;
        sent += more;
    }
    return n > 0;
}

static void drop(struct pollfd *pair)
{
    for (int i = 0; i < 2; i++) {
        if (pair[i].fd >= 0)
            (void)close(pair[i].fd); /* the other side sees the end, which is the purpose */
        pair[i].fd = -1;
    }
}

static void admit(Relay *relay, struct pollfd *pairs)
{
    int client = accept(relay->listener, NULL, NULL), i = 0;
    while (i < PAIRS && pairs[2 * i].fd >= 0)
        i++;
    if (client < 0 || i == PAIRS)
        return;
    pairs[2 * i] = (struct pollfd){.fd = client, .events = POLLIN};
    pairs[2 * i + 1] =
        (struct pollfd){.fd = socket(server.ss_family, SOCK_STREAM, 0), .events = POLLIN};
    if (relay->is_cut || connect(pairs[2 * i + 1].fd, (struct sockaddr *)&server, server_len) != 0)
        drop(pairs + 2 * i);
}

static void *run(void *arg)
{
    Relay *relay = arg;
    struct pollfd fds[1 + 2 * PAIRS] = {{.fd = relay->listener, .events = POLLIN}},
                              *pairs = fds + 1;
    for (int i = 0; i < 2 * PAIRS; i++)
        pairs[i].fd = -1;
    while (!relay->is_over) {
        (void)poll(fds, 1 + 2 * PAIRS, 2); /* the flags are looked at again */
        for (int i = 0; i < 2 * PAIRS; i++)
            if (pairs[i].fd >= 0 &&
                (relay->is_cut || (pairs[i].revents && !pump(pairs[i].fd, pairs[i ^ 1].fd))))
                drop(pairs + (i & ~1));
        if (fds[0].revents)
            admit(relay, pairs);
    }
    for (int i = 0; i < PAIRS; i++)
        drop(pairs + 2 * i);
    return NULL;
}

void relay_start(Relay *relay, const char *uri)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    find_server(uri);
    relay->is_cut = relay->is_over = false;
    relay->listener = socket(AF_INET, SOCK_STREAM, 0);
    ENSURE(bind(relay->listener, (struct sockaddr *)&at, len) == 0 &&
           listen(relay->listener, 16) == 0);
    ENSURE(getsockname(relay->listener, (struct sockaddr *)&at, &len) == 0);
    relay->port = ntohs(at.sin_port);
    ENSURE(pthread_create(&relay->thread, NULL, run, relay) == 0);
}

void relay_cut(Relay *relay, bool is_cut)
{
    relay->is_cut = is_cut;
}

void relay_stop(Relay *relay)
{
    relay->is_over = true;
    ENSURE(pthread_join(relay->thread, NULL) == 0);
    (void)close(relay->listener); /* nobody connects any more */
}
