#include "api/content_head.h"
#include "base/buf.h"

bool range_read(Str header, int64_t size, ContentRange *ret_range)
{
    int64_t from = 0, to = size - 1;
    *ret_range = (ContentRange){0, size, false};
    Str rest = header;
    if (!str_eq_nocase(str_slice(rest, 0, 6), STR("bytes=")) || str_find_char(rest, ',') >= 0 ||
        size == 0)
        return true;
    rest = str_trim(str_slice(rest, 6, rest.len));
    ptrdiff_t dash = str_find_char(rest, '-');
    if (dash < 0)
        return true;
    Str first = str_trim(str_slice(rest, 0, (size_t)dash));
    Str last = str_trim(str_slice(rest, (size_t)dash + 1, rest.len));
    bool has_first = first.len > 0, has_last = last.len > 0;
    if ((!has_first && !has_last) || (has_first && (!str_to_int(first, &from) || from < 0)) ||
        (has_last && (!str_to_int(last, &to) || to < 0)))
        return true;
    if (!has_first) { /* the last `to` bytes */
        if (to == 0)
            return false;
        from = to < size ? size - to : 0;
        to = size - 1;
    } else if (has_last && to < from) {
        return true; /* not a range */
    }
    if (from >= size)
        return false;
    if (to >= size)
        to = size - 1;
    *ret_range = (ContentRange){from, to - from + 1, true};
    return true;
}

Str disposition_write(Arena *arena, bool is_inline, Str name)
{
    Buf escaped;
    buf_init(&escaped, name.len * 3);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (is_plain)
            buf_append_char(&escaped, c);
        else
            buf_printf(&escaped, "%%%02X", (unsigned char)c);
    }
    Str text = buf_str(&escaped);
    Str line = str_printf(arena, "%s;filename=\"" STR_FMT "\"; filename*=UTF-8''" STR_FMT,
                          is_inline ? "inline" : "attachment", STR_ARG(text), STR_ARG(text));
    buf_deinit(&escaped);
    return line;
}
