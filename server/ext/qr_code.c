#include "ext/qr_code.h"
#include "base/buf.h"
#include <qrencode.h>
#include <zlib.h>

enum { PIXELS = 5, MARGIN = 4, PNG_LIMIT_BYTES = 1024 * 1024 };

static void append_number(Buf *out, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_append_char(out, (char)(n >> shift & 0xFF));
}

static void append_chunk(Buf *png, const char *type, Str data)
{
    append_number(png, (uint32_t)data.len);
    size_t start = png->len;
    buf_append(png, str_make(type, 4));
    buf_append(png, data);
    append_number(png, (uint32_t)crc32(0, (const unsigned char *)png->ptr + start,
                                       (unsigned)(png->len - start)));
}

/* Rows of pixels, white 1, each after a byte that says "no filter". */
static void append_rows(const QRcode *code, int side, Buf *rows)
{
    for (int y = 0; y < side; y++) {
        buf_append_char(rows, 0);
        for (int x = 0; x < side; x += 8) {
            unsigned byte = 0;
            for (int i = 0; i < 8; i++) {
                int column = (x + i) / PIXELS - MARGIN, row = y / PIXELS - MARGIN;
                bool is_inside =
                    column >= 0 && column < code->width && row >= 0 && row < code->width;
                bool is_black = is_inside && (code->data[row * code->width + column] & 1);
                byte = byte << 1 | (is_black ? 0 : 1);
            }
            buf_append_char(rows, (char)byte);
        }
    }
}

Err qr_code_png(Arena *arena, Str text, Str *ret_png)
{
    QRcode *code = QRcode_encodeString8bit(str_to_c(arena, text), 0, QR_ECLEVEL_M);
    if (!code)
        return ERR_LIMIT;
    int side = (code->width + 2 * MARGIN) * PIXELS;
    Buf *rows = buf_new(arena, PNG_LIMIT_BYTES), *head = buf_new(arena, 64),
        *png = buf_new(arena, PNG_LIMIT_BYTES);
    append_rows(code, side, rows);
    QRcode_free(code);
    uLongf packed_len = compressBound(rows->len);
    unsigned char *packed = arena_alloc(arena, packed_len);
    if (compress(packed, &packed_len, (const unsigned char *)rows->ptr, rows->len) != Z_OK)
        return ERR_INTERNAL;
    append_number(head, (uint32_t)side);
    append_number(head, (uint32_t)side);
    buf_append(head,
               str_make("\1\0\0\0\0", 5)); /* one bit of grey; deflate, no filter, no interlacing */
    buf_append(png, str_make("\x89PNG\r\n\x1a\n", 8));
    append_chunk(png, "IHDR", buf_str(head));
    append_chunk(png, "IDAT", str_make(packed, packed_len));
    append_chunk(png, "IEND", STR_EMPTY);
    *ret_png = buf_str(png);
    return OK;
}
