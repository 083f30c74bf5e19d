/* media/palette.h: few colours for many, by median cut.  Source: P. Heckbert, Color Image Quantization, 1982. */
#pragma once
#include "media/picture.h"

enum { PALETTE_MAX = 255 };
typedef struct Palette {
    int count;
    uint8_t rgb[PALETTE_MAX][3];
} Palette;

/* The colours that stand best for those of the opaque pixels; at least one. */
void palette_make(const Picture *picture, Palette *palette);
int palette_nearest(const Palette *palette, const uint8_t *rgba);
/* Pixels below half opacity count as transparent. */
static inline bool pixel_is_opaque(const uint8_t *rgba) { return rgba[3] >= 128; }
