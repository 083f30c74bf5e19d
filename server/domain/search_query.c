#include "domain/search_query.h"
#include "base/clock.h"
#include "store/tokens.h"

enum { DAY_MS = 24 * 3600 * 1000, CLAUSE_LIMIT = 32 }; /* words beyond it are not looked at */

typedef VEC(SearchClause) ClauseVec;

/* The next word of `rest`: up to white space; a phrase in quotes is one word, kept with its quotes. */
static Str next_word(Str *rest)
{
    *rest = str_trim(*rest);
    bool in_quotes = false;
    size_t i = 0;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && (c == ' ' || (c >= '\t' && c <= '\r')))
            break;
    }
    Str word = str_slice(*rest, 0, i);
    *rest = str_slice(*rest, i, rest->len);
    return word;
}

static bool take_flag(Str *word, const char *flag)
{
    Str f = str_of(flag);
    if (word->len <= f.len || !str_eq_nocase(str_slice(*word, 0, f.len), f))
        return false;
    *word = str_slice(*word, f.len, word->len);
    return true;
}

static Str without_quotes(Str word)
{
    if (word.len >= 2 && word.ptr[0] == '"' && word.ptr[word.len - 1] == '"')
        return str_slice(word, 1, word.len - 1);
    return word;
}

static void add_date(SearchWords *w, Str value, int64_t offset_ms, char kind, bool is_negated)
{
    int64_t midnight;
    if (!clock_parse_date(without_quotes(value), &midnight)) {
        w->is_hopeless = true;
        return;
    }
    int64_t start = midnight - offset_ms, end = start + DAY_MS;
    if (is_negated) /* "not before" is "from then on", "not after" is "until then" */
        kind = kind == 'b' ? 'n' : kind == 'a' ? 'u' : kind;
    if (kind == 'a' || kind == 'o' || kind == 'n') {
        int64_t after = (kind == 'a' ? end : start) - 1;
        w->after = after > w->after ? after : w->after;
    }
    if (kind == 'b' || kind == 'o' || kind == 'u') {
        int64_t before = kind == 'b' ? start : end;
        w->before = w->before == 0 || before < w->before ? before : w->before;
    }
}

static bool take_filter(Arena *arena, SearchWords *w, Str word, bool is_negated, int64_t offset_ms)
{
    StrVec *list = NULL;
    if (take_flag(&word, "from:"))
        list = is_negated ? &w->not_from : &w->from;
    else if (take_flag(&word, "in:") || take_flag(&word, "channel:"))
        list = is_negated ? &w->not_in : &w->in;
    else if (take_flag(&word, "ext:"))
        list = is_negated ? &w->not_extensions : &w->extensions;
    if (list) {
        Str value = without_quotes(word);
        if (value.len && (value.ptr[0] == '@' || value.ptr[0] == '~'))
            value = str_slice(value, 1, value.len);
        if (list->len < CLAUSE_LIMIT)
            vec_push(arena, list, str_lower(arena, value));
        return true;
    }
    char kind = take_flag(&word, "before:")  ? 'b'
                : take_flag(&word, "after:") ? 'a'
                : take_flag(&word, "on:")    ? 'o'
                                             : 0;
    if (kind)
        add_date(w, word, offset_ms, kind, is_negated);
    return kind != 0;
}

static void add_clause(Arena *arena, ClauseVec *clauses, Str word)
{
    StrVec tokens;
    bool is_prefix;
    if (clauses->len == CLAUSE_LIMIT)
        return;
    if (word.len > 1 && word.ptr[0] == '#') {
        tokens = (StrVec){0};
        vec_push(arena, &tokens, token_of_hashtag(arena, str_slice(word, 1, word.len)));
        is_prefix = false;
    } else {
        bool has_star = word.len > 1 && word.ptr[word.len - 1] == '*';
        tokens_of_query(arena, without_quotes(has_star ? str_slice(word, 0, word.len - 1) : word),
                        &tokens, &is_prefix);
        is_prefix |= has_star;
    }
    if (tokens.len)
        vec_push(arena, clauses, (SearchClause){tokens.items, tokens.len, is_prefix});
}

void search_words_parse(Arena *arena, Str text, int64_t offset_ms, SearchWords *ret_words)
{
    SearchWords w = {0};
    ClauseVec must = {0}, must_not = {0};
    for (Str rest = text; (rest = str_trim(rest)).len;) {
        Str word = next_word(&rest);
        bool is_negated = word.len > 1 && word.ptr[0] == '-';
        if (is_negated)
            word = str_slice(word, 1, word.len);
        if (take_filter(arena, &w, word, is_negated, offset_ms))
            continue;
        add_clause(arena, is_negated ? &must_not : &must, word);
        if (!is_negated && w.plain.len < CLAUSE_LIMIT)
            vec_push(arena, &w.plain, str_lower(arena, without_quotes(word)));
    }
    w.must = must.items;
    w.must_count = must.len;
    w.must_not = must_not.items;
    w.must_not_count = must_not.len;
    *ret_words = w;
}

static bool has_clause(const StrVec *tokens, const SearchClause *clause)
{
    for (size_t i = 0; i + clause->count <= tokens->len; i++) {
        size_t k = 0;
        while (k < clause->count) {
            bool is_last = k + 1 == clause->count;
            Str have = tokens->items[i + k], want = clause->tokens[k];
            if (!(is_last && clause->is_prefix ? str_starts_with(have, want) : str_eq(have, want)))
                break;
            k++;
        }
        if (k == clause->count)
            return true;
    }
    return false;
}

bool search_words_match(Arena *arena, const SearchWords *w, bool is_or, const Post *post)
{
    Buf text;
    buf_init(&text, 4 * 1024 * 1024);
    tokens_write(post->message, &text);
    for (Str rest = post->hashtags; rest.ptr;) {
        Str tag = str_split(&rest, ' ');
        if (tag.len > 1)
            buf_printf(&text, " " STR_FMT,
                       STR_ARG(token_of_hashtag(arena, str_slice(tag, 1, tag.len))));
    }
    StrVec tokens = {0};
    for (Str rest = str_copy(arena, buf_str(&text)); rest.ptr;)
        vec_push(arena, &tokens, str_split(&rest, ' '));
    buf_deinit(&text);
    size_t hits = 0;
    for (size_t i = 0; i < w->must_count; i++)
        hits += has_clause(&tokens, &w->must[i]);
    for (size_t i = 0; i < w->must_not_count; i++)
        if (has_clause(&tokens, &w->must_not[i]))
            return false;
    return w->must_count == 0 || hits == w->must_count || (is_or && hits > 0);
}
