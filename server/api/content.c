#include "api/content.h"
#include "base/clock.h"
#include "base/log.h"
#include "ext/files.h"
#include "model/mime.h"
#include <unistd.h>

/* Whatever is opened as a page of its own runs nothing, loads nothing from elsewhere, and is in no frame. */
static const char CONTENT_POLICY[] =
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; sandbox";

/* If-Range: the part is only wanted of the same content. */
static bool is_same_content(Req *req, Str tag, int64_t modified_at)
{
    Str condition = http_header(req->http, STR("If-Range"));
    return condition.len == 0 || str_eq(condition, tag) ||
           str_eq(condition, clock_format_http(req->arena, modified_at));
}

/* ---- headers ---- */
/* What a browser could run goes out as plain text; SVG under its own type where the administrator wants to see it. */
static Str sent_type(const Req *req, Str mime)
{
    bool is_svg = str_eq(mime, STR("image/svg+xml"));
    if (is_svg && req->ctx.settings->ServiceSettings_EnableSVGs)
        return mime;
    return mime_is_active(mime) || mime.len == 0 ? STR("text/plain") : mime;
}

static void add_headers(Req *req, const Content *content, const ContentOptions *options)
{
    bool is_inline = !options->is_download && mime_is_inline(content->mime);
    req_header(req, "Content-Disposition", disposition_write(req->arena, is_inline, content->name));
    req_header(req, "Cache-Control",
               str_printf(req->arena, "max-age=%lld, private", (long long)options->max_age_s));
    req_header(req, "Content-Security-Policy", str_of(CONTENT_POLICY));
    req_header(req, "X-Frame-Options", STR("DENY"));
    req_header(req, "Accept-Ranges", STR("bytes"));
    req_header(req, "Last-Modified", clock_format_http(req->arena, content->modified_at));
}

static void answer_out_of_range(Req *req, int64_t size)
{
    (void)req_begin(req, 416); /* no body: the header says it all */
    req->http->reply.content_type = STR_EMPTY;
    req_header(req, "Content-Range", str_printf(req->arena, "bytes */%lld", (long long)size));
}

Err req_reply_content(Req *req, const Content *content, const ContentOptions *options)
{
    int fd;
    int64_t size;
    ContentRange range;
    Err err = file_store_open(req->ctx.app->files, content->key, &fd, &size);
    if (err == ERR_ABSENT) {
        log_error("a content is missing in the file store", "key=" STR_FMT, STR_ARG(content->key));
        return fail(&req->ctx, ERR_API_FILE_GET_FILE_INFO);
    }
    TRY(err);
    add_headers(req, content, options);
    bool is_unchanged = req_is_unchanged(req, content->tag);
    Str wanted = http_header(req->http, STR("Range"));
    if (!is_same_content(req, req_etag(req, content->tag), content->modified_at))
        wanted = STR_EMPTY;
    bool is_there = range_read(wanted, size, &range);
    if (!is_unchanged && !is_there)
        answer_out_of_range(req, size);
    if (is_unchanged || !is_there) {
        (void)close(fd); /* nothing was read */
        return OK;
    }
    (void)req_begin(req, range.is_partial ? 206 : 200);
    req->http->reply.content_type = str_copy(req->http->arena, sent_type(req, content->mime));
    req->http->reply.is_compressible = false;
    req->http->reply.file = (HttpFile){.fd = fd, .offset = range.from, .length = range.length};
    if (range.is_partial)
        req_header(req, "Content-Range",
                   str_printf(req->arena, "bytes %lld-%lld/%lld", (long long)range.from,
                              (long long)(range.from + range.length - 1), (long long)size));
    return OK;
}
