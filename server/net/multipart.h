/* net/multipart.h: the grammar of multipart/form-data. Pure; http_multipart in net.h is this on a request. */
#pragma once
#include "net/net.h"

enum { MULTIPART_PARTS_MAX = 64, MULTIPART_HEAD_LIMIT_BYTES = 8 * 1024 };

/* `content_type` gives the boundary. Every part needs a name. Parts are slices of `body`. */
Err multipart_parse(Arena *arena, Str content_type, Str body, HttpPart **ret_parts,
                    size_t *ret_count);
