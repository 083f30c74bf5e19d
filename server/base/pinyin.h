/* base/pinyin.h: how Chinese characters are read, in letters without tones ("zhong"; ü is v), as they are typed.
 *
 * Source   Unicode's Unihan database: kMandarin, and the other readings of kTGHZ2013. The tables are made by
 *          tools/make-pinyin; without that database at build time they are empty.
 */
#pragma once
#include "base/str.h"

/* The usual reading; empty for what is no such character. */
Str pinyin_of(uint32_t rune);
/* Its further readings, at most `limit`; surnames often have one (单: dan, shan). */
size_t pinyin_others(uint32_t rune, Str *ret_readings, size_t limit);
