/* store/tokens.h: the words under which a text is found. One tokeniser for every database: what goes into an index and
 * what is asked of it are made here, so that Chinese is found in SQLite and PostgreSQL alike.
 *
 * Model    Letters and digits make words, in lower case. A run of CJK characters c1c2c3 becomes the tokens c1c2 c2c3 c3, so
 *          that any two neighbouring characters are found, and one alone by its prefix. #word is also the token §word.
 * Version  TOKENS_VERSION changes when the tokens of a text change; the index is then built anew.
 */
#pragma once
#include "base/buf.h"
#include "base/vec.h"

enum { TOKENS_VERSION = 2, TOKEN_BYTES_MAX = 96, TOKEN_COUNT_MAX = 12000 };

/* Appends the tokens of `text`, separated by blanks, in their order. */
void tokens_write(Str text, Buf *out);
/* The tokens that must follow one another to find `text`: as above, but a CJK run at its end loses its last single, which
 * may be the first of a pair in what is found. Where that run is one character alone it stays, and *ret_is_prefix says that
 * it wants to be a prefix. Copies are in the arena. */
void tokens_of_query(Arena *arena, Str text, StrVec *ret_tokens, bool *ret_is_prefix);

/* Tokens that stand for something else than words; they hold no blanks. */
Str token_of_hashtag(Arena *arena, Str word); /* without its # */
Str token_of_channel(Arena *arena, Str channel_id);
Str token_of_author(Arena *arena, Str user_id);
