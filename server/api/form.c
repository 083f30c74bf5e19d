#include "api/form.h"

static const HttpPart *find_part(const HttpPart *parts, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parts[i].name, str_of(name)))
            return &parts[i];
    return NULL;
}

Err req_form_file(Req *req, const char *name, int64_t limit_bytes, FormFileErrors errors,
                  Str *ret_bytes)
{
    HttpPart *parts;
    size_t count;
    if (http_multipart(req->http, &parts, &count) != OK)
        return fail(&req->ctx, errors.is_no_form);
    const HttpPart *part = find_part(parts, count, name);
    if (!part || part->filename.len == 0 || part->bytes.len == 0)
        return fail(&req->ctx, errors.has_none);
    if ((int64_t)part->bytes.len > limit_bytes)
        return fail(&req->ctx, errors.is_too_large);
    *ret_bytes = part->bytes;
    return OK;
}

Str req_form_value(Req *req, const char *name)
{
    HttpPart *parts;
    size_t count;
    if (http_multipart(req->http, &parts, &count) != OK)
        return STR_EMPTY;
    const HttpPart *part = find_part(parts, count, name);
    return part ? part->bytes : STR_EMPTY;
}
