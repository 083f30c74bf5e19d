/* media/png.c: PNG in and out, by libpng. */
#include "media/decode.h"
#include "media/encode.h"
#include <png.h>
#include <stdlib.h>

static void on_error(png_structp codec, png_const_charp message)
{
    (void)message;
    png_longjmp(codec, 1);
}

static void on_warning(png_structp codec, png_const_charp message)
{
    (void)codec, (void)message;
}

/* ---- in ---- */
static void take_bytes(png_structp codec, png_bytep out, size_t len)
{
    Str *rest = png_get_io_ptr(codec);
    if (len > rest->len)
        png_error(codec, "ends early");
    memcpy(out, rest->ptr, len);
    *rest = str_slice(*rest, len, rest->len);
}

typedef struct Reader {
    png_structp codec;
    png_infop info;
    Str rest;
} Reader;

static bool reader_init(Reader *reader, Str bytes)
{
    enum { CHUNK_LIMIT_BYTES = 8 * 1024 * 1024, CHUNKS_MAX = 256 };
    *reader = (Reader){.rest = bytes};
    reader->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    reader->info = reader->codec ? png_create_info_struct(reader->codec) : NULL;
    if (!reader->info)
        return false;
    png_set_user_limits(reader->codec, PNG_UINT_31_MAX,
                        PNG_UINT_31_MAX); /* pixels are counted elsewhere */
    png_set_chunk_malloc_max(reader->codec, CHUNK_LIMIT_BYTES);
    png_set_chunk_cache_max(reader->codec, CHUNKS_MAX);
    png_set_read_fn(reader->codec, &reader->rest, take_bytes);
    return true;
}

static void reader_deinit(Reader *reader)
{
    png_destroy_read_struct(&reader->codec, &reader->info, NULL);
}

bool png_read_head(Str bytes, Head *head)
{
    Reader reader;
    if (!reader_init(&reader, bytes) || setjmp(png_jmpbuf(reader.codec))) {
        reader_deinit(&reader);
        return false;
    }
    png_read_info(reader.codec, reader.info);
    png_uint_32 width = png_get_image_width(reader.codec, reader.info);
    png_uint_32 height = png_get_image_height(reader.codec, reader.info);
    reader_deinit(&reader);
    head->width = (int)width;
    head->height = (int)height;
    return true;
}

/* Whatever it holds, out come 8-bit RGBA rows. */
static int ask_for_rgba(const Reader *reader)
{
    png_set_expand(reader->codec);
    png_set_scale_16(reader->codec);
    png_set_gray_to_rgb(reader->codec);
    png_set_add_alpha(reader->codec, 0xFF, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(reader->codec);
    png_read_update_info(reader->codec, reader->info);
    return passes;
}

/* An interlaced picture is complete only at the end: it is held whole. */
static bool read_interlaced(const Reader *reader, Scaler *scaler, int passes, Picture *whole)
{
    int width = (int)png_get_image_width(reader->codec, reader->info);
    int height = (int)png_get_image_height(reader->codec, reader->info);
    if (!picture_init(whole, width, height))
        return false;
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < height; y++)
            png_read_row(reader->codec, picture_row(whole, y), NULL);
    for (int y = 0; y < height; y++)
        scaler_push(scaler, picture_row(whole, y));
    return true;
}

static bool read_rows(const Reader *reader, Scaler *scaler, uint8_t *row)
{
    while (row && !scaler_is_done(scaler)) {
        png_read_row(reader->codec, row, NULL);
        scaler_push(scaler, row);
    }
    return row != NULL;
}

bool png_decode(Str bytes, Area area, int width, int height, Picture *out)
{
    Reader reader;
    Scaler scaler = {0};
    Picture whole = {0};
    uint8_t *volatile row = NULL; /* volatile: read after a longjmp */
    volatile bool is_done = false;
    if (reader_init(&reader, bytes) && setjmp(png_jmpbuf(reader.codec)) == 0) {
        png_read_info(reader.codec, reader.info);
        int passes = ask_for_rgba(&reader);
        if (scaler_init(&scaler, area, width, height, out)) {
            if (passes == 1)
                row = malloc(png_get_rowbytes(reader.codec, reader.info));
            is_done = passes == 1 ? read_rows(&reader, &scaler, row)
                                  : read_interlaced(&reader, &scaler, passes, &whole);
        }
    }
    reader_deinit(&reader);
    scaler_deinit(&scaler);
    picture_deinit(&whole);
    free(row);
    return is_done;
}

/* ---- out ---- */
static void give_bytes(png_structp codec, png_bytep bytes, size_t len)
{
    buf_append(png_get_io_ptr(codec), str_make(bytes, len));
}

static void flush_nothing(png_structp codec)
{
    (void)codec;
}

bool png_encode(const Picture *picture, Buf *out)
{
    png_structp codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    png_infop info = codec ? png_create_info_struct(codec) : NULL;
    volatile bool is_done = false;
    if (info && setjmp(png_jmpbuf(codec)) == 0) {
        png_set_write_fn(codec, out, give_bytes, flush_nothing);
        png_set_IHDR(codec, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
                     PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        png_write_info(codec, info);
        for (int y = 0; y < picture->height; y++)
            png_write_row(codec, picture_row(picture, y));
        png_write_end(codec, info);
        is_done = !out->overflowed;
    }
    png_destroy_write_struct(&codec, &info);
    return is_done;
}
