#include "base/json.h"

enum { DEPTH_LIMIT = 64 };

/* A value needs a comma before it unless it comes first or after its key. */
static void comma(Buf *out)
{
    if (out->len == 0)
        return;
    char last = out->ptr[out->len - 1];
    if (last != '{' && last != '[' && last != ':' && last != ',' && last != '\n')
        buf_append_char(out, ',');
}

void json_open(Buf *out)
{
    comma(out);
    buf_append_char(out, '{');
}
void json_close(Buf *out)
{
    buf_append_char(out, '}');
}
void json_open_array(Buf *out)
{
    comma(out);
    buf_append_char(out, '[');
}
void json_close_array(Buf *out)
{
    buf_append_char(out, ']');
}

void json_key(Buf *out, const char *key)
{
    comma(out);
    buf_append_char(out, '"');
    buf_append(out, str_of(key));
    buf_append(out, STR("\":"));
}

void json_key_str(Buf *out, Str key)
{
    json_str(out, key);
    buf_append_char(out, ':');
}

/* How many bytes at `at` can go out as they are. */
static size_t plain_run(Str s, size_t at)
{
    size_t i = at;
    while (i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
            break;
        i++;
    }
    return i - at;
}

static void json_escape(Buf *out, unsigned char c)
{
    switch (c) {
    case '"': buf_append(out, STR("\\\"")); break;
    case '\\': buf_append(out, STR("\\\\")); break;
    case '\n': buf_append(out, STR("\\n")); break;
    case '\r': buf_append(out, STR("\\r")); break;
    case '\t': buf_append(out, STR("\\t")); break;
    default: buf_printf(out, "\\u%04x", c); break;
    }
}

void json_str(Buf *out, Str value)
{
    comma(out);
    buf_append_char(out, '"');
    for (size_t i = 0; i < value.len;) {
        size_t run = plain_run(value, i);
        buf_append(out, str_slice(value, i, i + run));
        i += run;
        if (i == value.len)
            break;
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < 0x80) {
            json_escape(out, c);
            i++;
            continue;
        }
        size_t from = i;
        uint32_t rune = str_rune_next(value, &i);
        if (rune == 0xFFFD && i - from == 1)
            buf_append(out, STR("\xEF\xBF\xBD"));
        else
            buf_append(out, str_slice(value, from, i));
    }
    buf_append_char(out, '"');
}

void json_int(Buf *out, int64_t value)
{
    comma(out);
    buf_append_int(out, value);
}
void json_bool(Buf *out, bool value)
{
    comma(out);
    buf_append(out, value ? STR("true") : STR("false"));
}
void json_nil(Buf *out)
{
    comma(out);
    buf_append(out, STR("null"));
}
void json_raw(Buf *out, Str value)
{
    comma(out);
    buf_append(out, value);
}
void json_strs(Buf *out, const Str *items, size_t count)
{
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        json_str(out, items[i]);
    json_close_array(out);
}

/* jansson's own depth limit is 2048 frames of recursion; ours is checked before it recurses. */
static bool is_too_deep(Str text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DEPTH_LIMIT)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

static void free_json(void *arg)
{
    json_decref(arg);
}

Err json_parse(Arena *arena, Str text, json_t **ret_value)
{
    if (is_too_deep(text))
        return ERR_SYNTAX;
    json_error_t error;
    json_t *value = json_loadb(text.ptr ? text.ptr : "", text.len,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value)
        return ERR_SYNTAX;
    arena_defer(arena, free_json, value);
    *ret_value = value;
    return OK;
}

json_t *json_find(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (value)
        return value;
    const char *name;
    json_t *each;
    json_object_foreach((json_t *)object, name, each)
    {
        if (str_eq_nocase(str_of(name), str_of(key)))
            return each;
    }
    return NULL;
}

Str json_text(const json_t *value)
{
    if (!json_is_string(value))
        return STR_EMPTY;
    return str_make(json_string_value(value), json_string_length(value));
}

static int append_to_buf(const char *bytes, size_t len, void *buf)
{
    buf_append(buf, str_make(bytes, len));
    return 0;
}

Str json_dump(Arena *arena, const json_t *value)
{
    Buf text;
    buf_init(&text, SIZE_MAX / 2);
    (void)json_dump_callback(value, append_to_buf, &text,
                             JSON_COMPACT |
                                 JSON_ENCODE_ANY); /* cannot fail: our callback does not */
    Str copy = str_copy(arena, buf_str(&text));
    buf_deinit(&text);
    return copy;
}

Str json_with_text(Arena *arena, Str object, const char *key, Str value)
{
    json_t *json;
    if (json_parse(arena, object.len ? object : STR("{}"), &json) != OK || !json_is_object(json)) {
        Err err = json_parse(arena, STR("{}"), &json);
        ENSURE(err == OK);
    }
    if (value.len)
        ENSURE(json_object_set_new(json, key, json_stringn(value.ptr, value.len)) == 0);
    else
        (void)json_object_del(json, key); /* absent is fine */
    return json_dump(arena, json);
}
