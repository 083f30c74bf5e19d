#include "../unit.h"
#include "base/buf.h"

static void what_was_appended_is_there(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 1 << 20);
    buf_append(&buf, STR("ab"));
    buf_append(&buf, STR_EMPTY);
    buf_append_char(&buf, '-');
    buf_append_int(&buf, INT64_MIN);
    buf_append_int(&buf, 0);
    buf_printf(&buf, "[%s|%d]", "x", 12);
    assert_str(buf_str(&buf), "ab--92233720368547758080[x|12]");
    buf_clear(&buf);
    assert_int_equal(buf.len, 0);
    buf_deinit(&buf);
    buf_deinit(&buf);
}

static void long_printed_text_is_whole(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 1 << 20);
    for (int width = 0; width < 3000; width += 101) {
        buf_clear(&buf);
        buf_append_char(&buf, '<');
        buf_printf(&buf, "%*d", width, 5);
        assert_int_equal(buf.len, 1 + (width > 1 ? width : 1));
        assert_int_equal(buf.ptr[buf.len - 1], '5');
    }
    buf_deinit(&buf);
}

static void limit_is_exact(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        Buf buf;
        buf_init(&buf, 5);
        for (int i = 0; i < 5; i++) {
            if (way == 0)
                buf_append(&buf, STR("x"));
            else if (way == 1)
                buf_append_char(&buf, 'x');
            else
                buf_printf(&buf, "%s", "x");
        }
        assert_str(buf_str(&buf), "xxxxx");
        assert_false(buf.overflowed);
        buf_append_char(&buf, 'y');
        assert_true(buf.overflowed);
        assert_str(buf_str(&buf), "xxxxx");
        buf_deinit(&buf);
    }
}

static void after_an_overflow_nothing_more_gets_in(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 8);
    buf_append(&buf, STR("abc"));
    buf_append(&buf, STR("too long for it"));
    assert_true(buf.overflowed);
    buf_append(&buf, STR("d"));
    buf_append_char(&buf, 'e');
    buf_append_int(&buf, 1);
    buf_printf(&buf, "f");
    assert_str(buf_str(&buf), "abc");
    buf_clear(&buf);
    buf_append(&buf, STR("again"));
    assert_str(buf_str(&buf), "again");
    buf_deinit(&buf);
}

static void consumed_bytes_are_gone(void **state)
{
    (void)state;
    Buf buf;
    buf_init(&buf, 100);
    buf_append(&buf, STR("0123456789"));
    buf_consume(&buf, 0);
    buf_consume(&buf, 4);
    assert_str(buf_str(&buf), "456789");
    buf_consume(&buf, 6);
    assert_str(buf_str(&buf), "");
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_appended_is_there),
        cmocka_unit_test(long_printed_text_is_whole),
        cmocka_unit_test(limit_is_exact),
        cmocka_unit_test(after_an_overflow_nothing_more_gets_in),
        cmocka_unit_test(consumed_bytes_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
