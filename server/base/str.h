/* base/str.h: text and bytes as a pointer and a length, passed by value, often a slice of somebody else's memory.
 *
 * A Str never owns. It may hold any bytes, also NUL; it is not NUL-terminated. The empty Str may have a NULL pointer.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *ptr;
    size_t len;
} Str;

/* A Str of a string literal; of a C string; of a part of memory. */
#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
#define STR_EMPTY ((Str){"", 0})
static inline Str str_of(const char *c) { return (Str){c ? c : "", c ? strlen(c) : 0}; }
static inline Str str_make(const void *ptr, size_t len) { return (Str){(const char *)ptr, len}; }

/* For printf: printf("name=" STR_FMT, STR_ARG(name)). */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)((s).len), ((s).ptr ? (s).ptr : "")

static inline bool str_is_empty(Str s) { return s.len == 0; }
static inline bool str_eq(Str a, Str b) { return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0); }
bool str_eq_nocase(Str a, Str b); /* ASCII letters only */
int str_cmp(Str a, Str b);        /* byte order, like strcmp */
/* Takes the same time wherever the first difference is; for secrets. Lengths may leak. */
bool str_eq_secret(Str a, Str b);

bool str_starts_with(Str s, Str prefix);
bool str_ends_with(Str s, Str suffix);
bool str_contains(Str s, Str part);
/* Index of the first occurrence at or after `from`, or -1. */
ptrdiff_t str_find(Str s, Str part, size_t from);
ptrdiff_t str_find_char(Str s, char c);

/* The part [from, to); both are clamped to the length. */
Str str_slice(Str s, size_t from, size_t to);
/* Without ASCII white space at both ends. */
Str str_trim(Str s);
/* Cuts `rest` at the first `separator`: returns what stands before it, and leaves in `rest` what follows it. The last
 * piece leaves rest->ptr == NULL, so: for (Str rest = s; rest.ptr;) { Str piece = str_split(&rest, ','); … } */
Str str_split(Str *rest, char separator);

/* The whole of `s` as a decimal number; false (and *ret_value untouched) when it is anything else or does not fit. */
bool str_to_int(Str s, int64_t *ret_value);

uint64_t str_hash(Str s);

/* Is it valid UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL? */
bool str_is_utf8(Str s);
/* Unicode code points in valid UTF-8. */
size_t str_rune_count(Str s);
/* The first `n` code points of `s`. */
Str str_rune_prefix(Str s, size_t n);
/* Reads the code point at *at and moves *at past it; a broken byte gives U+FFFD and moves by one. *at < s.len. */
uint32_t str_rune_next(Str s, size_t *at);
