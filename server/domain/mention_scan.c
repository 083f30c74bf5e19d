#include "domain/mention_scan.h"
#include "base/buf.h"

/* ---- characters ---- */
static bool is_cjk(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0x3005 && c <= 0x3007) ||
           (c >= 0x3021 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9F) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_ascii_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_ascii_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* Ranges beyond ASCII that hold no letters: punctuation, symbols, emoji. */
static const uint32_t SIGNS[][2] = {
    {0x80, 0xA9},       {0xAB, 0xB1},          {0xB4, 0xB4},     {0xB6, 0xB8},     {0xBB, 0xBB},
    {0xBF, 0xBF},       {0xD7, 0xD7},          {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF},
    {0x2190, 0x245F},   {0x2500, 0x2BFF},      {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020},
    {0x3030, 0x3030},   {0x303D, 0x303F},      {0x30FB, 0x30FB}, {0xD800, 0xF8FF}, {0xFE00, 0xFE6F},
    {0xFEFF, 0xFF0F},   {0xFF1A, 0xFF20},      {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF}, {0xE0000, 0xFFFFFFFF},
};

static bool is_letter_or_digit(uint32_t c)
{
    if (c < 0x80)
        return is_ascii_letter(c) || is_ascii_digit(c);
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (c >= SIGNS[i][0] && c <= SIGNS[i][1])
            return false;
    return true;
}

static bool is_word_rune(uint32_t c)
{
    return is_letter_or_digit(c) || (c < 0x80 && c && strchr(":.-_@", (int)c));
}
static bool is_name_rune(uint32_t c)
{
    return is_ascii_letter(c) || is_ascii_digit(c) || (c < 0x80 && c && strchr(".-_:", (int)c));
}

static uint32_t rune_lower(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
        (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
        (c >= 0x1E00 && c <= 0x1EFF))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return (c & 1) ? c + 1 : c;
    return c;
}

static size_t rune_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

Str mention_fold(Arena *arena, Str text)
{
    char *out =
        arena_alloc(arena, text.len * 3 + 1); /* a broken byte becomes the three of U+FFFD */
    size_t len = 0, at = 0;
    while (at < text.len)
        len += rune_encode(rune_lower(str_rune_next(text, &at)), out + len);
    return str_make(out, len);
}

bool mention_is_multibyte(Str keyword)
{
    for (size_t at = 0; at < keyword.len;)
        if (is_cjk(str_rune_next(keyword, &at)))
            return true;
    return false;
}

/* ---- code and link targets ---- */
typedef struct Cleaner {
    char *text;
    size_t len;
} Cleaner;

static void blank(Cleaner *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (c->text[i] != '\n')
            c->text[i] = ' ';
}

static size_t line_end(const Cleaner *c, size_t at)
{
    const char *end = at < c->len ? memchr(c->text + at, '\n', c->len - at) : NULL;
    return end ? (size_t)(end - c->text) : c->len;
}

static size_t run_of(const Cleaner *c, size_t at, char what)
{
    size_t n = 0;
    while (at + n < c->len && c->text[at + n] == what)
        n++;
    return n;
}

static bool is_blank_line(const Cleaner *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (c->text[i] != ' ' && c->text[i] != '\t' && c->text[i] != '\r')
            return false;
    return true;
}

static size_t indent_of(const Cleaner *c, size_t from, size_t to, size_t *ret_at)
{
    size_t width = 0, i = from;
    for (; i < to && (c->text[i] == ' ' || c->text[i] == '\t'); i++)
        width += c->text[i] == '\t' ? 4 - width % 4 : 1;
    *ret_at = i;
    return width;
}

static bool is_list_marker(const Cleaner *c, size_t at, size_t to)
{
    size_t digits = 0;
    while (at + digits < to && is_ascii_digit((unsigned char)c->text[at + digits]))
        digits++;
    if (digits && digits <= 9 && at + digits < to &&
        (c->text[at + digits] == '.' || c->text[at + digits] == ')'))
        return true;
    return at + 1 < to && strchr("-*+", c->text[at]) &&
           (c->text[at + 1] == ' ' || c->text[at + 1] == '\t');
}

/* Fenced and indented blocks: whole lines. */
static void blank_blocks(Cleaner *c)
{
    char fence = 0;
    size_t fence_len = 0;
    bool after_blank = true, in_list = false;
    for (size_t from = 0; from < c->len;) {
        size_t to = line_end(c, from), at;
        size_t indent = indent_of(c, from, to, &at);
        bool is_empty = is_blank_line(c, from, to);
        size_t run =
            at < to && (c->text[at] == '`' || c->text[at] == '~') ? run_of(c, at, c->text[at]) : 0;
        if (fence) {
            bool closes = run >= fence_len && c->text[at] == fence && indent < 4 &&
                          is_blank_line(c, at + run, to);
            blank(c, from, to);
            if (closes)
                fence = 0;
            after_blank = false;
        } else if (run >= 3 && (indent < 4 || in_list) &&
                   !(c->text[at] == '`' && at + run < to &&
                     memchr(c->text + at + run, '`', to - at - run))) {
            fence = c->text[at];
            fence_len = run;
            blank(c, from, to);
        } else if (indent >= 4 && !is_empty && after_blank && !in_list) {
            blank(c, from, to); /* after_blank stays: the next indented line belongs to it */
        } else {
            if (!is_empty) {
                if (is_list_marker(c, at, to))
                    in_list = true;
                else if (indent == 0 && after_blank)
                    in_list = false;
            }
            after_blank = is_empty;
        }
        from = to + 1;
    }
}

/* Inline code: a run of backticks up to the next run of the same length, in the same paragraph. */
static void blank_spans(Cleaner *c)
{
    for (size_t at = 0; at < c->len;) {
        if (c->text[at] == '\\') {
            at += 2;
            continue;
        }
        size_t run = c->text[at] == '`' ? run_of(c, at, '`') : 0;
        if (!run) {
            at++;
            continue;
        }
        size_t end = 0;
        for (size_t i = at + run; i < c->len;) {
            if (c->text[i] == '\n' && is_blank_line(c, i + 1, line_end(c, i + 1)))
                break; /* the paragraph ends */
            size_t other = c->text[i] == '`' ? run_of(c, i, '`') : 0;
            if (other == run) {
                end = i + other;
                break;
            }
            i += other ? other : 1;
        }
        if (end)
            blank(c, at, end);
        at = end ? end : at + run;
    }
}

static bool is_url_start(const Cleaner *c, size_t at)
{
    static const char *const starts[] = {"http://", "https://", "ftp://", "mailto:", "www."};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t len = strlen(starts[i]);
        if (at + len <= c->len && strncasecmp(c->text + at, starts[i], len) == 0)
            return true;
    }
    return false;
}

/* The end of "(target "title")" that begins at `at`; 0 when it is none. */
static size_t link_target_end(const Cleaner *c, size_t at)
{
    enum { TARGET_BYTES = 2100 };
    int depth = 0;
    for (size_t i = at; i < c->len && i < at + TARGET_BYTES && c->text[i] != '\n'; i++) {
        if (c->text[i] == '\\')
            i++;
        else if (c->text[i] == '(')
            depth++;
        else if (c->text[i] == ')' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* [label]: target — a line of its own. */
static bool blank_reference(Cleaner *c, size_t from)
{
    size_t to = line_end(c, from), at;
    if (indent_of(c, from, to, &at) > 3 || at >= to || c->text[at] != '[')
        return false;
    const char *close = memchr(c->text + at, ']', to - at);
    if (!close || close + 1 >= c->text + to || close[1] != ':')
        return false;
    blank(c, from, to);
    return true;
}

static void blank_links(Cleaner *c)
{
    bool in_word = false, is_line_start = true;
    size_t open = 0;
    for (size_t at = 0; at < c->len;) {
        char ch = c->text[at];
        if (is_line_start && ch != '\n' && blank_reference(c, at)) {
            at = line_end(c, at);
            continue;
        }
        is_line_start = ch == '\n';
        if (ch == '[') {
            open++;
        } else if (ch == ']' && open > 0) {
            open--;
            size_t end = at + 1 < c->len && c->text[at + 1] == '(' ? link_target_end(c, at + 1) : 0;
            if (end) {
                blank(c, at + 1, end);
                at = end;
                in_word = false;
                continue;
            }
        } else if (!in_word && is_url_start(c, at)) {
            size_t end = at;
            while (end < c->len && !strchr(" \t\r\n<>\"", c->text[end]))
                end++;
            blank(c, at, end);
            at = end;
            continue;
        }
        in_word = (unsigned char)ch < 0x80 && is_letter_or_digit((unsigned char)ch);
        at++;
    }
}

Str mention_plain_text(Arena *arena, Str markdown)
{
    Cleaner cleaner = {arena_alloc(arena, markdown.len + 1), markdown.len};
    if (markdown.len)
        memcpy(cleaner.text, markdown.ptr, markdown.len);
    for (size_t i = 0; i < cleaner.len; i++)
        if (cleaner.text[i] == 0)
            cleaner.text[i] = ' ';
    blank_blocks(&cleaner);
    blank_spans(&cleaner);
    blank_links(&cleaner);
    return str_make(cleaner.text, cleaner.len);
}

Str mention_first_link(Arena *arena, Str markdown)
{
    Cleaner c = {arena_alloc(arena, markdown.len + 1), markdown.len};
    memcpy(c.text, markdown.ptr, markdown.len);
    blank_blocks(&c);
    blank_spans(&c);
    for (size_t at = 0; at < c.len; at++) {
        if (c.text[at] != 'h' || !is_url_start(&c, at))
            continue;
        bool in_target = at >= 2 && c.text[at - 1] == '(' && c.text[at - 2] == ']';
        size_t end = at;
        while (end < c.len && !strchr(in_target ? " \t\r\n<>\")" : " \t\r\n<>\"", c.text[end]))
            end++;
        while (end > at && strchr(".,;:!?'*_)]", c.text[end - 1]))
            end--;
        return str_copy(arena, str_make(c.text + at, end - at));
    }
    return STR_EMPTY;
}

/* ---- words ---- */
typedef struct Scan {
    Arena *arena;
    MentionTry try;
    void *arg;
    StrVec *others;
} Scan;

static void add_other(Scan *scan, Str word)
{
    Str name = str_slice(word, 1, word.len);
    if (scan->others && name.len && !strvec_has(scan->others, name))
        vec_push(scan->arena, scan->others, name);
}

static bool ends_in(Str s, const char *set)
{
    return s.len && s.ptr[s.len - 1] && strchr(set, s.ptr[s.len - 1]);
}

static bool is_system_name(Str word)
{
    return str_eq_nocase(word, STR("@here")) || str_eq_nocase(word, STR("@channel")) ||
           str_eq_nocase(word, STR("@all"));
}

static void scan_parts(Scan *scan, Str word)
{
    for (size_t i = 0; i < word.len;) {
        size_t from = i;
        while (i < word.len && !strchr(".-:", word.ptr[i]))
            i++;
        Str part = str_slice(word, from, i++);
        if (part.len && part.len < word.len && !scan->try(scan->arg, part) && part.ptr[0] == '@' &&
            !is_system_name(part))
            add_other(scan, part);
    }
}

static void scan_word(Scan *scan, Str word)
{
    if (word.len > 1 && word.ptr[0] == ':' && ends_in(word, ":"))
        return;
    while (word.len && strchr(":.-_", word.ptr[0]))
        word = str_slice(word, 1, word.len);
    if (word.len == 0 || scan->try(scan->arg, word))
        return;
    for (Str shorter = word; ends_in(shorter, ".-:_");) {
        shorter.len--;
        if (shorter.len && scan->try(scan->arg, shorter))
            return;
    }
    if (word.ptr[0] == '@') {
        while (ends_in(word, ".-:_"))
            word.len--;
        if (!is_system_name(word))
            add_other(scan, word);
    } else {
        scan_parts(scan, word);
    }
}

void mention_scan(Arena *arena, Str plain, MentionTry try, void *arg, StrVec *others)
{
    Scan scan = {arena, try, arg, others};
    size_t from = 0; /* of the word being read */
    bool is_name = false;
    uint32_t before = 0;
    for (size_t at = 0; at < plain.len;) {
        size_t start = at;
        uint32_t c = str_rune_next(plain, &at);
        bool ends = !is_word_rune(c);
        /* An @name ends where its ASCII letters end against CJK, and begins right after CJK. */
        bool breaks =
            !ends && start > from && ((is_name && is_cjk(c)) || (c == '@' && is_cjk(before)));
        if (ends || breaks) {
            if (start > from)
                scan_word(&scan, str_slice(plain, from, start));
            from = ends ? at : start;
            is_name = false;
        }
        if (c == '@' && from == start)
            is_name = true;
        before = c;
    }
    if (plain.len > from)
        scan_word(&scan, str_slice(plain, from, plain.len));
}

/* ---- hashtags and channel names ---- */
static bool is_tag_rune(uint32_t c)
{
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
}
static bool is_digit_rune(uint32_t c)
{
    return is_ascii_digit(c) || (c >= 0xFF10 && c <= 0xFF19);
}

Str mention_hashtags(Arena *arena, Str plain, int64_t min_runes)
{
    StrVec tags = {0};
    uint32_t before = ' ';
    for (size_t at = 0; at < plain.len;) {
        size_t start = at;
        uint32_t c = str_rune_next(plain, &at);
        if (c != '#' || (is_letter_or_digit(before) && !is_cjk(before)) || before == '#' ||
            before == '/' || before == '&') {
            before = c;
            continue;
        }
        size_t end = at; /* after the last letter or digit */
        int64_t runes = 0, kept = 0;
        for (size_t i = at; i < plain.len;) {
            uint32_t r = str_rune_next(plain, &i);
            if (!is_tag_rune(r) || (runes == 0 && (is_digit_rune(r) || !is_letter_or_digit(r))))
                break;
            runes++;
            if (is_letter_or_digit(r)) {
                end = i;
                kept = runes;
            }
        }
        Str tag = str_slice(plain, start, end);
        if (kept >= min_runes && kept >= 2 && !strvec_has(&tags, tag))
            vec_push(arena, &tags, tag);
        before = c;
        at = end > at ? end : at;
        if (end > start + 1)
            before = 'x';
    }
    Buf out;
    buf_init(&out, plain.len + 1);
    for (size_t i = 0; i < tags.len; i++) {
        if (i)
            buf_append_char(&out, ' ');
        buf_append(&out, tags.items[i]);
    }
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

void mention_channel_names(Arena *arena, Str plain, StrVec *names)
{
    char before = ' ';
    for (size_t i = 0; i < plain.len; before = plain.ptr[i], i++) {
        if (plain.ptr[i] != '~' || ((unsigned char)before < 0x80 &&
                                    (is_letter_or_digit((unsigned char)before) || before == '~')))
            continue;
        size_t to = i + 1;
        while (to < plain.len && (unsigned char)plain.ptr[to] < 0x80 &&
               is_name_rune((unsigned char)plain.ptr[to]) && plain.ptr[to] != ':')
            to++;
        while (to > i + 1 && strchr(".-_", plain.ptr[to - 1]))
            to--;
        Str name = str_lower(arena, str_slice(plain, i + 1, to));
        if (name.len && name.len <= 64 && !strvec_has(names, name))
            vec_push(arena, names, name);
        if (to > i + 1)
            i = to - 1;
    }
}
