/* tests/fuzz/headers: what handlers and net read from a request that is well formed: each line is a header, the first is
 * the query. */
#include "base/err.h"
#include "net/compress.h"
#include "net/http_parser.h"
#include "net/proxies.h"
#include "net/ws.h"
#include <arpa/inet.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_lines(HttpReq *req, Str text)
{
    static HttpHeader headers[32];
    req->query = str_split(&text, '\n');
    req->headers = headers;
    while (text.ptr && req->header_count < 32) {
        Str value = str_split(&text, '\n'), name = str_split(&value, ':');
        headers[req->header_count++] = (HttpHeader){name, value.ptr ? str_trim(value) : STR_EMPTY};
    }
}

static void check_decoded(const HttpReq *req)
{
    Str value, again;
    if (http_query(req, STR("a"), &value))
        ENSURE(value.len <= req->query.len && memchr(value.ptr, '\0', value.len) == NULL);
    if (http_decode(req->arena, req->query, false, &value) && str_find_char(value, '%') < 0)
        ENSURE(http_decode(req->arena, value, false, &again) && str_eq(value, again));
    ENSURE(http_cookie(req, STR("a")).len <= 1024 * 1024);
}

/* An address stays an address, whatever the headers say. */
static void check_proxies(HttpReq *req)
{
    Proxies *proxies;
    unsigned char address[16];
    ENSURE(proxies_new("10.0.0.0/8 ::1", &proxies) == OK);
    req->remote_ip = STR("10.0.0.1");
    proxies_apply(proxies, req);
    char *text = str_to_c(req->arena, req->remote_ip);
    ENSURE(inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1);
    proxies_free(proxies);
}

static void check_line(const HttpReq *req)
{
    HttpReq copy = *req;
    buf_init(&copy.reply.headers, 1024 * 1024);
    http_add_header(&copy, STR("X"), req->query);
    Str line = buf_str(&copy.reply.headers);
    ENSURE(str_find(line, STR("\r\n"), 0) == (ptrdiff_t)line.len - 2 &&
           str_find_char(line, '\n') == (ptrdiff_t)line.len - 1);
    buf_deinit(&copy.reply.headers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && memchr(data, '\0', size))
        return 0; /* the parser lets none through */
    HttpReq req = {.arena = arena_create(), .method = HTTP_GET};
    read_lines(&req, str_make(data, size));
    check_decoded(&req);
    check_proxies(&req);
    check_line(&req);
    Coding coding = coding_choose(http_header(&req, STR("Accept-Encoding")), 1u << CODING_GZIP);
    ENSURE(coding == CODING_IDENTITY || coding == CODING_GZIP);
    (void)ws_is_upgrade(&req); /* survives */
    arena_free(req.arena);
    return 0;
}
