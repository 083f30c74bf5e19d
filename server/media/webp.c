/* media/webp.c: WebP, by libwebp. */
#include "media/decode.h"
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

static bool read_features(Str bytes, WebPBitstreamFeatures *ret_features)
{
    return WebPGetFeatures((const uint8_t *)bytes.ptr, bytes.len, ret_features) == VP8_STATUS_OK;
}

bool webp_read_head(Str bytes, Head *head)
{
    WebPBitstreamFeatures features;
    if (!read_features(bytes, &features))
        return false;
    head->width = features.width;
    head->height = features.height;
    head->frame_count = features.has_animation ? 2 : 1;
    return true;
}

static bool decode_still(Str bytes, Area area, int width, int height, Picture *out)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config) || !picture_init(out, width, height))
        return false;
    config.options.use_cropping = 1;
    config.options.crop_left = area.x & ~1; /* the library wants even corners */
    config.options.crop_top = area.y & ~1;
    config.options.crop_width = area.width;
    config.options.crop_height = area.height;
    config.options.use_scaling = 1;
    config.options.scaled_width = width;
    config.options.scaled_height = height;
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = out->rgba;
    config.output.u.RGBA.stride = width * 4;
    config.output.u.RGBA.size = (size_t)width * (size_t)height * 4;
    bool is_done = WebPDecode((const uint8_t *)bytes.ptr, bytes.len, &config) == VP8_STATUS_OK;
    WebPFreeDecBuffer(&config.output);
    return is_done;
}

/* The first frame of one that moves. */
static bool decode_moving(Str bytes, Area area, int width, int height, Picture *out)
{
    WebPAnimDecoderOptions options;
    WebPData data = {(const uint8_t *)bytes.ptr, bytes.len};
    if (!WebPAnimDecoderOptionsInit(&options))
        return false;
    options.color_mode = MODE_RGBA;
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
    WebPAnimInfo info;
    uint8_t *frame;
    int time_ms;
    Scaler scaler = {0};
    bool is_done = decoder && WebPAnimDecoderGetInfo(decoder, &info) &&
                   (int64_t)info.canvas_width >= (int64_t)area.x + area.width &&
                   (int64_t)info.canvas_height >= (int64_t)area.y + area.height &&
                   WebPAnimDecoderGetNext(decoder, &frame, &time_ms) &&
                   scaler_init(&scaler, area, width, height, out);
    for (uint32_t y = 0; is_done && y < info.canvas_height && !scaler_is_done(&scaler); y++)
        scaler_push(&scaler, frame + (size_t)y * info.canvas_width * 4);
    scaler_deinit(&scaler);
    WebPAnimDecoderDelete(decoder);
    return is_done;
}

bool webp_decode(Str bytes, Area area, int width, int height, Picture *out)
{
    WebPBitstreamFeatures features;
    if (!read_features(bytes, &features))
        return false;
    return features.has_animation ? decode_moving(bytes, area, width, height, out)
                                  : decode_still(bytes, area, width, height, out);
}
