/* bench/limits/limits.c: what this machine allows, measured with nothing of ours in the way.
 *
 *     limits send SOCKETS BYTES SECONDS   a bare loop of send() over TCP sockets; another process reads them all
 *     limits sync FILE SECONDS            appends of 4 KiB, each followed by fdatasync
 *     limits copy SECONDS                 memcpy of 64 MiB
 *
 * Prints one number: sends a second, syncs a second, or GB a second.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

static void read_all(const int *fds, int count)
{
    static char bytes[65536];
    int loop = epoll_create1(0);
    struct epoll_event events[256];
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fds[i]};
        must(epoll_ctl(loop, EPOLL_CTL_ADD, fds[i], &event) == 0, "epoll_ctl");
    }
    for (;;) {
        int n = epoll_wait(loop, events, 256, -1);
        for (int i = 0; i < n; i++)
            if (read(events[i].data.fd, bytes, sizeof bytes) == 0)
                exit(0);
    }
}

static void connect_all(int *near, int *far, int count)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    must(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 128) == 0,
         "listen");
    must(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
    for (int i = 0; i < count; i++) {
        far[i] = socket(AF_INET, SOCK_STREAM, 0);
        must(far[i] >= 0 && connect(far[i], (struct sockaddr *)&address, sizeof address) == 0,
             "connect");
        must((near[i] = accept(listener, NULL, NULL)) >= 0, "accept");
    }
    (void)close(listener);
}

static double bench_send(int count, int bytes, double seconds)
{
    int *near = calloc((size_t)count, sizeof *near), *far = calloc((size_t)count, sizeof *far);
    char *frame = calloc(1, (size_t)bytes);
    must(near && far && frame, "calloc");
    connect_all(near, far, count);
    pid_t reader = fork();
    if (reader == 0)
        read_all(far, count);
    long sent = 0;
    double from = now_s(), passed = 0;
    while ((passed = now_s() - from) < seconds)
        for (int i = 0; i < count; i++, sent++)
            must(send(near[i], frame, (size_t)bytes, MSG_NOSIGNAL) == bytes, "send");
    must(kill(reader, SIGKILL) == 0 && waitpid(reader, NULL, 0) == reader, "the reader");
    return (double)sent / passed;
}

static double bench_sync(const char *path, double seconds)
{
    static char block[4096];
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
    must(fd >= 0, path);
    long done = 0;
    double from = now_s(), passed = 0;
    for (; (passed = now_s() - from) < seconds; done++)
        must(write(fd, block, sizeof block) == sizeof block && fdatasync(fd) == 0, "fdatasync");
    must(unlink(path) == 0, path);
    return (double)done / passed;
}

static double bench_copy(double seconds)
{
    enum { BYTES = 64 << 20 };
    char *from_bytes = malloc(BYTES), *to_bytes = malloc(BYTES);
    must(from_bytes && to_bytes, "malloc");
    memset(from_bytes, 1, BYTES);
    memset(to_bytes, 2, BYTES);
    long done = 0;
    double from = now_s(), passed = 0;
    for (; (passed = now_s() - from) < seconds; done++) {
        memcpy(to_bytes, from_bytes, BYTES);
        __asm__ volatile("" ::"r"(to_bytes) : "memory"); /* or the copy might be left out */
    }
    return (double)done * BYTES / passed / 1e9;
}

int main(int argc, char **argv)
{
    struct rlimit files = {65536, 65536};
    (void)setrlimit(RLIMIT_NOFILE, &files); /* connecting tells when it was too few */
    double result;
    if (argc == 5 && strcmp(argv[1], "send") == 0)
        result = bench_send((int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10),
                            strtod(argv[4], NULL));
    else if (argc == 4 && strcmp(argv[1], "sync") == 0)
        result = bench_sync(argv[2], strtod(argv[3], NULL));
    else if (argc == 3 && strcmp(argv[1], "copy") == 0)
        result = bench_copy(strtod(argv[2], NULL));
    else
        return (void)fprintf(stderr, "usage: see the head of bench/limits/limits.c\n"), 2;
    printf("%.1f\n", result);
    return 0;
}
