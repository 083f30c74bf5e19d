/* media/gif.h: GIF as a row of frames, in and out, by giflib.
 *
 * A GifReader holds the canvas as it is shown after each frame; giflib's own slurping would hold every frame at once.
 */
#pragma once
#include "base/buf.h"
#include "media/picture.h"

#include <gif_lib.h>

typedef struct GifReader {
    GifFileType *file;
    Str rest;
    Picture canvas;      /* what is seen */
    Picture before;      /* what a frame that asks to be undone was drawn over */
    int delay_cs;        /* how long the frame stands, hundredths of a second */
    int transparent;     /* colour index, or -1 */
    int disposal;
    GifImageDesc shown;  /* where the last frame was drawn */
    int last_disposal;
    bool has_frame;
    GifPixelType *line;
} GifReader;

/* Reads the head. False: no GIF. The canvas is made by need. */
bool gif_reader_init(GifReader *reader, Str bytes);
/* Goes on to the next frame and draws it: 1; at the end 0; broken or no memory -1. */
int gif_reader_next(GifReader *reader);
/* The same without drawing. */
int gif_reader_skip(GifReader *reader);
void gif_reader_deinit(GifReader *reader);

typedef struct GifWriter {
    GifFileType *file;
    Buf *out;
} GifWriter;
/* Starts a GIF that repeats for ever. Each frame replaces the one before. */
bool gif_writer_init(GifWriter *writer, int width, int height, Buf *out);
bool gif_writer_add(GifWriter *writer, const Picture *frame, int delay_cs);
/* Ends it; false when anything failed. */
bool gif_writer_finish(GifWriter *writer);
