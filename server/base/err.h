/* base/err.h: how a function says that it failed.
 *
 * Every fallible function returns an Err; OK is 0. The kinds below belong to the machine (disk, database, memory limits);
 * the errors that clients see on the wire start at ERR_WIRE_FIRST and are listed in model/errors.h.
 * Three kinds of trouble are never mixed: expected failures return an Err, bugs of ours fail an ENSURE and abort, and
 * lack of memory aborts.
 */
#pragma once
#include <stdbool.h>

typedef enum [[nodiscard]] Err {
    OK = 0,
    ERR_RETRY,       /* the transaction lost a race: run the whole handler again */
    ERR_UNAVAILABLE, /* a neighbour (database, mail server) is away; it may come back */
    ERR_NO_SPACE,    /* the disk is full */
    ERR_UNIQUE,      /* a UNIQUE constraint refused the row */
    ERR_IO,          /* a file or socket operation failed */
    ERR_SYNTAX,      /* bytes that do not follow their grammar */
    ERR_LIMIT,       /* larger than the limit its caller gave */
    ERR_ABSENT,      /* no such thing */
    ERR_INTERNAL,    /* a statement the database refuses, a state that should not be */
    ERR_WIRE_FIRST = 100,
    ERR_WIRE_LAST = 9999, /* keeps the enum wide enough for model/errors.h */
} Err;

/* The only macro that hides a return. Safe because resources use CLEANUP or the arena. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Err try_ = (call);                                                                         \
        if (try_ != OK)                                                                            \
            return try_;                                                                           \
    } while (0)

/* Runs fn(&variable) when the block is left, by whatever way. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* A bug of ours: log where, and abort. Stays on in release builds. */
#define ENSURE(cond) ((cond) ? (void)0 : ensure_failed(#cond, __FILE__, __LINE__))
/* A place that no input can reach. */
#define BUG(why) ensure_failed((why), __FILE__, __LINE__)
__attribute__((noreturn)) void ensure_failed(const char *condition, const char *file, int line);

/* A short English name for the log. Wire errors are named by model/errors.h. */
const char *err_name(Err err);
