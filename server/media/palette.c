#include "media/palette.h"
#include <stdlib.h>
#include <string.h>

enum { BITS = 5, BINS = 1 << (3 * BITS) };

/* A colour as the histogram knows it, and how often it occurs. */
typedef struct Bin {
    uint8_t rgb[3]; /* of BITS each */
    uint32_t count;
} Bin;
typedef struct Box {
    Bin *bins;
    int count;
    int channel, spread; /* the widest channel and how wide */
} Box;

static void measure(Box *box)
{
    box->spread = -1;
    for (int c = 0; c < 3; c++) {
        int low = 255, high = 0;
        for (int i = 0; i < box->count; i++) {
            int v = box->bins[i].rgb[c];
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        if (high - low > box->spread) {
            box->spread = high - low;
            box->channel = c;
        }
    }
}

static int by_red(const void *a, const void *b)
{
    return ((const Bin *)a)->rgb[0] - ((const Bin *)b)->rgb[0];
}
static int by_green(const void *a, const void *b)
{
    return ((const Bin *)a)->rgb[1] - ((const Bin *)b)->rgb[1];
}
static int by_blue(const void *a, const void *b)
{
    return ((const Bin *)a)->rgb[2] - ((const Bin *)b)->rgb[2];
}

/* Cuts a box in two of about as many pixels each. */
static void cut(Box *box, Box *ret_other)
{
    static int (*const orders[])(const void *, const void *) = {by_red, by_green, by_blue};
    qsort(box->bins, (size_t)box->count, sizeof *box->bins, orders[box->channel]);
    uint64_t total = 0, sum = 0;
    for (int i = 0; i < box->count; i++)
        total += box->bins[i].count;
    int at = 0;
    while (at < box->count - 1 && sum * 2 < total)
        sum += box->bins[at++].count;
    *ret_other = (Box){.bins = box->bins + at, .count = box->count - at};
    box->count = at;
    measure(box);
    measure(ret_other);
}

static void mean(const Box *box, uint8_t rgb[3])
{
    uint64_t sums[3] = {0}, total = 0;
    for (int i = 0; i < box->count; i++) {
        total += box->bins[i].count;
        for (int c = 0; c < 3; c++)
            sums[c] += (uint64_t)box->bins[i].rgb[c] * box->bins[i].count;
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = (uint8_t)(total ? sums[c] * 255 / (total * ((1 << BITS) - 1)) : 0);
}

static int fill_bins(const Picture *picture, Bin *bins)
{
    int64_t pixels = (int64_t)picture->width * picture->height;
    for (int64_t i = 0; i < pixels; i++) {
        const uint8_t *p = picture->rgba + i * 4;
        if (!pixel_is_opaque(p))
            continue;
        Bin *bin = &bins[(p[0] >> 3) << (2 * BITS) | (p[1] >> 3) << BITS | p[2] >> 3];
        *bin = (Bin){{p[0] >> 3, p[1] >> 3, p[2] >> 3}, bin->count + 1};
    }
    int used = 0;
    for (int i = 0; i < BINS; i++)
        if (bins[i].count)
            bins[used++] = bins[i];
    return used;
}

void palette_make(const Picture *picture, Palette *palette)
{
    Bin *bins = calloc(BINS, sizeof *bins);
    Box boxes[PALETTE_MAX];
    *palette = (Palette){.count = 1};
    if (!bins)
        return; /* one colour, then */
    boxes[0] = (Box){.bins = bins, .count = fill_bins(picture, bins)};
    measure(&boxes[0]);
    int count = 1;
    for (; count < PALETTE_MAX; count++) {
        int widest = 0;
        for (int i = 1; i < count; i++)
            if (boxes[i].spread > boxes[widest].spread)
                widest = i;
        if (boxes[widest].spread < 1 || boxes[widest].count < 2)
            break; /* each has one colour */
        cut(&boxes[widest], &boxes[count]);
    }
    palette->count = count;
    for (int i = 0; i < count; i++)
        mean(&boxes[i], palette->rgb[i]);
    free(bins);
}

int palette_nearest(const Palette *palette, const uint8_t *rgba)
{
    int best = 0, best_distance = INT32_MAX;
    for (int i = 0; i < palette->count; i++) {
        int red = rgba[0] - palette->rgb[i][0], green = rgba[1] - palette->rgb[i][1];
        int blue = rgba[2] - palette->rgb[i][2];
        int distance = 3 * red * red + 6 * green * green + blue * blue; /* as eyes weigh them */
        if (distance < best_distance) {
            best_distance = distance;
            best = i;
        }
    }
    return best;
}
