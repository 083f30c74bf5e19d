/* net/http_parser.h: the grammar of HTTP/1.1, read strictly. Pure: no socket, no clock.
 *
 * Model    A head is found first (http_scan, which remembers how far it looked), then read whole (http_parse_head); the
 *          body is taken off piece by piece (http_body_next). How the bytes were cut on the way changes nothing.
 * Strict   What two servers could read differently is refused: Transfer-Encoding beside Content-Length, differing
 *          Content-Lengths, a bare CR or LF, folded headers, white space before the colon, NUL, loose chunk sizes.
 * Errors   Functions return 0 or the HTTP status to refuse with.
 * Source   RFC 9112 sections 2 to 7; RFC 9110 sections 5 and 7.2.
 */
#pragma once
#include "net/net.h"

enum { HTTP_HEADER_MAX = 128, HTTP_TRAILER_LIMIT_BYTES = 8 * 1024, HTTP_CHUNK_LINE_LIMIT_BYTES = 256 };

/* How far a head was looked through; zeroed before each request. */
typedef struct HttpScan {
    uint32_t at;    /* bytes looked at */
    uint32_t skip;  /* empty lines before the request line, which RFC 9112 §2.2 lets clients send */
    uint32_t lines; /* complete lines, the request line included */
} HttpScan;

/* `bytes` holds everything received of this request so far. *ret_len is the length of its head (`skip` included), or
 * 0 when more bytes are needed. */
int http_scan(HttpScan *scan, Str bytes, size_t limit_bytes, size_t *ret_len);

typedef struct HttpHead {
    HttpMethod method;
    Str method_text, target, path, query;
    HttpHeader *headers;
    size_t header_count;
    int64_t content_length; /* 0 when none is given */
    bool is_chunked;
    bool is_http_1_0;
    bool keep_alive;
    bool expects_continue;
} HttpHead;

/* Reads a complete head of `lines` lines (without the empty lines before it). Slices point into `head`. */
int http_parse_head(Arena *arena, Str head, size_t lines, HttpHead *ret_head);

/* Is `token` one of the comma-separated members of `list`? ASCII case ignored. */
bool http_list_has(Str list, Str token);

typedef struct HttpBody {
    int state;
    bool is_chunked;
    int64_t left;      /* bytes of the body, or of this chunk, still to come */
    size_t line_bytes; /* of the chunk-size line, or of all trailers */
} HttpBody;

void http_body_init(HttpBody *body, const HttpHead *head);
bool http_body_is_done(const HttpBody *body);
/* Takes from `in` until it met one run of content, the end, or the end of `in`. *ret_data is a slice of `in`, maybe
 * empty; *ret_used counts the bytes used up. */
int http_body_next(HttpBody *body, Str in, Str *ret_data, size_t *ret_used);
