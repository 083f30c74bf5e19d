/* media/jpeg.c: JPEG in and out, by libjpeg-turbo. */
#include "media/decode.h"
#include "media/encode.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

enum { SCANS_MAX = 200 }; /* a progressive file of thousands of scans costs time and says nothing */

/* libjpeg's way of failing: back to where setjmp was. */
typedef struct Trap {
    struct jpeg_error_mgr base;
    jmp_buf back;
} Trap;

static void on_error(j_common_ptr codec)
{
    longjmp(((Trap *)codec->err)->back, 1);
}

static void on_message(j_common_ptr codec, int level)
{
    (void)codec, (void)level; /* warnings: a picture that ends early shows what there is */
}

static struct jpeg_error_mgr *trap_init(Trap *trap)
{
    jpeg_std_error(&trap->base);
    trap->base.error_exit = on_error;
    trap->base.emit_message = on_message;
    return &trap->base;
}

static void on_progress(j_common_ptr codec)
{
    if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > SCANS_MAX)
        on_error(codec);
}

static int orientation_of(const struct jpeg_decompress_struct *codec)
{
    for (jpeg_saved_marker_ptr m = codec->marker_list; m; m = m->next) {
        Str data = str_make(m->data, m->data_length);
        if (m->marker == JPEG_APP0 + 1 && str_starts_with(data, str_make("Exif\0\0", 6)))
            return exif_orientation(str_slice(data, 6, data.len));
    }
    return 1;
}

bool jpeg_read_head(Str bytes, Head *head)
{
    struct jpeg_decompress_struct codec = {0};
    Trap trap;
    codec.err = trap_init(&trap);
    if (setjmp(trap.back)) {
        jpeg_destroy_decompress(&codec);
        return false;
    }
    jpeg_create_decompress(&codec);
    jpeg_save_markers(&codec, JPEG_APP0 + 1, 0xFFFF);
    jpeg_mem_src(&codec, (const unsigned char *)bytes.ptr, bytes.len);
    (void)jpeg_read_header(&codec, TRUE); /* anything but a header ends in on_error */
    head->width = (int)codec.image_width;
    head->height = (int)codec.image_height;
    head->orientation = orientation_of(&codec);
    jpeg_destroy_decompress(&codec);
    return true;
}

/* The library can skip detail while decoding: the smallest of its sizes that is still enough. */
static void choose_scale(struct jpeg_decompress_struct *codec, Area *area, int width, int height)
{
    unsigned denominator = 1;
    for (unsigned d = 2; d <= 8; d *= 2)
        if (area->width / (int)d >= width && area->height / (int)d >= height)
            denominator = d;
    codec->scale_num = 1;
    codec->scale_denom = denominator;
    jpeg_calc_output_dimensions(codec);
    int divisor = (int)denominator;
    *area =
        (Area){area->x / divisor, area->y / divisor, area->width / divisor, area->height / divisor};
}

static void to_rgba(const struct jpeg_decompress_struct *codec, const uint8_t *row, uint8_t *out)
{
    bool is_inverted = codec->saw_Adobe_marker; /* Photoshop stores ink the other way round */
    for (JDIMENSION x = 0; x < codec->output_width; x++, out += 4) {
        if (codec->out_color_space != JCS_CMYK) {
            out[0] = row[x * 3], out[1] = row[x * 3 + 1], out[2] = row[x * 3 + 2];
        } else {
            const uint8_t *ink = row + (size_t)x * 4;
            int black = is_inverted ? ink[3] : 255 - ink[3];
            for (int c = 0; c < 3; c++)
                out[c] = (uint8_t)((is_inverted ? ink[c] : 255 - ink[c]) * black / 255);
        }
        out[3] = 255;
    }
}

bool jpeg_decode(Str bytes, Area area, int width, int height, Picture *out)
{
    struct jpeg_decompress_struct codec = {0};
    struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
    Trap trap;
    Scaler scaler = {0};
    uint8_t *volatile row = NULL, *volatile rgba = NULL; /* volatile: read after a longjmp */
    volatile bool is_done = false;
    codec.err = trap_init(&trap);
    if (setjmp(trap.back) == 0) {
        jpeg_create_decompress(&codec);
        codec.progress = &progress;
        jpeg_mem_src(&codec, (const unsigned char *)bytes.ptr, bytes.len);
        (void)jpeg_read_header(&codec, TRUE);
        bool is_ink = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
        codec.out_color_space = is_ink ? JCS_CMYK : JCS_RGB;
        choose_scale(&codec, &area, width, height);
        (void)jpeg_start_decompress(&codec); /* not suspended: the whole file is in memory */
        row = malloc((size_t)codec.output_width * 4);
        rgba = malloc((size_t)codec.output_width * 4);
        if (row && rgba && scaler_init(&scaler, area, width, height, out)) {
            while (codec.output_scanline < codec.output_height && !scaler_is_done(&scaler)) {
                JSAMPROW rows[] = {row};
                (void)jpeg_read_scanlines(&codec, rows, 1);
                to_rgba(&codec, row, rgba);
                scaler_push(&scaler, rgba);
            }
            is_done = true;
        }
    }
    jpeg_destroy_decompress(&codec);
    scaler_deinit(&scaler);
    free(row);
    free(rgba);
    return is_done;
}

/* ---- out ---- */
/* Over white: JPEG knows no transparency. */
static void over_white(const uint8_t *rgba, int width, uint8_t *out)
{
    for (int x = 0; x < width; x++, rgba += 4, out += 3)
        for (int c = 0; c < 3; c++)
            out[c] = (uint8_t)((rgba[c] * rgba[3] + 255 * (255 - rgba[3]) + 127) / 255);
}

bool jpeg_encode(const Picture *picture, int quality, Buf *out)
{
    struct jpeg_compress_struct codec = {0};
    Trap trap;
    unsigned char *volatile bytes = NULL;
    unsigned char *made = NULL;
    unsigned long len = 0;
    uint8_t *volatile row = malloc((size_t)picture->width * 3);
    volatile bool is_done = false;
    codec.err = trap_init(&trap);
    if (row && setjmp(trap.back) == 0) {
        jpeg_create_compress(&codec);
        jpeg_mem_dest(&codec, &made, &len);
        codec.image_width = (JDIMENSION)picture->width;
        codec.image_height = (JDIMENSION)picture->height;
        codec.input_components = 3;
        codec.in_color_space = JCS_RGB;
        jpeg_set_defaults(&codec);
        jpeg_set_quality(&codec, quality, TRUE);
        jpeg_start_compress(&codec, TRUE);
        while (codec.next_scanline < codec.image_height) {
            JSAMPROW rows[] = {row};
            over_white(picture_row(picture, (int)codec.next_scanline), picture->width, row);
            (void)jpeg_write_scanlines(&codec, rows, 1);
        }
        jpeg_finish_compress(&codec);
        bytes = made;
        buf_append(out, str_make(bytes, len));
        is_done = !out->overflowed;
    }
    jpeg_destroy_compress(&codec);
    free(bytes);
    free(row);
    return is_done;
}
