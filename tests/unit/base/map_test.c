#include "../unit.h"
#include "base/map.h"
#include <stdio.h>
#include <stdlib.h>

static int one, two;

static void empty_map_finds_nothing(void **state)
{
    (void)state;
    Map map = {0};
    size_t at = 0;
    assert_null(map_find(&map, STR("a")));
    assert_null(map_remove(&map, STR("a")));
    assert_null(map_next(&map, &at));
    map_deinit(&map);
}

static void keys_are_copied_and_bytes_of_any_kind(void **state)
{
    (void)state;
    Map map = {0};
    char key[] = "key";
    assert_null(map_set(&map, str_of(key), &one));
    key[0] = 'x';
    assert_ptr_equal(map_find(&map, STR("key")), &one);
    assert_null(map_find(&map, STR("xey")));
    assert_ptr_equal(map_set(&map, STR("key"), &two), &one);
    assert_int_equal(map.count, 1);
    assert_null(map_set(&map, STR("a\0b"), &one));
    assert_null(map_set(&map, (Str){NULL, 0}, &two));
    assert_ptr_equal(map_find(&map, STR("a\0b")), &one);
    assert_null(map_find(&map, STR("a")));
    assert_ptr_equal(map_find(&map, STR_EMPTY), &two);
    assert_ptr_equal(map_remove(&map, STR_EMPTY), &two);
    assert_null(map_find(&map, STR_EMPTY));
    map_deinit(&map);
}

/* Against a plain array, with many collisions and removals. */
static void behaves_as_a_table_of_flags(void **state)
{
    (void)state;
    enum { KEYS = 600 };
    static int values[KEYS];
    static bool is_in[KEYS];
    Map map = {0};
    unsigned seed = 7;
    size_t count = 0;
    for (int step = 0; step < 200000; step++) {
        char key[16];
        int k = rand_r(&seed) % KEYS;
        (void)snprintf(key, sizeof key, "k%d", k);
        if (rand_r(&seed) % 2) {
            assert_ptr_equal(map_set(&map, str_of(key), &values[k]), is_in[k] ? &values[k] : NULL);
            count += !is_in[k];
            is_in[k] = true;
        } else {
            assert_ptr_equal(map_remove(&map, str_of(key)), is_in[k] ? &values[k] : NULL);
            count -= is_in[k];
            is_in[k] = false;
        }
        k = rand_r(&seed) % KEYS;
        (void)snprintf(key, sizeof key, "k%d", k);
        assert_ptr_equal(map_find(&map, str_of(key)), is_in[k] ? &values[k] : NULL);
        assert_int_equal(map.count, count);
    }
    size_t seen = 0, at = 0;
    for (MapSlot *slot; (slot = map_next(&map, &at)) != NULL; seen++)
        assert_true(is_in[(int *)slot->value - values]);
    assert_int_equal(seen, count);
    map_deinit(&map);
    assert_int_equal(map.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_map_finds_nothing),
        cmocka_unit_test(keys_are_copied_and_bytes_of_any_kind),
        cmocka_unit_test(behaves_as_a_table_of_flags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
