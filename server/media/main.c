/* media/main.c: anser-media, the sandboxed reader of pictures. The server starts one for each picture, with a socket as
 * standard input and output; nobody else has a use for it. See protocol.h. */
#include "media/job.h"
#include "media/sandbox.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_NO_SANDBOX = 3, EXIT_NO_REQUEST = 4, EXIT_NO_REPLY = 5 };

static bool read_all(void *out, size_t len)
{
    while (len > 0) {
        ssize_t n = read(STDIN_FILENO, out, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        out = (char *)out + n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_all(const void *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = (const char *)bytes + n;
        len -= (size_t)n;
    }
    return true;
}

int main(void)
{
    MediaRequest request;
    MediaReply reply;
    Buf parts[MEDIA_PARTS];
    if (!sandbox_enter())
        _exit(EXIT_NO_SANDBOX);
    if (!read_all(&request, sizeof request) || request.magic != MEDIA_MAGIC ||
        request.size_bytes < 0)
        _exit(EXIT_NO_REQUEST);
    char *bytes = malloc((size_t)request.size_bytes + 1);
    if (!bytes || !read_all(bytes, (size_t)request.size_bytes))
        _exit(EXIT_NO_REQUEST);
    media_run(&request, str_make(bytes, (size_t)request.size_bytes), &reply, parts);
    bool is_told = write_all(&reply, sizeof reply);
    for (int i = 0; i < MEDIA_PARTS && is_told; i++)
        is_told = write_all(parts[i].ptr, parts[i].len);
    _exit(is_told ? 0 : EXIT_NO_REPLY); /* memory goes with the process */
}
