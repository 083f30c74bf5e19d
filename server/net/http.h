/* net/http.h: HTTP/1.1 on a connection: from bytes to a Request, from a reply to bytes. Private to net. */
#pragma once
#include "net/conn.h"

typedef struct Spool Spool;

enum {
    REQUEST_MAGIC = 0x52455155,
    SPOOL_FROM_BYTES = 256 * 1024,
    REPLY_LIMIT_BYTES = 1024 * 1024 * 1024,
    KEPT_BODY_BYTES = 16 * 1024, /* of a reply's memory, kept for the next */
};

/* What net knows of a request beside what the handler sees. */
struct Request {
    uint32_t magic;
    HttpReq http;
    Loop *loop;
    Conn *conn; /* NULL: it died. Only the loop looks */
    Mail mail;  /* brings the reply back to the loop */
    Request *next_free;
    HttpBody framing;
    HttpBodyPlan plan;
    Buf content; /* of the body, unless it is spooled */
    Spool *spool;
    int64_t content_bytes;
    bool keep_alive, is_http_1_0, has_unread_body, is_replied;
};

static inline Request *request_of(HttpReq *req)
{
    Request *request = (Request *)((char *)req - offsetof(Request, http));
    ENSURE(request->magic == REQUEST_MAGIC);
    return request;
}

/* A request of this connection. */
Request *request_new(Conn *conn);
/* Its end, with or without a reply: kept for the next one or freed. */
void request_release(Request *request);
/* What was stored of a body that will not be handed to anybody. */
void request_drop_spool(Request *request);
void request_free_all(Loop *loop); /* those kept */

/* Both take what they can use of `len` bytes and tell how many that was; 0: more are needed. */
size_t http_take_head(Conn *conn, const char *bytes, size_t len);
size_t http_take_body(Conn *conn, const char *bytes, size_t len);
/* May the body take more now, or is the disk behind? */
bool http_body_has_room(const Conn *conn);

/* Answers what could not be understood or waited for, and ends the connection. */
void http_refuse(Conn *conn, int status);
void http_refuse_connection(Conn *conn); /* 503: over the connection limit */
/* The body is complete, in memory or in its spool file; or it could not be stored. Called by spool.c. */
void http_on_spooled(Request *request, bool is_stored);
/* The connection is gone. */
void http_on_closed(Conn *conn);

/* Appends text to a head without the bytes that would break out of its line. */
void http_append_clean(Buf *out, Str text);

