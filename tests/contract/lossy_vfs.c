#include "lossy_vfs.h"
#include "base/err.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Extent {
    int64_t at, len;
} Extent;

/* What is on the platter, and where the file differs from it. */
typedef struct Image {
    struct Image *next;
    char *path;
    char *bytes;
    int64_t len, cap;
    Extent *unsynced;
    int unsynced_count, unsynced_cap;
    bool is_log;
} Image;

typedef struct LossyFile {
    sqlite3_file base;
    Image *image; /* NULL: temporary files, which need not last */
    sqlite3_file *real;
} LossyFile;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Image *images;
static bool is_dark;
static int64_t bytes_left = -1, log_syncs;
static int syncs_to_fail;
static sqlite3_vfs *real_vfs;

/* ---- images ---- */

static void image_free(Image *image)
{
    free(image->path);
    free(image->bytes);
    free(image->unsynced);
    free(image);
}

static void image_resize(Image *image, int64_t len)
{
    if (len > image->cap) {
        image->cap = len * 2;
        image->bytes = realloc(image->bytes, (size_t)image->cap);
        ENSURE(image->bytes != NULL);
    }
    if (len > image->len)
        memset(image->bytes + image->len, 0, (size_t)(len - image->len));
    image->len = len;
}

static Image *image_of(const char *path, bool is_log)
{
    for (Image *image = images; image; image = image->next)
        if (strcmp(image->path, path) == 0)
            return image;
    Image *image = calloc(1, sizeof *image);
    ENSURE(image != NULL && (image->path = strdup(path)) != NULL);
    image->is_log = is_log;
    image->next = images;
    images = image;
    return image;
}

static void note_unsynced(Image *image, int64_t at, int64_t len)
{
    if (image->unsynced_count == image->unsynced_cap) {
        image->unsynced_cap = image->unsynced_cap ? image->unsynced_cap * 2 : 64;
        image->unsynced =
            realloc(image->unsynced, (size_t)image->unsynced_cap * sizeof *image->unsynced);
        ENSURE(image->unsynced != NULL);
    }
    image->unsynced[image->unsynced_count++] = (Extent){at, len};
}

/* Brings [at, at + len) of the file to the platter. */
static void settle(LossyFile *file, Extent extent)
{
    Image *image = file->image;
    sqlite3_int64 size = 0;
    ENSURE(file->real->pMethods->xFileSize(file->real, &size) == SQLITE_OK);
    if (extent.at + extent.len > size)
        extent.len = size - extent.at;
    if (extent.len <= 0)
        return;
    if (image->len < extent.at + extent.len)
        image_resize(image, extent.at + extent.len);
    ENSURE(file->real->pMethods->xRead(file->real, image->bytes + extent.at, (int)extent.len,
                                       extent.at) == SQLITE_OK);
}

static void settle_all(LossyFile *file)
{
    sqlite3_int64 size = 0;
    for (int i = 0; i < file->image->unsynced_count; i++)
        settle(file, file->image->unsynced[i]);
    ENSURE(file->real->pMethods->xFileSize(file->real, &size) == SQLITE_OK);
    int64_t from = file->image->len;
    image_resize(file->image, size);
    if (from < size)
        settle(file, (Extent){from, size - from});
    file->image->unsynced_count = 0;
}

/* ---- what the tests do ---- */

/* Some sectors get to the platter before the power goes. */
static void survive_by_chance(Image *image, unsigned seed)
{
    FILE *file = fopen(image->path, "rb");
    if (!file)
        return;
    for (int i = 0; i < image->unsynced_count; i++) {
        Extent extent = image->unsynced[i];
        for (int64_t at = extent.at; at < extent.at + extent.len; at += 512) {
            seed = seed * 1103515245 + 12345;
            int64_t len = extent.at + extent.len - at < 512 ? extent.at + extent.len - at : 512;
            char sector[512];
            if (seed >> 16 & 1 || fseek(file, at, SEEK_SET) != 0 ||
                fread(sector, 1, (size_t)len, file) != (size_t)len)
                continue;
            if (image->len < at + len)
                image_resize(image, at + len);
            memcpy(image->bytes + at, sector, (size_t)len);
        }
    }
    ENSURE(fclose(file) == 0);
}

void lossy_cut(unsigned seed)
{
    pthread_mutex_lock(&lock);
    is_dark = true;
    for (Image *image = images; seed != 0 && image; image = image->next)
        survive_by_chance(image, seed);
    pthread_mutex_unlock(&lock);
}

void lossy_power_on(void)
{
    char shm[1024];
    for (Image *image = images, *next; image; image = next) {
        next = image->next;
        FILE *file = fopen(image->path, "wb");
        ENSURE(file && fwrite(image->bytes, 1, (size_t)image->len, file) == (size_t)image->len &&
               fclose(file) == 0);
        (void)snprintf(shm, sizeof shm, "%s-shm", image->path);
        (void)unlink(shm); /* memory, or not there */
        image_free(image);
    }
    images = NULL;
    is_dark = false;
}

void lossy_fill_after(int64_t bytes)
{
    pthread_mutex_lock(&lock);
    bytes_left = bytes;
    pthread_mutex_unlock(&lock);
}

void lossy_fail_syncs(int n)
{
    pthread_mutex_lock(&lock);
    syncs_to_fail = n;
    pthread_mutex_unlock(&lock);
}

int64_t lossy_unsynced_log_writes(void)
{
    int64_t n = 0;
    pthread_mutex_lock(&lock);
    for (Image *image = images; image; image = image->next)
        n += image->is_log ? image->unsynced_count : 0;
    pthread_mutex_unlock(&lock);
    return n;
}

int64_t lossy_log_syncs(void)
{
    pthread_mutex_lock(&lock);
    int64_t n = log_syncs;
    pthread_mutex_unlock(&lock);
    return n;
}

/* ---- files ---- */

static LossyFile *lossy(sqlite3_file *file)
{
    return (LossyFile *)file;
}
static const sqlite3_io_methods *real_of(sqlite3_file *file)
{
    return lossy(file)->real->pMethods;
}

static int file_close(sqlite3_file *file)
{
    int code = real_of(file)->xClose(lossy(file)->real);
    free(lossy(file)->real);
    return code;
}

static int file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    pthread_mutex_lock(&lock);
    int code = is_dark ? SQLITE_IOERR_READ : real_of(file)->xRead(lossy(file)->real, out, len, at);
    pthread_mutex_unlock(&lock);
    return code;
}

static int file_write_locked(LossyFile *file, const void *bytes, int len, int64_t at)
{
    if (is_dark)
        return SQLITE_IOERR_WRITE;
    if (bytes_left >= 0 && bytes_left < len)
        return SQLITE_FULL;
    if (bytes_left >= 0)
        bytes_left -= len;
    if (file->image)
        note_unsynced(file->image, at, len);
    return file->real->pMethods->xWrite(file->real, bytes, len, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    pthread_mutex_lock(&lock);
    int code = file_write_locked(lossy(file), bytes, len, at);
    pthread_mutex_unlock(&lock);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    pthread_mutex_lock(&lock);
    int code = is_dark ? SQLITE_IOERR_TRUNCATE : real_of(file)->xTruncate(lossy(file)->real, size);
    pthread_mutex_unlock(&lock);
    return code;
}

static int file_sync_locked(LossyFile *file)
{
    if (is_dark)
        return SQLITE_IOERR_FSYNC;
    if (!file->image)
        return SQLITE_OK;
    if (file->image->is_log && syncs_to_fail > 0) {
        syncs_to_fail--;
        return SQLITE_IOERR_FSYNC;
    }
    settle_all(file);
    log_syncs += file->image->is_log;
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    pthread_mutex_lock(&lock);
    int code = file_sync_locked(lossy(file));
    pthread_mutex_unlock(&lock);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->xFileSize(lossy(file)->real, ret_size);
}
static int file_lock(sqlite3_file *file, int level)
{
    return real_of(file)->xLock(lossy(file)->real, level);
}
static int file_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->xUnlock(lossy(file)->real, level);
}
static int file_check_lock(sqlite3_file *file, int *ret_is)
{
    return real_of(file)->xCheckReservedLock(lossy(file)->real, ret_is);
}
static int file_control(sqlite3_file *file, int op, void *arg)
{
    return op == SQLITE_FCNTL_CHUNK_SIZE ? SQLITE_OK
                                         : real_of(file)->xFileControl(lossy(file)->real, op, arg);
}
static int file_sector_size(sqlite3_file *file)
{
    (void)file;
    return 512;
}
static int file_traits(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as the system's VFS: bytes beside a torn write are
                                                unharmed */
}
static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_at)
{
    return real_of(file)->xShmMap(lossy(file)->real, page, size, extend, ret_at);
}
static int file_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
    return real_of(file)->xShmLock(lossy(file)->real, at, n, flags);
}
static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->xShmBarrier(lossy(file)->real);
}
static int file_shm_unmap(sqlite3_file *file, int is_delete)
{
    return real_of(file)->xShmUnmap(lossy(file)->real, is_delete);
}

static const sqlite3_io_methods FILE_METHODS = {
    .iVersion = 2, /* no memory mapping */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- the file system ---- */

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                    int *ret_flags)
{
    (void)vfs;
    LossyFile *file = lossy(base);
    *file = (LossyFile){.real = calloc(1, (size_t)real_vfs->szOsFile)};
    ENSURE(file->real != NULL);
    pthread_mutex_lock(&lock);
    int code =
        is_dark ? SQLITE_CANTOPEN : real_vfs->xOpen(real_vfs, path, file->real, flags, ret_flags);
    if (code == SQLITE_OK && path &&
        flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
        file->image = image_of(path, (flags & SQLITE_OPEN_WAL) != 0);
    if (code == SQLITE_OK && file->image && file->image->len == 0 &&
        file->image->unsynced_count == 0)
        settle_all(file); /* what was there before counts as safe */
    pthread_mutex_unlock(&lock);
    if (code != SQLITE_OK) {
        free(file->real);
        return code;
    }
    file->base.pMethods = &FILE_METHODS;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
    (void)vfs;
    pthread_mutex_lock(&lock);
    int code = is_dark ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, path, is_synced);
    for (Image **at = &images; code == SQLITE_OK && *at; at = &(*at)->next)
        if (strcmp((*at)->path, path) == 0) {
            Image *image = *at;
            *at = image->next;
            image_free(image);
            break;
        }
    pthread_mutex_unlock(&lock);
    return code;
}

const char *lossy_vfs(void)
{
    static sqlite3_vfs vfs;
    if (!real_vfs) {
        real_vfs = sqlite3_vfs_find(NULL);
        vfs = *real_vfs;
        vfs.zName = "lossy";
        vfs.szOsFile = sizeof(LossyFile);
        vfs.xOpen = vfs_open;
        vfs.xDelete = vfs_delete;
        ENSURE(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
    }
    while (images) {
        Image *image = images;
        images = image->next;
        image_free(image);
    }
    is_dark = false;
    bytes_left = -1;
    syncs_to_fail = 0;
    return vfs.zName;
}
