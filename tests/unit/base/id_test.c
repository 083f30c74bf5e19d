#include "../unit.h"
#include "base/id.h"
#include "base/map.h"

static void ids_are_valid_unique_and_sort_by_time(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Map seen = {0};
    Str last = STR_EMPTY;
    for (int64_t ms = 0; ms < 20000; ms++) {
        Str id = id_make(arena, INT64_C(1795489445678) + ms / 2);
        assert_true(id_is_valid(id));
        assert_null(map_set(&seen, id, &seen));
        assert_true(str_cmp(str_slice(last, 0, 10), str_slice(id, 0, 10)) <= 0);
        if (ms % 2 == 0)
            assert_true(str_cmp(last, id) < 0);
        last = id;
    }
    map_deinit(&seen);
    arena_free(arena);
}

static void secrets_are_valid_and_unique(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Map seen = {0};
    for (int i = 0; i < 5000; i++) {
        Str secret = secret_make(arena);
        assert_true(id_is_valid(secret));
        assert_null(map_set(&seen, secret, &seen));
    }
    map_deinit(&seen);
    arena_free(arena);
}

static void only_26_letters_and_digits_are_an_id(void **state)
{
    (void)state;
    assert_true(id_is_valid(STR("abcdefghijklmnopqrstuvwxyZ")));
    assert_true(id_is_valid(STR("01234567890123456789012345")));
    assert_false(id_is_valid(STR("")) || id_is_valid(STR("abcdefghijklmnopqrstuvwxy")) ||
                 id_is_valid(STR("abcdefghijklmnopqrstuvwxyz0")) ||
                 id_is_valid(STR("abcdefghijklmnopqrstuvwxy-")) ||
                 id_is_valid(STR("abcdefghijklmnopqrstuvwxy\0")) ||
                 id_is_valid(STR("abcdefghijklmnopqrstuvwx\xC3\xA4")));
}

static void digests_are_the_published_ones(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    /* FIPS 180-4 examples. */
    assert_str(sha256_hex(arena, STR("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(sha256_hex(arena, (Str){NULL, 0}),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(sha1_hex(arena, STR("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_str(hex_encode(arena, STR("\0\xff\x10")), "00ff10");
    arena_free(arena);
}

static void base64_goes_there_and_back(void **state)
{
    (void)state;
    /* RFC 4648 §10. */
    static const struct {
        Str plain, coded;
    } cases[] = {{STR(""), STR("")},
                 {STR("f"), STR("Zg==")},
                 {STR("fo"), STR("Zm8=")},
                 {STR("foo"), STR("Zm9v")},
                 {STR("foob"), STR("Zm9vYg==")},
                 {STR("foobar"), STR("Zm9vYmFy")},
                 {STR("\0\xfb\xff\xfe"), STR("APv//g==")}};
    Arena *arena = arena_create();
    Str back;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(str_eq(base64_encode(arena, cases[i].plain), cases[i].coded));
        assert_true(base64_decode(arena, cases[i].coded, &back));
        assert_true(str_eq(back, cases[i].plain));
    }
    assert_true(base64_decode(arena, STR("APv__g"), &back) &&
                str_eq(back, cases[6].plain)); /* URL alphabet, no padding */
    assert_false(
        base64_decode(arena, STR("Z"), &back) || base64_decode(arena, STR("Zg=a"), &back) ||
        base64_decode(arena, STR("Zm 9"), &back) || base64_decode(arena, STR("Zm9\0"), &back) ||
        base64_decode(arena, STR("Zm9v\xC3"), &back));
    unsigned char bytes[300];
    for (size_t len = 0; len < sizeof bytes; len++) {
        random_bytes(bytes, len);
        assert_true(base64_decode(arena, base64_encode(arena, str_make(bytes, len)), &back));
        assert_true(str_eq(back, str_make(bytes, len)));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_valid_unique_and_sort_by_time),
        cmocka_unit_test(secrets_are_valid_and_unique),
        cmocka_unit_test(only_26_letters_and_digits_are_an_id),
        cmocka_unit_test(digests_are_the_published_ones),
        cmocka_unit_test(base64_goes_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
