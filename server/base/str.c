#include "base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int str_cmp(Str a, Str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    if (order != 0)
        return order;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

bool str_eq_secret(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    unsigned char difference = 0;
    for (size_t i = 0; i < a.len; i++)
        difference |= (unsigned char)(a.ptr[i] ^ b.ptr[i]);
    return difference == 0;
}

bool str_starts_with(Str s, Str prefix)
{
    return s.len >= prefix.len && str_eq(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends_with(Str s, Str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

ptrdiff_t str_find(Str s, Str part, size_t from)
{
    if (part.len == 0)
        return from <= s.len ? (ptrdiff_t)from : -1;
    if (from >= s.len)
        return -1;
    const char *hit = memmem(s.ptr + from, s.len - from, part.ptr, part.len);
    return hit ? hit - s.ptr : -1;
}

bool str_contains(Str s, Str part)
{
    return str_find(s, part, 0) >= 0;
}

ptrdiff_t str_find_char(Str s, char c)
{
    const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

Str str_slice(Str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (Str){s.ptr ? s.ptr + from : "", to - from};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s)
{
    size_t from = 0, to = s.len;
    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

Str str_split(Str *rest, char separator)
{
    Str all = *rest;
    ptrdiff_t at = str_find_char(all, separator);
    if (at < 0) {
        *rest = (Str){NULL, 0};
        return all.ptr ? all : STR_EMPTY;
    }
    *rest = str_slice(all, (size_t)at + 1, all.len);
    return str_slice(all, 0, (size_t)at);
}

bool str_to_int(Str s, int64_t *ret_value)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    if (s.len == (negative ? 1 : 0) || s.len > 20)
        return false;
    int64_t value = 0;
    for (size_t i = negative ? 1 : 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
        int digit = s.ptr[i] - '0';
        if (__builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

/* FNV-1a with a final mix: short keys, no attacker chooses ids. */
uint64_t str_hash(Str s)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}

/* Length of the valid sequence at p (RFC 3629 §4), or 0; *ret_rune gets the code point. */
static size_t utf8_sequence(const unsigned char *p, size_t left, uint32_t *ret_rune)
{
    if (p[0] < 0x80) {
        *ret_rune = p[0];
        return 1;
    }
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n > left)
        return 0;
    uint32_t rune = p[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        rune = rune << 6 | (p[i] & 0x3Fu);
    }
    if ((n == 3 && (rune < 0x800 || (rune >= 0xD800 && rune <= 0xDFFF))) ||
        (n == 4 && (rune < 0x10000 || rune > 0x10FFFF)))
        return 0;
    *ret_rune = rune;
    return n;
}

bool str_is_utf8(Str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t rune;
        size_t n = utf8_sequence((const unsigned char *)s.ptr + i, s.len - i, &rune);
        if (n == 0 || rune == 0)
            return false;
        i += n;
    }
    return true;
}

size_t str_rune_count(Str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}

Str str_rune_prefix(Str s, size_t n)
{
    size_t at = 0;
    while (n > 0 && at < s.len) {
        (void)str_rune_next(s, &at);
        n--;
    }
    return str_slice(s, 0, at);
}

uint32_t str_rune_next(Str s, size_t *at)
{
    uint32_t rune = 0xFFFD;
    size_t n = utf8_sequence((const unsigned char *)s.ptr + *at, s.len - *at, &rune);
    *at += n ? n : 1;
    return n ? rune : 0xFFFD;
}
