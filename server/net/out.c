#include "net/out.h"
#include "base/err.h"
#include "net/conn.h"
#include <unistd.h>

enum { FILE_BLOCK_BYTES = 128 * 1024 };

struct FileRead {
    uv_fs_t fs;
    Conn *conn; /* NULL: it is gone; loop thread only */
    HttpFile file;
    bool is_busy, is_broken;
    size_t len, sent; /* of the block in memory */
    char *block;
};

void middle_release(Middle *middle)
{
    if (middle->kind == MIDDLE_MALLOC)
        free(middle->owner);
    else if (middle->kind == MIDDLE_FRAME)
        frame_unref(middle->owner);
    *middle = (Middle){0};
}

static void append(OutQueue *queue, Out *out)
{
    if (queue->last)
        queue->last->next = out;
    else
        queue->first = out;
    queue->last = out;
}

void out_push(OutQueue *queue, Str head, Middle middle, Str tail, size_t sent)
{
    Out *out = malloc(sizeof *out + head.len + tail.len);
    ENSURE(out != NULL);
    *out = (Out){.middle = middle,
                 .sent = sent,
                 .head_len = (uint32_t)head.len,
                 .tail_len = (uint32_t)tail.len};
    memcpy(out->bytes, head.len ? head.ptr : "", head.len);
    memcpy(out->bytes + head.len, tail.len ? tail.ptr : "", tail.len);
    queue->bytes += head.len + middle.bytes.len + tail.len - sent;
    append(queue, out);
}

/* ---- files ---- */
static void file_free(FileRead *read)
{
    (void)close(read->file.fd); /* only read from */
    free(read->block);
    free(read);
}

static void on_file_read(uv_fs_t *fs);

static void file_read_next(FileRead *read)
{
    size_t want =
        read->file.length < FILE_BLOCK_BYTES ? (size_t)read->file.length : FILE_BLOCK_BYTES;
    uv_buf_t buffer = uv_buf_init(read->block, (unsigned)want);
    read->len = read->sent = 0;
    read->is_busy = true;
    ENSURE(uv_fs_read(&read->conn->loop->uv, &read->fs, read->file.fd, &buffer, 1,
                      read->file.offset, on_file_read) == 0);
}

static void on_file_read(uv_fs_t *fs)
{
    FileRead *read = fs->data;
    ssize_t n = fs->result;
    uv_fs_req_cleanup(fs);
    read->is_busy = false;
    if (!read->conn) {
        file_free(read);
        return;
    }
    if (n <= 0) {
        read->is_broken = true;
    } else {
        read->len = (size_t)n;
        read->file.offset += n;
        read->file.length -= n;
    }
    conn_on_file_read(read->conn, read->len);
}

void out_push_file(OutQueue *queue, Conn *conn, HttpFile file)
{
    Out *out = calloc(1, sizeof *out);
    FileRead *read = calloc(1, sizeof *read);
    ENSURE(out && read);
    *read = (FileRead){.conn = conn, .file = file, .block = malloc(FILE_BLOCK_BYTES)};
    ENSURE(read->block != NULL);
    read->fs.data = read;
    out->file = read;
    queue->has_file = true;
    append(queue, out);
    file_read_next(read);
}

static bool file_advance(FileRead *read, size_t n)
{
    read->sent += n;
    if (read->is_broken)
        return false;
    if (read->sent == read->len && !read->is_busy && read->file.length > 0)
        file_read_next(read);
    return true;
}

static bool file_is_done(const FileRead *read)
{
    return !read->is_busy && read->sent == read->len && read->file.length == 0;
}

/* ---- the queue ---- */
static size_t out_total(const Out *out)
{
    return out->head_len + out->middle.bytes.len + out->tail_len;
}

static size_t slice(struct iovec *slices, size_t count, size_t max, Str bytes, size_t *skip)
{
    size_t from = *skip < bytes.len ? *skip : bytes.len;
    *skip -= from;
    if (from == bytes.len || count == max)
        return count;
    slices[count].iov_base = (char *)bytes.ptr + from; /* sendmsg only reads it */
    slices[count].iov_len = bytes.len - from;
    return count + 1;
}

size_t out_slices(const OutQueue *queue, struct iovec *slices, size_t max)
{
    size_t count = 0;
    for (const Out *out = queue->first; out && count < max; out = out->next) {
        if (out->file) {
            size_t skip = out->file->sent;
            return slice(slices, count, max, str_make(out->file->block, out->file->len), &skip);
        }
        size_t skip = out->sent;
        count = slice(slices, count, max, str_make(out->bytes, out->head_len), &skip);
        count = slice(slices, count, max, out->middle.bytes, &skip);
        count =
            slice(slices, count, max, str_make(out->bytes + out->head_len, out->tail_len), &skip);
    }
    return count;
}

static void out_free(Out *out)
{
    middle_release(&out->middle);
    if (out->file && out->file->is_busy)
        out->file->conn = NULL; /* on_file_read frees it */
    else if (out->file)
        file_free(out->file);
    free(out);
}

static void shift(OutQueue *queue)
{
    Out *out = queue->first;
    queue->first = out->next;
    if (!queue->first)
        queue->last = NULL;
    if (out->file)
        queue->has_file = false;
    out_free(out);
}

bool out_advance(OutQueue *queue, size_t n)
{
    queue->bytes -= n;
    while (queue->first) {
        Out *out = queue->first;
        if (out->file) {
            if (!file_advance(out->file, n))
                return false;
            if (!file_is_done(out->file))
                return true;
            n = 0;
        } else {
            size_t left = out_total(out) - out->sent;
            if (n < left) {
                out->sent += n;
                return true;
            }
            n -= left;
        }
        shift(queue);
    }
    return true;
}

void out_clear(OutQueue *queue)
{
    while (queue->first)
        shift(queue);
    queue->bytes = 0;
}

bool out_drop_unsent(OutQueue *queue)
{
    Out *partly = queue->first && queue->first->sent > 0 ? queue->first : NULL;
    Out *rest = partly ? partly->next : queue->first;
    queue->first = queue->last = partly;
    queue->bytes = partly ? out_total(partly) - partly->sent : 0;
    if (partly)
        partly->next = NULL;
    while (rest) {
        Out *out = rest;
        rest = out->next;
        out_free(out);
    }
    return partly != NULL;
}
