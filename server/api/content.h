/* api/content.h: sending what lies in the file store: types that cannot do harm, names that cannot break a header, parts
 * (Range), and what need not be sent again (ETag).
 *
 * Source   RFC 9110 §13 (conditions).
 */
#pragma once
#include "api/content_head.h"
#include "api/route.h"
#include "domain/files.h"

typedef struct ContentOptions {
    int64_t max_age_s;  /* Cache-Control: max-age=…, private */
    bool is_download;   /* always as an attachment */
} ContentOptions;
Err req_reply_content(Req *req, const Content *content, const ContentOptions *options);
