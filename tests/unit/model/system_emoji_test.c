#include "model/system_emoji.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void standard_names_are_taken(void **state)
{
    (void)state;
    const char *const names[] = {"+1", "-1", "100", "zzz", "smile", "japan", "skin-tone-2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(emoji_is_system(str_of(names[i])));
}

static void other_names_are_free(void **state)
{
    (void)state;
    const char *const names[] = {
        "", "anser", "smil", "smilee", "Smile", "_dark_skin_tone", "japan_dark_skin_tone"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false(emoji_is_system(str_of(names[i])));
}

static void skin_tones_go_with_the_emoji_that_have_them(void **state)
{
    (void)state;
    assert_true(emoji_is_system(STR("+1_medium_light_skin_tone")));
    assert_true(emoji_is_system(STR("couple_dark_skin_tone")));
    assert_true(emoji_is_system(STR("couple_dark_skin_tone_medium_light_skin_tone")));
    assert_false(emoji_is_system(STR("couple_dark_skin_tone_dark_skin_tone")));
    assert_false(emoji_is_system(STR("+1_dark_skin_tone_light_skin_tone")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_names_are_taken),
        cmocka_unit_test(other_names_are_free),
        cmocka_unit_test(skin_tones_go_with_the_emoji_that_have_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
