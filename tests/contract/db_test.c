#include "base/id.h"
#include "base/metric.h"
#include "drivers.h"
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static void make_items(Db *db)
{
    test_run(db, "CREATE TABLE items (id BIGINT PRIMARY KEY, name TEXT NOT NULL)");
}

static void committed_rows_are_there_and_others_are_not(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int64_t i = 1; i <= 4; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        assert_ok(db_begin(t->db, &tx));
        assert_ok(db_exec(tx, "INSERT INTO items (id, name) VALUES (?, ?)", i, STR("x")));
        if (i % 2 == 0)
            assert_ok(db_commit(tx));
    }
    assert_int_equal(test_int(t->db, "SELECT SUM(id) FROM items"), 6);
}

typedef struct Crowd {
    Db *db;
    int rounds;
    _Atomic int errors;
} Crowd;

static Err count_up(Db *db)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(db, &tx));
    TRY(db_exec(tx, "UPDATE counter SET n = n + 1"));
    return db_commit(tx);
}

static void *count_up_often(void *arg)
{
    Crowd *crowd = arg;
    for (int i = 0; i < crowd->rounds; i++)
        if (count_up(crowd->db) != OK)
            crowd->errors++;
    return NULL;
}

static void concurrent_writers_lose_nothing(void **state)
{
    TestDb *t = test_db(state);
    test_run(t->db, "CREATE TABLE counter (n BIGINT NOT NULL)");
    test_run(t->db, "INSERT INTO counter (n) VALUES (0)");
    int64_t commits = metric_value(METRIC_DB_COMMITS), batches = metric_value(METRIC_DB_BATCHES);
    Crowd crowd = {t->db, 100, 0};
    test_threads(8, count_up_often, &crowd);
    assert_int_equal(crowd.errors, 0);
    assert_int_equal(test_int(t->db, "SELECT n FROM counter"), 800);
    commits = metric_value(METRIC_DB_COMMITS) - commits;
    batches = metric_value(METRIC_DB_BATCHES) - batches;
    assert_int_equal(commits, 800);
    if (db_dialect(t->db) == DB_SQLITE)
        assert_true(batches < commits);
}

int main(void)
{
    /* clang-format off */
    const struct CMUnitTest tests[] = {
        ON_EVERY_DRIVER(committed_rows_are_there_and_others_are_not),
        ON_EVERY_DRIVER(concurrent_writers_lose_nothing),
    };
    /* clang-format on */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
