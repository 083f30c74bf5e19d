#include "net/spool.h"
#include "base/log.h"
#include "net/net_state.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 * 1024, ROOM_BYTES = 1024 * 1024 };

typedef enum SpoolState {
    SPOOL_OPENING,
    SPOOL_IDLE,
    SPOOL_WRITING,
    SPOOL_HANDED,
    SPOOL_ABANDONED
} SpoolState;

struct Spool {
    SpoolState state;
    Request *request;
    Loop *loop;
    uv_fs_t fs;
    uv_work_t work;
    char *path;
    int fd;
    bool is_complete; /* all content is here */
    bool is_broken;
    Buf filling, writing;
    int64_t written;
    void *map;
};

static bool is_busy(const Spool *spool)
{
    return spool->state == SPOOL_OPENING || spool->state == SPOOL_WRITING;
}

/* ---- the end ---- */
static void clean_up(uv_work_t *work)
{
    Spool *spool = work->data;
    if (spool->map)
        (void)munmap(spool->map, (size_t)spool->written);
    if (spool->fd >= 0) {
        (void)close(spool->fd);    /* who keeps the file has synced it through the path */
        (void)unlink(spool->path); /* renamed or gone is fine */
    }
}

static void after_clean_up(uv_work_t *work, int status)
{
    (void)status;
    Spool *spool = work->data;
    buf_deinit(&spool->filling);
    buf_deinit(&spool->writing);
    free(spool->path);
    free(spool);
}

static void end(Spool *spool)
{
    spool->work.data = spool;
    ENSURE(uv_queue_work(&spool->loop->uv, &spool->work, clean_up, after_clean_up) == 0);
}

void spool_free(Spool *spool)
{
    if (!spool)
        return;
    bool was_busy = is_busy(spool);
    spool->state = SPOOL_ABANDONED;
    spool->request = NULL;
    if (!was_busy)
        end(spool);
}

/* ---- storing ---- */
static void on_written(uv_fs_t *fs);

static void write_on(Spool *spool)
{
    uv_buf_t buffer = uv_buf_init(spool->writing.ptr, (unsigned)spool->writing.len);
    spool->state = SPOOL_WRITING;
    ENSURE(uv_fs_write(&spool->loop->uv, &spool->fs, spool->fd, &buffer, 1, spool->written,
                       on_written) == 0);
}

/* Starts the next write when there is enough to write, or ends the story. */
static void go_on(Spool *spool)
{
    Request *request = spool->request;
    if (spool->writing.len > 0 && !spool->is_broken) {
        write_on(spool);
        return;
    }
    bool is_due = spool->is_complete ? spool->filling.len > 0 : spool->filling.len >= BLOCK_BYTES;
    if (is_due && !spool->is_broken) {
        Buf empty = spool->writing;
        spool->writing = spool->filling;
        spool->filling = empty;
        write_on(spool);
        return;
    }
    spool->state = SPOOL_IDLE;
    if (spool->is_broken)
        buf_clear(&spool->filling); /* what still comes is taken in and dropped */
    if (!spool->is_complete)
        return;
    spool->state = SPOOL_HANDED;
    http_on_spooled(request, !spool->is_broken);
}

static void after_step(Spool *spool)
{
    if (spool->state == SPOOL_ABANDONED) {
        end(spool);
        return;
    }
    Conn *conn = spool->request->conn;
    go_on(spool);
    conn_run(conn, NULL, 0); /* there may be room again */
}

static void on_written(uv_fs_t *fs)
{
    Spool *spool = fs->data;
    ssize_t n = fs->result;
    uv_fs_req_cleanup(fs);
    if (n <= 0) {
        log_error("cannot write an upload", "path=%s error=%s", spool->path,
                  n < 0 ? uv_strerror((int)n) : "nothing written");
        spool->is_broken = true;
    } else {
        spool->written += n;
        buf_consume(&spool->writing, (size_t)n);
    }
    after_step(spool);
}

static void on_opened(uv_fs_t *fs)
{
    Spool *spool = fs->data;
    spool->fd = (int)fs->result;
    if (fs->result < 0) {
        log_error("cannot create an upload", "path=%s error=%s", spool->path,
                  uv_strerror((int)fs->result));
        spool->fd = -1;
        spool->is_broken = true;
    }
    uv_fs_req_cleanup(fs);
    after_step(spool);
}

Spool *spool_new(Request *request)
{
    Arena *arena = request->http.arena;
    Spool *spool = calloc(1, sizeof *spool);
    ENSURE(spool != NULL);
    Str path = str_printf(arena, "%s/upload-" STR_FMT, request->loop->net->options.spool_dir,
                          STR_ARG(request->http.request_id));
    *spool = (Spool){.request = request, .loop = request->loop, .path = strdup(path.ptr), .fd = -1};
    ENSURE(spool->path != NULL);
    buf_init(&spool->filling, SIZE_MAX / 2); /* bounded by back-pressure: ROOM_BYTES and one read */
    buf_init(&spool->writing, SIZE_MAX / 2);
    spool->fs.data = spool;
    ENSURE(uv_fs_open(&spool->loop->uv, &spool->fs, spool->path,
                      O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, on_opened) == 0);
    return spool;
}

void spool_append(Spool *spool, Str data)
{
    if (spool->is_broken)
        return;
    buf_append(&spool->filling, data);
    if (spool->state == SPOOL_IDLE)
        go_on(spool);
}

void spool_finish(Spool *spool)
{
    spool->is_complete = true;
    if (!is_busy(spool))
        go_on(spool);
}

bool spool_has_room(const Spool *spool)
{
    return spool->filling.len < ROOM_BYTES;
}

bool spool_is_storing(const Spool *spool)
{
    return spool->state != SPOOL_HANDED;
}

void spool_map(Spool *spool, HttpReq *req)
{
    spool->map = mmap(NULL, (size_t)spool->written, PROT_READ, MAP_PRIVATE, spool->fd, 0);
    ENSURE(spool->map != MAP_FAILED);
    req->body = str_make(spool->map, (size_t)spool->written);
    req->body_path = str_copy(req->arena, str_of(spool->path));
}
