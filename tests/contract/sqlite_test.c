/* What SQLite alone promises: durability, group commit, a log that stays small, recovery from a
 * full disk. */
#include "base/metric.h"
#include "drivers.h"
#include "lossy_vfs.h"
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes the test's Db and opens it again on the lossy VFS. */
static void reopen(TestDb *t, const char *vfs, int64_t timeout_ms)
{
    db_free(t->db);
    t->db = NULL;
    assert_ok(db_open(t->source, &(DbOptions){.vfs = vfs, .timeout_ms = timeout_ms}, &t->db));
}

static TestDb *lossy_db(void **state)
{
    TestDb *t = test_db(state);
    reopen(t, lossy_vfs(), 0);
    test_run(t->db, "CREATE TABLE items (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    return t;
}

static Err add_item(Db *db, int64_t id, size_t size)
{
    static char bytes[16 << 20];
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(db, &tx));
    TRY(db_exec(tx, "INSERT INTO items (id, body) VALUES (?, ?)", id,
                db_arg_blob(str_make(bytes, size))));
    return db_commit(tx);
}

static int64_t count_items(Db *db)
{
    return test_int(db, "SELECT COUNT(*) FROM items");
}

/* ---- power cuts ---- */

enum { WRITERS = 8, ROUNDS = 400 };

typedef struct Writers {
    Db *db;
    _Atomic int next, acknowledged, cut_after;
    unsigned seed;
    bool is_acknowledged[WRITERS * ROUNDS];
    _Atomic int errors;
} Writers;

static void *write_until_dark(void *arg)
{
    Writers *w = arg;
    for (int i = 0; i < ROUNDS; i++) {
        int id = w->next++;
        if (add_item(w->db, id, 100 + (size_t)(id % 5000)) != OK)
            break;
        w->is_acknowledged[id] = true;
        if (++w->acknowledged == w->cut_after)
            lossy_cut(w->seed);
    }
    return NULL;
}

static void check_acknowledged(const Writers *w)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = 0;
    assert_ok(db_read(w->db, &tx));
    for (int id = 0; id < WRITERS * ROUNDS; id++)
        if (w->is_acknowledged[id]) {
            assert_ok(db_get_int(tx, &n, "SELECT LENGTH(body) FROM items WHERE id = ?", id));
            assert_int_equal(n, 100 + id % 5000);
        }
}

static void cut_and_check(void **state, int cut_after, unsigned seed)
{
    TestDb *t = test_db(state);
    char copy[600];
    Writers *w = calloc(1, sizeof *w);
    reopen(t, lossy_vfs(), 0);
    test_run(t->db, "DROP TABLE IF EXISTS items");
    test_run(t->db, "CREATE TABLE items (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    w->db = t->db;
    w->cut_after = cut_after;
    w->seed = seed;
    test_threads(WRITERS, write_until_dark, w);
    db_free(t->db);
    t->db = NULL;
    lossy_power_on();
    assert_ok(db_open(t->source, NULL, &t->db));
    w->db = t->db;
    assert_true(w->acknowledged >= cut_after);
    check_acknowledged(w);
    (void)snprintf(copy, sizeof copy, "%s/copy.db", t->dir);
    assert_ok(db_backup(t->db, copy)); /* checks the integrity, too */
    free(w);
}

static void acknowledged_commits_survive_a_power_cut(void **state)
{
    for (int cut_after = 1; cut_after < 1500; cut_after = cut_after * 3 + 1)
        cut_and_check(state, cut_after, 0);
}

static void torn_writes_at_a_power_cut_are_told_from_commits(void **state)
{
    for (unsigned seed = 1; seed <= 12; seed++)
        cut_and_check(state, (int)(seed * 97 % 700) + 1, seed);
}

static void note_unsynced(void *arg)
{
    *(int64_t *)arg = lossy_unsynced_log_writes();
}

static void commit_is_acknowledged_only_after_its_log_is_synced(void **state)
{
    TestDb *t = lossy_db(state);
    for (int i = 0; i < 50; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        int64_t unsynced = -1, syncs = lossy_log_syncs();
        assert_ok(db_begin(t->db, &tx));
        assert_ok(db_exec(tx, "INSERT INTO items (id, body) VALUES (?, 'x')", i));
        db_on_commit(tx, note_unsynced, &unsynced);
        assert_ok(db_commit(tx));
        assert_int_equal(unsynced, 0);
        assert_int_equal(lossy_unsynced_log_writes(), 0);
        assert_true(lossy_log_syncs() > syncs);
    }
}

/* ---- commits that fail ---- */

static void *write_and_count_errors(void *arg)
{
    Writers *w = arg;
    for (int i = 0; i < 50; i++) {
        Err err = add_item(w->db, w->next++, 100);
        if (err == OK)
            w->acknowledged++;
        else if (err == ERR_RETRY)
            w->errors++;
        else
            w->errors += 1000000;
        if (i == 10)
            lossy_fail_syncs(3);
    }
    return NULL;
}

static void batch_whose_sync_fails_is_to_be_retried_and_leaves_nothing(void **state)
{
    TestDb *t = lossy_db(state);
    Writers *w = calloc(1, sizeof *w);
    w->db = t->db;
    test_threads(WRITERS, write_and_count_errors, w);
    assert_true(w->errors >= 1 && w->errors < 1000000);
    assert_int_equal(w->acknowledged + w->errors, WRITERS * 50);
    assert_int_equal(count_items(t->db), w->acknowledged);
    free(w);
}

static void full_disk_is_told_and_recovers_by_itself(void **state)
{
    TestDb *t = lossy_db(state);
    for (int64_t room = 0; room < 200000; room += 9973) {
        int64_t before = count_items(t->db);
        lossy_fill_after(room);
        Err err = OK;
        int64_t id = before;
        while ((err = add_item(t->db, id, 5000)) == OK)
            id++;
        assert_err(err, ERR_NO_SPACE);
        assert_err(add_item(t->db, id, 5000), ERR_NO_SPACE);
        assert_int_equal(count_items(t->db), id); /* reading goes on */
        lossy_fill_after(-1);
        assert_ok(add_item(t->db, id, 5000));
        assert_int_equal(count_items(t->db), id + 1);
    }
}

typedef struct Pair {
    Db *db;
    atomic_int waiter; /* its thread id, from shortly before it begins */
    int64_t id;
    Err large;
} Pair;

/* Waits for its turn behind the small writer, and then needs more than the disk and the cache have.
 */
static void *write_too_much(void *arg)
{
    Pair *pair = arg;
    pair->waiter = gettid();
    pair->large = add_item(pair->db, pair->id + 1, 12 << 20);
    return NULL;
}

/* Does that thread wait, most probably for its turn? */
static bool is_asleep(int thread)
{
    char path[64], text[256] = "";
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    FILE *file = thread ? fopen(path, "r") : NULL;
    if (!file)
        return false;
    size_t len = fread(text, 1, sizeof text - 1, file);
    ENSURE(fclose(file) == 0);
    return len > 0 && strstr(text, ") S ") != NULL;
}

static Err write_little_before(Pair *pair, pthread_t *ret_other)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(pair->db, &tx));
    TRY(db_exec(tx, "INSERT INTO items (id, body) VALUES (?, 'x')", pair->id));
    lossy_fill_after(1 << 20);
    ENSURE(pthread_create(ret_other, NULL, write_too_much, pair) == 0);
    while (!is_asleep(pair->waiter))
        sched_yield();
    return db_commit(tx);
}

static void batch_that_sqlite_rolled_back_fails_as_a_whole(void **state)
{
    TestDb *t = lossy_db(state);
    int together = 0;
    for (int round = 0; round < 200 && together < 3; round++) {
        pthread_t other;
        Pair pair = {.db = t->db, .id = 10 * round + 1};
        Err small = write_little_before(&pair, &other);
        assert_int_equal(pthread_join(other, NULL), 0);
        lossy_fill_after(-1);
        assert_err(pair.large, ERR_NO_SPACE);
        if (small != OK) {
            assert_err(small, ERR_NO_SPACE);
            together++;
        }
        int64_t n = test_int(t->db, "SELECT MAX(id) FROM items") == pair.id;
        assert_int_equal(n, small == OK);
        assert_ok(add_item(t->db, pair.id + 2, 10));
    }
    assert_int_equal(together, 3);
}

/* ---- turns ---- */

static void *wait_in_vain(void *arg)
{
    Pair *pair = arg;
    pair->large = add_item(pair->db, 1, 10);
    return NULL;
}

static void writer_does_not_wait_for_ever_for_a_slow_one(void **state)
{
    TestDb *t = lossy_db(state);
    reopen(t, NULL, 20);
    pthread_t other;
    Pair pair = {.db = t->db};
    CLEANUP(db_end) DbTx *tx = NULL;
    assert_ok(db_begin(t->db, &tx));
    assert_int_equal(pthread_create(&other, NULL, wait_in_vain, &pair), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_err(pair.large, ERR_UNAVAILABLE);
    assert_ok(db_exec(tx, "INSERT INTO items (id, body) VALUES (1, 'x')"));
    assert_ok(db_commit(tx));
    db_end(&tx);
    assert_err(add_item(t->db, 1, 10), ERR_UNIQUE);
    assert_ok(add_item(t->db, 2, 10));
}

/* ---- files ---- */

static void *write_large(void *arg)
{
    Writers *w = arg;
    for (int i = 0; i < 250; i++)
        if (add_item(w->db, w->next++, 200000) != OK)
            w->errors++;
    return NULL;
}

static void log_stays_bounded_under_constant_writing(void **state)
{
    TestDb *t = test_db(state);
    char log[600];
    struct stat st;
    test_run(t->db, "CREATE TABLE items (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    Writers *w = calloc(1, sizeof *w);
    w->db = t->db;
    test_threads(4, write_large, w); /* 200 MB */
    assert_int_equal(w->errors, 0);
    (void)snprintf(log, sizeof log, "%s/test.db-wal", t->dir);
    assert_int_equal(stat(log, &st), 0);
    assert_true(st.st_size < 100 << 20);
    free(w);
}

static void *write_some(void *arg)
{
    Writers *w = arg;
    while (w->cut_after == 0)
        if (add_item(w->db, w->next++, 1000) != OK)
            w->errors++;
    return NULL;
}

static void backup_beside_writers_is_whole_and_opens(void **state)
{
    TestDb *t = test_db(state);
    pthread_t writer;
    Writers *w = calloc(1, sizeof *w);
    test_run(t->db, "CREATE TABLE items (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    for (w->next = 0; w->next < 300; w->next++)
        assert_ok(add_item(t->db, w->next, 10000));
    w->db = t->db;
    assert_int_equal(pthread_create(&writer, NULL, write_some, w), 0);
    char copy[600], source[640];
    (void)snprintf(copy, sizeof copy, "%s/copy.db", t->dir);
    (void)snprintf(source, sizeof source, "sqlite:%s", copy);
    assert_ok(db_backup(t->db, copy));
    assert_ok(db_backup(t->db, copy)); /* replaces it */
    w->cut_after = 1;
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_int_equal(w->errors, 0);
    char log[640];
    (void)snprintf(log, sizeof log, "%s-wal", copy);
    assert_int_not_equal(access(log, F_OK), 0);
    Db *other = NULL;
    assert_ok(db_open(source, NULL, &other));
    assert_true(count_items(other) >= 300);
    db_free(other);
    free(w);
}

static void folder_that_is_not_there_is_an_error(void **state)
{
    TestDb *t = test_db(state);
    char source[700];
    Db *db = NULL;
    (void)snprintf(source, sizeof source, "sqlite:%s/nowhere/test.db", t->dir);
    assert_err(db_open(source, NULL, &db), ERR_UNAVAILABLE);
    assert_err(db_open("mysql://nowhere", NULL, &db), ERR_INTERNAL);
    assert_null(db);
}

static void rows_written_before_the_close_are_there_after_it(void **state)
{
    TestDb *t = lossy_db(state);
    assert_ok(add_item(t->db, 1, 10));
    reopen(t, NULL, 0);
    assert_int_equal(count_items(t->db), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DRIVER(acknowledged_commits_survive_a_power_cut, "sqlite"),
        ON_DRIVER(torn_writes_at_a_power_cut_are_told_from_commits, "sqlite"),
        ON_DRIVER(commit_is_acknowledged_only_after_its_log_is_synced, "sqlite"),
        ON_DRIVER(batch_whose_sync_fails_is_to_be_retried_and_leaves_nothing, "sqlite"),
        ON_DRIVER(full_disk_is_told_and_recovers_by_itself, "sqlite"),
        ON_DRIVER(batch_that_sqlite_rolled_back_fails_as_a_whole, "sqlite"),
        ON_DRIVER(writer_does_not_wait_for_ever_for_a_slow_one, "sqlite"),
        ON_DRIVER(log_stays_bounded_under_constant_writing, "sqlite"),
        ON_DRIVER(backup_beside_writers_is_whole_and_opens, "sqlite"),
        ON_DRIVER(folder_that_is_not_there_is_an_error, "sqlite"),
        ON_DRIVER(rows_written_before_the_close_are_there_after_it, "sqlite"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
