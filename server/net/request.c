/* Requests come and go; what handlers read from them and add to their replies. */
#include "base/id.h"
#include "net/http.h"
#include "net/spool.h"
#include <unistd.h>

Request *request_new(Conn *conn)
{
    Loop *loop = conn->loop;
    Request *request = loop->free_requests;
    if (request) {
        loop->free_requests = request->next_free;
        loop->free_request_count--;
    } else {
        request = calloc(1, sizeof *request);
        ENSURE(request != NULL);
        request->magic = REQUEST_MAGIC;
        request->loop = loop;
        request->http.arena = arena_create();
        buf_init(&request->http.reply.headers, 64 * 1024);
        buf_init(&request->http.reply.body, REPLY_LIMIT_BYTES);
    }
    loop->request_count++;
    request->conn = conn;
    conn->request = request;
    request->http.reply.file.fd = -1;
    request->http.loop_index = loop->index;
    request->http.started_us = clock_monotonic_us();
    request->http.request_id = id_make(request->http.arena, clock_now_ms());
    return request;
}

static void request_free(Request *request)
{
    arena_free(request->http.arena);
    buf_deinit(&request->http.reply.headers);
    buf_deinit(&request->http.reply.body);
    free(request);
}

/* Keeps what is worth keeping for the next request: the arena's first chunk and small buffers. */
static void request_recycle(Request *request)
{
    Loop *loop = request->loop;
    HttpReq *http = &request->http;
    Buf headers = http->reply.headers, body = http->reply.body;
    buf_clear(&headers);
    buf_clear(&body);
    if (body.cap > KEPT_BODY_BYTES)
        buf_deinit(&body);
    body.limit = REPLY_LIMIT_BYTES; /* the handler may have set its own */
    arena_reset(http->arena);
    *request = (Request){.magic = REQUEST_MAGIC, .loop = loop, .http.arena = http->arena};
    http->reply.headers = headers;
    http->reply.body = body;
    request->next_free = loop->free_requests;
    loop->free_requests = request;
    loop->free_request_count++;
}

void request_release(Request *request)
{
    Loop *loop = request->loop;
    ASSERT_ON_LOOP(loop);
    if (request->conn)
        request->conn->request = NULL;
    request->conn = NULL;
    if (request->http.reply.file.fd >= 0)
        (void)close(request->http.reply.file.fd); /* only read from */
    buf_deinit(&request->content);
    spool_free(request->spool);
    request->spool = NULL;
    loop->request_count--;
    if (loop->free_request_count < FREE_REQUESTS_MAX)
        request_recycle(request);
    else
        request_free(request);
}

void request_free_all(Loop *loop)
{
    while (loop->free_requests) {
        Request *request = loop->free_requests;
        loop->free_requests = request->next_free;
        request_free(request);
    }
}

void request_drop_spool(Request *request)
{
    spool_free(request->spool);
    request->spool = NULL;
}

/* ---- for handlers ---- */
Str http_header(const HttpReq *req, Str name)
{
    for (size_t i = 0; i < req->header_count; i++)
        if (str_eq_nocase(req->headers[i].name, name))
            return req->headers[i].value;
    return STR_EMPTY;
}

Str http_cookie(const HttpReq *req, Str name)
{
    for (size_t i = 0; i < req->header_count; i++) {
        if (!str_eq_nocase(req->headers[i].name, STR("Cookie")))
            continue;
        for (Str rest = req->headers[i].value; rest.ptr;) {
            Str pair = str_trim(str_split(&rest, ';'));
            ptrdiff_t equals = str_find_char(pair, '=');
            if (equals < 0 || !str_eq(str_slice(pair, 0, (size_t)equals), name))
                continue;
            Str value = str_slice(pair, (size_t)equals + 1, pair.len);
            bool is_quoted =
                value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
            return is_quoted ? str_slice(value, 1, value.len - 1) : value;
        }
    }
    return STR_EMPTY;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool http_decode(Arena *arena, Str text, bool plus, Str *ret_text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '+' && plus) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        out[len++] = c;
    }
    *ret_text = str_make(out, len);
    return true;
}

bool http_query(const HttpReq *req, Str name, Str *ret_value)
{
    if (req->query.len == 0)
        return false;
    for (Str rest = req->query; rest.ptr;) {
        Str pair = str_split(&rest, '&');
        ptrdiff_t equals = str_find_char(pair, '=');
        Str key = equals < 0 ? pair : str_slice(pair, 0, (size_t)equals);
        Str value = equals < 0 ? STR_EMPTY : str_slice(pair, (size_t)equals + 1, pair.len);
        Str plain;
        if (!str_eq(key, name) &&
            !(http_decode(req->arena, key, true, &plain) && str_eq(plain, name)))
            continue;
        return http_decode(req->arena, value, true, ret_value);
    }
    return false;
}

void http_append_clean(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' && text.ptr[i] != '\n' && text.ptr[i] != '\0')
            buf_append_char(out, text.ptr[i]);
}

void http_add_header(HttpReq *req, Str name, Str value)
{
    Buf *out = &req->reply.headers;
    http_append_clean(out, name);
    buf_append(out, STR(": "));
    http_append_clean(out, value);
    buf_append(out, STR("\r\n"));
}
