#include "../unit.h"
#include "base/totp.h"

#define RFC_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" /* 12345678901234567890 */

static void codes_are_those_of_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[TOTP_DIGITS + 1];
        assert_true(totp_code(STR(RFC_SECRET), rows[i].time_s / TOTP_STEP_S, code));
        assert_string_equal(code, rows[i].code);
    }
}

static void code_counts_in_its_half_minute_and_the_next_ones_and_once(void **state)
{
    (void)state;
    int64_t step = 0;
    assert_true(totp_check(STR(RFC_SECRET), STR("287082"), 59, 0, &step) && step == 1);
    assert_true(totp_check(STR(RFC_SECRET), STR("287082"), 89, 0, &step));
    assert_false(totp_check(STR(RFC_SECRET), STR("287082"), 90, 0, &step));
    assert_false(totp_check(STR(RFC_SECRET), STR("287082"), 59, 1, &step));
    assert_false(totp_check(STR(RFC_SECRET), STR("28708"), 59, 0, &step));
    assert_false(totp_check(STR(RFC_SECRET), STR(""), 59, 0, &step));
}

static void what_is_no_base32_makes_no_code(void **state)
{
    (void)state;
    char code[TOTP_DIGITS + 1];
    assert_false(totp_code(STR(""), 1, code) || totp_code(STR("abc1"), 1, code) ||
                 totp_code(STR("A\0B"), 1, code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_rfc_6238),
        cmocka_unit_test(code_counts_in_its_half_minute_and_the_next_ones_and_once),
        cmocka_unit_test(what_is_no_base32_makes_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
