#include "base/arena.h"
#include "base/embedded.h"
#include "base/json.h"
#include "model/errors.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const LANGUAGES[] = {"en", "zh-CN", "zh-TW"};
enum { LANGUAGE_COUNT = 3 };

static json_t *texts_of(Arena *arena, const char *language)
{
    Str name = str_printf(arena, "%s.json", language);
    for (const EmbeddedFile *file = embedded_texts; file->name; file++) {
        json_t *texts = NULL;
        if (str_eq(str_of(file->name), name)) {
            assert_int_equal(json_parse(arena, file->text, &texts), OK);
            return texts;
        }
    }
    fail_msg("no texts in %s", language);
    return NULL;
}

/* The name that the rule in errors.h makes of an id. */
static Str name_by_rule(Arena *arena, const char *id)
{
    Str s = str_of(id);
    if (str_ends_with(s, STR(".app_error")))
        s = str_slice(s, 0, s.len - strlen(".app_error"));
    char *name = str_to_c(arena, str_concat(arena, STR("ERR_"), s));
    for (char *c = name; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c -= 'a' - 'A';
        else if (!(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9'))
            *c = '_';
    }
    return str_of(name);
}

static const struct {
    const char *name;
    int code;
    const char *id;
} ROWS[] = {
#define ROW(name, code, id) {#name, code, id},
    ERROR_LIST(ROW)};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static void rows_are_sorted_and_named_by_rule(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    for (int i = 0; i < ROW_COUNT; i++) {
        assert_string_equal(ROWS[i].name, name_by_rule(arena, ROWS[i].id).ptr);
        assert_true(i == 0 || strcmp(ROWS[i - 1].id, ROWS[i].id) < 0);
        assert_true(ROWS[i].code >= 400 && ROWS[i].code < 600);
        const ErrorRow *row = error_row((Err)(ERR_WIRE_FIRST + i));
        assert_int_equal(row->status, ROWS[i].code);
        assert_string_equal(row->id, ROWS[i].id);
    }
    arena_free(arena);
}

static void every_error_has_a_text_in_every_language(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        json_t *texts = texts_of(arena, LANGUAGES[l]);
        for (int i = 0; i < ROW_COUNT; i++)
            if (json_text(json_object_get(texts, ROWS[i].id)).len == 0)
                fail_msg("%s has no text in %s", ROWS[i].id, LANGUAGES[l]);
    }
    arena_free(arena);
}

/* The {Parameters} of a text that the other one lacks, or the empty Str. */
static Str parameter_lacking(Str text, Str other)
{
    for (ptrdiff_t open = str_find_char(text, '{'); open >= 0;
         open = str_find(text, STR("{"), (size_t)open + 1)) {
        ptrdiff_t close = str_find(text, STR("}"), (size_t)open);
        assert_true(close > open);
        Str place = str_slice(text, (size_t)open, (size_t)close + 1);
        if (!str_contains(other, place))
            return place;
    }
    return STR_EMPTY;
}

static void the_languages_have_the_same_texts_with_the_same_parameters(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    json_t *english = texts_of(arena, "en");
    for (int i = 1; i < LANGUAGE_COUNT; i++) {
        json_t *texts = texts_of(arena, LANGUAGES[i]), *text;
        assert_int_equal(json_object_size(texts), json_object_size(english));
        const char *id;
        json_object_foreach(english, id, text)
        {
            Str here = json_text(json_object_get(texts, id)), there = json_text(text);
            Str lacking = parameter_lacking(there, here);
            if (lacking.len == 0)
                lacking = parameter_lacking(here, there);
            if (here.len == 0 || lacking.len > 0)
                fail_msg("%s in %s: " STR_FMT, id, LANGUAGES[i], STR_ARG(lacking));
        }
    }
    arena_free(arena);
}

static void trouble_of_the_machine_is_told_as_busy_or_internal(void **state)
{
    (void)state;
    assert_string_equal(error_row(ERR_UNAVAILABLE)->id, "api.context.server_busy.app_error");
    assert_int_equal(error_row(ERR_NO_SPACE)->status, 503);
    assert_int_equal(error_row(ERR_IO)->status, 500);
    assert_string_equal(error_row(ERR_UNIQUE)->id, "api.context.internal.app_error");
}

static void texts_come_in_the_nearest_language(void **state)
{
    (void)state;
    assert_true(str_eq(text_language(STR("zh_HK")), STR("zh-TW")));
    assert_true(str_eq(text_language(STR("zh-Hant-MO")), STR("zh-TW")));
    assert_true(str_eq(text_language(STR("ZH")), STR("zh-CN")));
    assert_true(str_eq(text_language(STR("de")), STR("en")));
    assert_true(str_eq(text_language(STR_EMPTY), STR("en")));
    assert_true(str_eq(text_language_of_header(STR("fr-FR, zh-TW;q=0.9, en;q=0.8")), STR("zh-TW")));
    assert_true(str_eq(text_language_of_header(STR(",;")), STR("en")));
    Str english = error_text((Err)ERR_API_CONTEXT_PERMISSIONS, STR("en"));
    assert_false(str_eq(error_text((Err)ERR_API_CONTEXT_PERMISSIONS, STR("zh-CN")), english));
    assert_true(str_eq(error_text((Err)ERR_API_CONTEXT_PERMISSIONS, STR("de")), english));
    assert_true(str_eq(text_get(STR("no.such.text"), STR("en")), STR("no.such.text")));
}

static void a_taken_name_or_address_says_that_it_already_exists(void **state)
{
    (void)state; /* COMPAT(load testers of v4): they look for these words. */
    assert_true(str_contains(error_text((Err)ERR_APP_USER_SAVE_EMAIL_EXISTS, STR("en")),
                             STR("already exists")));
    assert_true(str_contains(error_text((Err)ERR_APP_USER_SAVE_USERNAME_EXISTS, STR("en")),
                             STR("already exists")));
}

static void places_are_filled_and_unknown_ones_stay(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Str names[] = {STR("Name"), STR("Max")}, values[] = {STR("{Max}"), STR("7")};
    assert_true(str_eq(text_fill(arena, STR("a {Name} b {Max}{Other} {"), names, values, 2),
                       STR("a {Max} b 7{Other} {")));
    assert_true(str_eq(text_fill(arena, STR("plain"), names, values, 2), STR("plain")));
    assert_true(str_eq(text_fill(arena, STR_EMPTY, NULL, NULL, 0), STR_EMPTY));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_and_named_by_rule),
        cmocka_unit_test(every_error_has_a_text_in_every_language),
        cmocka_unit_test(the_languages_have_the_same_texts_with_the_same_parameters),
        cmocka_unit_test(trouble_of_the_machine_is_told_as_busy_or_internal),
        cmocka_unit_test(texts_come_in_the_nearest_language),
        cmocka_unit_test(a_taken_name_or_address_says_that_it_already_exists),
        cmocka_unit_test(places_are_filled_and_unknown_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
