#include "domain/initials.h"
#include "domain/letters.h"
#include <math.h>
#include <zlib.h>

enum { SIDE = 128 };

/* Quiet tones that white stands out from (4.5:1 and better). No red: that is for what calls somebody. */
static const uint32_t TONES[] = {
    0x2B5C8F, 0x1F7A4D, 0x8A5A00, 0x6B4E9B, 0x9B3F6B, 0x2A6F78,
    0x7A4B32, 0x54702A, 0x3D5A99, 0x96562C, 0x56606B, 0x4B5F86,
};

typedef struct Canvas {
    float ink[SIDE * SIDE]; /* how much of each pixel the pen covers, 0 to 1 */
} Canvas;

/* ---- the pen ---- */
static float distance(Point p, const Segment *s)
{
    float dx = s->to.x - s->from.x, dy = s->to.y - s->from.y;
    float px = p.x - s->from.x, py = p.y - s->from.y;
    float length = dx * dx + dy * dy;
    float along = length > 0 ? (px * dx + py * dy) / length : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return hypotf(px - along * dx, py - along * dy);
}

static int to_pixel(float value)
{
    return value < 0 ? 0 : value > SIDE - 1 ? SIDE - 1 : (int)value;
}

/* A stroke with round ends; its edge is one pixel soft. */
static void stroke(Canvas *canvas, const Segment *s, float thickness)
{
    float reach = thickness / 2 + 1;
    int left = to_pixel(fminf(s->from.x, s->to.x) - reach),
        right = to_pixel(fmaxf(s->from.x, s->to.x) + reach);
    int top = to_pixel(fminf(s->from.y, s->to.y) - reach),
        bottom = to_pixel(fmaxf(s->from.y, s->to.y) + reach);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            Point middle = {(float)x + 0.5f, (float)y + 0.5f};
            float covered = thickness / 2 - distance(middle, s) + 0.5f;
            float *ink = &canvas->ink[y * SIDE + x];
            covered = covered > 1 ? 1 : covered;
            if (covered > *ink)
                *ink = covered;
        }
}

static void draw_glyph(Canvas *canvas, const Glyph *glyph, Point corner, float scale,
                       float thickness)
{
    for (size_t i = 0; i < glyph->count; i++) {
        const Segment *s = &glyph->segments[i];
        Segment placed = {{corner.x + s->from.x * scale, corner.y + s->from.y * scale},
                          {corner.x + s->to.x * scale, corner.y + s->to.y * scale}};
        stroke(canvas, &placed, thickness);
    }
}

/* ---- what is drawn ---- */
/* The first letter, and that of a second word: "li.wei" gives LW. */
static size_t find_glyphs(Arena *arena, Str username, Glyph glyphs[static 2])
{
    size_t count = 0;
    bool begins = true;
    for (size_t i = 0; i < username.len && count < 2; i++) {
        char c = username.ptr[i];
        bool is_border = c == '.' || c == '-' || c == '_';
        if (begins && !is_border && letter_glyph(arena, c, &glyphs[count]))
            count++;
        begins = is_border;
    }
    if (count == 0)
        glyphs[count++] = geese_glyph(arena);
    return count;
}

static void draw_all(Canvas *canvas, const Glyph *glyphs, size_t count)
{
    enum { HEIGHT_ONE = 60, HEIGHT_TWO = 48, WIDTH_MAX = 78 };
    const float gap = 34; /* between two letters, in their units */
    float width = glyphs[0].width + (count > 1 ? gap + glyphs[1].width : 0);
    float scale = (float)(count > 1 ? HEIGHT_TWO : HEIGHT_ONE) / 100;
    if (width * scale > WIDTH_MAX)
        scale = WIDTH_MAX / width;
    Point corner = {(SIDE - width * scale) / 2, (SIDE - 100 * scale) / 2};
    for (size_t i = 0; i < count; i++) {
        draw_glyph(canvas, &glyphs[i], corner, scale, 13 * scale + 1);
        corner.x += (glyphs[i].width + gap) * scale;
    }
}

/* ---- PNG ---- */
static void write_number(Buf *out, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_append_char(out, (char)(value >> shift));
}

static void write_chunk(Buf *out, const char *kind, Str data)
{
    write_number(out, (uint32_t)data.len);
    size_t from = out->len;
    buf_append(out, str_of(kind));
    buf_append(out, data);
    write_number(out, (uint32_t)crc32(0, (const Bytef *)out->ptr + from, (uInt)(out->len - from)));
}

/* Grey would do for the letters, but not for the colours: a palette from the tone to white. */
static void write_png(Arena *arena, const Canvas *canvas, uint32_t tone, Buf *out)
{
    enum { LINE = SIDE + 1 };
    unsigned char *rows =
        arena_alloc(arena, SIDE * LINE); /* each begins with its filter: 0, none */
    unsigned char palette[256 * 3];
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            rows[y * LINE + 1 + x] =
                (unsigned char)(fmaxf(canvas->ink[y * SIDE + x], 0) * 255 + 0.5f);
    for (int i = 0; i < 256; i++)
        for (int c = 0; c < 3; c++) {
            int from = (int)(tone >> (16 - 8 * c) & 0xFF);
            palette[i * 3 + c] = (unsigned char)(from + (255 - from) * i / 255);
        }
    uLongf len = compressBound(SIDE * LINE);
    unsigned char *packed = arena_alloc(arena, len);
    ENSURE(compress2(packed, &len, rows, SIDE * LINE, 6) == Z_OK);
    static const unsigned char HEAD[] = {0,    0, 0, SIDE, 0, 0, 0,
                                         SIDE, 8, 3, 0,    0, 0}; /* 8 bits, palette */
    buf_append(out, str_make("\x89PNG\r\n\x1a\n", 8));
    write_chunk(out, "IHDR", str_make(HEAD, sizeof HEAD));
    write_chunk(out, "PLTE", str_make(palette, sizeof palette));
    write_chunk(out, "IDAT", str_make(packed, len));
    write_chunk(out, "IEND", STR_EMPTY);
}

void initials_draw(Arena *arena, Str user_id, Str username, Buf *out)
{
    Glyph glyphs[2];
    Canvas *canvas = arena_new(arena, Canvas, 1);
    size_t count = find_glyphs(arena, username, glyphs);
    draw_all(canvas, glyphs, count);
    write_png(arena, canvas, TONES[str_hash(user_id) % (sizeof TONES / sizeof *TONES)], out);
}
