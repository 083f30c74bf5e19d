/* ops/backup_command.c: a copy of everything a server keeps, and the way back.
 *
 * A backup is a folder: anser.db (SQLite only), files/ with what people uploaded, anser.json when there is one, and
 * manifest.json, which names every file with its size and SHA-256. The database is copied first: a row never tells of a file
 * that is not in the copy, since files are in the store before their rows are. Nothing is read twice that could change.
 */
#include "base/clock.h"
#include "base/id.h"
#include "ops/commands.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 256 * 1024, MANIFEST_LIMIT_BYTES = 1024 * 1024 * 1024, DEPTH_MAX = 32 };

typedef struct Backup {
    Arena *arena;
    const char *from, *to; /* folders */
    Buf manifest;
    size_t file_count;
} Backup;

static bool complain(const char *what, const char *path)
{
    fprintf(stderr, "anser: %s: %s: %s\n", path, what, strerror(errno));
    return false;
}

/* ---- bytes ---- */
static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static int open_file(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* Reads a file to its end and closes it: its digest and size, and a copy into `out` when that is not -1. */
static bool digest_file(Arena *arena, const char *path, int fd, int out, Str *ret_digest,
                        int64_t *ret_size)
{
    if (fd < 0)
        return complain("cannot be read", path);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    ENSURE(digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1);
    char *chunk = malloc(CHUNK_BYTES);
    ENSURE(chunk != NULL);
    ssize_t n;
    *ret_size = 0;
    bool is_fine = true;
    while (is_fine && (n = read(fd, chunk, CHUNK_BYTES)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        is_fine = n > 0 && EVP_DigestUpdate(digest, chunk, (size_t)n) == 1 &&
                  (out < 0 || write_all(out, chunk, (size_t)n));
        *ret_size += n > 0 ? n : 0;
    }
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    ENSURE(EVP_DigestFinal_ex(digest, hash, &len) == 1);
    EVP_MD_CTX_free(digest);
    free(chunk);
    (void)close(fd); /* only read from */
    *ret_digest = hex_encode(arena, str_make(hash, len));
    return is_fine ? true : complain("cannot be copied", path);
}

static bool copy_file(Arena *arena, const char *from, int fd, const char *to, Str *ret_digest,
                      int64_t *ret_size)
{
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) {
        (void)complain("cannot be made", to);
        (void)close(fd); /* only read from */
        return false;
    }
    bool is_fine = digest_file(arena, from, fd, out, ret_digest, ret_size) && fsync(out) == 0;
    return close(out) == 0 && is_fine ? true : complain("cannot be written", to);
}

static bool sync_dir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return complain("cannot be opened", path);
    bool is_fine = fsync(fd) == 0;
    (void)close(fd); /* nothing was written through it */
    return is_fine ? true : complain("cannot be synced", path);
}

static bool is_empty_dir(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT;
    bool is_empty = true;
    for (struct dirent *entry; is_empty && (entry = readdir(dir));)
        is_empty =
            str_eq(str_of(entry->d_name), STR(".")) || str_eq(str_of(entry->d_name), STR(".."));
    closedir(dir);
    return is_empty;
}

static bool make_dir(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? true : complain("cannot be made", path);
}

/* ---- the copy ---- */
static void note_file(Backup *b, const char *name, Str digest, int64_t size)
{
    b->file_count++;
    json_open(&b->manifest);
    json_key(&b->manifest, "path");
    json_str(&b->manifest, str_of(name));
    json_key(&b->manifest, "size");
    json_int(&b->manifest, size);
    json_key(&b->manifest, "sha256");
    json_str(&b->manifest, digest);
    json_close(&b->manifest);
}

static bool copy_named(Backup *b, const char *name)
{
    Str digest;
    int64_t size;
    const char *from = str_printf(b->arena, "%s/%s", b->from, name).ptr,
               *to = str_printf(b->arena, "%s/%s", b->to, name).ptr;
    int fd = open_file(from);
    if (fd < 0 && errno == ENOENT)
        return true; /* deleted meanwhile: no row tells of it any more */
    if (fd < 0)
        return complain("cannot be read", from);
    if (!copy_file(b->arena, from, fd, to, &digest, &size))
        return false;
    note_file(b, name, digest, size);
    return true;
}

static bool copy_tree(Backup *b, const char *name, int depth)
{
    const char *from = str_printf(b->arena, "%s/%s", b->from, name).ptr;
    if (depth > DEPTH_MAX || !make_dir(str_printf(b->arena, "%s/%s", b->to, name).ptr))
        return false;
    DIR *dir = opendir(from);
    if (!dir)
        return errno == ENOENT ? true : complain("cannot be read", from);
    bool is_fine = true;
    for (struct dirent *entry; is_fine && (entry = readdir(dir));) {
        struct stat info;
        if (entry->d_name[0] == '.')
            continue; /* itself, its parent, and what is only half written */
        const char *inner = str_printf(b->arena, "%s/%s", name, entry->d_name).ptr;
        if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            is_fine = errno == ENOENT; /* deleted meanwhile */
        else if (S_ISDIR(info.st_mode))
            is_fine = copy_tree(b, inner, depth + 1);
        else if (S_ISREG(info.st_mode))
            is_fine = copy_named(b, inner);
    }
    closedir(dir);
    return is_fine && sync_dir(str_printf(b->arena, "%s/%s", b->to, name).ptr);
}

static bool copy_database(Backup *b, Db *db)
{
    Str digest;
    int64_t size;
    if (db_dialect(db) != DB_SQLITE) {
        fputs("anser: the database is PostgreSQL: back it up with pg_dump, before the files; here "
              "only files are copied\n",
              stderr);
        return true;
    }
    const char *path = str_printf(b->arena, "%s/anser.db", b->to).ptr;
    Err err = db_backup(db, path);
    if (err != OK) {
        fprintf(stderr, "anser: the database cannot be copied (%s); the log says more\n",
                err_name(err));
        return false;
    }
    if (!digest_file(b->arena, path, open_file(path), -1, &digest, &size))
        return false;
    note_file(b, "anser.db", digest, size);
    return true;
}

static void open_manifest(Backup *b, const char *database)
{
    buf_init(&b->manifest, MANIFEST_LIMIT_BYTES);
    json_open(&b->manifest);
    json_key(&b->manifest, "anser");
    json_str(&b->manifest, STR(ANSER_VERSION));
    json_key(&b->manifest, "created_at");
    json_str(&b->manifest, clock_format_rfc3339(b->arena, clock_now_ms()));
    json_key(&b->manifest, "database");
    json_str(&b->manifest, str_of(database));
    json_key(&b->manifest, "files");
    json_open_array(&b->manifest);
}

static bool write_manifest(Backup *b)
{
    const char *path = str_printf(b->arena, "%s/manifest.json", b->to).ptr;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return complain("cannot be made", path);
    json_close_array(&b->manifest);
    json_close(&b->manifest);
    bool is_fine = !b->manifest.overflowed && write_all(fd, b->manifest.ptr, b->manifest.len) &&
                   fsync(fd) == 0;
    return close(fd) == 0 && is_fine ? sync_dir(b->to) : complain("cannot be written", path);
}

/* ---- reading a backup ---- */
static bool read_manifest(Arena *arena, const char *dir, json_t **ret_manifest)
{
    const char *path = str_printf(arena, "%s/manifest.json", dir).ptr;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0 || info.st_size > MANIFEST_LIMIT_BYTES) {
        if (fd >= 0)
            (void)close(fd); /* only read from */
        return complain("is no backup", path);
    }
    char *text = arena_alloc(arena, (size_t)info.st_size + 1);
    ssize_t len = read(fd, text, (size_t)info.st_size);
    (void)close(fd); /* only read from */
    if (len == info.st_size && json_parse(arena, str_make(text, (size_t)len), ret_manifest) == OK &&
        json_is_array(json_find(*ret_manifest, "files")))
        return true;
    fprintf(stderr, "anser: %s is damaged\n", path);
    return false;
}

/* A name in a manifest stays below its folder. */
static bool is_safe_name(Str name)
{
    if (name.len == 0 || name.ptr[0] == '/')
        return false;
    for (Str rest = name; rest.ptr;) {
        Str part = str_split(&rest, '/');
        if (part.len == 0 || part.ptr[0] == '.')
            return false;
    }
    return true;
}

/* Every file is there and what it was. With `to`: it is copied there, its folders made. */
static bool verify_files(Arena *arena, const char *dir, const json_t *manifest, const char *to)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_find(manifest, "files"), i, row)
    {
        Str name = json_text(json_find(row, "path")), digest;
        int64_t size;
        if (!is_safe_name(name)) {
            fprintf(stderr, "anser: the manifest names " STR_FMT ", which is no file of a backup\n",
                    STR_ARG(name));
            return false;
        }
        const char *from = str_printf(arena, "%s/" STR_FMT, dir, STR_ARG(name)).ptr;
        for (size_t at = 0; to && at < name.len; at++)
            if (name.ptr[at] == '/' &&
                !make_dir(
                    str_printf(arena, "%s/" STR_FMT, to, STR_ARG(str_slice(name, 0, at))).ptr))
                return false;
        int fd = open_file(from);
        if (fd < 0)
            return complain("cannot be read", from);
        bool is_read =
            to ? copy_file(arena, from, fd, str_printf(arena, "%s/" STR_FMT, to, STR_ARG(name)).ptr,
                           &digest, &size)
               : digest_file(arena, from, fd, -1, &digest, &size);
        if (!is_read)
            return false;
        if (!str_eq(digest, json_text(json_find(row, "sha256")))) {
            fprintf(stderr, "anser: %s is not what it was when it was copied\n", from);
            return false;
        }
    }
    return true;
}

/* ---- the commands ---- */
static bool run_backup(Boot *boot, const char *to)
{
    Backup b = {.arena = boot->arena, .from = boot->data_dir, .to = to};
    json_t *manifest;
    open_manifest(&b, db_name(boot->app.db));
    bool has_config = access(str_printf(b.arena, "%s/anser.json", b.from).ptr, F_OK) == 0;
    bool is_fine = copy_database(&b, boot->app.db) && copy_tree(&b, "files", 0) &&
                   (!has_config || copy_named(&b, "anser.json")) && write_manifest(&b) &&
                   read_manifest(b.arena, to, &manifest) &&
                   verify_files(b.arena, to, manifest, NULL);
    buf_deinit(&b.manifest);
    if (is_fine)
        printf("copied %zu files to %s and read them again\n", b.file_count, to);
    else
        fprintf(stderr, "anser: %s is not a complete backup\n", to);
    return is_fine;
}

int backup_command(CommandLine *line)
{
    Boot boot;
    if (line->word_count != 1)
        return 2;
    const char *to = line->words[0];
    if (!is_empty_dir(to)) {
        fprintf(stderr, "anser: %s is not an empty folder\n", to);
        return 1;
    }
    line->boot.connections = 2;
    if (!make_dir(to) || !boot_up(&line->boot, &boot))
        return 1;
    bool is_fine = run_backup(&boot, to);
    boot_down(&boot);
    return is_fine ? 0 : 1;
}

int restore_command(CommandLine *line)
{
    if (line->word_count != 1)
        return 2;
    const char *from = line->words[0], *to = line->boot.data_dir ? line->boot.data_dir : "data";
    if (!is_empty_dir(to)) {
        fprintf(stderr,
                "anser: %s is not empty: name another data directory, or move this one away\n", to);
        return 1;
    }
    Arena *arena = arena_create();
    json_t *manifest;
    bool is_fine = read_manifest(arena, from, &manifest) &&
                   verify_files(arena, from, manifest, NULL) && make_dir(to) &&
                   verify_files(arena, from, manifest, to) && sync_dir(to);
    if (is_fine)
        printf("restored %zu files into %s\n", json_array_size(json_find(manifest, "files")), to);
    if (is_fine && !str_eq(json_text(json_find(manifest, "database")), STR("sqlite")))
        puts("the database was PostgreSQL: bring it back with pg_restore");
    arena_free(arena);
    return is_fine ? 0 : 1;
}
