#include "../unit.h"
#include "base/pinyin.h"
#include "domain/names.h"

/* Is the row with this name found by the beginning `typed`? As LIKE '% typed%' would. */
static bool finds(Arena *arena, const char *name, const char *typed)
{
    Buf *words = buf_new(arena, 64 * 1024);
    name_add_words(arena, str_of(name), words);
    Str wanted = str_concat(arena, STR(" "), name_fold(arena, str_of(typed)));
    return str_contains(buf_str(words), wanted);
}

static void any_word_is_found_by_its_beginning_in_any_case(void **state)
{
    Arena *arena = *state;
    assert_true(finds(arena, "Ada Lovelace", "love"));
    assert_true(finds(arena, "ADA", "ada"));
    assert_true(finds(arena, "Ｊｏｅ", "joe"));
    assert_true(finds(arena, "ЁЛКА", "ёл"));
    assert_false(finds(arena, "Ada Lovelace", "ace"));
    assert_false(finds(arena, "", "a"));
}

static void chinese_name_is_found_from_any_character_on(void **state)
{
    Arena *arena = *state;
    assert_true(finds(arena, "王小明", "王"));
    assert_true(finds(arena, "王小明", "小明"));
    assert_false(finds(arena, "王小明", "王明"));
}

static void chinese_name_is_found_by_pinyin_and_initials(void **state)
{
    Arena *arena = *state;
    if (pinyin_of(0x738B).len == 0)
        skip(); /* built without the Unihan database */
    for (const char *typed[] = {"wangxiaoming", "wangx", "wxm", "xiaoming", "xm", "WXM"},
                    **t = typed;
         t < typed + 6; t++)
        assert_true(finds(arena, "王小明", *t));
    assert_false(finds(arena, "王小明", "wm"));
    assert_true(finds(arena, "单雄信", "shanxiongxin") &&
                finds(arena, "单雄信", "dan")); /* a surname with its own reading */
    assert_true(finds(arena, "吕布", "lvbu") && finds(arena, "吕布", "lubu"));
    assert_true(finds(arena, "Lee 王", "wang"));
}

static void wildcards_of_like_are_only_characters(void **state)
{
    Arena *arena = *state;
    assert_true(str_eq(name_pattern(arena, STR("a%_!")), STR("% a!%!_!!%")));
    assert_true(str_eq(prefix_pattern(arena, STR("50%")), STR("50!%%")));
}

static void long_names_stay_bounded(void **state)
{
    Arena *arena = *state;
    Buf *name = buf_new(arena, 64 * 1024), *words = buf_new(arena, 1024 * 1024);
    for (int i = 0; i < 5000; i++)
        buf_append(name, STR("明"));
    name_add_words(arena, buf_str(name), words);
    assert_false(words->overflowed);
    assert_true(words->len < 200 * 1024);
}

static int set_up(void **state)
{
    *state = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_word_is_found_by_its_beginning_in_any_case, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chinese_name_is_found_from_any_character_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(chinese_name_is_found_by_pinyin_and_initials, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wildcards_of_like_are_only_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_names_stay_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
