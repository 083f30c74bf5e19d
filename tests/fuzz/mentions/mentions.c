/* tests/fuzz/mentions: the words of a message, its tags, links and channel names. */
#include "base/err.h"
#include "domain/mention_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Seen {
    Str plain;
    size_t count;
} Seen;

static bool check_form(void *arg, Str form)
{
    Seen *seen = arg;
    ENSURE(form.len > 0 && form.ptr >= seen->plain.ptr &&
           form.ptr + form.len <= seen->plain.ptr + seen->plain.len);
    return seen->count++ % 3 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create();
    Str text = str_make(data, size);
    Str plain = mention_plain_text(arena, text);
    ENSURE(plain.len == text.len);
    for (size_t i = 0; i < text.len; i++) /* bytes stay where they are, or become blanks */
        ENSURE(plain.ptr[i] == text.ptr[i] || plain.ptr[i] == ' ');
    StrVec others = {0}, names = {0};
    Seen seen = {.plain = plain};
    mention_scan(arena, plain, check_form, &seen, &others);
    for (size_t i = 0; i < others.len; i++)
        ENSURE(others.items[i].len > 0);
    mention_channel_names(arena, plain, &names);
    for (size_t i = 0; i < names.len; i++)
        ENSURE(names.items[i].len > 0 && names.items[i].len <= 64);
    Str tags = mention_hashtags(arena, plain, 3), folded = mention_fold(arena, text),
        link = mention_first_link(arena, text);
    ENSURE(tags.len <= plain.len * 2 && link.len <= text.len);
    if (str_is_utf8(text))
        ENSURE(str_is_utf8(folded) && str_is_utf8(link) && str_is_utf8(tags) &&
               str_rune_count(folded) == str_rune_count(text));
    (void)mention_is_multibyte(text);
    arena_free(arena);
    return 0;
}
