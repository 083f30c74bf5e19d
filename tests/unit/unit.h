/* tests/unit/unit.h: what every cmocka program of ours begins with. */
#pragma once
#include "base/arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_str(actual, expected) test_str((actual), STR(expected), __FILE__, __LINE__)
static inline void test_str(Str actual, Str expected, const char *file, int line)
{
    if (str_eq(actual, expected))
        return;
    print_error("\"" STR_FMT "\" is not \"" STR_FMT "\"\n", STR_ARG(actual), STR_ARG(expected));
    _fail(file, line);
}
