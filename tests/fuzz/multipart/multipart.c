/* tests/fuzz/multipart: a form. What is accepted is written again from its parts, and must give the same parts. */
#include "net/multipart.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_plain(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '"' || text.ptr[i] == '\\' || text.ptr[i] == '\r' || text.ptr[i] == '\n')
            return false;
    return true;
}

static void write_part(Buf *out, const HttpPart *part)
{
    buf_append(out, STR("--xx\r\nContent-Disposition: form-data; name=\""));
    buf_append(out, part->name);
    buf_append(out, STR("\"; filename=\""));
    buf_append(out, part->filename);
    buf_append(out, STR("\"\r\nContent-Type: "));
    buf_append(out, part->content_type);
    buf_append(out, STR("\r\n\r\n"));
    buf_append(out, part->bytes);
    buf_append(out, STR("\r\n"));
}

static void check_again(Arena *arena, Str body, const HttpPart *parts, size_t count)
{
    Buf text;
    HttpPart *again;
    size_t again_count;
    buf_init(&text, 1024 * 1024);
    for (size_t i = 0; i < count; i++) {
        const HttpPart *part = &parts[i];
        ENSURE(part->bytes.ptr >= body.ptr &&
               part->bytes.ptr + part->bytes.len <= body.ptr + body.len);
        ENSURE(!str_contains(part->bytes, STR("\r\n--xx")));
        if (!is_plain(part->name) || !is_plain(part->filename) || !is_plain(part->content_type))
            goto done; /* would need escapes of its own */
        write_part(&text, part);
    }
    buf_append(&text, STR("--xx--"));
    if (text.overflowed || str_starts_with(buf_str(&text), STR("--xx--")))
        goto done;
    ENSURE(multipart_parse(arena, STR("multipart/form-data; boundary=xx"), buf_str(&text), &again,
                           &again_count) == OK);
    ENSURE(again_count == count);
    for (size_t i = 0; i < count; i++)
        ENSURE(str_eq(again[i].name, parts[i].name) &&
               str_eq(again[i].filename, parts[i].filename) &&
               str_eq(again[i].content_type, parts[i].content_type) &&
               str_eq(again[i].bytes, parts[i].bytes));
done:
    buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create();
    Str in = str_make(data, size);
    HttpPart *parts;
    size_t count;
    if (multipart_parse(arena, STR("multipart/form-data; boundary=xx"), in, &parts, &count) == OK)
        check_again(arena, in, parts, count);
    ptrdiff_t line = str_find_char(in, '\n'); /* also a content type from outside */
    if (line > 0 && multipart_parse(arena, str_slice(in, 0, (size_t)line),
                                    str_slice(in, (size_t)line + 1, size), &parts, &count) == OK)
        ENSURE(count <= MULTIPART_PARTS_MAX);
    arena_free(arena);
    return 0;
}
