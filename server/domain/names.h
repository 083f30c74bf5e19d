/* domain/names.h: names as they are searched for: folded, by the beginning of any word; Chinese ones from any character on,
 * also by pinyin and by its initials. */
#pragma once
#include "base/arena.h"
#include "base/buf.h"

/* Lower case, full-width letters as ordinary ones. Valid UTF-8 in, valid UTF-8 out. */
Str name_fold(Arena *arena, Str s);
/* Adds the words of a name to what a row is found by, each after a space: "王明 lee" gives
 * " 王明 wangming wm 明 ming m lee". */
void name_add_words(Arena *arena, Str name, Buf *out);
/* For  column LIKE ? ESCAPE '!'  on such a text: finds what has a word that begins with `word` (folded). */
Str name_pattern(Arena *arena, Str word);
/* For LIKE on a plain column: what begins with `start`. */
Str prefix_pattern(Arena *arena, Str start);
