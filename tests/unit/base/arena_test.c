#include "../unit.h"
#include "base/vec.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    unsigned char *last = NULL;
    size_t last_size = 0;
    for (int round = 0; round < 2; round++) { /* the second time in memory that was dirtied */
        for (size_t size = 0; size < 5000; size += 37) {
            unsigned char *at = arena_alloc(arena, size);
            assert_non_null(at);
            assert_int_equal((uintptr_t)at % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(at[i], 0);
            assert_true(last == NULL || at >= last + last_size || at + size <= last);
            memset(at, 0xA5, size);
            last = at;
            last_size = size;
        }
        arena_reset(arena);
        assert_int_equal(arena_used_bytes(arena), 0);
        last = NULL;
    }
    arena_free(arena);
}

static void large_pieces_fit(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    int64_t *numbers = arena_new(arena, int64_t, 1000000);
    numbers[999999] = 7;
    char *small = arena_alloc(arena, 1);
    *small = 1;
    assert_true(arena_used_bytes(arena) >= 8000000);
    arena_reset(arena);
    assert_int_equal(arena_new(arena, int64_t, 1000000)[999999], 0);
    arena_free(arena);
    arena_free(NULL);
}

static char order[8];
static void note(void *arg)
{
    strncat(order, arg, 1);
}

static void deferred_calls_run_last_in_first_out_and_once(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    arena_defer(arena, note, "a");
    arena_defer(arena, note, "b");
    arena_reset(arena);
    assert_string_equal(order, "ba");
    arena_defer(arena, note, "c");
    arena_free(arena);
    assert_string_equal(order, "bac");
}

static void texts_are_copied_with_a_nul_behind(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    char source[] = "Hello";
    Str copy = str_copy(arena, str_of(source));
    source[0] = 'J';
    assert_str(copy, "Hello");
    assert_int_equal(copy.ptr[copy.len], 0);
    assert_string_equal(str_to_c(arena, str_make("abcdef", 3)), "abc");
    assert_str(str_copy(arena, (Str){NULL, 0}), "");
    assert_str(str_concat(arena, STR("ab"), STR("cd")), "abcd");
    assert_str(str_concat(arena, (Str){NULL, 0}, STR("cd")), "cd");
    assert_str(str_printf(arena, "%d-" STR_FMT, 7, STR_ARG(STR("x"))), "7-x");
    assert_str(str_lower(arena, STR("ÄBC-xyZ@[`{")), "Äbc-xyz@[`{");
    arena_free(arena);
}

static void vectors_keep_their_items_while_growing(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    VEC(int) numbers = {0};
    for (int i = 0; i < 10000; i++)
        vec_push(arena, &numbers, i * i);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(numbers.items[i], i * i);
    StrVec names = {0};
    vec_push(arena, &names, STR("romeo"));
    assert_true(strvec_has(&names, STR("romeo")));
    assert_false(strvec_has(&names, STR("rome")));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(large_pieces_fit),
        cmocka_unit_test(deferred_calls_run_last_in_first_out_and_once),
        cmocka_unit_test(texts_are_copied_with_a_nul_behind),
        cmocka_unit_test(vectors_keep_their_items_while_growing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
