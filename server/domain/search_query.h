/* domain/search_query.h: what somebody typed into the search box, taken apart. Pure.
 *
 * Source   v4 search syntax: from: in: channel: before: after: on: ext:, each also with "-" before it; "phrases", -word,
 *          #hashtag, a trailing *. Dates are YYYY-MM-DD in the asker's time zone.
 */
#pragma once
#include "store/search_store.h"

typedef struct SearchWords {
    SearchClause *must, *must_not;
    size_t must_count, must_not_count;
    StrVec plain;                              /* the words and phrases as typed, without marks: for file names */
    StrVec from, not_from, in, not_in;         /* user and channel names as typed */
    StrVec extensions, not_extensions;
    int64_t after, before;                     /* Unix ms: created after / before; 0 none */
    bool is_hopeless;                          /* asks for what cannot be: a broken date */
} SearchWords;

/* `offset_ms`: of the asker's time zone, east positive. Everything is in the arena or borrowed from `text`. */
void search_words_parse(Arena *arena, Str text, int64_t offset_ms, SearchWords *ret_words);
/* Would the index find `message` for these words? For posts that are not indexed yet. */
bool search_words_match(Arena *arena, const SearchWords *words, bool is_or, const Post *post);
