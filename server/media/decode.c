#include "media/decode.h"

static MediaFormat sniff(Str bytes)
{
    if (str_starts_with(bytes, str_make("\xFF\xD8\xFF", 3)))
        return MEDIA_JPEG;
    if (str_starts_with(bytes, str_make("\x89PNG\r\n\x1a\n", 8)))
        return MEDIA_PNG;
    if (str_starts_with(bytes, STR("GIF87a")) || str_starts_with(bytes, STR("GIF89a")))
        return MEDIA_GIF;
    if (str_starts_with(bytes, STR("RIFF")) && str_eq(str_slice(bytes, 8, 12), STR("WEBP")))
        return MEDIA_WEBP;
    return MEDIA_NO_FORMAT;
}

bool media_read_head(Str bytes, Head *ret_head)
{
    *ret_head = (Head){.format = sniff(bytes), .orientation = 1, .frame_count = 1};
    bool is_read = false;
    switch (ret_head->format) {
    case MEDIA_NO_FORMAT: return false;
    case MEDIA_JPEG: is_read = jpeg_read_head(bytes, ret_head); break;
    case MEDIA_PNG: is_read = png_read_head(bytes, ret_head); break;
    case MEDIA_GIF: is_read = gif_read_head(bytes, ret_head); break;
    case MEDIA_WEBP: is_read = webp_read_head(bytes, ret_head); break;
    }
    return is_read && ret_head->width > 0 && ret_head->height > 0;
}

bool media_decode(Str bytes, const Head *head, Area area, int width, int height, Picture *out)
{
    *out = (Picture){0};
    switch (head->format) {
    case MEDIA_NO_FORMAT: return false;
    case MEDIA_JPEG: return jpeg_decode(bytes, area, width, height, out);
    case MEDIA_PNG: return png_decode(bytes, area, width, height, out);
    case MEDIA_GIF: return gif_decode(bytes, area, width, height, out);
    case MEDIA_WEBP: return webp_decode(bytes, area, width, height, out);
    }
    return false;
}

/* ---- Exif ---- */
static uint32_t number(Str tiff, size_t at, size_t size, bool is_little)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++) {
        size_t from = is_little ? at + size - 1 - i : at + i;
        value = value << 8 | (unsigned char)tiff.ptr[from];
    }
    return value;
}

int exif_orientation(Str tiff)
{
    enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };
    bool is_little = str_starts_with(tiff, STR("II"));
    if (tiff.len < 8 || (!is_little && !str_starts_with(tiff, STR("MM"))))
        return 1;
    size_t at = number(tiff, 4, 4, is_little);
    if (at > tiff.len - 2)
        return 1;
    size_t count = number(tiff, at, 2, is_little);
    for (at += 2; count > 0 && at + ENTRY_BYTES <= tiff.len; count--, at += ENTRY_BYTES) {
        if (number(tiff, at, 2, is_little) != TAG_ORIENTATION ||
            number(tiff, at + 2, 2, is_little) != TYPE_SHORT)
            continue;
        uint32_t value = number(tiff, at + 8, 2, is_little);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}
