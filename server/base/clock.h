/* base/clock.h: what time it is. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

int64_t clock_now_ms(void);       /* Unix milliseconds */
int64_t clock_monotonic_ms(void); /* for time-outs: never jumps */
int64_t clock_monotonic_us(void);

/* RFC 3339 in UTC: "2026-11-24T03:04:05.678Z". */
Str clock_format_rfc3339(Arena *arena, int64_t unix_ms);
/* Reads RFC 3339 with any offset; false when it is not one. */
bool clock_parse_rfc3339(Str s, int64_t *ret_unix_ms);
/* HTTP date (RFC 9110 §5.6.7). */
Str clock_format_http(Arena *arena, int64_t unix_ms);
/* "YYYY-MM-DD" to the Unix milliseconds of its midnight, UTC; false when it is no date. */
bool clock_parse_date(Str s, int64_t *ret_unix_ms);
