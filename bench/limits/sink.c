/* bench/limits/sink.c: how many deliveries a second the server makes, with listeners that cost little.
 *
 *     sink PORT CHANNEL SOCKETS SECONDS <TOKENS
 *
 * TOKENS: session tokens, one a line; socket i belongs to token i modulo their number, token 0 writes. A new post is
 * sent as soon as fewer than WINDOW are on their way to some socket, so that neither side waits for the other and no
 * queue overflows. Each post carries its number; each socket must get each exactly once, in order.
 * Prints: deliveries a second, lost, doubled or out of order, bytes a frame.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOKENS = 1000, WINDOW = 8, BUFFER_BYTES = 1 << 20, DRAIN_S = 10 };
static const char MARK[] = "sinkmark-";

typedef struct Listener {
    int fd;
    long next; /* number of the post that must come now */
    size_t len, cap;
    char *rest; /* a frame not yet whole */
} Listener;

static char tokens[TOKENS][64];
static int token_count;
static Listener *listeners;
static long delivered, wrong, frame_bytes;

static void must(int is_fine, const char *what)
{
    if (is_fine)
        return;
    perror(what);
    exit(1);
}

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* this clock is always there */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    must(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    return fd;
}

static void send_text(int fd, const char *text, size_t len)
{
    must(send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len, "send");
}

/* Upgrades, and reads up to the hello. */
static void listen_as(Listener *l, int port, const char *token)
{
    char text[4096];
    size_t have = 0;
    int len = snprintf(text, sizeof text,
                       "GET /api/v4/websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n",
                       port, token);
    l->fd = dial(port);
    send_text(l->fd, text, (size_t)len);
    while (!memmem(text, have, "\"hello\"", 7)) {
        ssize_t got = recv(l->fd, text + have, sizeof text - have, 0);
        must(got > 0, "waiting for the hello");
        have += (size_t)got;
    }
}

static void take_frame(Listener *l, const char *text, size_t len)
{
    const char *mark = memmem(text, len, MARK, sizeof MARK - 1);
    if (!mark || !memmem(text, len < 64 ? len : 64, "\"posted\"", 8))
        return;
    wrong += strtol(mark + sizeof MARK - 1, NULL, 10) != l->next;
    l->next++;
    delivered++;
    frame_bytes = (long)len;
}

/* RFC 6455 section 5.2, from the server: not masked. Gives how many bytes were whole frames. */
static size_t take_frames(Listener *l, const char *bytes, size_t len)
{
    size_t at = 0;
    while (len - at >= 2) {
        const unsigned char *head = (const unsigned char *)bytes + at;
        size_t head_len = 2, size = head[1] & 127;
        if (size >= 126) {
            head_len = size == 126 ? 4 : 10;
            if (len - at < head_len)
                break;
            size = 0;
            for (size_t i = 2; i < head_len; i++)
                size = size << 8 | head[i];
        }
        if (len - at < head_len + size)
            break;
        take_frame(l, bytes + at + head_len, size);
        at += head_len + size;
    }
    return at;
}

static void keep_rest(Listener *l, const char *bytes, size_t len)
{
    if (len > l->cap) {
        l->rest = realloc(l->rest, len);
        must(l->rest != NULL, "realloc");
        l->cap = len;
    }
    memmove(l->rest, bytes, len);
    l->len = len;
}

static void read_listener(Listener *l)
{
    static char bytes[2 * BUFFER_BYTES];
    memcpy(bytes, l->rest ? l->rest : "", l->len);
    ssize_t got = recv(l->fd, bytes + l->len, BUFFER_BYTES, MSG_DONTWAIT);
    must(got > 0, "a listener");
    size_t len = l->len + (size_t)got, taken = take_frames(l, bytes, len);
    l->len = 0;
    if (taken < len)
        keep_rest(l, bytes + taken, len - taken);
}

static void send_post(int fd, int port, const char *channel, long number)
{
    char body[512], text[1024];
    int body_len = snprintf(body, sizeof body,
                            "{\"channel_id\":\"%s\",\"message\":\"%s%ld the quick brown fox jumps over "
                            "the lazy dog while seven wizards\"}",
                            channel, MARK, number);
    int len = snprintf(text, sizeof text,
                       "POST /api/v4/posts HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                       port, tokens[0], body_len, body);
    send_text(fd, text, (size_t)len);
}

int main(int argc, char **argv)
{
    struct rlimit files = {65536, 65536};
    (void)setrlimit(RLIMIT_NOFILE, &files); /* connecting tells when it was too few */
    if (argc != 5)
        return (void)fprintf(stderr, "usage: sink PORT CHANNEL SOCKETS SECONDS <TOKENS\n"), 2;
    int port = (int)strtol(argv[1], NULL, 10), count = (int)strtol(argv[3], NULL, 10);
    double seconds = strtod(argv[4], NULL);
    while (token_count < TOKENS && scanf("%63s", tokens[token_count]) == 1)
        token_count++;
    must(token_count > 0 && (listeners = calloc((size_t)count, sizeof *listeners)), "tokens");
    int loop = epoll_create1(0), writer = dial(port);
    for (int i = -1; i < count; i++) {
        if (i >= 0)
            listen_as(&listeners[i], port, tokens[i % token_count]);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = i < 0 ? NULL : &listeners[i]};
        must(epoll_ctl(loop, EPOLL_CTL_ADD, i < 0 ? writer : listeners[i].fd, &event) == 0, "epoll_ctl");
    }
    long posted = 0, answered = 0;
    double from = now_s(), passed = 0, last = from;
    while ((passed = now_s() - from) < seconds + DRAIN_S) {
        struct epoll_event events[256];
        /* One request at a time on the writing connection; the posts' deliveries overlap. */
        if (passed < seconds && posted == answered && posted * count - delivered < (long)WINDOW * count)
            send_post(writer, port, argv[2], posted++);
        if (passed >= seconds && delivered == posted * count)
            break;
        int n = epoll_wait(loop, events, 256, 100);
        for (int i = 0; i < n; i++) {
            char answer[8192];
            if (events[i].data.ptr)
                read_listener(events[i].data.ptr);
            else if (recv(writer, answer, sizeof answer, MSG_DONTWAIT) > 0)
                answered += strncmp(answer, "HTTP/1.1 201", 12) == 0;
        }
        last = now_s();
    }
    printf("%.1f %ld %ld %ld\n", (double)delivered / (last - from), posted * count - delivered, wrong,
           frame_bytes);
    return 0;
}
