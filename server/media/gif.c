#include "media/gif.h"
#include "media/decode.h"
#include <stdlib.h>
#include <string.h>

enum { NO_COLOUR = -1 };

/* ---- reading ---- */
static int take_bytes(GifFileType *file, GifByteType *out, int len)
{
    Str *rest = file->UserData;
    size_t n = len < 0 ? 0 : (size_t)len < rest->len ? (size_t)len : rest->len;
    memcpy(out, rest->ptr, n);
    *rest = str_slice(*rest, n, rest->len);
    return (int)n;
}

bool gif_reader_init(GifReader *reader, Str bytes)
{
    int error;
    *reader = (GifReader){.rest = bytes, .transparent = NO_COLOUR};
    reader->file = DGifOpen(&reader->rest, take_bytes, &error);
    return reader->file != NULL;
}

void gif_reader_deinit(GifReader *reader)
{
    int error;
    if (reader->file)
        (void)DGifCloseFile(reader->file, &error); /* only read from */
    picture_deinit(&reader->canvas);
    picture_deinit(&reader->before);
    free(reader->line);
    reader->line = NULL;
}

static void read_control(GifReader *reader, int code, const GifByteType *block)
{
    GraphicsControlBlock control;
    if (code != GRAPHICS_EXT_FUNC_CODE ||
        DGifExtensionToGCB(block[0], block + 1, &control) != GIF_OK)
        return;
    reader->delay_cs = control.DelayTime;
    reader->transparent = control.TransparentColor;
    reader->disposal = control.DisposalMode;
}

static bool read_extension(GifReader *reader)
{
    int code;
    GifByteType *block;
    if (DGifGetExtension(reader->file, &code, &block) != GIF_OK)
        return false;
    if (block)
        read_control(reader, code, block);
    while (block)
        if (DGifGetExtensionNext(reader->file, &block) != GIF_OK)
            return false;
    return true;
}

/* Up to the head of the next frame: 1, 0 at the end, -1 broken. */
static int find_frame(GifReader *reader)
{
    GifRecordType kind;
    reader->delay_cs = 0;
    reader->disposal = DISPOSAL_UNSPECIFIED;
    reader->transparent = NO_COLOUR;
    for (;;) {
        if (DGifGetRecordType(reader->file, &kind) != GIF_OK)
            return reader->rest.len == 0 && reader->has_frame ? 0
                                                              : -1; /* many lack the last byte */
        if (kind == TERMINATE_RECORD_TYPE)
            return 0;
        if (kind == IMAGE_DESC_RECORD_TYPE)
            return DGifGetImageHeader(reader->file) == GIF_OK ? 1 : -1;
        if (kind == EXTENSION_RECORD_TYPE && !read_extension(reader))
            return -1;
    }
}

int gif_reader_skip(GifReader *reader)
{
    int size;
    GifByteType *block;
    int found = find_frame(reader);
    if (found != 1)
        return found;
    reader->has_frame = true;
    if (DGifGetCode(reader->file, &size, &block) != GIF_OK)
        return -1;
    while (block)
        if (DGifGetCodeNext(reader->file, &block) != GIF_OK)
            return -1;
    return 1;
}

/* What is to happen to the last frame before the next is drawn. */
static void dispose(GifReader *reader)
{
    const GifImageDesc *d = &reader->shown;
    Picture *canvas = &reader->canvas;
    if (reader->last_disposal == DISPOSE_PREVIOUS && reader->before.rgba) {
        memcpy(canvas->rgba, reader->before.rgba,
               (size_t)canvas->width * (size_t)canvas->height * 4);
    } else if (reader->last_disposal == DISPOSE_BACKGROUND) {
        for (int y = d->Top; y < d->Top + d->Height && y < canvas->height; y++)
            for (int x = d->Left; x < d->Left + d->Width && x < canvas->width; x++)
                memset(picture_row(canvas, y) + (size_t)x * 4, 0, 4);
    }
}

static void draw_line(GifReader *reader, const ColorMapObject *colours, const GifImageDesc *d,
                      int y)
{
    Picture *canvas = &reader->canvas;
    if (d->Top + y >= canvas->height)
        return;
    for (int x = 0; x < d->Width && d->Left + x < canvas->width; x++) {
        int index = reader->line[x];
        if (index == reader->transparent || index >= colours->ColorCount)
            continue;
        uint8_t *out = picture_row(canvas, d->Top + y) + (size_t)(d->Left + x) * 4;
        const GifColorType *colour = &colours->Colors[index];
        out[0] = colour->Red, out[1] = colour->Green, out[2] = colour->Blue, out[3] = 255;
    }
}

/* Lines come in order, or in four passes when interlaced. */
static bool draw_frame(GifReader *reader)
{
    static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
    const GifImageDesc d = reader->file->Image;
    const ColorMapObject *colours = d.ColorMap ? d.ColorMap : reader->file->SColorMap;
    if (!colours || d.Width <= 0 || d.Height <= 0)
        return false;
    free(reader->line);
    reader->line = malloc((size_t)d.Width);
    if (!reader->line)
        return false;
    for (int pass = 0; pass < (d.Interlace ? 4 : 1); pass++)
        for (int y = d.Interlace ? starts[pass] : 0; y < d.Height;
             y += d.Interlace ? steps[pass] : 1) {
            if (DGifGetLine(reader->file, reader->line, d.Width) != GIF_OK)
                return false;
            draw_line(reader, colours, &d, y);
        }
    reader->shown = d;
    return true;
}

static bool keep_before(GifReader *reader)
{
    const Picture *canvas = &reader->canvas;
    if (!reader->before.rgba && !picture_init(&reader->before, canvas->width, canvas->height))
        return false;
    memcpy(reader->before.rgba, canvas->rgba, (size_t)canvas->width * (size_t)canvas->height * 4);
    return true;
}

int gif_reader_next(GifReader *reader)
{
    if (!reader->canvas.rgba &&
        !picture_init(&reader->canvas, reader->file->SWidth, reader->file->SHeight))
        return -1;
    int found = find_frame(reader);
    if (found != 1)
        return found;
    dispose(reader);
    if (reader->disposal == DISPOSE_PREVIOUS && !keep_before(reader))
        return -1;
    reader->last_disposal = reader->disposal;
    reader->has_frame = true;
    return draw_frame(reader) ? 1 : -1;
}

/* ---- as one of the formats ---- */
bool gif_read_head(Str bytes, Head *head)
{
    GifReader reader;
    bool is_read = gif_reader_init(&reader, bytes);
    if (is_read) {
        head->width = reader.file->SWidth;
        head->height = reader.file->SHeight;
        head->frame_count = gif_reader_skip(&reader) == 1 && gif_reader_skip(&reader) == 1 ? 2 : 1;
    }
    gif_reader_deinit(&reader);
    return is_read;
}

bool gif_decode(Str bytes, Area area, int width, int height, Picture *out)
{
    GifReader reader;
    Scaler scaler = {0};
    bool is_done = gif_reader_init(&reader, bytes) && gif_reader_next(&reader) == 1 &&
                   scaler_init(&scaler, area, width, height, out);
    for (int y = 0; is_done && y < reader.canvas.height && !scaler_is_done(&scaler); y++)
        scaler_push(&scaler, picture_row(&reader.canvas, y));
    scaler_deinit(&scaler);
    gif_reader_deinit(&reader);
    return is_done;
}
