#include "../unit.h"
#include "ext/mail.h"

static Mail letter(void)
{
    return (Mail){
        .from = STR("anser@verona.example"),
        .from_name = STR("Anser"),
        .to = STR("romeo@verona.example"),
        .subject = STR("Come soon"),
        .text = STR("Good night\n"),
        .html = STR("<p>Good night</p>"),
        .id = STR("01abc"),
        .date_ms = INT64_C(1795493474218),
    };
}

static Str written(Arena *arena, const Mail *mail, Err *ret_err)
{
    Buf *out = buf_new(arena, 1024 * 1024);
    *ret_err = mail_write(arena, mail, out);
    return buf_str(out);
}

static void letter_has_its_heads_and_both_forms(void **state)
{
    Mail mail = letter();
    Err err;
    Str text = written(*state, &mail, &err);
    assert_int_equal(err, OK);
    assert_true(str_starts_with(text, STR("Date: Tue, 24 Nov 2026 ")));
    assert_true(str_contains(
        text, STR("\r\nFrom: \"Anser\" <anser@verona.example>\r\nTo: <romeo@verona.example>\r\n")));
    assert_true(str_contains(text, STR("\r\nSubject: Come soon\r\n")));
    assert_true(str_contains(text, STR("\r\nMessage-ID: <01abc@verona.example>\r\n")));
    assert_true(str_contains(text, STR("text/plain; charset=utf-8")) &&
                str_contains(text, STR("text/html; charset=utf-8")));
}

static void no_line_is_longer_than_998_and_all_end_in_cr_lf(void **state)
{
    Mail mail = letter();
    Err err;
    Buf *long_text = buf_new(*state, 1024 * 1024);
    for (int i = 0; i < 3000; i++)
        buf_append(long_text, STR("鸿雁"));
    mail.subject = str_slice(buf_str(long_text), 0, 600);
    mail.text = buf_str(long_text);
    Str text = written(*state, &mail, &err);
    assert_int_equal(err, OK);
    for (size_t i = 0, start = 0; i < text.len; i++) {
        assert_true((unsigned char)text.ptr[i] < 0x80);
        if (text.ptr[i] != '\n')
            continue;
        assert_true(i > 0 && text.ptr[i - 1] == '\r' && i - start < 998);
        start = i + 1;
    }
}

static void line_ends_in_a_subject_or_name_make_no_header(void **state)
{
    Mail mail = letter();
    Err err;
    mail.subject = STR("x\r\nBcc: all@verona.example");
    mail.from_name = STR("y\nBcc: all@verona.example");
    Str text = written(*state, &mail, &err);
    assert_int_equal(err, OK);
    assert_false(str_contains(text, STR("Bcc")));
}

static void addresses_that_could_be_two_are_refused(void **state)
{
    static const char *const bad[] = {"",     "romeo",       "@x",      "romeo@", "a b@x",
                                      "a@x>", "a@x\r\nRCPT", "a@x,b@y", "a\t@x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Mail mail = letter();
        Err err;
        mail.to = str_of(bad[i]);
        (void)written(*state, &mail, &err);
        assert_int_equal(err, ERR_SYNTAX);
    }
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
        cmocka_unit_test_setup_teardown(letter_has_its_heads_and_both_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_line_is_longer_than_998_and_all_end_in_cr_lf, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(line_ends_in_a_subject_or_name_make_no_header, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(addresses_that_could_be_two_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
