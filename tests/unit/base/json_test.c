#include "../unit.h"
#include "base/json.h"

static void commas_come_by_themselves(void **state)
{
    (void)state;
    Buf out;
    buf_init(&out, 1 << 16);
    json_open(&out);
    json_key(&out, "a");
    json_int(&out, -5);
    json_key(&out, "list");
    json_open_array(&out);
    json_str(&out, STR("x,"));
    json_open(&out);
    json_close(&out);
    json_open_array(&out);
    json_close_array(&out);
    json_bool(&out, true);
    json_nil(&out);
    json_raw(&out, STR("1.5"));
    json_close_array(&out);
    json_key_str(&out, STR("k\""));
    json_strs(&out, (Str[]){STR("p"), STR("q:"), STR("{")}, 3);
    json_key(&out, "last");
    json_bool(&out, false);
    json_close(&out);
    assert_str(buf_str(&out), "{\"a\":-5,\"list\":[\"x,\",{},[],true,null,1.5],\"k\\\"\":[\"p\","
                              "\"q:\",\"{\"],\"last\":false}");
    buf_deinit(&out);
}

static void texts_are_escaped_and_mended(void **state)
{
    (void)state;
    static const struct {
        Str text, json;
    } cases[] = {
        {STR(""), STR("\"\"")},
        {STR("鸿雁 \xF0\x9F\x98\x80"), STR("\"鸿雁 \xF0\x9F\x98\x80\"")},
        {STR("a\"b\\c/\n\r\t"), STR("\"a\\\"b\\\\c/\\n\\r\\t\"")},
        {STR("\0\x01\x1f\x7f"), STR("\"\\u0000\\u0001\\u001f\x7f\"")},
        {STR("a\xFFz"), STR("\"a\xEF\xBF\xBDz\"")},
        {STR("\xE9\xB8"), STR("\"\xEF\xBF\xBD\xEF\xBF\xBD\"")},
        {STR("\xED\xA0\x80"), STR("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"")},
        {STR("\xEF\xBF\xBD"), STR("\"\xEF\xBF\xBD\"")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf out;
        buf_init(&out, 4096);
        json_str(&out, cases[i].text);
        assert_true(str_eq(buf_str(&out), cases[i].json));
        buf_deinit(&out);
    }
}

static void every_text_written_is_read_back(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Buf out;
    buf_init(&out, 1 << 16);
    for (uint32_t c = 1; c < 256; c++) {
        char text[] = {'<', (char)c, '>'};
        json_t *value = NULL;
        buf_clear(&out);
        json_str(&out, str_make(text, sizeof text));
        assert_int_equal(json_parse(arena, buf_str(&out), &value), OK);
        if (c < 128)
            assert_true(str_eq(json_text(value), str_make(text, sizeof text)));
    }
    buf_deinit(&out);
    arena_free(arena);
}

static Err parse(Str text)
{
    Arena *arena = arena_create();
    json_t *value = NULL;
    Err err = json_parse(arena, text, &value);
    assert_int_equal(err == OK, value != NULL);
    arena_free(arena);
    return err;
}

static void what_is_no_json_is_refused(void **state)
{
    (void)state;
    static const Str bad[] = {
        STR(""),
        STR(" "),
        STR("{"),
        STR("[1,]"),
        STR("{\"a\":1,}"),
        STR("{a:1}"),
        STR("'a'"),
        STR("1 2"),
        STR("[1]x"),
        STR("nul"),
        STR("\"\xFF\""),
        STR("\"\xED\xA0\x80\""),
        STR("\"\\u0000\""),
        STR("\"a\0b\""),
        STR("[1]\0"),
        STR("\"\\ud800\""),
        STR("{\"a\":1,\"a\":2}"),
        STR("01"),
        STR("+1"),
        STR(".5"),
        STR("NaN"),
        STR("\"\n\""),
        STR("99999999999999999999"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parse(bad[i]), ERR_SYNTAX);
    static const Str good[] = {STR("null"), STR(" [1, -2.5e3, \"\\ud83d\\ude00\", {}] \n"),
                               STR("9223372036854775807"), STR("\"\"")};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(parse(good[i]), OK);
    assert_int_equal(parse((Str){NULL, 0}), ERR_SYNTAX);
}

static Str nested(Arena *arena, int depth)
{
    char *text = arena_alloc(arena, 2 * (size_t)depth);
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    return str_make(text, 2 * (size_t)depth);
}

static void depth_is_limited_before_anybody_recurses(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    assert_int_equal(parse(nested(arena, 64)), OK);
    assert_int_equal(parse(nested(arena, 65)), ERR_SYNTAX);
    assert_int_equal(parse(nested(arena, 1000000)), ERR_SYNTAX);
    assert_int_equal(
        parse(STR(
            "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"")),
        OK);
    arena_free(arena);
}

static void members_are_found_by_name_of_any_case(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    json_t *value = NULL;
    assert_int_equal(
        json_parse(arena,
                   STR("{\"Team_ID\":\"a\",\"team_id\":\"b\",\"N\":3,\"deep\":{\"x\":[1,\"y\"]}}"),
                   &value),
        OK);
    assert_str(json_text(json_find(value, "team_id")), "b");
    assert_str(json_text(json_find(value, "Team_ID")), "a");
    assert_str(json_text(json_find(value, "TEAM_id")), "a");
    assert_int_equal(json_integer_value(json_find(value, "n")), 3);
    assert_null(json_find(value, "absent"));
    assert_null(json_find(NULL, "absent"));
    assert_str(json_text(json_find(value, "n")), "");
    assert_str(json_text(NULL), "");
    assert_str(json_dump(arena, json_find(value, "deep")), "{\"x\":[1,\"y\"]}");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_come_by_themselves),
        cmocka_unit_test(texts_are_escaped_and_mended),
        cmocka_unit_test(every_text_written_is_read_back),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(depth_is_limited_before_anybody_recurses),
        cmocka_unit_test(members_are_found_by_name_of_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
