#include "base/id.h"
#include "base/log.h"
#include "base/map.h"
#include "net/compress.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT_BYTES = 64 * 1024 * 1024, DEPTH_LIMIT = 16 };

/* One file: its bytes in each coding that stands beside it. */
typedef struct StaticFile {
    Str bytes[CODING_BROTLI + 1]; /* by Coding; ptr NULL: not there */
    Str etags[CODING_BROTLI + 1]; /* RFC 9110 §8.8.3: each coding has its own */
    unsigned codings;
    Str content_type;
    bool is_immutable;
} StaticFile;

struct StaticFiles {
    Arena *arena;
    Map by_path; /* "/static/app.js" */
};

static Str type_of(Str path)
{
    /* clang-format off */
    static const struct { Str ending, type; } rows[] = {
#define ROW(ending, type) {{ending, sizeof ending - 1}, {type, sizeof type - 1}}
        ROW(".html", "text/html; charset=utf-8"),     ROW(".js", "text/javascript; charset=utf-8"),
        ROW(".mjs", "text/javascript; charset=utf-8"), ROW(".css", "text/css; charset=utf-8"),
        ROW(".json", "application/json"),              ROW(".map", "application/json"),
        ROW(".webmanifest", "application/manifest+json"), ROW(".svg", "image/svg+xml"),
        ROW(".png", "image/png"),                      ROW(".jpg", "image/jpeg"),
        ROW(".jpeg", "image/jpeg"),                    ROW(".gif", "image/gif"),
        ROW(".webp", "image/webp"),                    ROW(".avif", "image/avif"),
        ROW(".ico", "image/x-icon"),                   ROW(".woff2", "font/woff2"),
        ROW(".woff", "font/woff"),                     ROW(".ttf", "font/ttf"),
        ROW(".mp3", "audio/mpeg"),                     ROW(".ogg", "audio/ogg"),
        ROW(".wasm", "application/wasm"),              ROW(".txt", "text/plain; charset=utf-8"),
        ROW(".xml", "application/xml"),                ROW(".pdf", "application/pdf"),
#undef ROW
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_ends_with(path, rows[i].ending))
            return rows[i].type;
    return STR("application/octet-stream");
}

static Err read_file(Arena *arena, const char *path, size_t size, Str *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    char *bytes = arena_alloc(arena, size + 1);
    size_t len = 0;
    ssize_t n = 1;
    while (len < size && n > 0) {
        n = read(fd, bytes + len, size - len);
        len += n > 0 ? (size_t)n : 0;
    }
    (void)close(fd); /* only read from */
    if (len < size)
        return ERR_IO;
    *ret_bytes = str_make(bytes, len);
    return OK;
}

/* "/app.js.br" is a coding of "/app.js". */
static Coding coding_of(Str *path)
{
    Coding coding = str_ends_with(*path, STR(".gz"))   ? CODING_GZIP
                    : str_ends_with(*path, STR(".br")) ? CODING_BROTLI
                                                       : CODING_IDENTITY;
    if (coding != CODING_IDENTITY)
        path->len -= 3;
    return coding;
}

static Err load_file(StaticFiles *files, const char *disk_path, Str path, size_t size)
{
    if (size > FILE_LIMIT_BYTES)
        return ERR_LIMIT;
    Coding coding = coding_of(&path);
    StaticFile *file = map_find(&files->by_path, path);
    if (!file) {
        file = arena_new(files->arena, StaticFile, 1);
        file->content_type = type_of(path);
        file->is_immutable = str_starts_with(path, STR("/static/"));
        (void)map_set(&files->by_path, path, file); /* there was none */
    }
    Str bytes;
    TRY(read_file(files->arena, disk_path, size, &bytes));
    Str digest = sha256_hex(files->arena, bytes);
    file->bytes[coding] = bytes;
    file->etags[coding] =
        str_printf(files->arena, "\"" STR_FMT "\"", STR_ARG(str_slice(digest, 0, 32)));
    file->codings |= 1u << coding;
    return OK;
}

static Err load_dir(StaticFiles *files, const char *dir, Str path, int depth);

static Err load_entry(StaticFiles *files, const char *dir, Str path, const char *name, int depth)
{
    Str disk = str_printf(files->arena, "%s/%s", dir, name); /* NUL-terminated */
    Str inside = str_printf(files->arena, STR_FMT "/%s", STR_ARG(path), name);
    struct stat info;
    if (stat(disk.ptr, &info) != 0)
        return ERR_IO;
    if (S_ISDIR(info.st_mode))
        return load_dir(files, disk.ptr, inside, depth + 1);
    return S_ISREG(info.st_mode) ? load_file(files, disk.ptr, inside, (size_t)info.st_size) : OK;
}

static Err load_dir(StaticFiles *files, const char *dir, Str path, int depth)
{
    if (depth > DEPTH_LIMIT)
        return ERR_LIMIT;
    DIR *entries = opendir(dir);
    if (!entries)
        return errno == ENOENT ? ERR_ABSENT : ERR_IO;
    Err err = OK;
    for (struct dirent *entry; err == OK && (entry = readdir(entries));)
        if (entry->d_name[0] != '.')
            err = load_entry(files, dir, path, entry->d_name, depth);
    (void)closedir(entries); /* only read from */
    return err;
}

Err static_files_load(const char *dir, StaticFiles **ret_files)
{
    StaticFiles *files = calloc(1, sizeof *files);
    ENSURE(files != NULL);
    files->arena = arena_create();
    Err err = load_dir(files, dir, STR_EMPTY, 0);
    if (err != OK) {
        log_error("cannot load static files", "dir=%s error=%s", dir, err_name(err));
        static_files_free(files);
        return err;
    }
    *ret_files = files;
    return OK;
}

void static_files_free(StaticFiles *files)
{
    if (!files)
        return;
    map_deinit(&files->by_path);
    arena_free(files->arena);
    free(files);
}

/* Does If-None-Match name this tag (RFC 9110 §13.1.2: weak comparison)? */
static bool is_known(Str if_none_match, Str etag)
{
    for (Str rest = if_none_match; rest.ptr;) {
        Str tag = str_trim(str_split(&rest, ','));
        if (str_starts_with(tag, STR("W/")))
            tag = str_slice(tag, 2, tag.len);
        if (str_eq(tag, etag) || str_eq(tag, STR("*")))
            return true;
    }
    return false;
}

bool static_files_reply(const StaticFiles *files, HttpReq *req, Str path)
{
    const StaticFile *file = map_find(&files->by_path, path);
    if (!file || (file->codings & 1u << CODING_IDENTITY) == 0)
        return false;
    Coding coding = coding_choose(http_header(req, STR("Accept-Encoding")), file->codings);
    Str etag = file->etags[coding], known = http_header(req, STR("If-None-Match"));
    http_add_header(req, STR("ETag"), etag);
    http_add_header(req, STR("Cache-Control"),
                    file->is_immutable ? STR("public, max-age=31536000, immutable")
                                       : STR("no-cache"));
    if (file->codings != 1u << CODING_IDENTITY)
        http_add_header(req, STR("Vary"), STR("Accept-Encoding"));
    if (known.len > 0 && is_known(known, etag)) {
        req->reply.status = 304;
        return true;
    }
    if (coding != CODING_IDENTITY)
        http_add_header(req, STR("Content-Encoding"), coding_name(coding));
    req->reply.status = 200;
    req->reply.content_type = file->content_type;
    req->reply.static_body = file->bytes[coding];
    return true;
}
