/* net/ws_parser.h: RFC 6455 frames, read and written. Pure: no socket.
 *
 * Model    ws_read takes bytes as they come and gives one event at a time: a whole message (fragments joined, inflated,
 *          checked), a ping, a pong or a close. A frame is used only when all of it is here, so how the bytes were cut
 *          changes nothing.
 * Limits   A message, inflated, is at most limit_bytes; a larger one is known by its header and costs nothing.
 */
#pragma once
#include "net/deflate.h"

enum {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
    WS_HEAD_BYTES = 10, /* the longest that a server writes */
    WS_CONTROL_LIMIT_BYTES = 125,
};

typedef struct WsReader {
    size_t limit_bytes;
    bool has_deflate;   /* negotiated */
    bool is_in_message; /* fragments came, the last has not */
    bool is_compressed; /* of that message */
    bool is_binary;
    Buf fragments; /* empty between messages */
} WsReader;

typedef enum WsEventKind {
    WS_EVENT_NONE,
    WS_EVENT_MESSAGE,
    WS_EVENT_PING,
    WS_EVENT_PONG,
    WS_EVENT_CLOSE,
    WS_EVENT_ERROR
} WsEventKind;

typedef struct WsEvent {
    WsEventKind kind;
    bool is_binary; /* MESSAGE */
    int code;       /* CLOSE: the peer's, 1005 when it gave none. ERROR: what to close with */
    Str payload;    /* of MESSAGE, PING and CLOSE (the reason); valid until the next call */
} WsEvent;

void ws_reader_init(WsReader *reader, size_t limit_bytes, bool has_deflate);
void ws_reader_deinit(WsReader *reader);
/* Reads one frame, unmasking it in place. *ret_used counts the bytes used up; 0: more are needed. NONE with bytes
 * used: a fragment was taken in. `scratch` is emptied and holds what was inflated. */
WsEvent ws_read(WsReader *reader, Deflater *deflater, Buf *scratch, char *bytes, size_t len,
                size_t *ret_used);

/* The head of a frame from the server, in one piece and unmasked; returns its length. */
size_t ws_write_head(char out[WS_HEAD_BYTES], int opcode, bool is_compressed, size_t payload_len);
/* May this code stand in a close frame (RFC 6455 §7.4)? */
bool ws_close_code_is_valid(int code);
/* Valid UTF-8; unlike str_is_utf8, NUL is a character here. */
bool ws_text_is_valid(Str text);
