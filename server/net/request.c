/* What handlers read from a request and add to a reply. */
#include "net/http.h"

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
