/* ops/check_command.c: looks whether a server can run here, and changes nothing. */
#include "base/clock.h"
#include "ops/commands.h"
#include "store/schema.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FILES_WANTED = 4096, FILES_NEEDED = 256 };
#define MIB ((uint64_t)1024 * 1024)

static bool has_failed;

typedef enum Verdict { FINE, CARE, BAD } Verdict;

static void say(Verdict verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(Verdict verdict, const char *format, ...)
{
    static const char *const words[] = {"ok", "care", "BAD"};
    va_list args;
    has_failed |= verdict == BAD;
    printf("%-5s ", words[verdict]);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

/* ---- the data directory ---- */
static bool check_writable(Arena *arena, const char *dir)
{
    const char *path = str_printf(arena, "%s/.anser-check-%d", dir, (int)getpid()).ptr;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool is_fine = write(fd, "x", 1) == 1 && fsync(fd) == 0;
    int cause = errno;
    (void)close(fd);    /* what counts is on disk already */
    (void)unlink(path); /* made above */
    errno = cause;
    return is_fine;
}

static void check_space(const char *dir)
{
    struct statvfs disk;
    if (statvfs(dir, &disk) != 0) {
        say(BAD, "disk: %s", strerror(errno));
        return;
    }
    uint64_t free_mib = (uint64_t)disk.f_bavail * disk.f_frsize / MIB;
    say(free_mib < 100    ? BAD
        : free_mib < 1024 ? CARE
                          : FINE,
        "disk: %llu MiB free", (unsigned long long)free_mib);
    if (disk.f_files && disk.f_favail < 1000)
        say(CARE, "disk: only %llu more files fit", (unsigned long long)disk.f_favail);
}

static void check_server(Arena *arena, const char *dir)
{
    int fd = open(str_printf(arena, "%s/anser.lock", dir).ptr, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    say(FINE, flock(fd, LOCK_EX | LOCK_NB) == 0 ? "server: not running" : "server: running");
    (void)close(fd); /* gives the lock back */
}

static void check_data_dir(Boot *boot)
{
    struct stat info;
    const char *dir = boot->data_dir;
    if (stat(dir, &info) != 0) {
        say(errno == ENOENT ? FINE : BAD, "data directory: %s: %s", dir,
            errno == ENOENT ? "not there; the server makes it" : strerror(errno));
        return;
    }
    if (!S_ISDIR(info.st_mode)) {
        say(BAD, "data directory: %s is not a folder", dir);
        return;
    }
    if (check_writable(boot->arena, dir))
        say(FINE, "data directory: %s is writable", dir);
    else
        say(BAD, "data directory: %s: %s", dir, strerror(errno));
    if (info.st_mode & (S_IROTH | S_IWOTH))
        say(CARE, "data directory: other users of this machine can look into %s", dir);
    if ((int64_t)info.st_mtime * 1000 > clock_now_ms() + 24 * 3600 * 1000)
        say(CARE, "clock: %s was changed in the future; is the clock behind?", dir);
    check_space(dir);
    check_server(boot->arena, dir);
}

/* ---- the database ---- */
static bool sqlite_file_is_absent(Boot *boot)
{
    Str source = str_of(boot->data_source), scheme = STR("sqlite:");
    return str_starts_with(source, scheme) && access(boot->data_source + scheme.len, F_OK) != 0 &&
           errno == ENOENT;
}

/* What the source names, without a password in it. */
static Str database_name(Boot *boot)
{
    Str source = str_of(boot->data_source);
    ptrdiff_t at = -1;
    for (size_t i = 0; i < source.len; i++)
        if (source.ptr[i] == '@')
            at = (ptrdiff_t)i;
    if (str_starts_with(source, STR("sqlite:")))
        return source;
    return at < 0 ? STR("PostgreSQL")
                  : str_printf(boot->arena, "postgres://…" STR_FMT,
                               STR_ARG(str_slice(source, (size_t)at, source.len)));
}

static void check_settings(Boot *boot)
{
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, &boot->app, arena);
    Err err = app_load_settings(&boot->app, &ctx);
    if (err != OK) {
        say(BAD, "settings: a stored value is of the wrong type; the log line above names it");
    } else {
        const Settings *s = boot->app.settings.current;
        say(FINE, "settings: version %lld", (long long)s->version);
        say(s->ServiceSettings_SiteURL.len ? FINE : CARE, "site address: " STR_FMT,
            STR_ARG(s->ServiceSettings_SiteURL.len
                        ? s->ServiceSettings_SiteURL
                        : STR("ServiceSettings.SiteURL is not set; links in mails need it")));
        say(FINE, "mail: " STR_FMT,
            STR_ARG(s->EmailSettings_SMTPServer.len ? s->EmailSettings_SMTPServer
                                                    : STR("switched off")));
    }
    ctx_deinit(&ctx);
    arena_free(arena);
}

static void check_database(Boot *boot)
{
    Str name = database_name(boot);
    int64_t have, newest;
    if (sqlite_file_is_absent(boot)) {
        say(FINE, "database: " STR_FMT " is not there; the server makes it", STR_ARG(name));
        return;
    }
    DbOptions options = {.connections = 2};
    Err err = db_open(boot->data_source, &options, &boot->app.db);
    if (err == OK)
        err = schema_state(boot->app.db, &have, &newest);
    if (err != OK) {
        say(BAD, "database: " STR_FMT " cannot be read (%s)", STR_ARG(name), err_name(err));
        return;
    }
    say(FINE, "database: " STR_FMT, STR_ARG(name));
    if (have > newest)
        say(CARE, "schema: version %lld, newer than the %lld of this program", (long long)have,
            (long long)newest);
    else
        say(FINE, "schema: version %lld%s", (long long)have,
            have < newest ? "; the server brings it up to date at its start" : "");
    if (have > 0)
        check_settings(boot);
}

/* ---- the machine ---- */
static void check_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    say(files.rlim_cur < FILES_NEEDED   ? BAD
        : files.rlim_cur < FILES_WANTED ? CARE
                                        : FINE,
        "open files: %llu allowed; each connection takes one", (unsigned long long)files.rlim_cur);
}

static void check_clock(void)
{
    int64_t built_ms = INT64_C(1735689600000); /* 2025: before this program was */
    if (clock_now_ms() < built_ms)
        say(BAD, "clock: it shows a year in which this program was not made");
    else
        say(FINE, "clock: plausible");
}

int check_command(CommandLine *line)
{
    Boot boot;
    has_failed = false;
    if (line->word_count != 0)
        return 2;
    if (!boot_read(&line->boot, &boot)) {
        say(BAD, "configuration: see above");
        return 1;
    }
    say(FINE, "configuration: read");
    check_data_dir(&boot);
    check_database(&boot);
    check_limits();
    check_clock();
    boot_down(&boot);
    return has_failed ? 1 : 0;
}
