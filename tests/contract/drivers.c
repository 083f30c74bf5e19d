#include "drivers.h"
#include "base/clock.h"
#include "base/id.h"
#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void test_expect(Err got, Err expected, const char *call, const char *file, int line)
{
    if (got == expected)
        return;
    fprintf(stderr, "%s:%d: %s: %s, expected %s\n", file, line, call, err_name(got),
            err_name(expected));
    fail();
}

static void remove_folder(const char *dir)
{
    static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm", "copy.db",
                                        "copy.db.tmp"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        (void)unlink(path); /* often not there */
    }
    assert_int_equal(rmdir(dir), 0);
}

static void postgres_do(const char *format, const char *schema)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql, format, schema);
    PGconn *conn = PQconnectdb(getenv("ANSER_TEST_POSTGRES"));
    assert_int_equal(PQstatus(conn), CONNECTION_OK);
    PQclear(PQexec(conn, "SET client_min_messages = error"));
    PGresult *result = PQexec(conn, sql);
    assert_string_equal(PQresultErrorMessage(result), "");
    PQclear(result);
    PQfinish(conn);
}

static bool open_postgres(TestDb *t)
{
    const char *uri = getenv("ANSER_TEST_POSTGRES");
    if (!uri)
        return false;
    uint32_t n;
    random_bytes(&n, sizeof n);
    (void)snprintf(t->schema, sizeof t->schema, "test_%08x", n);
    (void)snprintf(t->source, sizeof t->source, "%s%coptions=-csearch_path%%3D%s", uri,
                   strchr(uri, '?') ? '&' : '?', t->schema);
    postgres_do("CREATE SCHEMA %s", t->schema);
    return true;
}

static bool open_sqlite(TestDb *t)
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(t->dir, sizeof t->dir, "%s/anser-db-XXXXXX", folder ? folder : P_tmpdir);
    assert_non_null(mkdtemp(t->dir));
    (void)snprintf(t->source, sizeof t->source, "sqlite:%s/test.db", t->dir);
    return true;
}

int test_db_open(void **state)
{
    TestDb *t = calloc(1, sizeof *t);
    t->driver = *state;
    bool is_there = strcmp(t->driver, "postgres") == 0 ? open_postgres(t) : open_sqlite(t);
    if (is_there)
        assert_ok(db_open(t->source, NULL, &t->db));
    *state = t;
    return 0;
}

int test_db_close(void **state)
{
    TestDb *t = *state;
    db_free(t->db);
    if (t->schema[0])
        postgres_do("DROP SCHEMA %s CASCADE", t->schema);
    if (t->dir[0])
        remove_folder(t->dir);
    free(t);
    return 0;
}

TestDb *test_db(void **state)
{
    TestDb *t = *state;
    if (!t->db)
        skip();
    return t;
}

Db *test_db_again(const TestDb *t)
{
    Db *db = NULL;
    assert_ok(db_open(t->source, NULL, &db));
    return db;
}

void test_threads(int n, void *(*fn)(void *arg), void *arg)
{
    pthread_t threads[256];
    assert_true(n <= 256);
    for (int i = 0; i < n; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fn, arg), 0);
    for (int i = 0; i < n; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

void test_run(Db *db, const char *sql)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    assert_ok(db_begin(db, &tx));
    assert_ok(db_exec(tx, sql));
    assert_ok(db_commit(tx));
}

int64_t test_int(Db *db, const char *sql)
{
    CLEANUP(db_end) DbTx *tx = NULL;
    int64_t value = -1;
    assert_ok(db_read(db, &tx));
    assert_ok(db_get_int(tx, &value, sql));
    assert_ok(db_commit(tx));
    return value;
}
