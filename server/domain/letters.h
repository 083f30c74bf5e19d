/* domain/letters.h: letters as strokes of a pen, for pictures made of initials.
 *
 * Each is a row of a small language; the pen is round and as thick as the one who draws wants. No font, no library.
 */
#pragma once
#include "base/arena.h"

typedef struct Point {
    float x, y;
} Point;
typedef struct Segment {
    Point from, to;
} Segment;
typedef struct Glyph {
    Segment *segments; /* in the arena; capitals are 100 units high, y downwards */
    size_t count;
    float width;
} Glyph;

/* A letter A to Z (either case) or a digit; false for anything else. */
bool letter_glyph(Arena *arena, char c, Glyph *ret_glyph);
/* A flight of wild geese: for those whose names have no such letter. */
Glyph geese_glyph(Arena *arena);
