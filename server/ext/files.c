#include "ext/files.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/map.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 256 * 1024, KEY_LIMIT = 200, HALF_WRITTEN_AGE_S = 3600 };
static const char HALF_WRITTEN[] = "tmp"; /* the folder of what has no name yet */

struct FileStore {
    int root;
    Lock lock;
    Map folders; /* those that are known to be durable themselves */
};

Str file_key(Arena *arena, const char *kind, Str id, int64_t now)
{
    ENSURE(id_is_valid(id));
    Str day = str_slice(clock_format_rfc3339(arena, now), 0, 10);
    return str_printf(arena, "%s/" STR_FMT "/" STR_FMT, kind, STR_ARG(day), STR_ARG(id));
}

/* A key as a path below the root; false when it could be anything but one that file_key and its users make. */
static bool key_to_path(Str key, char path[static KEY_LIMIT + 1])
{
    if (key.len == 0 || key.len > KEY_LIMIT || key.ptr[0] == '/' || str_contains(key, STR("..")))
        return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.';
        if (!is_fine)
            return false;
    }
    memcpy(path, key.ptr, key.len);
    path[key.len] = '\0';
    return true;
}

static Err complain(const char *what, const char *path)
{
    int error = errno;
    log_error("the file store cannot do its work", "step=%s path=%s error=%s", what, path,
              strerror(error));
    return error == ENOSPC || error == EDQUOT ? ERR_NO_SPACE : ERR_IO;
}

/* ---- folders ---- */
/* Makes what a rename, a link or a new folder did to a folder durable. */
static Err sync_folder(const FileStore *store, const char *path)
{
    int fd = openat(store->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return complain("open folder", path);
    Err err = fsync(fd) == 0 ? OK : complain("sync folder", path);
    (void)close(fd); /* only synced */
    return err;
}

/* The folder of a path; "." for one at the root. */
static void folder_of(const char *path, char folder[static KEY_LIMIT + 1])
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 1;
    memcpy(folder, slash ? path : ".", len);
    folder[len] = '\0';
}

static bool is_known(FileStore *store, const char *path)
{
    lock_take(&store->lock);
    bool known = map_find(&store->folders, str_of(path)) != NULL;
    lock_release(&store->lock);
    return known;
}

/* Makes the folder and those above it. One that is there may just have been made by another thread, so it counts as
 * durable only when this process has synced what names it. */
static Err make_folder(FileStore *store, const char *path)
{
    struct stat found;
    char parent[KEY_LIMIT + 1];
    bool is_there = fstatat(store->root, path, &found, 0) == 0;
    if (strcmp(path, ".") == 0 || (is_there && is_known(store, path)))
        return OK;
    folder_of(path, parent);
    TRY(make_folder(store, parent));
    if (!is_there && mkdirat(store->root, path, 0700) != 0 && errno != EEXIST)
        return complain("make folder", path);
    TRY(sync_folder(store, parent));
    lock_take(&store->lock);
    (void)map_set(&store->folders, str_of(path), store); /* a set: any value will do */
    lock_release(&store->lock);
    return OK;
}

/* ---- writing ---- */
static Err write_all(int fd, Str bytes, const char *path)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return complain("write", path);
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return OK;
}

static Err copy_all(int from, int to, const char *path)
{
    char *block = malloc(COPY_BYTES);
    ENSURE(block != NULL);
    Err err = OK;
    for (;;) {
        ssize_t n = read(from, block, COPY_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            err = complain("read", path);
        if (n > 0)
            err = write_all(to, str_make(block, (size_t)n), path);
        if (n <= 0 || err != OK)
            break;
    }
    free(block);
    return err;
}

/* Opens a source that is a file. */
static Err open_source(const FileStore *store, const FileSource *source, int *ret_fd)
{
    char path[KEY_LIMIT + 1];
    int fd;
    if (source->path) {
        fd = open(source->path, O_RDONLY | O_CLOEXEC);
    } else {
        if (!key_to_path(source->key, path))
            return ERR_ABSENT;
        fd = openat(store->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0)
        return errno == ENOENT ? ERR_ABSENT : complain("open", source->path ? source->path : path);
    *ret_fd = fd;
    return OK;
}

static Err append_source(const FileStore *store, const FileSource *source, int to, const char *path)
{
    if (!source->path && source->key.len == 0)
        return write_all(to, source->bytes, path);
    int from;
    TRY(open_source(store, source, &from));
    Err err = copy_all(from, to, path);
    (void)close(from); /* only read from */
    return err;
}

/* Writes the sources into a new file, syncs it and gives it its name. */
static Err write_new(const FileStore *store, const FilePut *put, const char *path)
{
    char temp[64];
    unsigned char random[12];
    random_bytes(random, sizeof random);
    size_t len = (size_t)snprintf(temp, sizeof temp, "%s/", HALF_WRITTEN);
    for (size_t i = 0; i < sizeof random; i++)
        len += (size_t)snprintf(temp + len, sizeof temp - len, "%02x", random[i]);
    int fd = openat(store->root, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return complain("create", temp);
    Err err = OK;
    for (size_t i = 0; i < put->source_count && err == OK; i++)
        err = append_source(store, &put->sources[i], fd, temp);
    if (err == OK && fsync(fd) != 0)
        err = complain("sync", temp);
    if (close(fd) != 0 && err == OK)
        err = complain("close", temp);
    if (err == OK && renameat(store->root, temp, store->root, path) != 0)
        err = complain("rename", path);
    if (err != OK)
        (void)unlinkat(store->root, temp, 0); /* else the next start removes it */
    return err;
}

/* Gives a file that is there a second name, without copying; ERR_ABSENT says that it cannot be done. The source keeps its
 * name, so that a handler that must run again finds it. */
static Err link_new(const FileStore *store, const FileSource *source, const char *path)
{
    int fd;
    char old[KEY_LIMIT + 1];
    TRY(open_source(store, source, &fd));
    Err err = fsync(fd) == 0 ? OK : complain("sync", path);
    (void)close(fd); /* synced already */
    TRY(err);
    if (!source->path)
        (void)key_to_path(source->key, old); /* open_source has looked at it */
    (void)unlinkat(store->root, path,
                   0); /* a link does not replace; keys are fresh, so nothing is there */
    int linked = source->path ? linkat(AT_FDCWD, source->path, store->root, path, 0)
                              : linkat(store->root, old, store->root, path, 0);
    return linked == 0 ? OK : ERR_ABSENT;
}

static Err put_one(FileStore *store, const FilePut *put)
{
    char path[KEY_LIMIT + 1], folder[KEY_LIMIT + 1];
    ENSURE(key_to_path(put->key, path));
    folder_of(path, folder);
    TRY(make_folder(store, folder));
    const FileSource *only = put->source_count == 1 ? &put->sources[0] : NULL;
    if (only && (only->path || only->key.len)) {
        Err err = link_new(store, only, path);
        if (err != ERR_ABSENT)
            return err;
    }
    return write_new(store, put, path);
}

/* Syncs the folders of all keys, each once when they stand side by side. */
static Err sync_folders(const FileStore *store, const FilePut *puts, size_t count)
{
    char last[KEY_LIMIT + 1] = "";
    for (size_t i = 0; i < count; i++) {
        char path[KEY_LIMIT + 1], folder[KEY_LIMIT + 1];
        ENSURE(key_to_path(puts[i].key, path));
        folder_of(path, folder);
        if (strcmp(folder, last) != 0)
            TRY(sync_folder(store, folder));
        memcpy(last, folder, sizeof last);
    }
    return OK;
}

Err file_store_put(FileStore *store, const FilePut *puts, size_t count)
{
    Err err = OK;
    for (size_t i = 0; i < count && err == OK; i++)
        err = put_one(store, &puts[i]);
    if (err == OK)
        err = sync_folders(store, puts, count);
    for (size_t i = 0; i < count && err != OK; i++)
        file_store_remove(store, puts[i].key);
    return err;
}

Err file_store_put_bytes(FileStore *store, Str key, Str bytes)
{
    FileSource source = {.bytes = bytes};
    return file_store_put(store, &(FilePut){key, &source, 1}, 1);
}

/* ---- reading and removing ---- */
Err file_store_open(FileStore *store, Str key, int *ret_fd, int64_t *ret_size_bytes)
{
    int fd;
    struct stat found;
    TRY(open_source(store, &(FileSource){.key = key}, &fd));
    if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
        (void)close(fd); /* nothing was read */
        return ERR_ABSENT;
    }
    *ret_fd = fd;
    *ret_size_bytes = found.st_size;
    return OK;
}

typedef struct Mapping {
    void *at;
    size_t len;
} Mapping;

static void unmap(void *arg)
{
    Mapping *mapping = arg;
    (void)munmap(mapping->at, mapping->len); /* only read from */
}

Err file_store_map(FileStore *store, Str key, Arena *arena, Str *ret_bytes)
{
    int fd;
    int64_t size;
    TRY(file_store_open(store, key, &fd, &size));
    Mapping *mapping = arena_new(arena, Mapping, 1);
    *mapping = (Mapping){.len = (size_t)size};
    if (size > 0)
        mapping->at = mmap(NULL, mapping->len, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd); /* the mapping keeps the file */
    if (mapping->at == MAP_FAILED)
        return ERR_IO;
    *ret_bytes = str_make(mapping->at, mapping->len);
    if (size > 0)
        arena_defer(arena, unmap, mapping);
    return OK;
}

void file_store_remove(FileStore *store, Str key)
{
    char path[KEY_LIMIT + 1];
    if (key_to_path(key, path) && unlinkat(store->root, path, 0) != 0 && errno != ENOENT)
        (void)complain("remove", path); /* only space */
}

/* ---- opening ---- */
/* Old ones only: another node may be writing into the same folder. */
static void sweep_half_written(const FileStore *store)
{
    struct stat found;
    int64_t oldest = clock_now_ms() / 1000 - HALF_WRITTEN_AGE_S;
    int fd = openat(store->root, HALF_WRITTEN, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.' && fstatat(fd, entry->d_name, &found, 0) == 0 &&
            found.st_mtime < oldest)
            (void)unlinkat(fd, entry->d_name, 0); /* only space */
    (void)closedir(folder);                       /* only read from */
}

Err file_store_open_local(const char *dir, FileStore **ret_store)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return complain("make folder", dir);
    int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return complain("open folder", dir);
    FileStore *store = calloc(1, sizeof *store);
    ENSURE(store != NULL);
    store->root = root;
    lock_init(&store->lock, LOCK_CACHE);
    Err err = make_folder(store, HALF_WRITTEN);
    if (err != OK) {
        file_store_free(store);
        return err;
    }
    sweep_half_written(store);
    *ret_store = store;
    return OK;
}

void file_store_free(FileStore *store)
{
    if (!store)
        return;
    (void)close(store->root); /* only looked into */
    map_deinit(&store->folders);
    lock_deinit(&store->lock);
    free(store);
}
