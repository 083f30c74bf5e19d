#include "base/buf.h"
#include "base/arena.h"
#include "base/err.h"
#include <stdarg.h>
#include <stdlib.h>

void buf_init(Buf *buf, size_t limit_bytes)
{
    *buf = (Buf){.limit = limit_bytes};
}

static void deinit_later(void *buf)
{
    buf_deinit(buf);
}

Buf *buf_new(Arena *arena, size_t limit_bytes)
{
    Buf *buf = arena_new(arena, Buf, 1);
    buf_init(buf, limit_bytes);
    arena_defer(arena, deinit_later, buf);
    return buf;
}

void buf_deinit(Buf *buf)
{
    free(buf->ptr);
    *buf = (Buf){.limit = buf->limit};
}

void buf_clear(Buf *buf)
{
    buf->len = 0;
    buf->overflowed = false;
}

bool buf_reserve(Buf *buf, size_t more)
{
    if (buf->overflowed)
        return false;
    if (more <= buf->cap - buf->len)
        return true;
    if (more > buf->limit - buf->len) {
        buf->overflowed = true;
        return false;
    }
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap < buf->len + more)
        cap *= 2;
    if (cap > buf->limit)
        cap = buf->limit;
    char *grown = realloc(buf->ptr, cap);
    ENSURE(grown != NULL);
    buf->ptr = grown;
    buf->cap = cap;
    return true;
}

void buf_append(Buf *buf, Str s)
{
    if (s.len == 0 || !buf_reserve(buf, s.len))
        return;
    memcpy(buf->ptr + buf->len, s.ptr, s.len);
    buf->len += s.len;
}

void buf_append_char(Buf *buf, char c)
{
    if ((buf->len == buf->cap || buf->overflowed) && !buf_reserve(buf, 1))
        return;
    buf->ptr[buf->len++] = c;
}

void buf_append_int(Buf *buf, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0)
        *--at = '-';
    buf_append(buf, str_make(at, (size_t)(digits + sizeof digits - at)));
}

void buf_printf(Buf *buf, const char *format, ...)
{
    char few[512], *text = few; /* not in the Buf itself, whose limit has no room for the NUL */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(few, sizeof few, format, args);
    va_end(args);
    ENSURE(len >= 0);
    if ((size_t)len >= sizeof few) {
        text = malloc((size_t)len + 1);
        ENSURE(text != NULL);
        va_start(args, format);
        (void)vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
    }
    buf_append(buf, str_make(text, (size_t)len));
    if (text != few)
        free(text);
}

void buf_consume(Buf *buf, size_t n)
{
    ENSURE(n <= buf->len);
    buf->len -= n;
    if (buf->len)
        memmove(buf->ptr, buf->ptr + n, buf->len);
}
