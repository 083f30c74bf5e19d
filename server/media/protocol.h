/* media/protocol.h: what the server and the helper program anser-media say to each other over the helper's socket.
 *
 * One request, then its picture's bytes; one reply, then its parts. Both ends are of one build on one machine, so structs
 * travel as they lie in memory. The server still believes nothing: sizes and status are checked in ext/media.c.
 */
#pragma once
#include <stdint.h>

enum {
    MEDIA_MAGIC = 0x414E4D31,
    MEDIA_PARTS = 3,
    MEDIA_PART_LIMIT_BYTES = 64 * 1024 * 1024, /* all parts of a reply together */
    MEDIA_THUMBNAIL_WIDTH = 120,
    MEDIA_THUMBNAIL_HEIGHT = 100,
    MEDIA_PREVIEW_WIDTH = 1920,
    MEDIA_PREVIEW_HEIGHT = 16384, /* only the tallest are reduced for it */
    MEDIA_MINI_SIDE = 16,
    MEDIA_SQUARE_SIDE = 128,
    MEDIA_EMOJI_SIDE = 128,
};

typedef enum MediaMode {
    MEDIA_ATTACHMENT, /* parts: thumbnail, preview, mini preview, all JPEG */
    MEDIA_SQUARE,     /* part: the middle, 128 × 128, PNG */
    MEDIA_EMOJI,      /* part: within 128 × 128; PNG, or GIF when it moves; empty: keep the bytes as they are */
} MediaMode;

typedef enum MediaFormat { MEDIA_NO_FORMAT, MEDIA_JPEG, MEDIA_PNG, MEDIA_GIF, MEDIA_WEBP } MediaFormat;

typedef enum MediaStatus {
    MEDIA_OK,
    MEDIA_UNKNOWN,   /* none of the formats, or its head is broken: no width and height */
    MEDIA_TOO_LARGE, /* more pixels than allowed; found out before decoding */
    MEDIA_BROKEN,    /* the head is fine, the rest cannot be decoded */
} MediaStatus;

typedef struct MediaRequest {
    uint32_t magic, mode;
    int64_t pixel_limit, side_limit; /* side_limit 0: none */
    int64_t size_bytes;              /* of the picture that follows */
} MediaRequest;

typedef struct MediaReply {
    uint32_t magic, status, format;
    uint32_t frame_count;    /* 2 means: more than one */
    int32_t width, height;   /* as shown, turned the way the camera says */
    uint32_t sizes[MEDIA_PARTS];
} MediaReply;
