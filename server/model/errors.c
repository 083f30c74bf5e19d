#include "model/errors.h"
#include "base/arena.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/map.h"
#include <pthread.h>

/* clang-format off */
static const ErrorRow ROWS[] = {
#define ERROR_ROW(name, status, id) {status, id},
    ERROR_LIST(ERROR_ROW)
};
/* clang-format on */
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

const ErrorRow *error_row(Err err)
{
    if (err >= ERR_WIRE_FIRST && err < ERR_WIRE_FIRST + ROW_COUNT)
        return &ROWS[err - ERR_WIRE_FIRST];
    bool is_passing = err == ERR_NO_SPACE || err == ERR_UNAVAILABLE || err == ERR_RETRY;
    Err told = is_passing ? ERR_API_CONTEXT_SERVER_BUSY : ERR_API_CONTEXT_INTERNAL;
    return &ROWS[told - ERR_WIRE_FIRST];
}

/* English first: it also stands in where a translation is missing. The names are those of the files
 * in i18n/. */
typedef enum Language { ENGLISH, SIMPLIFIED, TRADITIONAL, LANGUAGE_COUNT } Language;
static const char *const LANGUAGE_NAMES[LANGUAGE_COUNT] = {"en", "zh-CN", "zh-TW"};

typedef struct Text {
    Str in[LANGUAGE_COUNT];
} Text;

/* Read once, then only looked at, so that no lock is needed. */
static Arena *texts_arena; /* lives as long as the process */
static Map texts;          /* id to Text */
static Text *error_texts[ROW_COUNT];
static pthread_once_t texts_once = PTHREAD_ONCE_INIT;

static void texts_read_file(Language language, Str text)
{
    Arena *scratch = arena_create();
    json_t *root = NULL;
    Err err = json_parse(scratch, text, &root);
    ENSURE(err == OK && json_is_object(root));
    const char *id;
    json_t *value;
    json_object_foreach(root, id, value)
    {
        Text *entry = map_find(&texts, str_of(id));
        if (!entry) {
            entry = arena_new(texts_arena, Text, 1);
            (void)map_set(&texts, str_of(id), entry); /* nothing was there */
        }
        entry->in[language] = str_copy(texts_arena, json_text(value));
    }
    arena_free(scratch);
}

static void texts_read(void)
{
    texts_arena = arena_create();
    for (Language language = ENGLISH; language < LANGUAGE_COUNT; language++)
        for (const EmbeddedFile *file = embedded_texts; file->name; file++)
            if (str_eq(str_of(file->name),
                       str_printf(texts_arena, "%s.json", LANGUAGE_NAMES[language])))
                texts_read_file(language, file->text);
    for (size_t i = 0; i < ROW_COUNT; i++)
        error_texts[i] = map_find(&texts, str_of(ROWS[i].id));
}

static bool is_chinese_traditional(Str locale)
{
    return str_contains(locale, STR("tw")) || str_contains(locale, STR("hk")) ||
           str_contains(locale, STR("mo")) || str_contains(locale, STR("hant"));
}

/* The language that suits, or LANGUAGE_COUNT. */
static Language language_of(Str locale)
{
    char lower[16];
    size_t len = locale.len < sizeof lower ? locale.len : sizeof lower;
    for (size_t i = 0; i < len; i++)
        lower[i] = locale.ptr[i] >= 'A' && locale.ptr[i] <= 'Z' ? locale.ptr[i] + ('a' - 'A')
                                                                : locale.ptr[i];
    Str l = str_make(lower, len);
    if (str_starts_with(l, STR("en")))
        return ENGLISH;
    if (str_starts_with(l, STR("zh")))
        return is_chinese_traditional(l) ? TRADITIONAL : SIMPLIFIED;
    return LANGUAGE_COUNT;
}

Str text_language(Str locale)
{
    Language language = language_of(locale);
    return str_of(LANGUAGE_NAMES[language == LANGUAGE_COUNT ? ENGLISH : language]);
}

Str text_language_of_header(Str accept_language)
{
    for (Str rest = accept_language; rest.ptr;) {
        Str range = str_split(&rest, ',');
        Language language = language_of(str_trim(str_split(&range, ';')));
        if (language != LANGUAGE_COUNT)
            return str_of(LANGUAGE_NAMES[language]);
    }
    return str_of(LANGUAGE_NAMES[ENGLISH]);
}

static Str text_in(const Text *text, Str locale, Str fallback)
{
    if (!text)
        return fallback;
    Language language = language_of(locale);
    if (language != LANGUAGE_COUNT && text->in[language].len > 0)
        return text->in[language];
    return text->in[ENGLISH].len > 0 ? text->in[ENGLISH] : fallback;
}

Str error_text(Err err, Str locale)
{
    pthread_once(&texts_once, texts_read);
    const ErrorRow *row = error_row(err);
    return text_in(error_texts[row - ROWS], locale, str_of(row->id));
}

Str text_get(Str id, Str locale)
{
    pthread_once(&texts_once, texts_read);
    return text_in(map_find(&texts, id), locale, id);
}

Str text_fill(Arena *arena, Str text, const Str *names, const Str *values, size_t count)
{
    Str filled = STR_EMPTY;
    for (size_t at = 0; at < text.len;) {
        ptrdiff_t open = str_find(text, STR("{"), at);
        ptrdiff_t close = open < 0 ? -1 : str_find(text, STR("}"), (size_t)open);
        if (close < 0)
            return str_concat(arena, filled, str_slice(text, at, text.len));
        Str place = str_slice(text, (size_t)open + 1, (size_t)close);
        size_t i = 0;
        while (i < count && !str_eq(names[i], place))
            i++;
        bool is_known = i < count;
        filled =
            str_concat(arena, filled, str_slice(text, at, (size_t)(is_known ? open : close + 1)));
        if (is_known)
            filled = str_concat(arena, filled, values[i]);
        at = (size_t)close + 1;
    }
    return filled;
}
