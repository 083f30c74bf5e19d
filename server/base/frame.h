/* base/frame.h: bytes of one event, made once and shared by every socket that gets it.
 *
 * A WebSocket text message is frame->text, then a short tail of the socket's own (its sequence number and "}").
 * Threads  Reference counted atomically; text never changes. `deflated` is filled in by the first loop that compresses
 *          it (compare and swap) and freed with the frame.
 */
#pragma once
#include "base/str.h"
#include <stdatomic.h>

typedef struct Frame {
    uint32_t magic;
    _Atomic uint32_t references;
    _Atomic(struct FrameDeflated *) deflated; /* RFC 7692 form of text ending in a sync flush, or NULL */
    size_t len;
    char text[];
} Frame;

typedef struct FrameDeflated {
    size_t len;
    char bytes[];
} FrameDeflated;

Frame *frame_new(Str text); /* one reference, the caller's */
Frame *frame_ref(Frame *frame);
void frame_unref(Frame *frame); /* NULL is fine */
