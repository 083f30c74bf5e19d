/* ext/media.h: pictures, read by the sandboxed helper program anser-media, never in this process.
 *
 * Model    One process a picture: started, fed, heard and ended within a deadline. What it answers is checked: a helper that
 *          was taken over can lie about a picture, not more.
 * Threads  Any worker; blocks, so call it on the slow lane.
 * Limits   20 s of computing, 30 s in all, 768 MiB; the server keeps only the answer, at most 64 MiB.
 * Absence  Without the program (or where the kernel allows no sandbox) pictures are files without preview: said once in
 *          the log.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "media/protocol.h"

typedef struct MediaResult {
    MediaStatus status;
    MediaFormat format;
    bool is_moving;
    int64_t width, height;
    Str parts[MEDIA_PARTS]; /* in the arena */
} MediaResult;

typedef struct MediaLimits {
    int64_t pixels, side; /* 0: no limit of the sides */
    int64_t time_ms;      /* 0: 30 s */
} MediaLimits;

/* Do the first bytes look like a format that the helper reads? */
bool media_is_picture(Str bytes);
/* ERR_UNAVAILABLE: there is no helper. A helper that died or hung is MEDIA_BROKEN. */
Err media_read(Str helper_path, MediaMode mode, MediaLimits limits, Str bytes, Arena *arena, MediaResult *ret_result);
