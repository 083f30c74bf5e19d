/* tests/fuzz/ws: what a client sends on a WebSocket, with and without deflate. However the bytes are cut, they are read
 * the same. The first byte chooses. */
#include "ws_transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    WsTranscript whole, cut;
    Str in = str_make(data + 1, size - 1);
    ws_transcript_init(&whole, data[0] & 1);
    ws_transcript_init(&cut, data[0] & 1);
    ws_transcript_feed(&whole, in);
    size_t at = in.len ? (data[0] >> 1) * 37u % in.len : 0;
    ws_transcript_feed(&cut, str_slice(in, 0, at));
    for (size_t end = at + 64 < in.len ? at + 64 : in.len; at < end; at++)
        ws_transcript_feed(&cut, str_slice(in, at, at + 1));
    ws_transcript_feed(&cut, str_slice(in, at, in.len));
    ENSURE(str_eq(buf_str(&whole.text), buf_str(&cut.text)));
    ws_transcript_deinit(&whole);
    ws_transcript_deinit(&cut);
    return 0;
}
