/* tests/fuzz/json: what base/json.h reads. What is accepted is written and read again, and must be
 * the same value. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create();
    json_t *value, *again;
    if (json_parse(arena, str_make(data, size), &value) == OK) {
        Str text = json_dump(arena, value);
        ENSURE(str_is_utf8(text));
        ENSURE(json_parse(arena, text, &again) == OK);
        ENSURE(json_equal(value, again));
    }
    arena_free(arena);
    return 0;
}
