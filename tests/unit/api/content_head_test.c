/* Which part of a file a Range header asks for, and how names travel in Content-Disposition. */
#include "../unit.h"
#include "api/content_head.h"

static void ranges_are_read_as_rfc_9110_says(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int64_t size, from, length;
        bool is_partial;
    } rows[] = {
        {"", 10, 0, 10, false},
        {"bytes=0-3", 10, 0, 4, true},
        {"bytes=2-4", 10, 2, 3, true},
        {"bytes=9-9", 10, 9, 1, true},
        {"bytes=5-", 10, 5, 5, true},
        {"bytes=5-99", 10, 5, 5, true},
        {"bytes=-3", 10, 7, 3, true},
        {"bytes=-99", 10, 0, 10, true},
        {"Bytes= 2 - 4 ", 10, 2, 3, true},
        {"bytes=0-99999999999999999999", 10, 0, 10, false}, /* no number */
        {"bytes=0-9223372036854775807", 10, 0, 10, true},
        {"bytes=4-2", 10, 0, 10, false},     /* not a range */
        {"bytes=1-2,4-5", 10, 0, 10, false}, /* several may be answered whole */
        {"bytes=-", 10, 0, 10, false},
        {"bytes=x-y", 10, 0, 10, false},
        {"bytes=--1", 10, 0, 10, false},
        {"items=0-3", 10, 0, 10, false},
        {"bytes", 10, 0, 10, false},
        {"bytes=0-", 0, 0, 0, false}, /* nothing is all there is */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ContentRange range;
        assert_true(range_read(str_of(rows[i].header), rows[i].size, &range));
        assert_int_equal(range.from, rows[i].from);
        assert_int_equal(range.length, rows[i].length);
        assert_int_equal(range.is_partial, rows[i].is_partial);
    }
}

static void range_behind_the_end_can_not_be_satisfied(void **state)
{
    (void)state;
    static const char *const headers[] = {"bytes=10-", "bytes=10-12", "bytes=9223372036854775807-",
                                          "bytes=-0"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        ContentRange range;
        assert_false(range_read(str_of(headers[i]), 10, &range));
    }
}

static void names_are_escaped(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    assert_str(disposition_write(arena, true, STR("a-b_c.1~.png")),
               "inline;filename=\"a-b_c.1~.png\"; filename*=UTF-8''a-b_c.1~.png");
    assert_str(disposition_write(arena, false, STR("书 \"x\";\r\n.txt")),
               "attachment;filename=\"%E4%B9%A6%20%22x%22%3B%0D%0A.txt\"; "
               "filename*=UTF-8''%E4%B9%A6%20%22x%22%3B%0D%0A.txt");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read_as_rfc_9110_says),
        cmocka_unit_test(range_behind_the_end_can_not_be_satisfied),
        cmocka_unit_test(names_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
