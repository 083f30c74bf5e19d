#include "store/tokens.h"
#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void open_locale(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* Scripts written without blanks between words: Han, kana, Hangul syllables and their neighbours. */
static bool is_cjk(uint32_t r)
{
    return (r >= 0x3040 && r <= 0x30FF) || (r >= 0x3400 && r <= 0x4DBF) ||
           (r >= 0x4E00 && r <= 0x9FFF) || (r >= 0xAC00 && r <= 0xD7AF) ||
           (r >= 0xF900 && r <= 0xFAFF) || (r >= 0x20000 && r <= 0x323AF) ||
           (r >= 0x3100 && r <= 0x312F) || r == 0x3005 || r == 0x3007;
}

static bool is_word(uint32_t r)
{
    if (r < 0x80)
        return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= '0' && r <= '9');
    return iswalnum_l((wint_t)r, unicode) ||
           (r >= 0x0300 && r <= 0x036F); /* combining accents stay with their letter */
}

/* Full-width letters and digits are the ordinary ones; letters are lower case. */
static uint32_t fold(uint32_t r)
{
    if (r >= 0xFF01 && r <= 0xFF5E)
        r -= 0xFEE0;
    if (r < 0x80)
        return r >= 'A' && r <= 'Z' ? r + 32 : r;
    return (uint32_t)towlower_l((wint_t)r, unicode);
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

typedef struct Reader {
    Str text;
    size_t at;
    uint32_t rune; /* folded, at `at`; 0 at the end */
    size_t next;
} Reader;

static void look(Reader *r)
{
    r->next = r->at;
    r->rune = 0;
    if (r->at < r->text.len)
        r->rune = fold(str_rune_next(r->text, &r->next));
}

static void step(Reader *r)
{
    r->at = r->next;
    look(r);
}

typedef struct Sink {
    void (*token)(void *to, Str token,
                  bool is_tail); /* is_tail: the last single of a CJK run longer than one */
    void *to;
    size_t count;
    Buf word;
} Sink;

static void emit(Sink *sink, bool is_tail)
{
    if (sink->word.len && sink->word.len <= TOKEN_BYTES_MAX && sink->count < TOKEN_COUNT_MAX) {
        sink->token(sink->to, buf_str(&sink->word), is_tail);
        sink->count++;
    }
    buf_clear(&sink->word);
}

static void cjk_run(Reader *r, Sink *sink)
{
    uint32_t before = r->rune;
    size_t length = 1;
    for (step(r); is_cjk(r->rune); step(r), length++) {
        append_rune(&sink->word, before);
        append_rune(&sink->word, r->rune);
        emit(sink, false);
        before = r->rune;
    }
    append_rune(&sink->word, before);
    emit(sink, length > 1);
}

static void word_run(Reader *r, Sink *sink)
{
    for (; r->rune && is_word(r->rune) && !is_cjk(r->rune); step(r))
        append_rune(&sink->word, r->rune);
    emit(sink, false);
}

static void tokenise(Str text, Sink *sink)
{
    pthread_once(&once, open_locale);
    buf_init(&sink->word, 4096);
    Reader r = {.text = text};
    for (look(&r); r.at < text.len && sink->count < TOKEN_COUNT_MAX;) {
        if (is_cjk(r.rune))
            cjk_run(&r, sink);
        else if (is_word(r.rune))
            word_run(&r, sink);
        else
            step(&r);
        buf_clear(&sink->word);
    }
    buf_deinit(&sink->word);
}

static void write_token(void *to, Str token, bool is_tail)
{
    (void)is_tail;
    Buf *out = to;
    if (out->len)
        buf_append_char(out, ' ');
    buf_append(out, token);
}

void tokens_write(Str text, Buf *out)
{
    Sink sink = {.token = write_token, .to = out};
    tokenise(text, &sink);
}

typedef struct Query {
    Arena *arena;
    StrVec *tokens;
    bool is_tail; /* the last one is */
} Query;

static void keep_token(void *to, Str token, bool is_tail)
{
    Query *query = to;
    vec_push(query->arena, query->tokens, str_copy(query->arena, token));
    query->is_tail = is_tail;
}

void tokens_of_query(Arena *arena, Str text, StrVec *ret_tokens, bool *ret_is_prefix)
{
    Query query = {arena, ret_tokens, false};
    *ret_tokens = (StrVec){0};
    Sink sink = {.token = keep_token, .to = &query};
    tokenise(text, &sink);
    if (query.is_tail) /* what follows it in the text may make a pair with it */
        ret_tokens->len--;
    size_t at = 0;
    Str last = ret_tokens->len ? ret_tokens->items[ret_tokens->len - 1] : STR_EMPTY;
    *ret_is_prefix = last.len && is_cjk(str_rune_next(last, &at)) && at == last.len;
}

static Str with_mark(Arena *arena, const char *mark, Str id)
{
    return str_lower(arena, str_concat(arena, str_of(mark), id));
}

/* Inside a hashtag these join; where a database would cut there, they are written as marks that it takes for letters. */
static uint32_t joint(uint32_t r)
{
    switch (r) {
    case '-': return 0xB7;
    case '.': return 0x2027;
    case '_': return 0x203F;
    default: return 0;
    }
}

Str token_of_hashtag(Arena *arena, Str word)
{
    pthread_once(&once, open_locale);
    Buf out;
    buf_init(&out, 4096);
    buf_append(&out, STR("§"));
    for (size_t at = 0; at < word.len && out.len < TOKEN_BYTES_MAX;) {
        uint32_t rune = fold(str_rune_next(word, &at)), mark = joint(rune);
        if (!mark && !is_word(rune) && !is_cjk(rune))
            break; /* typed by somebody who searches: no hashtag goes on here */
        append_rune(&out, mark ? mark : rune);
    }
    Str token = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return token;
}

Str token_of_channel(Arena *arena, Str channel_id)
{
    return with_mark(arena, "¶", channel_id);
}
Str token_of_author(Arena *arena, Str user_id)
{
    return with_mark(arena, "¤", user_id);
}
