#include "net/ws_parser.h"
#include "base/err.h"
#include <endian.h>

enum { FIN = 0x80, RSV1 = 0x40, RSV2_3 = 0x30, MASKED = 0x80, MASK_BYTES = 4 };

typedef struct Head {
    bool is_final, is_compressed;
    int opcode;
    uint64_t payload_len;
    size_t len; /* of the head, mask included */
} Head;

void ws_reader_init(WsReader *reader, size_t limit_bytes, bool has_deflate)
{
    *reader = (WsReader){.limit_bytes = limit_bytes, .has_deflate = has_deflate};
    buf_init(&reader->fragments, limit_bytes);
}

void ws_reader_deinit(WsReader *reader)
{
    buf_deinit(&reader->fragments);
}

bool ws_text_is_valid(Str text)
{
    for (Str rest = text; rest.ptr;)
        if (!str_is_utf8(str_split(&rest, '\0')))
            return false;
    return true;
}

bool ws_close_code_is_valid(int code)
{
    if (code >= 3000 && code <= 4999)
        return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

static WsEvent error(int code)
{
    return (WsEvent){.kind = WS_EVENT_ERROR, .code = code};
}

/* Reads the head when all of it is here; *ret_code is the error, else 0. False: more bytes are
 * needed. */
static bool read_head(const WsReader *reader, const unsigned char *bytes, size_t len,
                      Head *ret_head, int *ret_code)
{
    *ret_code = 0;
    if (len < 2)
        return false;
    Head head = {.is_final = bytes[0] & FIN,
                 .is_compressed = bytes[0] & RSV1,
                 .opcode = bytes[0] & 0x0F,
                 .payload_len = bytes[1] & 0x7F,
                 .len = 2 + MASK_BYTES};
    bool is_control = head.opcode >= WS_CLOSE;
    bool is_known = head.opcode <= WS_BINARY || (is_control && head.opcode <= WS_PONG);
    bool is_compressible =
        reader->has_deflate && (head.opcode == WS_TEXT || head.opcode == WS_BINARY);
    if ((bytes[0] & RSV2_3) != 0 || (head.is_compressed && !is_compressible) ||
        (bytes[1] & MASKED) == 0 || !is_known ||
        (is_control && (!head.is_final || head.payload_len > WS_CONTROL_LIMIT_BYTES)) ||
        (!is_control && reader->is_in_message != (head.opcode == WS_CONTINUATION))) {
        *ret_code = 1002;
        return true;
    }
    size_t extra = head.payload_len == 126 ? 2 : head.payload_len == 127 ? 8 : 0;
    if (extra > 0) {
        if (len < 2 + extra)
            return false;
        head.payload_len = 0;
        for (size_t i = 0; i < extra; i++)
            head.payload_len = head.payload_len << 8 | bytes[2 + i];
        head.len += extra;
        if (head.payload_len < 126 || (extra == 8 && head.payload_len <= 0xFFFF) ||
            head.payload_len >> 63)
            *ret_code = 1002; /* RFC 6455 §5.2: the shortest form */
    }
    if (*ret_code == 0 && !is_control &&
        head.payload_len > reader->limit_bytes - reader->fragments.len)
        *ret_code = 1009;
    if (*ret_code == 0 && len < head.len)
        return false;
    *ret_head = head;
    return true;
}

static void unmask(char *payload, size_t len, const char *mask)
{
    uint64_t wide;
    memcpy(&wide, mask, 4);
    memcpy((char *)&wide + 4, mask, 4);
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, payload + i, 8);
        word ^= wide;
        memcpy(payload + i, &word, 8);
    }
    for (; i < len; i++)
        payload[i] = (char)(payload[i] ^ mask[i & 3]);
}

static WsEvent read_close(Str payload)
{
    WsEvent event = {.kind = WS_EVENT_CLOSE, .code = 1005};
    if (payload.len == 0)
        return event;
    if (payload.len == 1)
        return error(1002);
    event.code = (unsigned char)payload.ptr[0] << 8 | (unsigned char)payload.ptr[1];
    event.payload = str_slice(payload, 2, payload.len);
    if (!ws_close_code_is_valid(event.code))
        return error(1002);
    return ws_text_is_valid(event.payload) ? event : error(1007);
}

static WsEvent read_control(int opcode, Str payload)
{
    if (opcode == WS_CLOSE)
        return read_close(payload);
    return (WsEvent){.kind = opcode == WS_PING ? WS_EVENT_PING : WS_EVENT_PONG, .payload = payload};
}

/* A complete message as it came: inflates and checks it. */
static WsEvent finish_message(const WsReader *reader, Deflater *deflater, Buf *scratch, Str payload)
{
    WsEvent event = {.kind = WS_EVENT_MESSAGE, .is_binary = reader->is_binary, .payload = payload};
    if (reader->is_compressed) {
        bool is_too_large;
        buf_clear(scratch);
        if (!deflater_inflate(deflater, payload, reader->limit_bytes, scratch, &is_too_large))
            return error(is_too_large ? 1009 : 1007);
        event.payload = buf_str(scratch);
    }
    if (!event.is_binary && !ws_text_is_valid(event.payload))
        return error(1007);
    return event;
}

WsEvent ws_read(WsReader *reader, Deflater *deflater, Buf *scratch, char *bytes, size_t len,
                size_t *ret_used)
{
    Head head;
    int code;
    *ret_used = 0;
    if (!reader->is_in_message)
        buf_deinit(&reader->fragments); /* the last event's payload may have been in it */
    if (!read_head(reader, (const unsigned char *)bytes, len, &head, &code))
        return (WsEvent){0};
    if (code != 0) {
        *ret_used = len;
        return error(code);
    }
    if (len - head.len < head.payload_len)
        return (WsEvent){0};
    Str payload = str_make(bytes + head.len, (size_t)head.payload_len);
    unmask(bytes + head.len, payload.len, bytes + head.len - MASK_BYTES);
    *ret_used = head.len + payload.len;
    if (head.opcode >= WS_CLOSE)
        return read_control(head.opcode, payload);

    if (head.opcode != WS_CONTINUATION) {
        reader->is_binary = head.opcode == WS_BINARY;
        reader->is_compressed = head.is_compressed;
    }
    bool is_whole = head.is_final && !reader->is_in_message;
    reader->is_in_message = !head.is_final;
    if (!is_whole) {
        buf_append(&reader->fragments, payload);
        payload = buf_str(&reader->fragments);
    }
    return head.is_final ? finish_message(reader, deflater, scratch, payload) : (WsEvent){0};
}

size_t ws_write_head(char out[WS_HEAD_BYTES], int opcode, bool is_compressed, size_t payload_len)
{
    out[0] = (char)(FIN | (is_compressed ? RSV1 : 0) | opcode);
    if (payload_len < 126) {
        out[1] = (char)payload_len;
        return 2;
    }
    if (payload_len <= 0xFFFF) {
        out[1] = 126;
        out[2] = (char)(payload_len >> 8);
        out[3] = (char)payload_len;
        return 4;
    }
    uint64_t len = htobe64(payload_len);
    out[1] = 127;
    memcpy(out + 2, &len, 8);
    return 10;
}
