/* What PostgreSQL alone shows: connections that are lost, locks that collide, a pool that is empty.
 */
#include "base/clock.h"
#include "drivers.h"
#include "relay.h"
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

static void reopen(TestDb *t, DbOptions options)
{
    db_free(t->db);
    t->db = NULL;
    assert_ok(db_open(t->source, &options, &t->db));
}

static void make_items(Db *db)
{
    test_run(db, "CREATE TABLE items (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
    test_run(db, "INSERT INTO items (id, n) VALUES (1, 0), (2, 0)");
}

static int64_t backend_of(DbTx *tx)
{
    int64_t pid = 0;
    assert_ok(db_get_int(tx, &pid, "SELECT pg_backend_pid()"));
    return pid;
}

/* Ends a server process through another Db, and waits until it is gone. */
static void terminate(const TestDb *t, int64_t pid)
{
    Db *other = test_db_again(t);
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = 0;
    assert_ok(db_read(other, &tx));
    assert_ok(db_get_int(
        tx, &n, "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000)) AS t",
        pid));
    assert_ok(db_commit(tx));
    db_end(&tx);
    db_free(other);
}

static void connection_lost_in_a_transaction_is_an_error_and_replaced(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int kind = 0; kind < 5; kind++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        int64_t n;
        assert_ok(kind == 4 ? db_read(t->db, &tx) : db_begin(t->db, &tx));
        int64_t pid = backend_of(tx);
        if (kind != 4)
            assert_ok(db_exec(tx, "UPDATE items SET n = n + 1"));
        terminate(t, pid);
        if (kind == 0)
            assert_err(db_commit(tx), ERR_UNAVAILABLE);
        else if (kind == 1 || kind == 4)
            assert_err(db_get_int(tx, &n, "SELECT n FROM items WHERE id = 1"), ERR_UNAVAILABLE);
        else if (kind == 2)
            assert_err(db_exec_count(tx, &n, "UPDATE items SET n = n + 1"), ERR_UNAVAILABLE);
        db_end(&tx); /* kind 3: given up, before anybody noticed */
        assert_int_equal(test_int(t->db, "SELECT SUM(n) FROM items"), 0);
    }
}

static void connection_lost_while_idle_is_replaced_unnoticed(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int i = 0; i < 3; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        assert_ok(db_read(t->db, &tx));
        int64_t pid = backend_of(tx);
        assert_ok(db_commit(tx));
        db_end(&tx);
        terminate(t, pid);
        test_run(t->db, "UPDATE items SET n = n + 1");
    }
    assert_int_equal(test_int(t->db, "SELECT SUM(n) FROM items"), 6);
}

typedef struct Other {
    Db *db;
    Err err;
    atomic_int has_first;
} Other;

static Err lock_both(Other *other, int first, int second, atomic_int *mine, atomic_int *theirs)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n;
    TRY(db_begin(other->db, &tx));
    TRY(db_exec_count(tx, &n, "UPDATE items SET n = n + 1 WHERE id = ?", first));
    *mine = 1;
    while (*theirs == 0)
        sched_yield();
    TRY(db_exec_count(tx, &n, "UPDATE items SET n = n + 1 WHERE id = ?", second));
    return db_commit(tx);
}

static atomic_int has_one, has_two;

static void *lock_two_then_one(void *arg)
{
    Other *other = arg;
    other->err = lock_both(other, 2, 1, &has_two, &has_one);
    return NULL;
}

static void deadlock_is_to_be_retried(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    pthread_t thread;
    Other other = {.db = t->db}, me = {.db = t->db};
    has_one = has_two = 0;
    assert_int_equal(pthread_create(&thread, NULL, lock_two_then_one, &other), 0);
    me.err = lock_both(&me, 1, 2, &has_one, &has_two);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true((me.err == OK && other.err == ERR_RETRY) ||
                (me.err == ERR_RETRY && other.err == OK));
    assert_int_equal(test_int(t->db, "SELECT SUM(n) FROM items"), 2);
}

static void *write_once(void *arg)
{
    Other *other = arg;
    CLEANUP(db_end) DbTx *tx = NULL;
    other->err = db_begin(other->db, &tx);
    if (other->err == OK)
        other->err = db_exec(tx, "UPDATE items SET n = n + 1 WHERE id = 1");
    if (other->err == OK)
        other->err = db_commit(tx);
    return NULL;
}

static void empty_pool_and_held_lock_do_not_hang(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int connections = 1; connections <= 2; connections++) {
        reopen(t, (DbOptions){.connections = connections, .timeout_ms = 50});
        CLEANUP(db_end) DbTx *tx = NULL;
        int64_t n;
        pthread_t thread;
        Other other = {.db = t->db};
        assert_ok(db_begin(t->db, &tx));
        assert_ok(db_exec_count(tx, &n, "UPDATE items SET n = n + 1 WHERE id = 1"));
        assert_int_equal(pthread_create(&thread, NULL, write_once, &other), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_err(other.err, ERR_UNAVAILABLE);
        assert_ok(db_commit(tx));
        db_end(&tx);
        other.err = ERR_INTERNAL;
        (void)write_once(&other);
        assert_ok(other.err);
    }
    assert_int_equal(test_int(t->db, "SELECT n FROM items WHERE id = 1"), 4);
}

static void server_that_is_away_is_told_at_once(void **state)
{
    (void)test_db(state);
    Db *db = NULL;
    int64_t from_ms = clock_monotonic_ms();
    assert_err(db_open("postgres://nobody@127.0.0.1:1/nothing", NULL, &db), ERR_UNAVAILABLE);
    assert_true(clock_monotonic_ms() - from_ms < 4000);
    assert_null(db);
}

static Err count_up(Db *db)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(db, &tx));
    TRY(db_exec(tx, "UPDATE items SET n = n + 1"));
    return db_commit(tx);
}

static void server_that_went_away_is_told_fast_and_found_again(void **state)
{
    TestDb *t = test_db(state);
    Relay relay;
    Db *db = NULL;
    char source[1200];
    make_items(t->db);
    relay_start(&relay, t->source);
    (void)snprintf(source, sizeof source, "%s&host=127.0.0.1&port=%d", t->source, relay.port);
    assert_ok(db_open(source, &(DbOptions){.connections = 2}, &db));
    assert_ok(count_up(db));
    relay_cut(&relay, true);
    while (count_up(db) == OK) /* until the cut is seen */
        sched_yield();
    int64_t from_ms = clock_monotonic_ms();
    for (int i = 0; i < 1000; i++)
        assert_err(count_up(db), ERR_UNAVAILABLE);
    assert_true(clock_monotonic_ms() - from_ms < 4000);
    relay_cut(&relay, false);
    from_ms = clock_monotonic_ms();
    while (count_up(db) != OK && clock_monotonic_ms() - from_ms < 30000)
        sched_yield();
    assert_ok(count_up(db));
    db_free(db);
    relay_stop(&relay);
}

static void table_changed_under_a_prepared_statement_is_retried(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    reopen(t, (DbOptions){.connections = 1});
    static const char sql[] = "SELECT n FROM items WHERE id = 1";
    assert_int_equal(test_int(t->db, sql), 0);
    test_run(t->db, "ALTER TABLE items ALTER COLUMN n TYPE NUMERIC");
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n;
    assert_ok(db_read(t->db, &tx));
    assert_err(db_get_int(tx, &n, sql), ERR_RETRY);
    db_end(&tx);
    assert_int_equal(test_int(t->db, sql), 0);
}

static void backup_is_left_to_its_own_tools(void **state)
{
    TestDb *t = test_db(state);
    assert_err(db_backup(t->db, "copy.db"), ERR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DRIVER(connection_lost_in_a_transaction_is_an_error_and_replaced, "postgres"),
        ON_DRIVER(connection_lost_while_idle_is_replaced_unnoticed, "postgres"),
        ON_DRIVER(deadlock_is_to_be_retried, "postgres"),
        ON_DRIVER(empty_pool_and_held_lock_do_not_hang, "postgres"),
        ON_DRIVER(server_that_is_away_is_told_at_once, "postgres"),
        ON_DRIVER(server_that_went_away_is_told_fast_and_found_again, "postgres"),
        ON_DRIVER(table_changed_under_a_prepared_statement_is_retried, "postgres"),
        ON_DRIVER(backup_is_left_to_its_own_tools, "postgres"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
