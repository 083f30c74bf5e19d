#include "../unit.h"
#include "db/pool.h"
#include <sched.h>
#include <stdatomic.h>

static int items[POOL_LIMIT];
static int freed;
static void count_freed(void *item)
{
    (void)item;
    freed++;
}

static void warmest_item_comes_first_and_no_more_than_the_limit(void **state)
{
    (void)state;
    Pool pool;
    void *item = &pool;
    pool_init(&pool, 2, 5);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pool_take(&pool, &item), OK);
        assert_null(item); /* a free place */
    }
    assert_int_equal(pool_take(&pool, &item), ERR_UNAVAILABLE);
    pool_give(&pool, &items[0]);
    pool_give(&pool, &items[1]);
    assert_int_equal(pool_take(&pool, &item), OK);
    assert_ptr_equal(item, &items[1]);
    pool_give(&pool, NULL); /* it broke: its place is free */
    assert_int_equal(pool_take(&pool, &item), OK);
    assert_ptr_equal(item, &items[0]);
    assert_int_equal(pool_take(&pool, &item), OK);
    assert_null(item);
    pool_give(&pool, &items[1]);
    pool_give(&pool, &items[0]);
    freed = 0;
    pool_deinit(&pool, count_freed);
    assert_int_equal(freed, 2);
}

enum { WAITERS = 8 };
typedef struct Line {
    Pool pool;
    _Atomic int served;
    int order[WAITERS];
} Line;
typedef struct Place {
    Line *line;
    int number;
} Place;

static void *wait_in_line(void *arg)
{
    Place *place = arg;
    void *item;
    ENSURE(pool_take(&place->line->pool, &item) == OK);
    place->line->order[place->line->served++] = place->number;
    pool_give(&place->line->pool, item);
    return NULL;
}

static int waiting(Pool *pool)
{
    int n = 0;
    lock_take(&pool->lock);
    for (Waiter *w = pool->line.first; w; w = w->next)
        n++;
    lock_release(&pool->lock);
    return n;
}

static void who_comes_first_is_served_first(void **state)
{
    (void)state;
    Line line = {0};
    Place places[WAITERS];
    pthread_t threads[WAITERS];
    void *item;
    pool_init(&line.pool, 1, 10000);
    assert_int_equal(pool_take(&line.pool, &item), OK);
    for (int i = 0; i < WAITERS; i++) {
        places[i] = (Place){&line, i};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_in_line, &places[i]), 0);
        while (waiting(&line.pool) != i + 1)
            sched_yield();
    }
    pool_give(&line.pool, &items[0]);
    for (int i = 0; i < WAITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < WAITERS; i++)
        assert_int_equal(line.order[i], i);
    pool_deinit(&line.pool, count_freed);
}

static void *wait_in_vain(void *arg)
{
    void *item;
    ENSURE(pool_take(arg, &item) == ERR_UNAVAILABLE);
    return NULL;
}

static void who_gives_up_leaves_the_line_whole(void **state)
{
    (void)state;
    Pool pool;
    void *item;
    pthread_t threads[4];
    pool_init(&pool, 1, 20);
    assert_int_equal(pool_take(&pool, &item), OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_in_vain, &pool), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(waiting(&pool), 0);
    pool_give(&pool, &items[0]);
    assert_int_equal(pool_take(&pool, &item), OK);
    assert_ptr_equal(item, &items[0]);
    pool_give(&pool, item);
    pool_deinit(&pool, count_freed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warmest_item_comes_first_and_no_more_than_the_limit),
        cmocka_unit_test(who_comes_first_is_served_first),
        cmocka_unit_test(who_gives_up_leaves_the_line_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
