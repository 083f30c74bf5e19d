#include "ext/media.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 30 * 1000, READ_BYTES = 64 * 1024 };

bool media_is_picture(Str bytes)
{
    return str_starts_with(bytes, str_make("\xFF\xD8\xFF", 3)) ||
           str_starts_with(bytes, str_make("\x89PNG\r\n\x1a\n", 8)) ||
           str_starts_with(bytes, STR("GIF87a")) || str_starts_with(bytes, STR("GIF89a")) ||
           (str_starts_with(bytes, STR("RIFF")) && str_eq(str_slice(bytes, 8, 12), STR("WEBP")));
}

/* ---- the process ---- */
typedef struct Helper {
    pid_t pid;
    int fd;
} Helper;

static void say_once(const char *why)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&said))
        log_warn("pictures get no previews: the helper anser-media cannot be run", "error=%s", why);
}

/* Nothing of the server is left to it but the socket: no descriptors, no environment, no blocked signals. */
static int spawn(const char *path, int socket, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *const arguments[] = {"anser-media", NULL}, *const environment[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0)
        error =
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0)
        error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
    if (error == 0)
        error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (error == 0)
        error = posix_spawn(ret_pid, path, &actions, &attributes, arguments, environment);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

static Err helper_start(Str path, Arena *arena, Helper *helper)
{
    int sockets[2];
    if (path.len == 0) {
        say_once("not found");
        return ERR_UNAVAILABLE;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return ERR_IO;
    int error = spawn(str_to_c(arena, path), sockets[1], &helper->pid);
    (void)close(sockets[1]); /* the helper has its own */
    if (error == 0) {
        helper->fd = sockets[0];
        return OK;
    }
    (void)close(sockets[0]); /* nobody at the other end */
    say_once(strerror(error));
    return ERR_UNAVAILABLE;
}

/* Ends it in any case; the exit status tells whether it could work at all. */
static int helper_end(Helper *helper, bool is_done)
{
    int status = 0;
    (void)close(helper->fd); /* all is said */
    if (!is_done)
        (void)kill(helper->pid, SIGKILL); /* gone already is fine */
    while (waitpid(helper->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* ---- the talk ---- */
typedef struct Talk {
    int fd;
    int64_t deadline_ms;
    Str head, body; /* still to be sent */
    Buf heard;
} Talk;

static bool send_some(Talk *talk)
{
    Str *next = talk->head.len ? &talk->head : &talk->body;
    ssize_t n = send(talk->fd, next->ptr, next->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    *next = str_slice(*next, (size_t)n, next->len);
    return true;
}

/* True while there is more to come. */
static bool hear_some(Talk *talk)
{
    char block[READ_BYTES];
    ssize_t n = recv(talk->fd, block, sizeof block, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    buf_append(&talk->heard, str_make(block, (size_t)n));
    return n > 0 && !talk->heard.overflowed;
}

/* Sends everything while hearing everything, until the other side has ended. False: over the deadline. */
static bool talk_through(Talk *talk)
{
    for (;;) {
        int64_t left = talk->deadline_ms - clock_monotonic_ms();
        bool has_more = talk->head.len + talk->body.len > 0;
        struct pollfd one = {talk->fd, (short)(POLLIN | (has_more ? POLLOUT : 0)), 0};
        if (left <= 0)
            return false;
        if (poll(&one, 1, (int)left) < 0 && errno != EINTR)
            return false;
        if ((one.revents & POLLOUT) && !send_some(talk))
            talk->head.len = talk->body.len = 0; /* it reads no more; perhaps it has answered */
        if ((one.revents & (POLLIN | POLLHUP | POLLERR)) && !hear_some(talk))
            return !talk->heard.overflowed;
    }
}

/* The helper read bytes from anywhere: what it says must fit together. */
static bool read_reply(Str heard, Arena *arena, MediaResult *ret_result)
{
    MediaReply reply;
    if (heard.len < sizeof reply)
        return false;
    memcpy(&reply, heard.ptr, sizeof reply);
    if (reply.magic != MEDIA_MAGIC || reply.status > MEDIA_BROKEN || reply.format > MEDIA_WEBP ||
        reply.width < 0 || reply.height < 0)
        return false;
    MediaResult result = {.status = (MediaStatus)reply.status,
                          .format = (MediaFormat)reply.format,
                          .is_moving = reply.frame_count > 1,
                          .width = reply.width,
                          .height = reply.height};
    Str rest = str_slice(heard, sizeof reply, heard.len);
    for (int i = 0; i < MEDIA_PARTS; i++) {
        if (reply.sizes[i] > rest.len)
            return false;
        result.parts[i] = str_copy(arena, str_slice(rest, 0, reply.sizes[i]));
        rest = str_slice(rest, reply.sizes[i], rest.len);
    }
    *ret_result = result;
    return rest.len == 0;
}

Err media_read(Str helper_path, MediaMode mode, MediaLimits limits, Str bytes, Arena *arena,
               MediaResult *ret_result)
{
    enum { EXIT_NO_SANDBOX = 3 };
    Helper helper;
    MediaRequest request = {.magic = MEDIA_MAGIC,
                            .mode = mode,
                            .pixel_limit = limits.pixels,
                            .side_limit = limits.side,
                            .size_bytes = (int64_t)bytes.len};
    TRY(helper_start(helper_path, arena, &helper));
    Talk talk = {.fd = helper.fd,
                 .deadline_ms =
                     clock_monotonic_ms() + (limits.time_ms ? limits.time_ms : DEADLINE_MS),
                 .head = str_make(&request, sizeof request),
                 .body = bytes};
    buf_init(&talk.heard, MEDIA_PART_LIMIT_BYTES + sizeof(MediaReply));
    bool is_done = talk_through(&talk);
    int status = helper_end(&helper, is_done);
    bool is_read = is_done && read_reply(buf_str(&talk.heard), arena, ret_result);
    buf_deinit(&talk.heard);
    if (is_read)
        return OK;
    if (WIFEXITED(status) &&
        (WEXITSTATUS(status) == EXIT_NO_SANDBOX || WEXITSTATUS(status) == 127)) {
        say_once("no sandbox");
        return ERR_UNAVAILABLE;
    }
    log_warn("a picture could not be read", "status=%d signal=%d hung=%d bytes=%zu",
             WIFEXITED(status) ? WEXITSTATUS(status) : -1,
             WIFSIGNALED(status) ? WTERMSIG(status) : 0, !is_done, bytes.len);
    *ret_result = (MediaResult){.status = MEDIA_BROKEN};
    return OK;
}
