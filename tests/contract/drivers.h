/* tests/contract/drivers.h: one suite, run on every driver that exists.
 *
 * A test gets a fresh, empty database of its own. PostgreSQL joins when ANSER_TEST_POSTGRES holds a
 * URI; each test then works in a schema of its own, dropped afterwards.
 */
#pragma once
#include "base/lock.h"
#include "db/db.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct TestDb {
    Db *db;
    char dir[512];     /* SQLite: a temporary folder */
    char source[1024]; /* what db_open was given */
    char schema[64];   /* PostgreSQL */
    const char *driver;
} TestDb;

int test_db_open(void **state); /* *state: the driver's name before, the TestDb after */
int test_db_close(void **state);
/* The test's database; skips the test when its driver is not to be had. */
TestDb *test_db(void **state);
/* A second Db on the same database. */
Db *test_db_again(const TestDb *t);

/* A test as rows of a cmocka table, one a driver. */
#define ON_EVERY_DRIVER(test) ON_DRIVER(test, "sqlite"), ON_DRIVER(test, "postgres")
#define ON_DRIVER(test, driver)                                                                    \
    {                                                                                              \
        driver ": " #test, test, test_db_open, test_db_close, (void *)(uintptr_t)driver            \
    }

/* Print at once: a failed test leaves its transaction open, and closing the Db then aborts. */
#define assert_ok(call)       test_expect((call), OK, #call, __FILE__, __LINE__)
#define assert_err(call, err) test_expect((call), (err), #call, __FILE__, __LINE__)
void test_expect(Err got, Err expected, const char *call, const char *file, int line);
#define assert_str(actual, expected) assert_true(str_eq((actual), STR(expected)))

/* Runs fn(arg) on `n` threads at a time and waits for all. */
void test_threads(int n, void *(*fn)(void *arg), void *arg);

/* One statement in a transaction of its own; and one value. */
void test_run(Db *db, const char *sql);
int64_t test_int(Db *db, const char *sql);
