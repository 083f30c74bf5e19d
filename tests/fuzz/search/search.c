/* tests/fuzz/search: the tokeniser and the search box. What a text is indexed under finds it again. */
#include "base/err.h"
#include "domain/search_query.h"
#include "store/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create();
    Str text = str_make(data, size);
    Buf tokens;
    buf_init(&tokens, 1 << 24);
    tokens_write(text, &tokens);
    ENSURE(!tokens.overflowed);
    for (size_t i = 0; i < tokens.len; i++) /* they stand inside quotes in two query languages */
        ENSURE(tokens.ptr[i] != '\'' && tokens.ptr[i] != '"' && tokens.ptr[i] != '\\' &&
               tokens.ptr[i] != 0);
    buf_deinit(&tokens);

    StrVec asked;
    bool is_prefix;
    tokens_of_query(arena, text, &asked, &is_prefix);
    if (asked.len && asked.len < 1000) {
        SearchClause clause = {asked.items, asked.len, is_prefix};
        SearchWords w = {.must = &clause, .must_count = 1};
        ENSURE(search_words_match(arena, &w, false, &(Post){.message = text}));
    }
    SearchWords words;
    search_words_parse(arena, text, 0, &words);
    (void)search_words_match(arena, &words, true, &(Post){.message = text});
    arena_free(arena);
    return 0;
}
