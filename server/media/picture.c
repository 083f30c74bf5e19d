#include "media/picture.h"
#include <stdlib.h>
#include <string.h>

bool picture_init(Picture *picture, int width, int height)
{
    *picture = (Picture){width, height, calloc((size_t)width * (size_t)height, 4)};
    return picture->rgba != NULL;
}

void picture_deinit(Picture *picture)
{
    free(picture->rgba);
    *picture = (Picture){0};
}

/* ---- averaging rows as they come ---- */
bool scaler_init(Scaler *scaler, Area area, int width, int height, Picture *out)
{
    *scaler = (Scaler){.area = area, .out = out};
    scaler->sums = calloc((size_t)width * 4, sizeof(float));
    scaler->reduced = calloc((size_t)width * 4, sizeof(float));
    return picture_init(out, width, height) && scaler->sums && scaler->reduced;
}

void scaler_deinit(Scaler *scaler)
{
    free(scaler->sums);
    free(scaler->reduced);
    scaler->sums = scaler->reduced = NULL;
}

static void add_pixel(float *sum, const uint8_t *pixel, float weight)
{
    float opaque = weight * (float)pixel[3];
    sum[0] += opaque * (float)pixel[0];
    sum[1] += opaque * (float)pixel[1];
    sum[2] += opaque * (float)pixel[2];
    sum[3] += opaque;
}

/* A source pixel [x, x + 1) covers [x·w/W, (x + 1)·w/W) of the reduced row: one target pixel or two. */
static void reduce_width(Scaler *scaler, const uint8_t *row)
{
    int64_t from = scaler->area.width, to = scaler->out->width;
    memset(scaler->reduced, 0, (size_t)to * 4 * sizeof(float));
    for (int64_t x = 0; x < from; x++) {
        const uint8_t *pixel = row + x * 4;
        int64_t first = x * to / from,
                border = (first + 1) * from; /* in units of 1/to source pixel */
        int64_t inside = border - x * to;
        if (inside >= to) {
            add_pixel(scaler->reduced + first * 4, pixel, (float)to);
        } else {
            add_pixel(scaler->reduced + first * 4, pixel, (float)inside);
            add_pixel(scaler->reduced + (first + 1) * 4, pixel, (float)(to - inside));
        }
    }
}

static void add_row(Scaler *scaler, float weight)
{
    for (int i = 0; i < scaler->out->width * 4; i++)
        scaler->sums[i] += weight * scaler->reduced[i];
}

static uint8_t to_byte(float value)
{
    return value >= 255 ? 255 : value <= 0 ? 0 : (uint8_t)(value + 0.5f);
}

/* The sums weigh a whole target pixel: area.width × area.height in the units of add_row and reduce_width. */
static void finish_row(Scaler *scaler)
{
    float whole = (float)scaler->area.width * (float)scaler->area.height;
    uint8_t *out = picture_row(scaler->out, scaler->out_row++);
    for (int x = 0; x < scaler->out->width; x++, out += 4) {
        float *sum = scaler->sums + (size_t)x * 4;
        for (int c = 0; c < 3; c++)
            out[c] = sum[3] > 0 ? to_byte(sum[c] / sum[3]) : 0;
        out[3] = to_byte(sum[3] / whole);
    }
    memset(scaler->sums, 0, (size_t)scaler->out->width * 4 * sizeof(float));
}

bool scaler_is_done(const Scaler *scaler)
{
    return scaler->out_row >= scaler->out->height;
}

void scaler_push(Scaler *scaler, const uint8_t *rgba_row)
{
    int64_t y = scaler->next_row++ - (int64_t)scaler->area.y;
    if (y < 0 || y >= scaler->area.height)
        return;
    int64_t from = scaler->area.height, to = scaler->out->height;
    reduce_width(scaler, rgba_row + (int64_t)scaler->area.x * 4);
    int64_t inside = (y * to / from + 1) * from - y * to;
    if (inside > to)
        inside = to;
    add_row(scaler, (float)inside);
    if (((y + 1) * to) / from > y * to / from)
        finish_row(scaler);
    if (inside < to)
        add_row(scaler, (float)(to - inside));
}

/* ---- whole pictures ---- */
static bool reduce(const Picture *picture, int width, int height, Picture *out)
{
    Scaler scaler;
    bool made =
        scaler_init(&scaler, (Area){0, 0, picture->width, picture->height}, width, height, out);
    for (int y = 0; made && y < picture->height; y++)
        scaler_push(&scaler, picture_row(picture, y));
    scaler_deinit(&scaler);
    return made;
}

/* Where target pixel i of n lies between two of the m source pixels. */
static void between(int i, int n, int m, int *ret_first, int *ret_second, float *ret_share)
{
    float at = ((float)i + 0.5f) * (float)m / (float)n - 0.5f;
    if (at < 0)
        at = 0;
    int first = (int)at;
    *ret_first = first < m - 1 ? first : m - 1;
    *ret_second = first + 1 < m ? first + 1 : m - 1;
    *ret_share = at - (float)first;
}

static void blend_pixel(const Picture *from, int x0, int x1, float sx, int y0, int y1, float sy,
                        uint8_t *out)
{
    float sum[4] = {0};
    add_pixel(sum, picture_row(from, y0) + (size_t)x0 * 4, (1 - sx) * (1 - sy));
    add_pixel(sum, picture_row(from, y0) + (size_t)x1 * 4, sx * (1 - sy));
    add_pixel(sum, picture_row(from, y1) + (size_t)x0 * 4, (1 - sx) * sy);
    add_pixel(sum, picture_row(from, y1) + (size_t)x1 * 4, sx * sy);
    for (int c = 0; c < 3; c++)
        out[c] = sum[3] > 0 ? to_byte(sum[c] / sum[3]) : 0;
    out[3] = to_byte(sum[3]);
}

static bool enlarge(const Picture *picture, int width, int height, Picture *out)
{
    if (!picture_init(out, width, height))
        return false;
    for (int y = 0; y < height; y++) {
        int y0, y1, x0, x1;
        float sy, sx;
        between(y, height, picture->height, &y0, &y1, &sy);
        for (int x = 0; x < width; x++) {
            between(x, width, picture->width, &x0, &x1, &sx);
            blend_pixel(picture, x0, x1, sx, y0, y1, sy, picture_row(out, y) + (size_t)x * 4);
        }
    }
    return true;
}

bool picture_resize(const Picture *picture, int width, int height, Picture *out)
{
    if (width <= picture->width && height <= picture->height)
        return reduce(picture, width, height, out);
    return enlarge(picture, width, height, out);
}

/* Exif 2.3, tag 0x0112: which edge of the stored picture is on top, and which on the left. */
bool picture_turn(Picture *picture, int orientation)
{
    if (orientation <= 1 || orientation > 8)
        return true;
    bool swaps = orientation >= 5;
    int width = picture->width, height = picture->height;
    Picture turned;
    if (!picture_init(&turned, swaps ? height : width, swaps ? width : height))
        return false;
    bool flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    for (int y = 0; y < turned.height; y++) {
        uint8_t *out = picture_row(&turned, y);
        for (int x = 0; x < turned.width; x++, out += 4) {
            int from_x = swaps ? y : x, from_y = swaps ? x : y;
            if (flips_x)
                from_x = width - 1 - from_x;
            if (flips_y)
                from_y = height - 1 - from_y;
            memcpy(out, picture_row(picture, from_y) + (size_t)from_x * 4, 4);
        }
    }
    picture_deinit(picture);
    *picture = turned;
    return true;
}

void fit_within(int width, int height, int box_width, int box_height, int *ret_width,
                int *ret_height)
{
    int64_t w = width, h = height;
    if (w > box_width) {
        h = (h * box_width + w / 2) / w;
        w = box_width;
    }
    if (h > box_height) {
        w = (w * box_height + h / 2) / h;
        h = box_height;
    }
    *ret_width = w > 0 ? (int)w : 1;
    *ret_height = h > 0 ? (int)h : 1;
}
