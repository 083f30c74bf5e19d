/* tests/fuzz/http: a connection's worth of requests. However the bytes are cut, they are read the same. */
#include "transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Transcript whole, cut, bytewise;
    Str in = str_make(data, size);
    transcript_init(&whole);
    transcript_init(&cut);
    transcript_init(&bytewise);
    transcript_feed(&whole, in);
    size_t at = size ? (data[0] * 256u + data[size - 1]) % size : 0;
    transcript_feed(&cut, str_slice(in, 0, at));
    transcript_feed(&cut, str_slice(in, at, size));
    for (size_t i = 0; i < size && size < 4096; i++)
        transcript_feed(&bytewise, str_slice(in, i, i + 1));
    ENSURE(whole.status == cut.status && str_eq(buf_str(&whole.text), buf_str(&cut.text)));
    ENSURE(size >= 4096 || str_eq(buf_str(&whole.text), buf_str(&bytewise.text)));
    ENSURE(whole.status == 0 || (whole.status >= 400 && whole.status <= 505));
    transcript_deinit(&whole);
    transcript_deinit(&cut);
    transcript_deinit(&bytewise);
    return 0;
}
