#include "net/net.h"
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static atomic_int done;
static sem_t gate, entered;

static void count_one(void *arg)
{
    (void)arg;
    atomic_fetch_add(&done, 1);
}

static void wait_at_gate(void *arg)
{
    (void)arg;
    assert_int_equal(sem_post(&entered), 0);
    assert_int_equal(sem_wait(&gate), 0);
    atomic_fetch_add(&done, 1);
}

static int reset(void **state)
{
    (void)state;
    atomic_store(&done, 0);
    return sem_init(&gate, 0, 0) | sem_init(&entered, 0, 0);
}

static void stopping_finishes_what_is_queued(void **state)
{
    (void)state;
    PoolOptions options = {.threads = {4, 1, 1}, .queue_limit = {10000, 0, 0}};
    Pool *pool = pool_new(&options);
    for (int i = 0; i < 10000; i++)
        assert_true(pool_submit(pool, LANE_MAIN, count_one, NULL));
    pool_stop(pool);
    assert_int_equal(atomic_load(&done), 10000);
    assert_false(pool_submit(pool, LANE_MAIN, count_one, NULL));
    pool_free(pool);
}

static void a_full_lane_refuses_and_does_not_disturb_the_others(void **state)
{
    (void)state;
    PoolOptions options = {.threads = {1, 1, 1}, .queue_limit = {0, 2, 0}};
    Pool *pool = pool_new(&options);
    assert_true(pool_submit(pool, LANE_SLOW, wait_at_gate, NULL));
    assert_int_equal(sem_wait(&entered), 0); /* the only thread of the lane is busy */
    assert_true(pool_submit(pool, LANE_SLOW, wait_at_gate, NULL));
    assert_true(pool_submit(pool, LANE_SLOW, wait_at_gate, NULL));
    assert_false(pool_submit(pool, LANE_SLOW, wait_at_gate, NULL));
    assert_true(pool_submit(pool, LANE_MAIN, wait_at_gate, NULL));
    assert_int_equal(sem_wait(&entered), 0); /* runs although the slow lane is full */
    for (int i = 0; i < 4; i++)
        assert_int_equal(sem_post(&gate), 0);
    pool_free(pool);
    assert_int_equal(atomic_load(&done), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stopping_finishes_what_is_queued, reset),
        cmocka_unit_test_setup(a_full_lane_refuses_and_does_not_disturb_the_others, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
