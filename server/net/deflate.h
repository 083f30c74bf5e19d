/* net/deflate.h: permessage-deflate without context between messages. Private to net.
 *
 * Model    Each message is compressed on its own (server_no_context_takeover), so a frame's text can be compressed once
 *          for all sockets: it ends in a sync flush, at a byte boundary, and what differs by socket follows as a stored
 *          block. Incoming messages are inflated one by one (client_no_context_takeover). So no socket keeps any state.
 * Threads  One Deflater a loop. A frame's compressed form is put in place by compare and swap; the loser frees its own.
 * Source   RFC 7692 section 7; RFC 1951 section 3.2.4 for stored blocks.
 */
#pragma once
#include "base/buf.h"
#include "base/frame.h"

typedef struct Deflater Deflater;

enum { DEFLATE_FROM_BYTES = 256, STORED_HEAD_BYTES = 5 };

Deflater *deflater_new(void);
void deflater_free(Deflater *deflater);

/* The frame's text, compressed and ending in a sync flush (00 00 FF FF), or NULL when that is not worth it. Lives as
 * long as the frame. */
const FrameDeflated *deflater_frame(Deflater *deflater, Frame *frame);
/* `tail` as a stored block, and what ends a message: out has room for tail.len + STORED_HEAD_BYTES + 1. */
size_t deflate_tail(char *out, Str tail);

/* Appends the inflated message to `out`. False when it is no deflate data, or larger than `limit_bytes`: then
 * *ret_is_too_large. */
bool deflater_inflate(Deflater *deflater, Str in, size_t limit_bytes, Buf *out,
                      bool *ret_is_too_large);
