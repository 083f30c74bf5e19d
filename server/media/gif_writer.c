#include "media/gif.h"
#include "media/palette.h"
#include <stdlib.h>

enum { COLOURS = 256, TRANSPARENT = 255 };

static int give_bytes(GifFileType *file, const GifByteType *bytes, int len)
{
    Buf *out = file->UserData;
    buf_append(out, str_make(bytes, (size_t)len));
    return out->overflowed ? 0 : len;
}

/* The extension that makes browsers repeat it. */
static bool write_loop(GifFileType *file)
{
    static const unsigned char FOR_EVER[] = {1, 0, 0};
    return EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(file, 11, "NETSCAPE2.0") == GIF_OK &&
           EGifPutExtensionBlock(file, sizeof FOR_EVER, FOR_EVER) == GIF_OK &&
           EGifPutExtensionTrailer(file) == GIF_OK;
}

bool gif_writer_init(GifWriter *writer, int width, int height, Buf *out)
{
    int error;
    *writer = (GifWriter){.out = out};
    writer->file = EGifOpen(out, give_bytes, &error);
    if (!writer->file)
        return false;
    EGifSetGifVersion(writer->file, true);
    return EGifPutScreenDesc(writer->file, width, height, 8, 0, NULL) == GIF_OK &&
           write_loop(writer->file);
}

static bool write_control(GifFileType *file, int delay_cs)
{
    GifByteType bytes[4];
    GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_BACKGROUND, .DelayTime = delay_cs, .TransparentColor = TRANSPARENT};
    size_t len = EGifGCBToExtension(&control, bytes);
    return EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, (int)len, bytes) == GIF_OK;
}

static bool write_pixels(GifFileType *file, const Picture *frame, const Palette *palette)
{
    GifPixelType *line = malloc((size_t)frame->width);
    bool is_fine = line != NULL;
    for (int y = 0; is_fine && y < frame->height; y++) {
        const uint8_t *pixel = picture_row(frame, y);
        for (int x = 0; x < frame->width; x++, pixel += 4)
            line[x] = pixel_is_opaque(pixel) ? (GifPixelType)palette_nearest(palette, pixel)
                                             : TRANSPARENT;
        is_fine = EGifPutLine(file, line, frame->width) == GIF_OK;
    }
    free(line);
    return is_fine;
}

bool gif_writer_add(GifWriter *writer, const Picture *frame, int delay_cs)
{
    Palette palette;
    palette_make(frame, &palette);
    ColorMapObject *colours = GifMakeMapObject(COLOURS, NULL);
    if (!colours)
        return false;
    for (int i = 0; i < palette.count; i++)
        colours->Colors[i] =
            (GifColorType){palette.rgb[i][0], palette.rgb[i][1], palette.rgb[i][2]};
    bool is_fine = write_control(writer->file, delay_cs) &&
                   EGifPutImageDesc(writer->file, 0, 0, frame->width, frame->height, false,
                                    colours) == GIF_OK &&
                   write_pixels(writer->file, frame, &palette);
    GifFreeMapObject(colours);
    return is_fine;
}

bool gif_writer_finish(GifWriter *writer)
{
    int error;
    bool is_fine = writer->file && EGifCloseFile(writer->file, &error) == GIF_OK;
    return is_fine && !writer->out->overflowed;
}
