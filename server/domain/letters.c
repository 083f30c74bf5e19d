#include "domain/letters.h"
#include "base/vec.h"
#include <math.h>
#include <stdlib.h>

/* M x y: lift the pen and go there. L x y: a straight stroke. A, a cx cy rx ry from to: an arc, angles in degrees from the
 * right, clockwise when `to` is larger; A lifts the pen before it, a draws on from where it stands. */
typedef struct LetterRow {
    char letter;
    int width;
    const char *strokes;
} LetterRow;

/* clang-format off */
static const LetterRow ROWS[] = {
    { 'A', 76, "M 0 100 L 38 0 L 76 100 M 14 66 L 62 66" },
    { 'B', 60, "M 0 49 L 32 49 M 0 0 L 0 100 L 34 100 a 34 74.5 26 25.5 90 -90 M 0 0 L 31 0 a 31 24.5 24 24.5 -90 90" },
    { 'C', 82, "A 48 50 48 50 -44 -316" },
    { 'D', 76, "M 0 0 L 0 100 L 30 100 a 30 50 46 50 90 -90 L 0 0" },
    { 'E', 56, "M 56 0 L 0 0 L 0 100 L 56 100 M 0 49 L 49 49" },
    { 'F', 54, "M 54 0 L 0 0 L 0 100 M 0 51 L 47 51" },
    { 'G', 88, "A 48 50 48 50 -44 -270 a 48 66 40 34 90 0 L 88 54 L 54 54" },
    { 'H', 68, "M 0 0 L 0 100 M 68 0 L 68 100 M 0 49 L 68 49" },
    { 'I', 0,  "M 0 0 L 0 100" },
    { 'J', 44, "M 44 0 L 44 72 a 19 72 25 28 0 150" },
    { 'K', 62, "M 0 0 L 0 100 M 59 0 L 0 62 M 22 39 L 62 100" },
    { 'L', 52, "M 0 0 L 0 100 L 52 100" },
    { 'M', 88, "M 0 100 L 0 0 L 44 72 L 88 0 L 88 100" },
    { 'N', 70, "M 0 100 L 0 0 L 70 100 L 70 0" },
    { 'O', 96, "A 48 50 48 50 0 360" },
    { 'P', 60, "M 0 100 L 0 0 L 32 0 a 32 28 28 28 -90 90 L 0 56" },
    { 'Q', 96, "A 48 50 48 50 0 360 M 60 68 L 93 104" },
    { 'R', 62, "M 0 100 L 0 0 L 32 0 a 32 28 28 28 -90 90 L 0 56 M 32 56 L 62 100" },
    { 'S', 62, "A 31 25.5 27 25.5 -30 -270 a 31 75.5 31 24.5 -90 152" },
    { 'T', 72, "M 0 0 L 72 0 M 36 0 L 36 100" },
    { 'U', 68, "M 0 0 L 0 66 a 34 66 34 34 180 0 L 68 0" },
    { 'V', 74, "M 0 0 L 37 100 L 74 0" },
    { 'W', 104, "M 0 0 L 26 100 L 52 14 L 78 100 L 104 0" },
    { 'X', 68, "M 0 0 L 68 100 M 68 0 L 0 100" },
    { 'Y', 70, "M 0 0 L 35 52 L 70 0 M 35 52 L 35 100" },
    { 'Z', 66, "M 0 0 L 66 0 L 0 100 L 66 100" },
    { '0', 66, "A 33 50 33 50 0 360" },
    { '1', 26, "M 0 22 L 26 0 L 26 100" },
    { '2', 62, "A 31 29 29 29 -165 35 L 0 100 L 62 100" },
    { '3', 62, "A 31 25.5 26 25.5 -150 90 a 31 75.5 31 24.5 -90 152" },
    { '4', 68, "M 50 100 L 50 0 L 0 70 L 68 70" },
    { '5', 62, "M 56 0 L 11 0 L 8 44 a 30 68 32 32 -131 152" },
    { '6', 64, "A 32 68 32 32 0 360 M 50 0 L 5 54" },
    { '7', 62, "M 0 0 L 62 0 L 22 100" },
    { '8', 62, "A 31 24.5 26 24.5 0 360 A 31 74.5 31 25.5 0 360" },
    { '9', 64, "A 32 32 32 32 0 360 M 59 46 L 14 100" },
};
/* The leader, and two on each side behind it. */
static const LetterRow GEESE = { 0, 160,
    "M 62 26 L 80 12 L 98 26 M 32 54 L 48 42 L 64 54 M 96 54 L 112 42 L 128 54 M 0 84 L 16 72 L 32 84 M 128 84 L 144 72 L 160 84" };
/* clang-format on */

typedef VEC(Segment) Segments;

typedef struct Pen {
    Arena *arena;
    Segments drawn;
    Point at;
} Pen;

static void draw_to(Pen *pen, Point to)
{
    Segment stroke = {pen->at, to};
    vec_push(pen->arena, &pen->drawn, stroke);
    pen->at = to;
}

/* As straight pieces, short enough that nobody sees them. */
static void draw_arc(Pen *pen, const float *n, bool lifts)
{
    enum { PIECE_DEGREES = 12 };
    int pieces = (int)(fabsf(n[5] - n[4]) / PIECE_DEGREES) + 1;
    for (int i = 0; i <= pieces; i++) {
        float angle = (n[4] + (n[5] - n[4]) * (float)i / (float)pieces) * (float)M_PI / 180;
        Point to = {n[0] + n[2] * cosf(angle), n[1] + n[3] * sinf(angle)};
        if (i == 0 && lifts)
            pen->at = to;
        else
            draw_to(pen, to);
    }
}

static const char *read_numbers(const char *at, float *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;
        numbers[i] = strtof(at, &end);
        at = end;
    }
    return at;
}

static Glyph draw(Arena *arena, const LetterRow *row)
{
    Pen pen = {.arena = arena};
    float n[6];
    for (const char *at = row->strokes; *at;) {
        char command = *at++;
        if (command == ' ')
            continue;
        bool is_arc = command == 'A' || command == 'a';
        at = read_numbers(at, n, is_arc ? 6 : 2);
        if (is_arc)
            draw_arc(&pen, n, command == 'A');
        else if (command == 'L')
            draw_to(&pen, (Point){n[0], n[1]});
        else
            pen.at = (Point){n[0], n[1]};
    }
    return (Glyph){pen.drawn.items, pen.drawn.len, (float)row->width};
}

bool letter_glyph(Arena *arena, char c, Glyph *ret_glyph)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (ROWS[i].letter == c) {
            *ret_glyph = draw(arena, &ROWS[i]);
            return true;
        }
    return false;
}

Glyph geese_glyph(Arena *arena)
{
    return draw(arena, &GEESE);
}
