#include "base/frame.h"
#include "base/err.h"
#include <stdlib.h>

enum { FRAME_MAGIC = 0x46524D45 };

Frame *frame_new(Str text)
{
    Frame *frame = malloc(sizeof *frame + text.len);
    ENSURE(frame != NULL);
    frame->magic = FRAME_MAGIC;
    atomic_init(&frame->references, 1);
    atomic_init(&frame->deflated, NULL);
    frame->len = text.len;
    memcpy(frame->text, text.len ? text.ptr : "", text.len);
    return frame;
}

Frame *frame_ref(Frame *frame)
{
    ENSURE(frame->magic == FRAME_MAGIC);
    atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
    return frame;
}

void frame_unref(Frame *frame)
{
    if (!frame)
        return;
    ENSURE(frame->magic == FRAME_MAGIC);
    uint32_t before = atomic_fetch_sub_explicit(&frame->references, 1, memory_order_acq_rel);
    ENSURE(before > 0);
    if (before > 1)
        return;
    frame->magic = 0;
    free(atomic_load(&frame->deflated));
    free(frame);
}
