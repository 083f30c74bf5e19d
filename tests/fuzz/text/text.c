/* tests/fuzz/text: the small readers of base/: UTF-8, numbers, dates, base64. */
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create();
    Str s = str_make(data, size), bytes;
    size_t runes = 0, at = 0;
    while (at < s.len) {
        size_t before = at;
        (void)str_rune_next(s, &at);
        ENSURE(at > before && at <= s.len);
        runes++;
    }
    Str half = str_rune_prefix(s, runes / 2);
    ENSURE(half.len <= s.len);
    if (str_is_utf8(s))
        ENSURE(str_rune_count(s) == runes && str_is_utf8(half) &&
               str_rune_count(half) == runes / 2);

    int64_t number, time_ms;
    if (str_to_int(s, &number))
        ENSURE(s.len <= 20);
    if (clock_parse_rfc3339(s, &time_ms))
        ENSURE(clock_format_rfc3339(arena, time_ms).len >= 20);
    (void)clock_parse_date(s, &time_ms);
    if (base64_decode(arena, s, &bytes))
        ENSURE(bytes.len <= s.len);
    if (id_is_valid(s))
        ENSURE(s.len == ID_LEN);
    Str rest = s;
    while (rest.ptr && rest.len > 0)
        (void)str_split(&rest, ',');
    arena_free(arena);
    return 0;
}
