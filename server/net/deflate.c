#include "net/deflate.h"
#include "base/err.h"
#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 3, WINDOW_BITS = 15, MEM_LEVEL = 8 };

struct Deflater {
    z_stream out, in;
    bool has_out, has_in; /* made when first used: a server without browsers never needs them */
};

Deflater *deflater_new(void)
{
    Deflater *deflater = calloc(1, sizeof *deflater);
    ENSURE(deflater != NULL);
    return deflater;
}

void deflater_free(Deflater *deflater)
{
    if (!deflater)
        return;
    if (deflater->has_out)
        (void)deflateEnd(&deflater->out); /* complains only of data not flushed */
    if (deflater->has_in)
        (void)inflateEnd(&deflater->in);
    free(deflater);
}

static FrameDeflated *pack(Deflater *deflater, Str text)
{
    z_stream *z = &deflater->out;
    if (!deflater->has_out)
        ENSURE(deflateInit2(z, LEVEL, Z_DEFLATED, -WINDOW_BITS, MEM_LEVEL, Z_DEFAULT_STRATEGY) ==
               Z_OK);
    else
        ENSURE(deflateReset(z) == Z_OK);
    deflater->has_out = true;
    size_t cap = deflateBound(z, text.len) + 16;
    FrameDeflated *made = malloc(sizeof *made + cap);
    ENSURE(made != NULL);
    z->next_in = (Bytef *)text.ptr; /* zlib only reads it */
    z->avail_in = (uInt)text.len;
    z->next_out = (Bytef *)made->bytes;
    z->avail_out = (uInt)cap;
    ENSURE(deflate(z, Z_SYNC_FLUSH) == Z_OK && z->avail_in == 0 && z->avail_out > 0);
    made->len = cap - z->avail_out;
    if (made->len + text.len / 16 >= text.len)
        made->len = 0; /* remembers that it is not worth it */
    FrameDeflated *fitted = realloc(made, sizeof *made + made->len);
    return fitted ? fitted : made;
}

const FrameDeflated *deflater_frame(Deflater *deflater, Frame *frame)
{
    FrameDeflated *known = atomic_load_explicit(&frame->deflated, memory_order_acquire);
    if (!known) {
        if (frame->len < DEFLATE_FROM_BYTES)
            return NULL;
        FrameDeflated *made = pack(deflater, str_make(frame->text, frame->len));
        if (atomic_compare_exchange_strong(&frame->deflated, &known, made))
            known = made;
        else
            free(made); /* another loop was first */
    }
    return known->len > 0 ? known : NULL;
}

size_t deflate_tail(char *out, Str tail)
{
    size_t len = 0;
    if (tail.len > 0) {
        out[len++] = 0; /* not the last block, stored, padded to a byte */
        out[len++] = (char)(tail.len & 0xFF);
        out[len++] = (char)(tail.len >> 8);
        out[len++] = (char)(~tail.len & 0xFF);
        out[len++] = (char)(~tail.len >> 8 & 0xFF);
        memcpy(out + len, tail.ptr, tail.len);
        len += tail.len;
    }
    out[len++] = 0; /* RFC 7692 §7.2.1: an empty stored block, without its last four bytes */
    return len;
}

/* Inflates one piece of input; false at an error. */
static bool inflate_piece(z_stream *z, Str piece, size_t limit_bytes, Buf *out,
                          bool *ret_is_too_large)
{
    size_t start = out->len;
    z->next_in = (Bytef *)piece.ptr; /* zlib only reads it */
    z->avail_in = (uInt)piece.len;
    while (true) {
        char block[16 * 1024];
        z->next_out = (Bytef *)block;
        z->avail_out = sizeof block;
        int result = inflate(z, Z_SYNC_FLUSH);
        size_t n = sizeof block - z->avail_out;
        if (out->len - start + n > limit_bytes) {
            *ret_is_too_large = true;
            return false;
        }
        buf_append(out, str_make(block, n));
        if (result == Z_STREAM_END) /* RFC 7692 §7.2.3.5: a final block may be followed by more */
            ENSURE(inflateReset(z) == Z_OK);
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return false;
        if (z->avail_in == 0 && z->avail_out > 0)
            return true;
        if (result == Z_BUF_ERROR)
            return false; /* no progress although there is input and room */
    }
}

bool deflater_inflate(Deflater *deflater, Str in, size_t limit_bytes, Buf *out,
                      bool *ret_is_too_large)
{
    z_stream *z = &deflater->in;
    *ret_is_too_large = false;
    if (!deflater->has_in)
        ENSURE(inflateInit2(z, -WINDOW_BITS) == Z_OK);
    else
        ENSURE(inflateReset(z) == Z_OK);
    deflater->has_in = true;
    size_t start = out->len;
    if (!inflate_piece(z, in, limit_bytes, out, ret_is_too_large))
        return false;
    size_t left = limit_bytes - (out->len - start);
    return inflate_piece(z, STR("\0\0\xFF\xFF"), left, out, ret_is_too_large);
}
