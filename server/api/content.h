/* api/content.h: sending what lies in the file store: types that cannot do harm, names that cannot break a header, parts
 * (Range), and what need not be sent again (ETag).
 *
 * Source   RFC 9110 §13 (conditions) and §14 (ranges), RFC 6266 and 8187 (Content-Disposition).
 */
#pragma once
#include "api/route.h"
#include "domain/files.h"

typedef struct ContentRange {
    int64_t from, length;
    bool is_partial;
} ContentRange;
/* What of `size` bytes a Range header asks for. Anything but one range of bytes is answered whole, as RFC 9110 allows.
 * False: nothing of it is there (416). */
bool range_read(Str header, int64_t size, ContentRange *ret_range);

/* "attachment;filename=\"x\"; filename*=UTF-8''x", with everything but plain letters escaped. */
Str disposition_write(Arena *arena, bool is_inline, Str name);

typedef struct ContentOptions {
    int64_t max_age_s;  /* Cache-Control: max-age=…, private */
    bool is_download;   /* always as an attachment */
} ContentOptions;
Err req_reply_content(Req *req, const Content *content, const ContentOptions *options);
