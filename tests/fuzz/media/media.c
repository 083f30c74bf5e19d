/* tests/fuzz/media: a picture as somebody sends it, as the helper reads it. The first byte chooses what is made of it. Whatever it
 * says fits together. */
#include "base/err.h"
#include "media/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    Buf parts[MEDIA_PARTS];
    MediaReply reply;
    MediaRequest request = {.magic = MEDIA_MAGIC, .mode = data[0] % 3, .pixel_limit = 256 * 1024};
    media_run(&request, str_make(data + 1, size - 1), &reply, parts);
    ENSURE(reply.status <= MEDIA_BROKEN);
    ENSURE(reply.status == MEDIA_UNKNOWN || (reply.width > 0 && reply.height > 0));
    bool is_within = (int64_t)reply.width * reply.height <= request.pixel_limit;
    ENSURE(is_within || reply.status == MEDIA_TOO_LARGE);
    for (int i = 0; i < MEDIA_PARTS; i++) {
        ENSURE(reply.sizes[i] == parts[i].len);
        ENSURE(reply.status == MEDIA_OK || parts[i].len == 0);
        buf_deinit(&parts[i]);
    }
    return 0;
}
