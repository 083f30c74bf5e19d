/* media/picture.h: pixels in memory, and making fewer of them.
 *
 * Model    A decoder pushes the rows of a picture through a Scaler, which keeps only the reduced picture: memory follows the
 *          result, not the source. Colours are weighted by their opacity, so that transparent pixels do not bleed.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct Picture {
    int width, height;
    uint8_t *rgba; /* 4 bytes a pixel, row by row; malloc */
} Picture;

bool picture_init(Picture *picture, int width, int height); /* transparent; false: no memory */
void picture_deinit(Picture *picture);
static inline uint8_t *picture_row(const Picture *picture, int y) { return picture->rgba + (int64_t)y * picture->width * 4; }

/* The part of the source that counts. */
typedef struct Area {
    int x, y, width, height;
} Area;

typedef struct Scaler {
    Area area;
    Picture *out;
    int next_row, out_row;
    float *sums;  /* four sums a pixel of the row that is being made */
    float *reduced; /* the source row, reduced in width */
} Scaler;

/* Averages `area` of a source into `out`, which is not larger than the area and made here. Rows come in order, from 0. */
bool scaler_init(Scaler *scaler, Area area, int width, int height, Picture *out);
void scaler_push(Scaler *scaler, const uint8_t *rgba_row);
bool scaler_is_done(const Scaler *scaler); /* the remaining rows do not matter */
void scaler_deinit(Scaler *scaler);

/* Any size to any size: averaged when it gets smaller, blended when it gets larger. `out` is made here. */
bool picture_resize(const Picture *picture, int width, int height, Picture *out);
/* Turns it as the Exif orientation (1 to 8) says; in place of `picture`. */
bool picture_turn(Picture *picture, int orientation);

/* The largest size of that shape within the box, at least 1 × 1, never more than the picture itself. */
void fit_within(int width, int height, int box_width, int box_height, int *ret_width, int *ret_height);
