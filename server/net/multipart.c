#include "net/multipart.h"
#include "base/vec.h"

/* ---- parameters: form-data; name="a b"; filename="x.png" ---- */
static void skip_space(Str *rest)
{
    while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
        *rest = str_slice(*rest, 1, rest->len);
}

/* A quoted value; a backslash quotes only a quote or a backslash, since old browsers send Windows
 * paths bare. */
static bool take_quoted(Arena *arena, Str *rest, Str *ret_value)
{
    char *out = arena_alloc(arena, rest->len + 1);
    size_t len = 0;
    for (size_t i = 1; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '"') {
            *ret_value = str_make(out, len);
            *rest = str_slice(*rest, i + 1, rest->len);
            return true;
        }
        if (c == '\\' && i + 1 < rest->len && (rest->ptr[i + 1] == '"' || rest->ptr[i + 1] == '\\'))
            c = rest->ptr[++i];
        out[len++] = c;
    }
    return false;
}

/* The next "; name=value"; false at the end and at what is none, which *rest tells apart. */
static bool next_parameter(Arena *arena, Str *rest, Str *ret_name, Str *ret_value)
{
    skip_space(rest);
    if (rest->len == 0 || rest->ptr[0] != ';')
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    skip_space(rest);
    ptrdiff_t equals = str_find_char(*rest, '=');
    if (equals <= 0)
        return false;
    *ret_name = str_trim(str_slice(*rest, 0, (size_t)equals));
    *rest = str_slice(*rest, (size_t)equals + 1, rest->len);
    if (rest->len > 0 && rest->ptr[0] == '"')
        return take_quoted(arena, rest, ret_value);
    ptrdiff_t end = str_find_char(*rest, ';');
    size_t len = end < 0 ? rest->len : (size_t)end;
    *ret_value = str_trim(str_slice(*rest, 0, len));
    *rest = str_slice(*rest, len, rest->len);
    return true;
}

static bool find_boundary(Arena *arena, Str content_type, Str *ret_boundary)
{
    ptrdiff_t semicolon = str_find_char(content_type, ';');
    if (semicolon < 0 || !str_eq_nocase(str_trim(str_slice(content_type, 0, (size_t)semicolon)),
                                        STR("multipart/form-data")))
        return false;
    Str rest = str_slice(content_type, (size_t)semicolon, content_type.len), name, value;
    while (next_parameter(arena, &rest, &name, &value))
        if (str_eq_nocase(name, STR("boundary"))) {
            *ret_boundary = value;
            return value.len > 0 && value.len <= 70; /* RFC 2046 §5.1.1 */
        }
    return false;
}

/* RFC 5987: UTF-8''na%C3%AFve.txt */
static bool decode_extended(Arena *arena, Str value, Str *ret_text)
{
    ptrdiff_t first = str_find_char(value, '\'');
    if (first < 0 || !str_eq_nocase(str_slice(value, 0, (size_t)first), STR("UTF-8")))
        return false;
    Str rest = str_slice(value, (size_t)first + 1, value.len);
    ptrdiff_t second = str_find_char(rest, '\'');
    return second >= 0 &&
           http_decode(arena, str_slice(rest, (size_t)second + 1, rest.len), false, ret_text);
}

/* ---- parts ---- */
static Err read_disposition(Arena *arena, Str value, HttpPart *part, bool *ret_has_name)
{
    ptrdiff_t semicolon = str_find_char(value, ';');
    if (semicolon < 0 ||
        !str_eq_nocase(str_trim(str_slice(value, 0, (size_t)semicolon)), STR("form-data")))
        return ERR_SYNTAX;
    Str rest = str_slice(value, (size_t)semicolon, value.len), name, text;
    bool has_extended = false;
    while (next_parameter(arena, &rest, &name, &text)) {
        if (str_eq_nocase(name, STR("name"))) {
            part->name = text;
            *ret_has_name = true;
        } else if (str_eq_nocase(name, STR("filename")) && !has_extended) {
            part->filename = text;
        } else if (str_eq_nocase(name, STR("filename*"))) {
            if (!decode_extended(arena, text, &part->filename))
                return ERR_SYNTAX;
            has_extended = true;
        }
    }
    return str_trim(rest).len == 0 ? OK : ERR_SYNTAX;
}

/* The headers of a part, up to the empty line; *rest is left at its content. */
static Err read_part_head(Arena *arena, Str *rest, HttpPart *part)
{
    bool has_name = false;
    size_t before = rest->len;
    while (true) {
        ptrdiff_t end = str_find(*rest, STR("\r\n"), 0);
        if (end < 0 || before - rest->len + (size_t)end > MULTIPART_HEAD_LIMIT_BYTES)
            return ERR_SYNTAX;
        Str line = str_slice(*rest, 0, (size_t)end);
        *rest = str_slice(*rest, (size_t)end + 2, rest->len);
        if (line.len == 0)
            return has_name ? OK : ERR_SYNTAX;
        ptrdiff_t colon = str_find_char(line, ':');
        if (colon <= 0)
            return ERR_SYNTAX;
        Str name = str_slice(line, 0, (size_t)colon);
        Str value = str_trim(str_slice(line, (size_t)colon + 1, line.len));
        if (str_eq_nocase(name, STR("Content-Disposition")))
            TRY(read_disposition(arena, value, part, &has_name));
        else if (str_eq_nocase(name, STR("Content-Type")))
            part->content_type = value;
    }
}

/* After a boundary: "\r\n" begins a part, "--" ends the body. White space between is allowed (RFC
 * 2046). */
static Err after_boundary(Str *rest, bool *ret_is_end)
{
    *ret_is_end = str_starts_with(*rest, STR("--"));
    if (*ret_is_end)
        return OK;
    skip_space(rest);
    if (!str_starts_with(*rest, STR("\r\n")))
        return ERR_SYNTAX;
    *rest = str_slice(*rest, 2, rest->len);
    return OK;
}

/* memmem: a body may be hundreds of megabytes. */
static ptrdiff_t find_bytes(Str in, Str what)
{
    const char *at = in.len ? memmem(in.ptr, in.len, what.ptr, what.len) : NULL;
    return at ? at - in.ptr : -1;
}

Err multipart_parse(Arena *arena, Str content_type, Str body, HttpPart **ret_parts,
                    size_t *ret_count)
{
    Str boundary, rest = body;
    VEC(HttpPart) parts = {0};
    bool is_end;
    if (!find_boundary(arena, content_type, &boundary))
        return ERR_SYNTAX;
    Str delimiter = str_concat(arena, STR("\r\n--"), boundary);
    Str first = str_slice(delimiter, 2, delimiter.len);
    if (!str_starts_with(rest, first)) { /* a preamble */
        ptrdiff_t at = find_bytes(rest, delimiter);
        if (at < 0)
            return ERR_SYNTAX;
        rest = str_slice(rest, (size_t)at + 2, rest.len);
    }
    rest = str_slice(rest, first.len, rest.len);
    TRY(after_boundary(&rest, &is_end));
    while (!is_end) {
        HttpPart part = {.name = STR_EMPTY, .filename = STR_EMPTY, .content_type = STR_EMPTY};
        if (parts.len == MULTIPART_PARTS_MAX)
            return ERR_SYNTAX;
        TRY(read_part_head(arena, &rest, &part));
        ptrdiff_t end = find_bytes(rest, delimiter);
        if (end < 0)
            return ERR_SYNTAX;
        part.bytes = str_slice(rest, 0, (size_t)end);
        rest = str_slice(rest, (size_t)end + delimiter.len, rest.len);
        vec_push(arena, &parts, part);
        TRY(after_boundary(&rest, &is_end));
    }
    *ret_parts = parts.items;
    *ret_count = parts.len;
    return OK;
}

Err http_multipart(const HttpReq *req, HttpPart **ret_parts, size_t *ret_count)
{
    return multipart_parse(req->arena, http_header(req, STR("Content-Type")), req->body, ret_parts,
                           ret_count);
}
