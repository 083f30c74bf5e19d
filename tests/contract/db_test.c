/* What every driver promises (server/db/db.h). */
#include "base/id.h"
#include "base/metric.h"
#include "drivers.h"
#include <stdatomic.h>
#include <stdio.h>

static void make_items(Db *db)
{
    test_run(db, "CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(64) NOT NULL, flag "
                 "SMALLINT NOT NULL)");
    test_run(db, "CREATE UNIQUE INDEX items_name ON items (name)");
}

static const char INSERT_ITEM[] = "INSERT INTO items (id, name, flag) VALUES (?, ?, ?)";

static Err insert_item(DbTx *tx, int64_t id, Str name)
{
    return db_exec(tx, INSERT_ITEM, id, name, false);
}

static Err add_item(Db *db, int64_t id, Str name)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(db, &tx));
    TRY(insert_item(tx, id, name));
    return db_commit(tx);
}

/* Commits and ends. Rows have been read to their end before. */
static void commit(DbTx **tx)
{
    assert_ok(db_commit(*tx));
    db_end(tx);
}

static int64_t count_items(Db *db)
{
    return test_int(db, "SELECT COUNT(*) FROM items");
}

/* ---- transactions ---- */

static void committed_rows_are_there_and_others_are_not(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int64_t i = 1; i <= 4; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        char name[8];
        (void)snprintf(name, sizeof name, "n%d", (int)i);
        assert_ok(db_begin(t->db, &tx));
        assert_ok(insert_item(tx, i, str_of(name)));
        if (i % 2 == 0)
            commit(&tx);
    }
    assert_int_equal(test_int(t->db, "SELECT SUM(id) FROM items"), 6);
}

static void first_error_kills_the_transaction(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    assert_ok(add_item(t->db, 1, STR("first")));
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n;
    assert_ok(db_begin(t->db, &tx));
    assert_ok(insert_item(tx, 2, STR("second")));
    Err err =
        insert_item(tx, 1, STR("same key")); /* a driver may tell it late, at the next query */
    assert_true(err == OK || err == ERR_UNIQUE);
    assert_err(db_get_int(tx, &n, "SELECT COUNT(*) FROM items"), ERR_UNIQUE);
    assert_err(insert_item(tx, 3, STR("third")), ERR_UNIQUE);
    assert_err(db_commit(tx), ERR_UNIQUE);
    db_end(&tx);
    assert_int_equal(count_items(t->db), 1);
    assert_ok(add_item(t->db, 2, STR("second")));
}

static void deferred_error_shows_at_the_commit(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    assert_ok(add_item(t->db, 1, STR("same")));
    assert_err(add_item(t->db, 2, STR("same")), ERR_UNIQUE);
    assert_err(add_item(t->db, 1, STR("other")), ERR_UNIQUE);
    assert_int_equal(count_items(t->db), 1);
}

static void refused_statement_is_an_internal_error(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    static const char *const broken[] = {"SELEKT 1", "SELECT id FROM nowhere",
                                         "SELECT nothing FROM items"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        CLEANUP(db_rows_end) DbRows rows = {0};
        assert_ok(db_read(t->db, &tx));
        assert_err(db_query(tx, &rows, broken[i]), ERR_INTERNAL);
        assert_false(db_next(&rows));
        assert_err(db_rows_error(&rows), ERR_INTERNAL);
        assert_err(db_commit(tx), ERR_INTERNAL);
    }
    assert_int_equal(count_items(t->db), 0);
}

static void wrong_number_of_arguments_is_refused(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n;
    assert_ok(db_read(t->db, &tx));
    assert_err(db_get_int(tx, &n, "SELECT COUNT(*) FROM items WHERE id = ?", 1, 2), ERR_INTERNAL);
}

static void no_row_is_absent_and_leaves_the_transaction_alive(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t id;
    Str name;
    assert_ok(db_begin(t->db, &tx));
    assert_err(db_get_int(tx, &id, "SELECT id FROM items WHERE id = ?", 1), ERR_ABSENT);
    assert_err(db_get_text(tx, db_arena(tx), &name, "SELECT name FROM items WHERE id = ?", 1),
               ERR_ABSENT);
    assert_ok(insert_item(tx, 1, STR("one")));
    assert_ok(db_get_text(tx, db_arena(tx), &name, "SELECT name FROM items WHERE id = ?", 1));
    assert_str(name, "one");
    commit(&tx);
}

static void text_with_a_nul_byte_is_refused(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    assert_err(add_item(t->db, 1, STR("a\0b")), ERR_INTERNAL);
    assert_int_equal(count_items(t->db), 0);
}

/* ---- rows ---- */

static void add_three(Db *db)
{
    make_items(db);
    assert_ok(add_item(db, 1, STR("a")));
    assert_ok(add_item(db, 2, STR("b")));
    assert_ok(add_item(db, 3, STR("c")));
}

static void same_sql_may_run_inside_itself(void **state)
{
    TestDb *t = test_db(state);
    add_three(t->db);
    static const char after[] = "SELECT id FROM items WHERE id > ? ORDER BY id";
    CLEANUP(db_end) DbTx *tx = NULL;
    CLEANUP(db_rows_end) DbRows outer = {0};
    int pairs = 0;
    assert_ok(db_begin(t->db, &tx));
    assert_ok(db_query(tx, &outer, after, 0));
    while (db_next(&outer)) {
        CLEANUP(db_rows_end) DbRows inner = {0};
        assert_ok(db_query(tx, &inner, after, db_int(&outer, 0)));
        while (db_next(&inner)) {
            assert_true(db_int(&inner, 0) > db_int(&outer, 0));
            pairs++;
        }
        assert_ok(db_exec(tx, "UPDATE items SET flag = ? WHERE id = ?", true, db_int(&outer, 0)));
    }
    assert_ok(db_rows_error(&outer));
    assert_int_equal(pairs, 3);
    commit(&tx);
    assert_int_equal(test_int(t->db, "SELECT SUM(flag) FROM items"), 3);
}

static void rows_left_open_do_not_disturb_the_end(void **state)
{
    TestDb *t = test_db(state);
    add_three(t->db);
    for (int i = 0; i < 4; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        CLEANUP(db_rows_end) DbRows rows = {0};
        assert_ok(i < 2 ? db_begin(t->db, &tx) : db_read(t->db, &tx));
        assert_ok(db_query(tx, &rows, "SELECT id FROM items ORDER BY id"));
        assert_true(db_next(&rows));
        if (i % 2 == 0) {
            assert_ok(db_commit(tx));
            assert_false(db_next(&rows));
        }
    }
    assert_int_equal(count_items(t->db), 3);
}

static void values_come_back_as_they_went(void **state)
{
    TestDb *t = test_db(state);
    bool is_sqlite = db_dialect(t->db) == DB_SQLITE;
    test_run(t->db, is_sqlite ? "CREATE TABLE v (id BIGINT PRIMARY KEY, n BIGINT NOT NULL, s TEXT "
                                "NOT NULL, b BLOB NOT NULL)"
                              : "CREATE TABLE v (id BIGINT PRIMARY KEY, n BIGINT NOT NULL, s TEXT "
                                "NOT NULL, b BYTEA NOT NULL)");
    static char large[300000];
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)('a' + i % 26);
    const struct {
        int64_t n;
        Str s, b;
    } rows[] = {
        {INT64_MIN, STR(""), STR("")},
        {INT64_MAX, STR("鸿雁 \xF0\x9F\x98\x80 'quoted' \\ \"double\" ? $1"),
         STR("\0\1\xFF\\x00'")},
        {0, {NULL, 0}, {NULL, 0}},
        {-1, {large, sizeof large}, {large, sizeof large}},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    CLEANUP(db_end) DbTx *tx = NULL;
    assert_ok(db_begin(t->db, &tx));
    for (size_t i = 0; i < ROWS; i++)
        assert_ok(db_exec(tx, "INSERT INTO v (id, n, s, b) VALUES (?, ?, ?, ?)", i, rows[i].n,
                          rows[i].s, db_arg_blob(rows[i].b)));
    commit(&tx);

    assert_ok(db_read(t->db, &tx));
    CLEANUP(db_rows_end) DbRows got = {0};
    assert_ok(db_query(tx, &got, "SELECT n, s, b FROM v WHERE s = s ORDER BY id"));
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(db_next(&got));
        assert_true(db_int(&got, 0) == rows[i].n);
        assert_true(str_eq(db_text(&got, 1), rows[i].s));
        assert_true(str_eq(db_blob(&got, 2), rows[i].b));
        assert_int_equal(db_flag(&got, 0), rows[i].n != 0);
    }
    assert_false(db_next(&got));
    assert_ok(db_rows_error(&got));
    for (size_t i = 0; i < ROWS; i++) {
        int64_t id = -1;
        assert_ok(db_get_int(tx, &id, "SELECT id FROM v WHERE n = ? AND s = ? AND b = ?", rows[i].n,
                             rows[i].s, db_arg_blob(rows[i].b)));
        assert_true(id == (int64_t)i);
    }
}

static void numbers_fit_columns_of_every_width(void **state)
{
    TestDb *t = test_db(state);
    test_run(
        t->db,
        "CREATE TABLE w (small SMALLINT NOT NULL, middle INTEGER NOT NULL, large BIGINT NOT NULL)");
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = 0;
    assert_ok(db_begin(t->db, &tx));
    assert_ok(db_exec(tx, "INSERT INTO w (small, middle, large) VALUES (?, ?, ?)", true, 7,
                      INT64_C(5000000000)));
    assert_ok(db_exec(tx,
                      "UPDATE w SET small = ?, middle = middle + ?, large = CASE WHEN small = ? "
                      "THEN ? ELSE ? END",
                      2, 3, 1, INT64_C(6000000000), 0));
    assert_ok(db_get_int(
        tx, &n, "SELECT small + middle + large FROM w WHERE large > ? - ? LIMIT ? OFFSET ?",
        INT64_C(7000000000), INT64_C(2000000000), 10, 0));
    assert_true(n == INT64_C(6000000012));
    assert_ok(db_get_int(tx, &n, "SELECT COALESCE(MAX(large), ?) FROM w WHERE small = ?", 9, 100));
    assert_true(n == 9);
    commit(&tx);
}

static void question_marks_in_quotes_are_text(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    assert_ok(add_item(t->db, 1, STR("why?")));
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = 0;
    assert_ok(db_read(t->db, &tx));
    assert_ok(db_get_int(tx, &n,
                         "SELECT COUNT(*) AS \"how many?\" /* ? */ FROM items -- ?\n"
                         "WHERE name LIKE '%?' AND name <> 'it''s?' AND id = ?",
                         1));
    assert_int_equal(n, 1);
}

static void text_statements_take_long_lists(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    assert_ok(db_begin(t->db, &tx));
    enum { MANY = 300 }; /* more than any driver keeps prepared */
    DbArg ids[MANY];
    for (int i = 0; i < MANY; i++) {
        char name[16], sql[128];
        (void)snprintf(name, sizeof name, "n%d", i);
        /* Each text is another one, so the cache of prepared statements overflows. */
        (void)snprintf(sql, sizeof sql, "INSERT INTO items (id, name, flag) VALUES (%d, ?, ?)", i);
        assert_ok(db_exec_text(tx, str_of(sql), DB_ARGS(str_of(name), i % 2)));
        ids[i] = db_arg_int(2 * i);
    }
    for (int n = 1; n <= MANY; n += 37) {
        Buf sql;
        buf_init(&sql, 4096);
        buf_append(&sql, STR("SELECT id FROM items WHERE id IN ("));
        db_sql_marks(&sql, (size_t)n);
        buf_append(&sql, STR(") ORDER BY id"));
        CLEANUP(db_rows_end) DbRows rows = {0};
        assert_ok(db_query_text(tx, &rows, buf_str(&sql), ids, (size_t)n));
        buf_deinit(&sql);
        int count = 0;
        while (db_next(&rows))
            assert_int_equal(db_int(&rows, 0), 2 * count++);
        assert_ok(db_rows_error(&rows));
        assert_int_equal(count, n < MANY / 2 ? n : MANY / 2);
    }
    commit(&tx);
    assert_int_equal(count_items(t->db), MANY);
}

static void thousands_of_statements_fit_one_transaction(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    assert_ok(db_begin(t->db, &tx));
    for (int i = 0; i < 5000; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i);
        assert_ok(insert_item(tx, i, str_of(name)));
    }
    commit(&tx);
    assert_int_equal(count_items(t->db), 5000);
}

/* ---- counts and upserts ---- */

static void counts_tell_how_many_rows_were_touched(void **state)
{
    TestDb *t = test_db(state);
    add_three(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = -1;
    assert_ok(db_begin(t->db, &tx));
    assert_ok(db_exec_count(tx, &n, "UPDATE items SET flag = 1 WHERE id >= ?", 2));
    assert_int_equal(n, 2);
    assert_ok(db_exec_count(tx, &n, "UPDATE items SET flag = 1 WHERE id = ?", 99));
    assert_int_equal(n, 0);
    assert_ok(db_exec_count(tx, &n, "DELETE FROM items WHERE flag = ?", 1));
    assert_int_equal(n, 2);
    assert_ok(db_exec_count(tx, &n, INSERT_ITEM, 9, STR("nine"), 0));
    assert_int_equal(n, 1);
    commit(&tx);
}

static void upsert_updates_or_keeps(void **state)
{
    static const DbUpsert REPLACE = {"items", "id, name, flag", "id", "name, flag"};
    static const DbUpsert KEEP = {"items", "id, name, flag", "id", ""};
    TestDb *t = test_db(state);
    make_items(t->db);
    for (int i = 0; i < 2; i++) { /* the second time from the cache */
        CLEANUP(db_end) DbTx *tx = NULL;
        Str name;
        int64_t flag;
        assert_ok(db_begin(t->db, &tx));
        assert_ok(db_upsert(tx, &REPLACE, 1, STR("one"), 0));
        assert_ok(db_upsert(tx, &REPLACE, 1, STR("uno"), 1));
        assert_ok(db_upsert(tx, &KEEP, 1, STR("eins"), 0));
        assert_ok(db_upsert(tx, &KEEP, 2, STR("two"), 0));
        assert_ok(db_get_text(tx, db_arena(tx), &name, "SELECT name FROM items WHERE id = 1"));
        assert_ok(db_get_int(tx, &flag, "SELECT flag FROM items WHERE id = 1"));
        assert_str(name, "uno");
        assert_int_equal(flag, 1);
        commit(&tx);
    }
    assert_int_equal(count_items(t->db), 2);
}

/* ---- hooks ---- */

typedef struct Order {
    int seen[8], count;
} Order;

typedef struct OrderHook {
    Order *order;
    int number;
} OrderHook;

static void note_order(void *arg)
{
    OrderHook *hook = arg;
    hook->order->seen[hook->order->count++] = hook->number;
}

static void hooks_run_in_order_after_the_commit_only(void **state)
{
    TestDb *t = test_db(state);
    make_items(t->db);
    Order order = {0};
    OrderHook hooks[3] = {{&order, 0}, {&order, 1}, {&order, 2}};
    for (int round = 0; round < 3; round++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        assert_ok(db_begin(t->db, &tx));
        for (int i = 0; i < 3; i++)
            db_on_commit(tx, note_order, &hooks[i]);
        if (round == 1)
            (void)insert_item(tx, 1, STR("same key")); /* the commit reports it */
        else
            assert_ok(insert_item(tx, round + 1, round == 0 ? STR("a") : STR("b")));
        assert_int_equal(order.count, 0);
        if (round == 0)
            commit(&tx);
        else if (round == 1)
            assert_err(db_commit(tx), ERR_UNIQUE);
        db_end(&tx);
        assert_int_equal(order.count, round == 0 ? 3 : 0);
        for (int i = 0; i < order.count; i++)
            assert_int_equal(order.seen[i], i);
        order.count = 0;
    }
}

typedef struct Sequence {
    Db *db;
    Lock lock;
    int64_t order[512];
    int count;
    _Atomic int errors;
} Sequence;

typedef struct SequenceHook {
    Sequence *sequence;
    int64_t n;
} SequenceHook;

static void note_sequence(void *arg)
{
    SequenceHook *hook = arg;
    Sequence *s = hook->sequence;
    lock_take(&s->lock);
    s->order[s->count++] = hook->n;
    lock_release(&s->lock);
}

/* Takes the next number and notes it when that has become durable. */
static Err take_number(Sequence *s)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    SequenceHook hook = {s, 0};
    TRY(db_begin(s->db, &tx));
    TRY(db_exec(tx, "UPDATE counter SET n = n + 1"));
    TRY(db_get_int(tx, &hook.n, "SELECT n FROM counter"));
    db_take_turn(tx, STR("counter"));
    db_on_commit(tx, note_sequence, &hook);
    return db_commit(tx);
}

static void *take_numbers(void *arg)
{
    Sequence *s = arg;
    for (int i = 0; i < 64; i++)
        if (take_number(s) != OK)
            s->errors++;
    return NULL;
}

static void make_counter(Db *db)
{
    test_run(db, "CREATE TABLE counter (n BIGINT NOT NULL)");
    test_run(db, "INSERT INTO counter (n) VALUES (0)");
}

static void hooks_of_concurrent_writers_keep_commit_order(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    Sequence s = {.db = t->db};
    lock_init(&s.lock, LOCK_HUB);
    test_threads(8, take_numbers, &s);
    lock_deinit(&s.lock);
    assert_int_equal(s.errors, 0);
    assert_int_equal(s.count, 512);
    for (int i = 0; i < s.count; i++)
        assert_int_equal(s.order[i], i + 1);
}

/* ---- many at a time ---- */

static void *add_one_item(void *arg)
{
    ENSURE(add_item(arg, 4, STR("d")) == OK);
    return NULL;
}

static void reader_sees_one_snapshot(void **state)
{
    TestDb *t = test_db(state);
    add_three(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n = 0;
    assert_ok(db_read(t->db, &tx));
    assert_ok(db_get_int(tx, &n, "SELECT COUNT(*) FROM items"));
    assert_int_equal(n, 3);
    test_threads(1, add_one_item, t->db);
    assert_ok(db_get_int(tx, &n, "SELECT COUNT(*) FROM items"));
    assert_int_equal(n, 3);
    commit(&tx);
    assert_int_equal(count_items(t->db), 4);
}

typedef struct Crowd {
    Db *db;
    _Atomic int turn, errors, committed;
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
    for (int i = 0; i < 100; i++)
        if (count_up(crowd->db) != OK)
            crowd->errors++;
    return NULL;
}

static void concurrent_writers_lose_nothing(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    int64_t commits = metric_value(METRIC_DB_COMMITS), batches = metric_value(METRIC_DB_BATCHES);
    Crowd crowd = {.db = t->db};
    test_threads(8, count_up_often, &crowd);
    assert_int_equal(crowd.errors, 0);
    commits = metric_value(METRIC_DB_COMMITS) - commits;
    batches = metric_value(METRIC_DB_BATCHES) - batches;
    assert_int_equal(commits, 800);
    assert_int_equal(test_int(t->db, "SELECT n FROM counter"), 800);
    if (db_dialect(t->db) == DB_SQLITE)
        assert_true(batches < commits);
}

/* Commits, gives up, or fails with a unique error, in turns. */
static Err change_somehow(Crowd *crowd, int kind)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    TRY(db_begin(crowd->db, &tx));
    TRY(db_exec(tx, "UPDATE counter SET n = n + 1"));
    if (kind == 0)
        return ERR_LIMIT;
    if (kind == 1)
        TRY(db_exec(tx, "INSERT INTO items (id, name, flag) VALUES (1, 'a', 0)"));
    TRY(db_commit(tx));
    crowd->committed++;
    return OK;
}

static void *change_often(void *arg)
{
    Crowd *crowd = arg;
    static const Err expected[] = {ERR_LIMIT, ERR_UNIQUE, OK, OK, OK};
    for (int i = 0; i < 100; i++) {
        int kind = crowd->turn++ % 5;
        if (change_somehow(crowd, kind) != expected[kind])
            crowd->errors++;
    }
    return NULL;
}

static void those_who_fail_take_nobody_with_them(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    add_three(t->db);
    Crowd crowd = {.db = t->db};
    test_threads(16, change_often, &crowd);
    assert_int_equal(crowd.errors, 0);
    assert_int_equal(crowd.committed, 1600 * 3 / 5);
    assert_int_equal(test_int(t->db, "SELECT n FROM counter"), crowd.committed);
    assert_int_equal(count_items(t->db), 3);
}

static void *read_often(void *arg)
{
    Crowd *crowd = arg;
    for (int i = 0; i < 100; i++) {
        CLEANUP(db_end) DbTx *tx = NULL;
        int64_t a = 0, b = -1;
        Err err = db_read(crowd->db, &tx);
        if (err == OK)
            err = db_get_int(tx, &a, "SELECT n FROM counter");
        if (err == OK)
            err = db_get_int(tx, &b, "SELECT n FROM counter");
        if (err != OK || a != b || db_commit(tx) != OK)
            crowd->errors++;
    }
    return NULL;
}

static void *read_or_write(void *arg)
{
    Crowd *crowd = arg;
    return crowd->turn++ % 2 ? read_often(arg) : count_up_often(arg);
}

/* Forty threads want more connections than there are. */
static void readers_and_writers_wait_for_their_connection(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    Crowd crowd = {.db = t->db};
    test_threads(40, read_or_write, &crowd);
    assert_int_equal(crowd.errors, 0);
    assert_int_equal(test_int(t->db, "SELECT n FROM counter"), 2000);
}

static void ping_answers(void **state)
{
    TestDb *t = test_db(state);
    assert_ok(db_ping(t->db));
    assert_string_equal(db_name(t->db), t->driver);
}

static void lock_clause_is_valid(void **state)
{
    TestDb *t = test_db(state);
    add_three(t->db);
    CLEANUP(db_end) DbTx *tx = NULL;
    CLEANUP(db_rows_end) DbRows rows = {0};
    char sql[128];
    assert_ok(db_begin(t->db, &tx));
    (void)snprintf(sql, sizeof sql, "SELECT id FROM items WHERE id = ?%s", db_for_update(tx));
    assert_ok(db_query_text(tx, &rows, str_of(sql), DB_ARGS(1)));
    assert_true(db_next(&rows));
    assert_ok(db_commit(tx));
}

/* ---- migrations ---- */

static const char MAKE_A[] =
    "CREATE TABLE a (n BIGINT NOT NULL);\n--;\nCREATE TABLE b (n BIGINT NOT NULL)";
static const char FILL_A[] = "INSERT INTO a (n) VALUES (1);\n--;\nINSERT INTO a (n) VALUES (2); "
                             "INSERT INTO b (n) VALUES (1);";

static void migrations_run_once_and_in_order(void **state)
{
    TestDb *t = test_db(state);
    const DbMigration all[] = {{1, "make", MAKE_A}, {2, "fill", FILL_A}};
    assert_ok(db_migrate(t->db, all, 1, 1));
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM a"), 0);
    for (int i = 0; i < 3; i++)
        assert_ok(db_migrate(t->db, all, 2, 2));
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM a"), 2);
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM schema_migrations"), 2);
    assert_ok(db_migrate(t->db, all, 1, 1)); /* an older program meets a newer schema */
}

static void failed_migration_leaves_nothing_and_is_resumed(void **state)
{
    TestDb *t = test_db(state);
    const DbMigration broken[] = {
        {1, "make", MAKE_A},
        {2, "fill", "INSERT INTO a (n) VALUES (1);\n--;\nINSERT INTO nowhere VALUES (1)"}};
    const DbMigration mended[] = {{1, "make", MAKE_A}, {2, "fill", FILL_A}};
    assert_err(db_migrate(t->db, broken, 2, 2), ERR_INTERNAL);
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM a"), 0);
    assert_int_equal(test_int(t->db, "SELECT MAX(version) FROM schema_migrations"), 1);
    assert_ok(db_migrate(t->db, mended, 2, 2));
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM a"), 2);
}

static void changed_migration_is_refused(void **state)
{
    TestDb *t = test_db(state);
    const DbMigration first[] = {{1, "make", MAKE_A}}, changed[] = {{1, "make", FILL_A}};
    assert_ok(db_migrate(t->db, first, 1, 1));
    assert_err(db_migrate(t->db, changed, 1, 1), ERR_INTERNAL);
}

static void program_older_than_the_schema_allows_is_refused(void **state)
{
    TestDb *t = test_db(state);
    const DbMigration all[] = {{1, "make", MAKE_A},
                               {2, "contract", "UPDATE schema_state SET min_binary = 2"}};
    assert_ok(db_migrate(t->db, all, 2, 2));
    assert_ok(db_migrate(t->db, all, 2, 3));
    assert_err(db_migrate(t->db, all, 1, 1), ERR_INTERNAL);
}

static void *migrate_at_once(void *arg)
{
    Crowd *crowd = arg;
    const DbMigration all[] = {{1, "make", MAKE_A}, {2, "fill", FILL_A}};
    if (db_migrate(crowd->db, all, 2, 2) != OK)
        crowd->errors++;
    return NULL;
}

static void nodes_that_migrate_at_the_same_time_do_it_once(void **state)
{
    TestDb *t = test_db(state);
    Crowd crowd = {.db = t->db};
    test_threads(4, migrate_at_once, &crowd);
    assert_int_equal(crowd.errors, 0);
    assert_int_equal(test_int(t->db, "SELECT COUNT(*) FROM a"), 2);
}

/* ---- the faulty driver ---- */

/* Moves one from the counter to the items: both or none. */
static Err move_one(Db *db, int64_t id)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t n;
    TRY(db_begin(db, &tx));
    TRY(db_get_int(tx, &n, "SELECT n FROM counter"));
    TRY(db_exec(tx, "UPDATE counter SET n = ?", n - 1));
    TRY(db_exec_count(tx, &n, INSERT_ITEM, id, STR("moved"), 0));
    TRY(db_exec_text(tx, STR("UPDATE items SET flag = 1"), NULL, 0));
    return db_commit(tx);
}

/* Hands the test's Db to a faulty one, and back through t->db, which test_db_close frees. */
static Db *make_faulty(TestDb *t)
{
    return t->db = db_faulty_new(t->db);
}

static void failure_of_any_call_leaves_no_half_written_state(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    make_items(t->db);
    Db *faulty = make_faulty(t);
    static const Err errors[] = {ERR_RETRY, ERR_NO_SPACE, ERR_UNAVAILABLE};
    for (int64_t n = 1;; n++) {
        Err err = errors[n % 3];
        db_faulty_arm(faulty, n, err, false);
        Err got = move_one(faulty, 1);
        int64_t calls = db_faulty_calls(faulty);
        db_faulty_arm(faulty, 0, OK, false);
        int64_t moved = test_int(faulty, "SELECT COUNT(*) FROM items WHERE flag = 1");
        assert_int_equal(test_int(faulty, "SELECT 0 - n FROM counter"), moved);
        assert_int_equal(moved, got == OK);
        if (got == OK) {
            assert_int_equal(n, 7); /* it makes six calls */
            assert_int_equal(calls, 6);
            return;
        }
        assert_err(got, err);
    }
}

static void lost_answer_of_a_commit_is_an_error_although_it_took_effect(void **state)
{
    TestDb *t = test_db(state);
    make_counter(t->db);
    make_items(t->db);
    Db *faulty = make_faulty(t);
    db_faulty_arm(faulty, 6, ERR_UNAVAILABLE, true);
    assert_err(move_one(faulty, 1), ERR_UNAVAILABLE);
    assert_int_equal(count_items(faulty), 1);
    assert_int_equal(test_int(faulty, "SELECT n FROM counter"), -1);
}

static void migration_interrupted_anywhere_is_resumed(void **state)
{
    TestDb *t = test_db(state);
    Db *faulty = make_faulty(t);
    const DbMigration all[] = {{1, "make", MAKE_A}, {2, "fill", FILL_A}};
    int64_t n = 1;
    for (;; n++) {
        db_faulty_arm(faulty, n, ERR_UNAVAILABLE, n % 2);
        if (db_migrate(faulty, all, 2, 2) == OK)
            break;
    }
    db_faulty_arm(faulty, 0, OK, false);
    assert_true(n > 4);
    assert_int_equal(test_int(faulty, "SELECT COUNT(*) FROM a"), 2);
    assert_int_equal(test_int(faulty, "SELECT COUNT(*) FROM b"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_EVERY_DRIVER(committed_rows_are_there_and_others_are_not),
        ON_EVERY_DRIVER(first_error_kills_the_transaction),
        ON_EVERY_DRIVER(deferred_error_shows_at_the_commit),
        ON_EVERY_DRIVER(refused_statement_is_an_internal_error),
        ON_EVERY_DRIVER(wrong_number_of_arguments_is_refused),
        ON_EVERY_DRIVER(no_row_is_absent_and_leaves_the_transaction_alive),
        ON_EVERY_DRIVER(text_with_a_nul_byte_is_refused),
        ON_EVERY_DRIVER(same_sql_may_run_inside_itself),
        ON_EVERY_DRIVER(rows_left_open_do_not_disturb_the_end),
        ON_EVERY_DRIVER(values_come_back_as_they_went),
        ON_EVERY_DRIVER(numbers_fit_columns_of_every_width),
        ON_EVERY_DRIVER(question_marks_in_quotes_are_text),
        ON_EVERY_DRIVER(text_statements_take_long_lists),
        ON_EVERY_DRIVER(thousands_of_statements_fit_one_transaction),
        ON_EVERY_DRIVER(counts_tell_how_many_rows_were_touched),
        ON_EVERY_DRIVER(upsert_updates_or_keeps),
        ON_EVERY_DRIVER(hooks_run_in_order_after_the_commit_only),
        ON_EVERY_DRIVER(hooks_of_concurrent_writers_keep_commit_order),
        ON_EVERY_DRIVER(reader_sees_one_snapshot),
        ON_EVERY_DRIVER(concurrent_writers_lose_nothing),
        ON_EVERY_DRIVER(those_who_fail_take_nobody_with_them),
        ON_EVERY_DRIVER(readers_and_writers_wait_for_their_connection),
        ON_EVERY_DRIVER(ping_answers),
        ON_EVERY_DRIVER(lock_clause_is_valid),
        ON_EVERY_DRIVER(migrations_run_once_and_in_order),
        ON_EVERY_DRIVER(failed_migration_leaves_nothing_and_is_resumed),
        ON_EVERY_DRIVER(changed_migration_is_refused),
        ON_EVERY_DRIVER(program_older_than_the_schema_allows_is_refused),
        ON_EVERY_DRIVER(nodes_that_migrate_at_the_same_time_do_it_once),
        ON_EVERY_DRIVER(failure_of_any_call_leaves_no_half_written_state),
        ON_EVERY_DRIVER(lost_answer_of_a_commit_is_an_error_although_it_took_effect),
        ON_EVERY_DRIVER(migration_interrupted_anywhere_is_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
