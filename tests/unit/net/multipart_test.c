#include "net/multipart.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TYPE        STR("multipart/form-data; boundary=xx")
#define DISPOSITION "Content-Disposition: form-data; "

static void parts_are_slices_with_unescaped_names(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpPart *parts;
    size_t count;
    Str body = STR("a preamble\r\n--xx\r\n" DISPOSITION "name=\"channel_id\"\r\n\r\nabc\r\n"
                   "--xx \t\r\ncontent-disposition: Form-Data; name=files; filename=\"a \\\"b\\\" "
                   "C:\\d.png\"\r\n"
                   "Content-Type: image/png\r\n\r\n\r\n--x\r\n\r\n--xx--\r\nan epilogue");
    assert_int_equal(multipart_parse(arena,
                                     STR("Multipart/Form-Data; charset=utf-8; boundary=\"xx\""),
                                     body, &parts, &count),
                     OK);
    assert_int_equal(count, 2);
    assert_true(str_eq(parts[0].name, STR("channel_id")) && str_eq(parts[0].bytes, STR("abc")));
    assert_int_equal(parts[0].filename.len, 0);
    assert_true(str_eq(parts[1].name, STR("files")) &&
                str_eq(parts[1].filename, STR("a \"b\" C:\\d.png")));
    assert_true(str_eq(parts[1].content_type, STR("image/png")) &&
                str_eq(parts[1].bytes, STR("\r\n--x\r\n")));
    assert_true(parts[1].bytes.ptr > body.ptr && parts[1].bytes.ptr < body.ptr + body.len);
    arena_free(arena);
}

static void an_extended_file_name_wins(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpPart *parts;
    size_t count;
    Str body = STR("--xx\r\n" DISPOSITION
                   "name=\"f\"; filename*=UTF-8''%E9%B8%BF%E9%9B%81.txt; filename=\"x.txt\"\r\n\r\n"
                   "\r\n--xx--");
    assert_int_equal(multipart_parse(arena, TYPE, body, &parts, &count), OK);
    assert_true(str_eq(parts[0].filename, STR("鸿雁.txt")) && parts[0].bytes.len == 0);
    arena_free(arena);
}

static void an_empty_form_has_no_parts(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpPart *parts;
    size_t count;
    assert_int_equal(multipart_parse(arena, TYPE, STR("--xx--\r\n"), &parts, &count), OK);
    assert_int_equal(count, 0);
    arena_free(arena);
}

static void whatever_is_malformed_is_refused(void **state)
{
    (void)state;
    static const Str bodies[] = {
#define ROW(text) {text, sizeof text - 1},
        ROW("") ROW("--") ROW("--xx") ROW("--xx\r\n") ROW("--x--\r\n") ROW("no boundary at all")
            ROW("--xx\r\n" DISPOSITION "name=\"a\"\r\n\r\nabc")            /* no end */
        ROW("--xx\r\n" DISPOSITION "name=\"a\"\r\n\r\nabc\r\n--xx")        /* half an end */
        ROW("--xx\r\n" DISPOSITION "name=\"a\"\r\n\r\nabc\r\n--xxy--\r\n") /* a longer boundary */
        ROW("--xx\r\n" DISPOSITION "name=\"a\r\n\r\nabc\r\n--xx--\r\n")    /* an open quote */
        ROW("--xx\r\n" DISPOSITION "name\r\n\r\nabc\r\n--xx--\r\n")
            ROW("--xx\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nabc\r\n--xx--\r\n")
                ROW("--xx\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--xx--\r\n") ROW(
                    "--xx\r\n" DISPOSITION "filename=\"a\"\r\n\r\nabc\r\n--xx--\r\n") /* no name */
        ROW("--xx\r\n\r\nabc\r\n--xx--\r\n") /* no headers */
        ROW("--xx\r\nNo colon\r\n" DISPOSITION "name=\"a\"\r\n\r\nabc\r\n--xx--\r\n")
            ROW("--xx\n" DISPOSITION "name=\"a\"\n\nabc\n--xx--\n") /* bare LF */
        ROW("--xx\r\n" DISPOSITION "name=\"a\"; filename*=UTF-8''%0\r\n\r\nabc\r\n--xx--\r\n")
            ROW("--xx\r\n" DISPOSITION "name=\"a\"; filename*=latin1''x\r\n\r\nabc\r\n--xx--\r\n")
#undef ROW
    };
    Arena *arena = arena_create();
    HttpPart *parts;
    size_t count;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (multipart_parse(arena, TYPE, bodies[i], &parts, &count) != ERR_SYNTAX)
            fail_msg("body %zu: " STR_FMT, i, STR_ARG(bodies[i]));
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=xx",
        "application/json",
        "multipart/form-data; boundary=\"xx",
        "multipart/form-data; "
        "boundary=0123456789012345678901234567890123456789012345678901234567890123456789x"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_int_equal(
            multipart_parse(arena, str_of(types[i]), STR("--xx--\r\n"), &parts, &count),
            ERR_SYNTAX);
    arena_free(arena);
}

static void more_parts_than_the_limit_are_refused(void **state)
{
    (void)state;
    for (size_t wanted = MULTIPART_PARTS_MAX; wanted <= MULTIPART_PARTS_MAX + 1; wanted++) {
        Arena *arena = arena_create();
        HttpPart *parts;
        size_t count = 0;
        Buf body;
        buf_init(&body, 64 * 1024);
        for (size_t i = 0; i < wanted; i++)
            buf_append(&body, STR("--xx\r\n" DISPOSITION "name=\"a\"\r\n\r\nabc\r\n"));
        buf_append(&body, STR("--xx--\r\n"));
        Err err = multipart_parse(arena, TYPE, buf_str(&body), &parts, &count);
        assert_int_equal(err, wanted > MULTIPART_PARTS_MAX ? ERR_SYNTAX : OK);
        buf_deinit(&body);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_slices_with_unescaped_names),
        cmocka_unit_test(an_extended_file_name_wins),
        cmocka_unit_test(an_empty_form_has_no_parts),
        cmocka_unit_test(whatever_is_malformed_is_refused),
        cmocka_unit_test(more_parts_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
