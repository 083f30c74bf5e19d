/* What net/ws_parser.h makes of a run of bytes, as text: two runs that should be equal can be compared. */
#pragma once
#include "base/err.h"
#include "net/ws_parser.h"

enum { WS_TRANSCRIPT_LIMIT_BYTES = 4096 };

typedef struct WsTranscript {
    WsReader reader;
    Deflater *deflater;
    Buf scratch, kept, text;
    bool is_over; /* after an error or a close nothing more is read */
} WsTranscript;

static inline void ws_transcript_init(WsTranscript *t, bool has_deflate)
{
    *t = (WsTranscript){.deflater = deflater_new()};
    ws_reader_init(&t->reader, WS_TRANSCRIPT_LIMIT_BYTES, has_deflate);
    buf_init(&t->scratch, WS_TRANSCRIPT_LIMIT_BYTES);
    buf_init(&t->kept, 64 * 1024 * 1024);
    buf_init(&t->text, 256 * 1024 * 1024);
}

static inline void ws_transcript_deinit(WsTranscript *t)
{
    ws_reader_deinit(&t->reader);
    deflater_free(t->deflater);
    buf_deinit(&t->scratch);
    buf_deinit(&t->kept);
    buf_deinit(&t->text);
}

static inline void ws_transcript_note(WsTranscript *t, const WsEvent *event)
{
    ENSURE(event->payload.len <= WS_TRANSCRIPT_LIMIT_BYTES);
    ENSURE(event->kind != WS_EVENT_MESSAGE || event->is_binary || ws_text_is_valid(event->payload));
    ENSURE(event->kind != WS_EVENT_ERROR || event->code == 1002 || event->code == 1007 ||
           event->code == 1009);
    ENSURE(event->kind != WS_EVENT_CLOSE || event->code == 1005 ||
           ws_close_code_is_valid(event->code));
    buf_printf(&t->text, "[%d %d %d]", event->kind, event->is_binary, event->code);
    buf_append(&t->text, event->payload);
    buf_append_char(&t->text, '\n');
    t->is_over = event->kind == WS_EVENT_ERROR || event->kind == WS_EVENT_CLOSE;
}

/* Gives it more bytes, as a connection does. */
static inline void ws_transcript_feed(WsTranscript *t, Str bytes)
{
    buf_append(&t->kept, bytes);
    size_t at = 0, used = 1;
    while (!t->is_over && used > 0 && at < t->kept.len) {
        WsEvent event = ws_read(&t->reader, t->deflater, &t->scratch, t->kept.ptr + at,
                                t->kept.len - at, &used);
        if (event.kind != WS_EVENT_NONE)
            ws_transcript_note(t, &event);
        at += used;
    }
    if (!t->is_over)
        buf_consume(&t->kept, at);
}
