/* base/pinyin_table.h: the tables of base/pinyin.c, made at build time by tools/make-pinyin. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { PINYIN_FIRST = 0x3400, PINYIN_LAST = 0x9FFF };

typedef struct PinyinPair {
    uint16_t rune, syllable;
} PinyinPair;

extern const char *const PINYIN_SYLLABLES[]; /* [0] is empty */
extern const uint16_t PINYIN_MAIN[];         /* of PINYIN_FIRST and following: index into the syllables */
extern const PinyinPair PINYIN_OTHERS[];     /* sorted by rune */
extern const size_t PINYIN_OTHER_COUNT;
