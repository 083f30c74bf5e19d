/* What http_parser.h makes of a run of bytes, as text: two runs that should be equal can be compared. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "net/http_parser.h"

enum { TRANSCRIPT_HEAD_LIMIT_BYTES = 1024 };

typedef struct Transcript {
    Arena *arena;
    HttpScan scan;
    HttpBody body;
    bool is_in_body;
    int status; /* of the refusal; 0: none yet */
    Buf kept;   /* bytes not used yet */
    Buf text;
} Transcript;

static inline void transcript_init(Transcript *t)
{
    *t = (Transcript){.arena = arena_create()};
    buf_init(&t->kept, 64 * 1024 * 1024);
    buf_init(&t->text, 256 * 1024 * 1024);
}

static inline void transcript_deinit(Transcript *t)
{
    arena_free(t->arena);
    buf_deinit(&t->kept);
    buf_deinit(&t->text);
}

static inline void transcript_head(Transcript *t, const HttpHead *head)
{
    buf_printf(&t->text, "[%d %d %d %d %d %lld]", head->method, head->is_chunked, head->is_http_1_0,
               head->keep_alive, head->expects_continue, (long long)head->content_length);
    const Str parts[] = {head->method_text, head->target, head->path, head->query};
    for (size_t i = 0; i < 4; i++) {
        buf_append_char(&t->text, ' ');
        buf_append(&t->text, parts[i]);
    }
    for (size_t i = 0; i < head->header_count; i++) {
        buf_append_char(&t->text, '\n');
        buf_append(&t->text, head->headers[i].name);
        buf_append_char(&t->text, '=');
        buf_append(&t->text, head->headers[i].value);
    }
    buf_append_char(&t->text, '\n');
}

/* One step; false when more bytes are needed or the request was refused. */
static inline bool transcript_step(Transcript *t, Str *rest)
{
    if (t->is_in_body) {
        Str data;
        size_t used;
        t->status = http_body_next(&t->body, *rest, &data, &used);
        if (t->status != 0)
            return false;
        buf_append(&t->text, data);
        *rest = str_slice(*rest, used, rest->len);
        t->is_in_body = !http_body_is_done(&t->body);
        if (!t->is_in_body)
            buf_append(&t->text, STR("\n.\n"));
        return rest->len > 0;
    }
    size_t len;
    HttpHead head;
    t->status = http_scan(&t->scan, *rest, TRANSCRIPT_HEAD_LIMIT_BYTES, &len);
    if (t->status != 0 || len == 0)
        return false;
    /* exactly as long as the head, so that a sanitizer sees one byte more read */
    size_t head_len = len - t->scan.skip;
    char *copy = malloc(head_len);
    ENSURE(copy != NULL);
    memcpy(copy, rest->ptr + t->scan.skip, head_len);
    t->status = http_parse_head(t->arena, str_make(copy, head_len), t->scan.lines, &head);
    if (t->status == 0) {
        ENSURE(head.target.len > 0 && head.path.len > 0 && head.header_count + 1 == t->scan.lines);
        ENSURE(!head.is_chunked || head.content_length == 0);
        transcript_head(t, &head);
        http_body_init(&t->body, &head);
        t->is_in_body = !http_body_is_done(&t->body);
    }
    free(copy);
    t->scan = (HttpScan){0};
    *rest = str_slice(*rest, len, rest->len);
    return t->status == 0 && rest->len > 0;
}

/* Gives it more bytes, as a connection does. */
static inline void transcript_feed(Transcript *t, Str bytes)
{
    if (t->status != 0)
        return;
    buf_append(&t->kept, bytes);
    Str rest = buf_str(&t->kept);
    while (rest.len > 0 && transcript_step(t, &rest))
        ;
    if (t->status != 0)
        buf_printf(&t->text, "refused %d", t->status);
    buf_consume(&t->kept, t->kept.len - rest.len);
}
