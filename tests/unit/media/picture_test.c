/* Pixels: reduced, enlarged, turned; in and out of the formats; few colours for many. */
#include "../unit.h"
#include "media/decode.h"
#include "media/encode.h"
#include "media/gif.h"
#include "media/job.h"
#include "media/palette.h"
#include <stdlib.h>

static uint32_t pixel(const Picture *picture, int x, int y)
{
    const uint8_t *p = picture_row(picture, y) + (size_t)x * 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void paint(Picture *picture, int x, int y, uint32_t colour)
{
    uint8_t *p = picture_row(picture, y) + (size_t)x * 4;
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(colour >> (24 - 8 * i));
}

static Picture plain(int width, int height, uint32_t colour)
{
    Picture picture;
    assert_true(picture_init(&picture, width, height));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            paint(&picture, x, y, colour);
    return picture;
}

/* ---- sizes ---- */
static void one_colour_stays_that_colour_at_any_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1},   {1, 9},  {7, 1},     {3, 5},
                                   {16, 16}, {64, 3}, {100, 100}, {333, 7}};
    Picture from = plain(64, 48, 0x3060C0FF);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Picture to = {0};
        assert_true(picture_resize(&from, sizes[i][0], sizes[i][1], &to));
        for (int y = 0; y < to.height; y++)
            for (int x = 0; x < to.width; x++)
                assert_int_equal(pixel(&to, x, y), 0x3060C0FF);
        picture_deinit(&to);
    }
    picture_deinit(&from);
}

static void halves_keep_their_places(void **state)
{
    (void)state;
    Picture from = plain(10, 4, 0xFF0000FF), to = {0};
    for (int y = 0; y < 4; y++)
        for (int x = 5; x < 10; x++)
            paint(&from, x, y, 0x0000FFFF);
    assert_true(
        picture_resize(&from, 4, 2, &to)); /* 2.5 source pixels each: the border falls between */
    assert_int_equal(pixel(&to, 0, 0), 0xFF0000FF);
    assert_int_equal(pixel(&to, 1, 1), 0xFF0000FF);
    assert_int_equal(pixel(&to, 2, 0), 0x0000FFFF);
    assert_int_equal(pixel(&to, 3, 1), 0x0000FFFF);
    picture_deinit(&to);
    assert_true(picture_resize(&from, 1, 1, &to));
    assert_int_equal(pixel(&to, 0, 0), 0x800080FF);
    picture_deinit(&to);
    picture_deinit(&from);
}

static void transparent_pixels_do_not_bleed(void **state)
{
    (void)state;
    Picture from = plain(2, 1, 0xFF0000FF), to = {0};
    paint(&from, 1, 0, 0x00FF0000); /* green, but not seen */
    assert_true(picture_resize(&from, 1, 1, &to));
    assert_int_equal(pixel(&to, 0, 0), 0xFF000080);
    picture_deinit(&to);
    picture_deinit(&from);
}

static void boxes_are_filled_without_enlarging(void **state)
{
    (void)state;
    static const int rows[][6] = {
        {400, 300, 120, 100, 120, 90},
        {300, 400, 120, 100, 75, 100},
        {50, 40, 120, 100, 50, 40},
        {120, 100, 120, 100, 120, 100},
        {1, 100000, 120, 100, 1, 100},
        {100000, 1, 120, 100, 120, 1},
        {65535, 65535, 1920, 16384, 1920, 1920},
        {1080, 30000, 1920, 16384, 590, 16384},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int width, height;
        fit_within(rows[i][0], rows[i][1], rows[i][2], rows[i][3], &width, &height);
        assert_int_equal(width, rows[i][4]);
        assert_int_equal(height, rows[i][5]);
    }
}

/* Where the upper left corner of a 3 × 2 picture goes, and the pixel right of it (Exif 2.3, 4.6.4.A). */
static void pictures_are_turned_as_exif_says(void **state)
{
    (void)state;
    static const int rows[][5] = {
        /* orientation, corner, its right neighbour */
        {1, 0, 0, 1, 0}, {2, 2, 0, 1, 0}, {3, 2, 1, 1, 1}, {4, 0, 1, 1, 1}, {5, 0, 0, 0, 1},
        {6, 1, 0, 1, 1}, {7, 1, 2, 1, 1}, {8, 0, 2, 0, 1}, {0, 0, 0, 1, 0}, {9, 0, 0, 1, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Picture picture = plain(3, 2, 0x000000FF);
        paint(&picture, 0, 0, 0xFF0000FF);
        paint(&picture, 1, 0, 0x00FF00FF);
        assert_true(picture_turn(&picture, rows[i][0]));
        assert_int_equal(picture.width, rows[i][0] >= 5 && rows[i][0] <= 8 ? 2 : 3);
        assert_int_equal(pixel(&picture, rows[i][1], rows[i][2]), 0xFF0000FF);
        assert_int_equal(pixel(&picture, rows[i][3], rows[i][4]), 0x00FF00FF);
        picture_deinit(&picture);
    }
}

static void exif_blocks_tell_the_orientation_or_nothing(void **state)
{
    (void)state;
    static const char little[] = "II*\0\10\0\0\0\1\0\22\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0";
    static const char big[] = "MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\10\0\0\0\0\0\0";
    assert_int_equal(exif_orientation(str_make(little, sizeof little - 1)), 6);
    assert_int_equal(exif_orientation(str_make(big, sizeof big - 1)), 8);
    for (size_t len = 0; len < 22; len++)
        assert_int_equal(exif_orientation(str_make(little, len)), 1);
    assert_int_equal(exif_orientation(str_make("II*\0\377\377\377\377\1\0", 10)), 1);
    assert_int_equal(exif_orientation(STR("nothing of the kind")), 1);
}

/* ---- formats ---- */
static Picture decode_whole(Str bytes)
{
    Head head;
    Picture picture = {0};
    assert_true(media_read_head(bytes, &head));
    assert_true(media_decode(bytes, &head, (Area){0, 0, head.width, head.height}, head.width,
                             head.height, &picture));
    return picture;
}

static void png_comes_back_as_it_was(void **state)
{
    (void)state;
    Buf out;
    Picture from = plain(5, 3, 0x12345678);
    paint(&from, 4, 2, 0xFEDCBA98);
    buf_init(&out, 100000);
    assert_true(png_encode(&from, &out));
    Picture to = decode_whole(buf_str(&out));
    assert_int_equal(to.width, 5);
    assert_int_equal(pixel(&to, 0, 0), 0x12345678);
    assert_int_equal(pixel(&to, 4, 2), 0xFEDCBA98);
    picture_deinit(&from);
    picture_deinit(&to);
    buf_deinit(&out);
}

static void jpeg_shows_transparency_on_white(void **state)
{
    (void)state;
    Buf out;
    Picture from = plain(32, 16, 0x00000000);
    buf_init(&out, 100000);
    assert_true(jpeg_encode(&from, 90, &out));
    Picture to = decode_whole(buf_str(&out));
    assert_int_equal(to.width, 32);
    assert_int_equal(pixel(&to, 16, 8), 0xFFFFFFFF);
    picture_deinit(&from);
    picture_deinit(&to);
    buf_deinit(&out);
}

static void frames_go_into_a_gif_and_come_out_of_it(void **state)
{
    (void)state;
    static const uint32_t colours[] = {0xFF0000FF, 0x00FF00FF, 0x00000000};
    Buf out;
    GifWriter writer;
    buf_init(&out, 100000);
    assert_true(gif_writer_init(&writer, 20, 10, &out));
    for (int i = 0; i < 3; i++) {
        Picture frame = plain(20, 10, colours[i]);
        assert_true(gif_writer_add(&writer, &frame, 7 + i));
        picture_deinit(&frame);
    }
    assert_true(gif_writer_finish(&writer));
    GifReader reader;
    assert_true(gif_reader_init(&reader, buf_str(&out)));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(gif_reader_next(&reader), 1);
        assert_int_equal(reader.delay_cs, 7 + i);
        assert_int_equal(pixel(&reader.canvas, 19, 9), colours[i]);
    }
    assert_int_equal(gif_reader_next(&reader), 0);
    gif_reader_deinit(&reader);
    buf_deinit(&out);
}

static void few_colours_are_kept_exactly_and_many_nearly(void **state)
{
    (void)state;
    Palette palette;
    Picture few = plain(4, 4, 0xFFFFFFFF);
    paint(&few, 0, 0, 0x000000FF);
    palette_make(&few, &palette);
    assert_int_equal(palette.count, 2);
    picture_deinit(&few);
    Picture many = plain(64, 64, 0);
    for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
            paint(&many, x, y, (uint32_t)(x * 4) << 24 | (uint32_t)(y * 4) << 16 | 0x80FF);
    palette_make(&many, &palette);
    assert_int_equal(palette.count, PALETTE_MAX);
    for (int y = 0; y < 64; y += 7)
        for (int x = 0; x < 64; x += 7) {
            const uint8_t *p = picture_row(&many, y) + (size_t)x * 4;
            const uint8_t *near = palette.rgb[palette_nearest(&palette, p)];
            assert_true(abs(p[0] - near[0]) < 32 && abs(p[1] - near[1]) < 32);
        }
    picture_deinit(&many);
}

/* ---- jobs ---- */
static void cut_short_at_any_byte_it_is_broken_but_harmless(void **state)
{
    (void)state;
    Buf png, parts[MEDIA_PARTS];
    MediaReply reply;
    MediaRequest request = {.magic = MEDIA_MAGIC, .mode = MEDIA_ATTACHMENT, .pixel_limit = 1000000};
    Picture from = plain(40, 30, 0x336699FF);
    buf_init(&png, 100000);
    assert_true(png_encode(&from, &png));
    for (size_t len = 0; len <= png.len; len++) {
        media_run(&request, str_slice(buf_str(&png), 0, len), &reply, parts);
        assert_true(len < png.len || reply.status == MEDIA_OK);
        assert_true(len > 32 || reply.status == MEDIA_UNKNOWN);
        assert_true(reply.status == MEDIA_OK || parts[0].len == 0);
        for (int i = 0; i < MEDIA_PARTS; i++)
            buf_deinit(&parts[i]);
    }
    picture_deinit(&from);
    buf_deinit(&png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_colour_stays_that_colour_at_any_size),
        cmocka_unit_test(halves_keep_their_places),
        cmocka_unit_test(transparent_pixels_do_not_bleed),
        cmocka_unit_test(boxes_are_filled_without_enlarging),
        cmocka_unit_test(pictures_are_turned_as_exif_says),
        cmocka_unit_test(exif_blocks_tell_the_orientation_or_nothing),
        cmocka_unit_test(png_comes_back_as_it_was),
        cmocka_unit_test(jpeg_shows_transparency_on_white),
        cmocka_unit_test(frames_go_into_a_gif_and_come_out_of_it),
        cmocka_unit_test(few_colours_are_kept_exactly_and_many_nearly),
        cmocka_unit_test(cut_short_at_any_byte_it_is_broken_but_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
