#include "media/job.h"
#include "media/decode.h"
#include "media/encode.h"
#include "media/gif.h"

enum {
    JPEG_QUALITY = 90,
    MINI_QUALITY = 60,
    EMOJI_LIMIT_BYTES = 2 * 1024 * 1024,
    EMOJI_FRAMES_MAX = 1000
};

static Area whole(const Head *head)
{
    return (Area){0, 0, head->width, head->height};
}

/* Decodes an area, reduced so that it fits the box as it is shown, and turned. */
static bool decode_upright(Str bytes, const Head *head, Area area, int box_width, int box_height,
                           Picture *out)
{
    int width, height;
    bool swaps = head->orientation >= 5;
    fit_within(area.width, area.height, swaps ? box_height : box_width,
               swaps ? box_width : box_height, &width, &height);
    return media_decode(bytes, head, area, width, height, out) &&
           picture_turn(out, head->orientation);
}

static bool encode_reduced(const Picture *picture, int width, int height, int quality, Buf *out)
{
    Picture reduced = {0};
    bool is_done =
        picture_resize(picture, width, height, &reduced) && jpeg_encode(&reduced, quality, out);
    picture_deinit(&reduced);
    return is_done;
}

static bool make_attachment(Str bytes, const Head *head, Buf *parts)
{
    Picture preview = {0};
    int width, height;
    bool is_done = decode_upright(bytes, head, whole(head), MEDIA_PREVIEW_WIDTH,
                                  MEDIA_PREVIEW_HEIGHT, &preview);
    if (is_done) {
        fit_within(preview.width, preview.height, MEDIA_THUMBNAIL_WIDTH, MEDIA_THUMBNAIL_HEIGHT,
                   &width, &height);
        is_done =
            encode_reduced(&preview, width, height, JPEG_QUALITY, &parts[0]) &&
            jpeg_encode(&preview, JPEG_QUALITY, &parts[1]) &&
            encode_reduced(&preview, MEDIA_MINI_SIDE, MEDIA_MINI_SIDE, MINI_QUALITY, &parts[2]);
    }
    picture_deinit(&preview);
    return is_done;
}

static bool make_square(Str bytes, const Head *head, Buf *parts)
{
    Picture middle = {0}, square = {0};
    int side = head->width < head->height ? head->width : head->height;
    Area area = {(head->width - side) / 2, (head->height - side) / 2, side, side};
    bool is_done =
        decode_upright(bytes, head, area, MEDIA_SQUARE_SIDE, MEDIA_SQUARE_SIDE, &middle) &&
        picture_resize(&middle, MEDIA_SQUARE_SIDE, MEDIA_SQUARE_SIDE, &square) &&
        png_encode(&square, &parts[0]);
    picture_deinit(&middle);
    picture_deinit(&square);
    return is_done;
}

static bool make_still_emoji(Str bytes, const Head *head, Buf *parts)
{
    Picture picture = {0};
    bool is_done =
        decode_upright(bytes, head, whole(head), MEDIA_EMOJI_SIDE, MEDIA_EMOJI_SIDE, &picture) &&
        png_encode(&picture, &parts[0]);
    picture_deinit(&picture);
    return is_done;
}

static bool add_frame(GifWriter *writer, const GifReader *reader, int width, int height)
{
    Picture frame = {0};
    bool is_done = picture_resize(&reader->canvas, width, height, &frame) &&
                   gif_writer_add(writer, &frame, reader->delay_cs);
    picture_deinit(&frame);
    return is_done;
}

/* Every frame is decoded, so that a broken one is found; small ones keep their bytes. */
static bool make_moving_emoji(Str bytes, const Head *head, Buf *parts)
{
    GifReader reader = {0};
    GifWriter writer = {0};
    int width, height, frames = 0, found = 0;
    fit_within(head->width, head->height, MEDIA_EMOJI_SIDE, MEDIA_EMOJI_SIDE, &width, &height);
    bool is_small = width == head->width && height == head->height;
    bool is_fine = gif_reader_init(&reader, bytes) &&
                   (is_small || gif_writer_init(&writer, width, height, &parts[0]));
    while (is_fine && (found = gif_reader_next(&reader)) == 1 && frames++ < EMOJI_FRAMES_MAX)
        is_fine = is_small || add_frame(&writer, &reader, width, height);
    is_fine = is_fine && found == 0;
    if (writer.file)
        is_fine = gif_writer_finish(&writer) && is_fine;
    gif_reader_deinit(&reader);
    return is_fine;
}

static bool make(MediaMode mode, Str bytes, const Head *head, Buf *parts)
{
    switch (mode) {
    case MEDIA_ATTACHMENT: return make_attachment(bytes, head, parts);
    case MEDIA_SQUARE: return make_square(bytes, head, parts);
    case MEDIA_EMOJI:
        return head->format == MEDIA_GIF && head->frame_count > 1
                   ? make_moving_emoji(bytes, head, parts)
                   : make_still_emoji(bytes, head, parts);
    }
    return false;
}

static bool is_within(const MediaRequest *request, const Head *head)
{
    return (int64_t)head->width * head->height <= request->pixel_limit &&
           (request->side_limit == 0 ||
            (head->width <= request->side_limit && head->height <= request->side_limit));
}

void media_run(const MediaRequest *request, Str bytes, MediaReply *ret_reply,
               Buf parts[static MEDIA_PARTS])
{
    Head head;
    *ret_reply = (MediaReply){.magic = MEDIA_MAGIC, .status = MEDIA_UNKNOWN};
    for (int i = 0; i < MEDIA_PARTS; i++)
        buf_init(&parts[i],
                 request->mode == MEDIA_EMOJI ? EMOJI_LIMIT_BYTES : MEDIA_PART_LIMIT_BYTES / 2);
    if (!media_read_head(bytes, &head))
        return;
    bool swaps = head.orientation >= 5;
    ret_reply->format = head.format;
    ret_reply->frame_count = head.frame_count;
    ret_reply->width = swaps ? head.height : head.width;
    ret_reply->height = swaps ? head.width : head.height;
    ret_reply->status = MEDIA_TOO_LARGE;
    if (!is_within(request, &head))
        return;
    ret_reply->status = make(request->mode, bytes, &head, parts) ? MEDIA_OK : MEDIA_BROKEN;
    for (int i = 0; i < MEDIA_PARTS; i++) {
        if (ret_reply->status != MEDIA_OK)
            buf_clear(&parts[i]);
        ret_reply->sizes[i] = (uint32_t)parts[i].len;
    }
}
