/* net/out.h: bytes waiting to be sent on a connection. Private to net.
 *
 * Model    An Out is one message: a head and a tail of its own, and between them bytes that it shares or took over. It is
 *          made only for what the kernel did not take at once. A file Out is read block by block on libuv's threads.
 * Owner    The queue owns its Outs. A file being read outlives its connection until the read returns.
 */
#pragma once
#include "base/frame.h"
#include "net/loop.h"

typedef enum MiddleKind { MIDDLE_NONE, MIDDLE_STATIC, MIDDLE_MALLOC, MIDDLE_FRAME } MiddleKind;

/* The middle of a message and who is to be told when it is sent or dropped. */
typedef struct Middle {
    MiddleKind kind;
    Str bytes;
    void *owner; /* MALLOC: what to free; FRAME: the frame, one reference */
} Middle;

typedef struct FileRead FileRead;

typedef struct Out {
    struct Out *next;
    Middle middle;
    FileRead *file; /* after head, middle and tail; NULL: none */
    size_t sent;
    uint32_t head_len, tail_len;
    char bytes[]; /* head, then tail */
} Out;

typedef struct OutQueue {
    Out *first, *last;
    size_t bytes; /* unsent, files counted by what is in memory */
    bool has_file;
} OutQueue;

void middle_release(Middle *middle);

/* Queues head + middle + tail, of which `sent` bytes are on their way already. Takes the middle over. */
void out_push(OutQueue *queue, Str head, Middle middle, Str tail, size_t sent);
/* Queues a file behind what is queued; `conn` is told by conn_on_file_read. */
void out_push_file(OutQueue *queue, Conn *conn, HttpFile file);
/* What to write next, as up to `max` slices; 0 when nothing is ready. */
size_t out_slices(const OutQueue *queue, struct iovec *slices, size_t max);
/* Takes off what was written. False when a file could not be read to its end: the reply is broken.
 */
bool out_advance(OutQueue *queue, size_t n);
void out_clear(OutQueue *queue);
/* Drops all but the message that is partly sent; false when there is none. */
bool out_drop_unsent(OutQueue *queue);
