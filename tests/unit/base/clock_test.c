#include "../unit.h"
#include "base/clock.h"

static void rfc3339_goes_there_and_back(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    assert_str(clock_format_rfc3339(arena, 0), "1970-01-01T00:00:00.000Z");
    assert_str(clock_format_rfc3339(arena, INT64_C(1795489445678)), "2026-11-24T03:04:05.678Z");
    assert_str(clock_format_rfc3339(arena, -1), "1969-12-31T23:59:59.999Z");
    for (int64_t ms = 0; ms < INT64_C(4102444800000); ms += INT64_C(86399999) * 31) {
        int64_t back = -1;
        assert_true(clock_parse_rfc3339(clock_format_rfc3339(arena, ms), &back));
        assert_true(back == ms);
    }
    arena_free(arena);
}

static void rfc3339_offsets_and_fractions_count(void **state)
{
    (void)state;
    static const struct {
        Str text;
        int64_t ms;
    } cases[] = {
        {STR("1970-01-01T00:00:00Z"), 0},
        {STR("1970-01-01t00:00:00z"), 0},
        {STR("1970-01-01 00:00:01Z"), 1000},
        {STR("1970-01-01T08:00:00+08:00"), 0},
        {STR("1970-01-01T00:00:00-00:30"), 1800000},
        {STR("1970-01-01T00:00:00.5Z"), 500},
        {STR("1970-01-01T00:00:00.123456789+00:00"), 123},
        {STR("1972-06-30T23:59:60Z"),
         INT64_C(78796800000)}, /* a leap second is the next midnight */
        {STR("2000-02-29T00:00:00Z"), INT64_C(951782400000)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = -1;
        assert_true(clock_parse_rfc3339(cases[i].text, &ms));
        assert_true(ms == cases[i].ms);
    }
}

static void what_is_no_rfc3339_is_refused(void **state)
{
    (void)state;
    static const Str cases[] = {
        STR(""),
        STR("1970-01-01"),
        STR("1970-01-01T00:00:00"),
        STR("1970-01-01T00:00:00."),
        STR("1970-01-01T00:00:00.Z"),
        STR("1970-01-01T24:00:00Z"),
        STR("1970-01-01T00:60:00Z"),
        STR("1970-01-01T00:00:61Z"),
        STR("1970-02-29T00:00:00Z"),
        STR("1970-13-01T00:00:00Z"),
        STR("1970-00-01T00:00:00Z"),
        STR("1970-01-01T00:00:00+0800"),
        STR("1970-01-01T00:00:00+08"),
        STR("1970-01-01T00:00:00+24:00"),
        STR("1970-01-01T00:00:00Z "),
        STR(" 1970-01-01T00:00:00Z"),
        STR("1970/01/01T00:00:00Z"),
        STR("197x-01-01T00:00:00Z"),
        STR("1970-01-01T00:00:00ZZ"),
        STR("+970-01-01T00:00:00Z"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 7;
        assert_false(clock_parse_rfc3339(cases[i], &ms));
        assert_int_equal(ms, 7);
    }
}

static void dates_are_midnights(void **state)
{
    (void)state;
    int64_t ms = -1;
    assert_true(clock_parse_date(STR("1970-01-02"), &ms) && ms == 86400000);
    assert_true(clock_parse_date(STR("2024-02-29"), &ms) && ms == INT64_C(1709164800000));
    assert_false(
        clock_parse_date(STR("2023-02-29"), &ms) || clock_parse_date(STR("2023-04-31"), &ms) ||
        clock_parse_date(STR("2023-4-1"), &ms) || clock_parse_date(STR("2023-04-011"), &ms) ||
        clock_parse_date(STR("2023-04-00"), &ms) || clock_parse_date(STR(""), &ms));
}

static void http_dates_have_their_fixed_form(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    assert_str(clock_format_http(arena, INT64_C(784111777000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_str(clock_format_http(arena, INT64_C(784111777999)), "Sun, 06 Nov 1994 08:49:37 GMT");
    arena_free(arena);
}

static void clocks_agree_and_do_not_run_backwards(void **state)
{
    (void)state;
    int64_t ms = clock_monotonic_ms(), us = clock_monotonic_us();
    assert_true(us / 1000 >= ms && us / 1000 < ms + 10000);
    assert_true(clock_monotonic_us() >= us);
    assert_true(clock_now_ms() > INT64_C(1700000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc3339_goes_there_and_back),
        cmocka_unit_test(rfc3339_offsets_and_fractions_count),
        cmocka_unit_test(what_is_no_rfc3339_is_refused),
        cmocka_unit_test(dates_are_midnights),
        cmocka_unit_test(http_dates_have_their_fixed_form),
        cmocka_unit_test(clocks_agree_and_do_not_run_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
