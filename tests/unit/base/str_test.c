#include "base/arena.h"
#include "base/str.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void split_gives_every_piece_and_stops(void **state)
{
    (void)state;
    Str rest = STR("a,,b");
    Str first = str_split(&rest, ','), second = str_split(&rest, ','),
        third = str_split(&rest, ',');
    assert_true(str_eq(first, STR("a")) && str_eq(second, STR("")) && str_eq(third, STR("b")));
    assert_null(rest.ptr);
}

static void numbers_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    int64_t n = 7;
    assert_true(str_to_int(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_false(str_to_int(STR("9223372036854775808"), &n));
    assert_false(str_to_int(STR(""), &n) || str_to_int(STR("-"), &n) || str_to_int(STR("1x"), &n));
    assert_true(n == INT64_MIN);
}

static void only_shortest_utf8_without_nul_and_surrogates_is_valid(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("鸿雁 \xF0\x9F\x98\x80")));
    assert_false(str_is_utf8(STR("\xC0\xAF")));
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80")));
    assert_false(str_is_utf8(STR("a\0b")));
    assert_false(str_is_utf8(STR("\xE9\xB8")));
}

static void runes_are_counted_and_cut_whole(void **state)
{
    (void)state;
    assert_int_equal(str_rune_count(STR("鸿雁ab")), 4);
    assert_true(str_eq(str_rune_prefix(STR("鸿雁ab"), 2), STR("鸿雁")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_gives_every_piece_and_stops),
        cmocka_unit_test(numbers_that_do_not_fit_are_refused),
        cmocka_unit_test(only_shortest_utf8_without_nul_and_surrogates_is_valid),
        cmocka_unit_test(runes_are_counted_and_cut_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
