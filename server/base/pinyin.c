#include "base/pinyin.h"
#include "base/pinyin_table.h"

Str pinyin_of(uint32_t rune)
{
    if (rune < PINYIN_FIRST || rune > PINYIN_LAST)
        return STR_EMPTY;
    return str_of(PINYIN_SYLLABLES[PINYIN_MAIN[rune - PINYIN_FIRST]]);
}

size_t pinyin_others(uint32_t rune, Str *ret_readings, size_t limit)
{
    size_t low = 0, high = PINYIN_OTHER_COUNT, count = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (PINYIN_OTHERS[middle].rune < rune)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < PINYIN_OTHER_COUNT && PINYIN_OTHERS[low].rune == rune && count < limit; low++)
        ret_readings[count++] = str_of(PINYIN_SYLLABLES[PINYIN_OTHERS[low].syllable]);
    return count;
}
