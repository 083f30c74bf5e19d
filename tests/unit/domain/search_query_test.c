#include "domain/search_query.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_create();
    return 0;
}
static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static bool finds(Arena *arena, const char *question, const char *message)
{
    SearchWords w;
    search_words_parse(arena, str_of(question), 0, &w);
    Post post = {.message = str_of(message), .hashtags = STR("#budget #预算")};
    return search_words_match(arena, &w, false, &post);
}

static void all_words_must_be_there(void **state)
{
    assert_true(finds(*state, "red wine", "wine is red"));
    assert_false(finds(*state, "red beer", "wine is red"));
    assert_false(finds(*state, "red -wine", "wine is red"));
}

static void phrases_keep_their_order(void **state)
{
    assert_true(finds(*state, "\"is red\"", "wine is red"));
    assert_false(finds(*state, "\"red is\"", "wine is red"));
}

static void two_chinese_characters_are_found_inside_a_sentence(void **state)
{
    assert_true(finds(*state, "开会", "我们明天开会吧"));
    assert_true(finds(*state, "会", "我们明天开会吧"));
    assert_true(finds(*state, "明天开会", "我们明天开会吧"));
    assert_false(finds(*state, "天明", "我们明天开会吧"));
}

static void stars_and_hashtags(void **state)
{
    assert_true(finds(*state, "win*", "wine"));
    assert_false(finds(*state, "win", "wine"));
    assert_true(finds(*state, "#budget", "numbers"));
    assert_true(finds(*state, "#预算", "numbers"));
    assert_false(finds(*state, "#budge", "numbers"));
}

static void filters_are_taken_out_of_the_words(void **state)
{
    SearchWords w;
    search_words_parse(*state, STR("from:@Romeo -in:~off-topic ext:pdf on:2026-01-02 hello"),
                       3600 * 1000, &w);
    assert_int_equal(w.must_count, 1);
    assert_true(str_eq(w.from.items[0], STR("romeo")));
    assert_true(str_eq(w.not_in.items[0], STR("off-topic")));
    assert_true(str_eq(w.extensions.items[0], STR("pdf")));
    assert_int_equal(w.before - w.after, 24 * 3600 * 1000 + 1);
    assert_int_equal(w.after + 1, 1767312000000 - 3600 * 1000);
    search_words_parse(*state, STR("before:2026-02-31 x"), 0, &w);
    assert_true(w.is_hopeless);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(all_words_must_be_there),
        T(phrases_keep_their_order),
        T(two_chinese_characters_are_found_inside_a_sentence),
        T(stars_and_hashtags),
        T(filters_are_taken_out_of_the_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
