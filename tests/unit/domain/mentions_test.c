/* Which words of a message could call somebody. */
#include "domain/mention_scan.h"

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

typedef struct Known {
    const char *const *words; /* ends with NULL */
    StrVec hits;
    Arena *arena;
} Known;

static bool is_known(void *arg, Str form)
{
    Known *known = arg;
    Str folded = mention_fold(known->arena, form);
    for (const char *const *word = known->words; *word; word++)
        if (str_eq(folded, str_of(*word))) {
            vec_push(known->arena, &known->hits, folded);
            return true;
        }
    return false;
}

static Str join(Arena *arena, const StrVec *words)
{
    Str all = STR_EMPTY;
    for (size_t i = 0; i < words->len; i++)
        all = i ? str_printf(arena, STR_FMT " " STR_FMT, STR_ARG(all), STR_ARG(words->items[i]))
                : words->items[i];
    return all;
}

static void assert_str(Str got, const char *wanted, const char *of)
{
    if (!str_eq(got, str_of(wanted)))
        fail_msg("%s: got \"%.*s\", not \"%s\"", of, STR_ARG(got), wanted);
}

static const struct {
    const char *text, *hits, *others;
} MESSAGES[] = {
    {"@romeo", "@romeo", ""},
    {"@Romeo, come", "@romeo", ""},
    {"hello @romeo.", "@romeo", ""},
    {"@romeo-_.: is trimmed", "@romeo", ""},
    {"(@romeo)", "@romeo", ""},
    {"@romeo's horse", "@romeo", ""},
    {"@romeo/@juliet", "@romeo @juliet", ""},
    {"mail romeo@verona.example", "", ""},
    {"@nobody is here", "", "nobody"},
    {"@nobody. @nobody", "", "nobody"},
    {"@romeo.smith is another", "", "romeo.smith"},
    {"@channel and @all", "@channel @all", ""},
    {"a poem, please", "poem", ""},
    {"POEM!", "poem", ""},
    {"poem.verse", "poem", ""},
    {"a:poem", "poem", ""},
    {":poem: is an emoji", "", ""},
    {"poems are others", "", ""},
    {"-poem", "poem", ""},
    {"`@romeo` is code", "", ""},
    {"``a ` @romeo`` b", "", ""},
    {"an open ` before @romeo", "@romeo", ""},
    {"```\n@romeo\n```", "", ""},
    {"```\n@romeo\n```\n@juliet", "@juliet", ""},
    {"~~~\n@romeo\n```\n@romeo\n~~~~\n@juliet", "@juliet", ""},
    {"```\nnever closed @romeo", "", ""},
    {"    @romeo in an indented block", "", ""},
    {"text\n    @romeo goes on", "@romeo", ""},
    {"- item\n\n    @romeo in the item", "@romeo", ""},
    {"[@romeo](https://example.com/@juliet)", "@romeo", ""},
    {"https://example.com/@romeo?poem", "", ""},
    {"<https://example.com/@romeo> @juliet", "@juliet", ""},
    {"www.example.com/@romeo", "", ""},
    {"[x]: https://example.com/@romeo", "", ""},
    {"[not a link] (@romeo)", "@romeo", ""},
    {"\\`@romeo\\`", "@romeo", ""},
    {"你好@juliet请看", "@juliet", ""},
    {"@juliet，你好", "@juliet", ""},
    {"（@romeo）和@juliet。", "@romeo @juliet", ""},
    {"问@nobody吧", "", "nobody"},
    {"Élan vital", "élan", ""},
    {"ÉLAN", "élan", ""},
    {"🎉poem🎉", "poem", ""},
    {"", "", ""},
    {"@", "", ""},
    {"@@romeo", "", "@romeo"},
    {"::::", "", ""},
};

static void words_are_found(void **state)
{
    (void)state;
    static const char *const words[] = {"@romeo", "@juliet", "@channel", "@all",
                                        "poem",   "élan",    NULL};
    Arena *arena = arena_create();
    for (size_t i = 0; i < sizeof MESSAGES / sizeof *MESSAGES; i++) {
        Known known = {.words = words, .arena = arena};
        StrVec others = {0};
        Str plain = mention_plain_text(arena, str_of(MESSAGES[i].text));
        assert_int_equal(plain.len, strlen(MESSAGES[i].text));
        mention_scan(arena, plain, is_known, &known, &others);
        assert_str(join(arena, &known.hits), MESSAGES[i].hits, MESSAGES[i].text);
        assert_str(join(arena, &others), MESSAGES[i].others, MESSAGES[i].text);
    }
    arena_free(arena);
}

static void hashtags_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tags;
    } rows[] = {
        {"#verona is #fair", "#verona #fair"},
        {"#ab is short", ""},
        {"#1st is none, #a1b is", "#a1b"},
        {"#verona. #verona-", "#verona"},
        {"#in-between_and.dots", "#in-between_and.dots"},
        {"no#tag and ##none", ""},
        {"`#code` #words", "#words"},
        {"#鸿雁传书 来了", "#鸿雁传书"},
        {"看#话题标签吧", "#话题标签吧"},
        {"https://example.com/#anchor", ""},
        {"", ""},
    };
    Arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(mention_hashtags(arena, mention_plain_text(arena, str_of(rows[i].text)), 3),
                   rows[i].tags, rows[i].text);
    arena_free(arena);
}

static void channel_names_are_found(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    StrVec names = {0};
    mention_channel_names(arena, STR("see ~town-square, ~Off_Topic. and a~b or ~~struck~~"),
                          &names);
    assert_str(join(arena, &names), "town-square off_topic", "names");
    arena_free(arena);
}

static void first_links_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *link;
    } rows[] = {
        {"see https://example.com/a, and http://b.example", "https://example.com/a"},
        {"[x](https://example.com/a) b", "https://example.com/a"},
        {"`https://code.example` https://real.example", "https://real.example"},
        {"(https://example.com)", "https://example.com"},
        {"none at all", ""},
    };
    Arena *arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(mention_first_link(arena, str_of(rows[i].text)), rows[i].link, rows[i].text);
    arena_free(arena);
}

static void scripts_without_blanks_are_known(void **state)
{
    (void)state;
    assert_true(mention_is_multibyte(STR("鸿雁")));
    assert_true(mention_is_multibyte(STR("まつ")));
    assert_false(mention_is_multibyte(STR("poem")));
    assert_false(mention_is_multibyte(STR("élan")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found),
        cmocka_unit_test(hashtags_are_found),
        cmocka_unit_test(channel_names_are_found),
        cmocka_unit_test(first_links_are_found),
        cmocka_unit_test(scripts_without_blanks_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
