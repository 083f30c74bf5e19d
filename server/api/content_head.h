/* api/content_head.h: what the head of a reply with a file says of it. Pure.
 *
 * Source   RFC 9110 §14 (ranges), RFC 6266 and 8187 (Content-Disposition).
 */
#pragma once
#include "base/arena.h"

typedef struct ContentRange {
    int64_t from, length;
    bool is_partial;
} ContentRange;
/* What of `size` bytes a Range header asks for. Anything but one range of bytes is answered whole, as RFC 9110 allows.
 * False: nothing of it is there (416). */
bool range_read(Str header, int64_t size, ContentRange *ret_range);

/* "attachment;filename=\"x\"; filename*=UTF-8''x", with everything but plain letters escaped. */
Str disposition_write(Arena *arena, bool is_inline, Str name);
