#include "net/compress.h"
#include "base/err.h"
#include <brotli/encode.h>
#include <zlib.h>

enum { FROM_BYTES = 1024, GZIP_LEVEL = 3, BROTLI_QUALITY = 4, BROTLI_WINDOW_BITS = 18 };

Str coding_name(Coding coding)
{
    switch (coding) {
    case CODING_GZIP: return STR("gzip");
    case CODING_BROTLI: return STR("br");
    case CODING_IDENTITY: break;
    }
    return STR("identity");
}

/* "0.8" in thousandths; -1 when it is no weight. */
static int parse_weight(Str text)
{
    if (text.len == 0 || text.len > 5 || (text.ptr[0] != '0' && text.ptr[0] != '1'))
        return -1;
    int weight = (text.ptr[0] - '0') * 1000;
    if (text.len > 1 && text.ptr[1] != '.')
        return -1;
    for (size_t i = 2, unit = 100; i < text.len; i++, unit /= 10) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        weight += (text.ptr[i] - '0') * (int)unit;
    }
    return weight <= 1000 ? weight : -1;
}

/* The weight of one member, "gzip;q=0.5"; a broken weight is a refusal. */
static int member_weight(Str member, Str *ret_name)
{
    Str rest = member;
    *ret_name = str_trim(str_split(&rest, ';'));
    while (rest.ptr) {
        Str parameter = str_trim(str_split(&rest, ';'));
        if (parameter.len >= 2 && (parameter.ptr[0] | 0x20) == 'q' && parameter.ptr[1] == '=') {
            int weight = parse_weight(str_slice(parameter, 2, parameter.len));
            return weight < 0 ? 0 : weight;
        }
    }
    return 1000;
}

Coding coding_choose(Str accept_encoding, unsigned offered)
{
    int weights[] = {[CODING_IDENTITY] = -1, [CODING_GZIP] = -1, [CODING_BROTLI] = -1}, any = 0;
    for (Str rest = accept_encoding; rest.ptr;) {
        Str name;
        int weight = member_weight(str_split(&rest, ','), &name);
        if (str_eq(name, STR("*")))
            any = weight;
        for (Coding coding = CODING_IDENTITY; coding <= CODING_BROTLI; coding++)
            if (str_eq_nocase(name, coding_name(coding)))
                weights[coding] = weight;
    }
    Coding best = CODING_IDENTITY;
    int best_weight = 0;
    for (Coding coding = CODING_GZIP; coding <= CODING_BROTLI; coding++) {
        int weight = weights[coding] >= 0 ? weights[coding] : any;
        if ((offered & 1u << coding) == 0 || weight == 0 || weight < best_weight)
            continue;
        best = coding;
        best_weight = weight;
    }
    /* Identity is liked less than a coding unless it says otherwise itself. */
    return weights[CODING_IDENTITY] > best_weight ? CODING_IDENTITY : best;
}

static bool gzip(Str in, Buf *out)
{
    z_stream z = {0};
    ENSURE(deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ==
           Z_OK); /* + 16: gzip */
    size_t room = deflateBound(&z, in.len);
    bool is_done = room <= UINT32_MAX && in.len <= UINT32_MAX && buf_reserve(out, room);
    if (is_done) {
        z.next_in = (Bytef *)in.ptr; /* zlib only reads it */
        z.avail_in = (uInt)in.len;
        z.next_out = (Bytef *)out->ptr;
        z.avail_out = (uInt)room;
        is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
        out->len = room - z.avail_out;
    }
    (void)deflateEnd(&z); /* complains only of data not flushed */
    return is_done;
}

static bool brotli(Str in, Buf *out)
{
    size_t room = BrotliEncoderMaxCompressedSize(in.len);
    if (room == 0 || !buf_reserve(out, room))
        return false;
    bool is_done =
        BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_WINDOW_BITS, BROTLI_MODE_TEXT, in.len,
                              (const uint8_t *)in.ptr, &room, (uint8_t *)out->ptr) == BROTLI_TRUE;
    out->len = is_done ? room : 0;
    return is_done;
}

void http_compress(HttpReq *req)
{
    Buf *body = &req->reply.body;
    if (!req->reply.is_compressible || body->overflowed || body->len == 0)
        return;
    http_add_header(req, STR("Vary"),
                    STR("Accept-Encoding")); /* also for small bodies: the size may change */
    req->reply.is_compressible = false;
    if (body->len <= FROM_BYTES)
        return;
    Coding coding = coding_choose(http_header(req, STR("Accept-Encoding")),
                                  1u << CODING_GZIP | 1u << CODING_BROTLI);
    if (coding == CODING_IDENTITY)
        return;
    Buf packed;
    buf_init(&packed, body->limit);
    bool is_done =
        coding == CODING_GZIP ? gzip(buf_str(body), &packed) : brotli(buf_str(body), &packed);
    if (!is_done || packed.len >= body->len) {
        buf_deinit(&packed);
        return;
    }
    buf_deinit(body);
    *body = packed;
    http_add_header(req, STR("Content-Encoding"), coding_name(coding));
}
