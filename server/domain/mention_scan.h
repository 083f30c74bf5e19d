/* domain/mention_scan.h: which words of a message could call somebody. Pure: no database, no clock.
 *
 * Words are split at everything but letters, digits and : . - _ @ ; a word between colons is an emoji and is skipped.
 * Leading : . - _ are dropped. A word is tried as it stands, then with its trailing . - : _ taken off one by one, then,
 * unless it begins with @, cut at . - : into parts. Scripts written without spaces (Chinese, Japanese, Korean) have no
 * word borders: there an @name may stand in the middle of the run, and keywords are looked for as substrings.
 *
 * Source   Mattermost API v4, mentions; CommonMark for code and link targets.
 */
#pragma once
#include "base/vec.h"

/* The message without code (spans, fenced and indented blocks) and without the targets of links: those bytes are blanks. */
Str mention_plain_text(Arena *arena, Str markdown);

/* The first http or https link outside code, or empty. */
Str mention_first_link(Arena *arena, Str markdown);

/* Is asked for each form of a word, in the order in which they are tried; true ends the search for this word. */
typedef bool (*MentionTry)(void *arg, Str form);
/* Walks the words of plain text. `others` (may be NULL) gets the names that were written with @ and that nobody took. */
void mention_scan(Arena *arena, Str plain, MentionTry try, void *arg, StrVec *others);

/* Lower case for Latin, Greek and Cyrillic letters; other letters stay. */
Str mention_fold(Arena *arena, Str text);
/* Does it hold characters of a script without spaces between words? */
bool mention_is_multibyte(Str keyword);

/* The #tags of plain text, separated by blanks, each once: a letter, then letters, digits, - _ . and a letter or digit at
 * the end; at least `min_runes` long without the #. */
Str mention_hashtags(Arena *arena, Str plain, int64_t min_runes);
/* The ~names of channels in plain text, lower case. */
void mention_channel_names(Arena *arena, Str plain, StrVec *names);
