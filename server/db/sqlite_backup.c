/* db/sqlite_backup.c: an online copy: one snapshot, verified, synced, and only then under its name. */
#include "base/log.h"
#include "db/sqlite_db.h"
#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>

static Err sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    Err err = fsync(fd) == 0 ? OK : ERR_IO;
    (void)close(fd); /* what could be lost is synced, or reported */
    return err;
}

Err sqlite_sync_folder_of(const char *path)
{
    char copy[4096];
    (void)snprintf(copy, sizeof copy, "%s", path); /* SQLite refuses longer paths */
    return sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
}

static Err copy_pages(SqliteConn *from, SqliteConn *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (!backup)
        return sqlite_conn_error(to, sqlite3_errcode(to->handle), STR("backup"));
    (void)sqlite3_backup_step(backup, -1); /* one snapshot; the result is kept for the next line */
    int code = sqlite3_backup_finish(backup);
    return code == SQLITE_OK ? OK : sqlite_conn_error(to, code, STR("backup"));
}

static Err verify(SqliteConn *conn)
{
    SqliteStatement *statement;
    Str sql = STR("PRAGMA integrity_check(1)");
    TRY(sqlite_conn_query(conn, sql, true, NULL, 0, &statement));
    int code = sqlite3_step(statement->handle);
    const char *says =
        code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement->handle, 0) : NULL;
    Err err = code == SQLITE_ROW ? OK : sqlite_conn_error(conn, code, sql);
    if (err == OK && (!says || !str_eq(str_of(says), STR("ok")))) {
        log_error("the copy of the database is damaged", "says=%s", says ? says : "");
        err = ERR_INTERNAL;
    }
    sqlite_conn_end(conn, statement);
    return err;
}

static Err copy_into(SqliteConn *from, const SqliteConnOptions *options)
{
    SqliteConn *to;
    TRY(sqlite_conn_open(options, &to));
    Err err = copy_pages(from, to);
    if (err == OK) /* one file, without a log beside it */
        err = sqlite_conn_run(to, "PRAGMA journal_mode = DELETE");
    if (err == OK)
        err = verify(to);
    sqlite_conn_free(to);
    return err;
}

/* Renames the finished copy. */
static Err publish(const char *part, const char *path)
{
    TRY(sync_path(part, O_RDONLY));
    if (rename(part, path) != 0)
        return ERR_IO;
    return sqlite_sync_folder_of(path);
}

Err sqlite_backup_copy(SqliteConn *from, const SqliteDb *db, const char *path)
{
    char part[4096];
    if ((size_t)snprintf(part, sizeof part, "%s.tmp", path) >= sizeof part)
        return ERR_IO;
    (void)unlink(part); /* left by an interrupted backup, or not there */
    Err err = copy_into(from, &(SqliteConnOptions){.path = part,
                                                   .vfs = db->vfs,
                                                   .timeout_ms = db->timeout_ms,
                                                   .cache_kib = 512,
                                                   .statements = 4,
                                                   .is_write = true});
    if (err == OK)
        err = publish(part, path);
    if (err != OK)
        (void)unlink(part); /* best effort: the next backup tries again */
    return err;
}
