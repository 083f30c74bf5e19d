/* base/buf.h: bytes that grow, with a limit given at birth.
 *
 * Owner    The Buf owns its memory (malloc), so that it can outlive an arena and travel to another thread.
 * Limits   Past the limit the Buf keeps what it has, ignores the rest and sets `overflowed`; check it once at the end.
 */
#pragma once
#include "base/str.h"

typedef struct Arena Arena;

typedef struct Buf {
    char *ptr;
    size_t len, cap, limit;
    bool overflowed;
} Buf;

void buf_init(Buf *buf, size_t limit_bytes);
/* A Buf that is freed with the arena. */
Buf *buf_new(Arena *arena, size_t limit_bytes);
void buf_deinit(Buf *buf); /* also fine for a zeroed or already emptied Buf */
void buf_clear(Buf *buf);  /* forgets the bytes, keeps the memory */
/* Makes room for `more` further bytes; false past the limit. */
bool buf_reserve(Buf *buf, size_t more);

void buf_append(Buf *buf, Str s);
void buf_append_char(Buf *buf, char c);
void buf_append_int(Buf *buf, int64_t value);
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Drops the first `n` bytes. */
void buf_consume(Buf *buf, size_t n);

static inline Str buf_str(const Buf *buf) { return (Str){buf->ptr, buf->len}; }
