#include "domain/names.h"
#include "base/err.h"
#include "base/pinyin.h"
#include <locale.h>
#include <pthread.h>
#include <wctype.h>

enum { WORDS_LIMIT_BYTES = 16 * 1024 };

static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_locale(void)
{
    unicode =
        newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); /* absent: 0, and only ASCII is folded */
}

static uint32_t fold(uint32_t rune)
{
    if (rune >= 0xFF01 && rune <= 0xFF5E)
        rune -= 0xFEE0; /* full-width forms of ASCII */
    if (rune < 0x80)
        return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
    return unicode ? (uint32_t)towlower_l((wint_t)rune, unicode) : rune;
}

static void append_rune(Buf *out, uint32_t r)
{
    if (r < 0x80) {
        buf_append_char(out, (char)r);
    } else if (r < 0x800) {
        buf_append_char(out, (char)(0xC0 | r >> 6));
        buf_append_char(out, (char)(0x80 | (r & 63)));
    } else if (r < 0x10000) {
        buf_append_char(out, (char)(0xE0 | r >> 12));
        buf_append_char(out, (char)(0x80 | (r >> 6 & 63)));
        buf_append_char(out, (char)(0x80 | (r & 63)));
    } else {
        buf_append_char(out, (char)(0xF0 | r >> 18));
        buf_append_char(out, (char)(0x80 | (r >> 12 & 63)));
        buf_append_char(out, (char)(0x80 | (r >> 6 & 63)));
        buf_append_char(out, (char)(0x80 | (r & 63)));
    }
}

Str name_fold(Arena *arena, Str s)
{
    ENSURE(pthread_once(&once, make_locale) == 0);
    Buf *out = buf_new(arena, s.len * 3 + 16);
    for (size_t at = 0; at < s.len;)
        append_rune(out, fold(str_rune_next(s, &at)));
    return buf_str(out);
}

/* Written without spaces between words: Han, kana, hangul. */
static bool is_east_asian(uint32_t r)
{
    return (r >= 0x3040 && r <= 0x30FF) || (r >= 0x3400 && r <= 0x9FFF) ||
           (r >= 0xAC00 && r <= 0xD7A3) || (r >= 0xF900 && r <= 0xFAFF) ||
           (r >= 0x20000 && r <= 0x3FFFF);
}

/* A Chinese word read out: all syllables, then their initials. `first` is the reading of its first character. */
static void add_reading(Str word, Str first, Buf *out)
{
    for (int initials = 0; initials < 2; initials++) {
        buf_append_char(out, ' ');
        for (size_t at = 0; at < word.len;) {
            bool is_first = at == 0;
            Str syllable = pinyin_of(str_rune_next(word, &at));
            if (is_first)
                syllable = first;
            if (syllable.len == 0)
                break; /* the Chinese part ends here */
            buf_append(out, initials ? str_slice(syllable, 0, 1) : syllable);
        }
    }
}

static void add_readings(Str word, uint32_t first_rune, Buf *out)
{
    enum { READINGS = 4 };
    Str others[READINGS], usual = pinyin_of(first_rune);
    if (usual.len == 0)
        return;
    add_reading(word, usual, out);
    size_t count = pinyin_others(first_rune, others, READINGS);
    for (size_t i = 0; i < count; i++)
        add_reading(word, others[i], out);
}

void name_add_words(Arena *arena, Str name, Buf *out)
{
    Str folded = name_fold(arena, name);
    bool starts_word = true;
    for (size_t at = 0; at < folded.len && out->len < WORDS_LIMIT_BYTES;) {
        size_t start = at;
        uint32_t rune = str_rune_next(folded, &at);
        bool is_space = rune <= ' ' || rune == 0x3000;
        if (!is_space && (starts_word || is_east_asian(rune))) {
            ptrdiff_t end = str_find_char(str_slice(folded, start, folded.len), ' ');
            Str word = str_slice(folded, start, end < 0 ? folded.len : start + (size_t)end);
            buf_append_char(out, ' ');
            buf_append(out, word);
            add_readings(word, rune, out);
        }
        starts_word = is_space;
    }
}

static void append_escaped(Buf *out, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '!' || s.ptr[i] == '%' || s.ptr[i] == '_')
            buf_append_char(out, '!');
        buf_append_char(out, s.ptr[i]);
    }
}

Str name_pattern(Arena *arena, Str word)
{
    Buf *out = buf_new(arena, word.len * 2 + 16);
    buf_append(out, STR("% "));
    append_escaped(out, word);
    buf_append_char(out, '%');
    return buf_str(out);
}

Str prefix_pattern(Arena *arena, Str start)
{
    Buf *out = buf_new(arena, start.len * 2 + 16);
    append_escaped(out, start);
    buf_append_char(out, '%');
    return buf_str(out);
}
