/* media/decode.h: from a file's bytes to pixels, one decoder a format.
 *
 * Model    media_read_head looks at what a file says of itself, without decoding; the caller compares that with its limits.
 *          media_decode then reduces an area of the stored picture to a size while decoding.
 * Source   ISO 10918 (JPEG), ISO 15948 (PNG), GIF89a, RFC 9649 (WebP), Exif 2.3.
 */
#pragma once
#include "base/str.h"
#include "media/picture.h"
#include "media/protocol.h"

typedef struct Head {
    MediaFormat format;
    int width, height;   /* as stored */
    int orientation;     /* Exif, 1 to 8 */
    uint32_t frame_count; /* 2: more than one */
} Head;

bool media_read_head(Str bytes, Head *ret_head);
/* `width` × `height` are not larger than the area. False: broken, or no memory. */
bool media_decode(Str bytes, const Head *head, Area area, int width, int height, Picture *out);

/* The formats, each as above; format and the magic number are known. */
bool jpeg_read_head(Str bytes, Head *head);
bool jpeg_decode(Str bytes, Area area, int width, int height, Picture *out);
bool png_read_head(Str bytes, Head *head);
bool png_decode(Str bytes, Area area, int width, int height, Picture *out);
bool gif_read_head(Str bytes, Head *head);
bool gif_decode(Str bytes, Area area, int width, int height, Picture *out);
bool webp_read_head(Str bytes, Head *head);
bool webp_decode(Str bytes, Area area, int width, int height, Picture *out);

/* The orientation in the TIFF structure of an Exif block; 1 when there is none. */
int exif_orientation(Str tiff);
