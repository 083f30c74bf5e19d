/* The server's side of the picture reader, with helpers that die, hang, lie or are not there; and the real one. */
#include "../unit.h"
#include "base/clock.h"
#include "ext/media.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A red picture of 2 × 1, PNG. */
/* clang-format off */
static const unsigned char PICTURE[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8,
    0xdd, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00,
    0x44, 0x00, 0x08, 0xfe, 0x01, 0xff, 0xc6, 0x9e, 0x79, 0xf7, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
/* clang-format on */
static const MediaLimits LIMITS = {.pixels = 1000000, .time_ms = 20000};

/* The program that was built beside this test. */
static Str real_helper(Arena *arena)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    while (len > 0 && self[len - 1] != '/')
        len--;
    return str_printf(arena, "%.*s../anser-media", (int)len, self);
}

static Str script(Arena *arena, const char *text)
{
    static int count;
    Str path = str_printf(arena, "/tmp/anser-media-test-%d-%d", (int)getpid(), count++);
    FILE *file = fopen(path.ptr, "w");
    assert_non_null(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path.ptr, 0755), 0);
    return path;
}

static Err read_with(Arena *arena, Str helper, MediaLimits limits, Str bytes, MediaResult *result)
{
    *result = (MediaResult){.status = MEDIA_OK};
    return media_read(helper, MEDIA_ATTACHMENT, limits, bytes, arena, result);
}

static void absent_helper_is_told_as_such(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    MediaResult result;
    Str picture = str_make(PICTURE, sizeof PICTURE);
    assert_int_equal(read_with(arena, STR_EMPTY, LIMITS, picture, &result), ERR_UNAVAILABLE);
    assert_int_equal(read_with(arena, STR("/nowhere/anser-media"), LIMITS, picture, &result),
                     ERR_UNAVAILABLE);
    Str no_sandbox = script(arena, "exit 3");
    assert_int_equal(read_with(arena, no_sandbox, LIMITS, picture, &result), ERR_UNAVAILABLE);
    (void)unlink(no_sandbox.ptr);
    arena_free(arena);
}

static void helper_that_dies_or_lies_makes_a_broken_picture(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "exit 0",
        "kill -SEGV $$",
        "exec cat", /* the request as the reply */
        "echo something else",
        "exec head -c 100000000 /dev/zero",  /* more than a reply may have */
        "printf '1MNA\\0\\0\\0\\0'; exit 0", /* ends early */
    };
    Arena *arena = arena_create();
    char *large = calloc(1, 3 * 1024 * 1024); /* more than a socket takes at once */
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        MediaResult result;
        Str path = script(arena, scripts[i]);
        assert_int_equal(read_with(arena, path, LIMITS, str_make(large, 3 * 1024 * 1024), &result),
                         OK);
        assert_int_equal(result.status, MEDIA_BROKEN);
        assert_int_equal(result.parts[0].len, 0);
        (void)unlink(path.ptr);
    }
    free(large);
    arena_free(arena);
}

static void helper_that_hangs_is_ended_at_the_deadline(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    MediaResult result;
    MediaLimits limits = {.pixels = 1000, .time_ms = 200};
    Str path = script(arena, "exec sleep 100");
    int64_t started = clock_monotonic_ms();
    assert_int_equal(read_with(arena, path, limits, str_make(PICTURE, sizeof PICTURE), &result),
                     OK);
    assert_int_equal(result.status, MEDIA_BROKEN);
    assert_true(clock_monotonic_ms() - started < 10000);
    (void)unlink(path.ptr);
    arena_free(arena);
}

static void real_helper_reads_what_it_is_given(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    MediaResult result;
    Str helper = real_helper(arena);
    assert_int_equal(access(helper.ptr, X_OK), 0);
    assert_int_equal(read_with(arena, helper, LIMITS, STR("no picture"), &result), OK);
    assert_int_equal(result.status, MEDIA_UNKNOWN);
    assert_int_equal(read_with(arena, helper, LIMITS, STR_EMPTY, &result), OK);
    assert_int_equal(result.status, MEDIA_UNKNOWN);
    assert_int_equal(read_with(arena, helper, LIMITS, str_make(PICTURE, 45), &result),
                     OK); /* up to its pixels */
    assert_int_equal(result.status, MEDIA_BROKEN);
    assert_int_equal(result.width, 2);
    assert_int_equal(result.height, 1);
    MediaLimits small = {.pixels = 1, .time_ms = 20000};
    assert_int_equal(read_with(arena, helper, small, str_make(PICTURE, sizeof PICTURE), &result),
                     OK);
    assert_int_equal(result.status, MEDIA_TOO_LARGE);
    arena_free(arena);
}

static void first_bytes_tell_a_picture(void **state)
{
    (void)state;
    static const char *const pictures[] = {"\xFF\xD8\xFF\xE0", "GIF87a", "GIF89a",
                                           "RIFF....WEBPVP8 "};
    static const char *const others[] = {"",      "GIF",      "GIF88a", "RIFF....WAVEfmt ",
                                         "<svg>", "\xFF\xD8", "BM"};
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        assert_true(media_is_picture(str_of(pictures[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(media_is_picture(str_of(others[i])));
    assert_true(media_is_picture(str_make(PICTURE, sizeof PICTURE)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_helper_is_told_as_such),
        cmocka_unit_test(helper_that_dies_or_lies_makes_a_broken_picture),
        cmocka_unit_test(helper_that_hangs_is_ended_at_the_deadline),
        cmocka_unit_test(real_helper_reads_what_it_is_given),
        cmocka_unit_test(first_bytes_tell_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
