#include "../../fuzz/http/transcript.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What becomes of one request; 0: it is understood. */
static const struct Row {
    const char *why;
    Str request;
    int status;
} ROWS[] = {
#define ROW(why, status, request) {why, {request, sizeof request - 1}, status},
    /* good */
    ROW("plain", 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
        "empty line before", 0, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        ROW("1.0 needs no Host", 0, "GET / HTTP/1.0\r\n\r\n") ROW(
            "minor version above ours", 0, "GET / HTTP/1.9\r\nHost: a\r\n\r\n")
            ROW("empty value", 0, "GET / HTTP/1.1\r\nHost:\r\n\r\n") ROW(
                "white space around a value", 0, "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n")
                ROW("absolute form", 0, "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                    "absolute form without a path", 0, "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n")
                    ROW("asterisk form", 0, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
                        ROW("unknown method", 0, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                            "UTF-8 in a target", 0, "GET /\xE9\xB8\xBF HTTP/1.1\r\nHost: a\r\n\r\n")
                            ROW("body", 0,
                                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                                ROW("equal lengths", 0,
                                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                    "3\r\nContent-Length: 3\r\n\r\nabc")
                                    ROW("chunks", 0,
                                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                        "chunked\r\n\r\n3\r\nabc\r\n00\r\n\r\n")
                                        ROW("chunk extension and trailer", 0,
                                            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                            "Chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nX: y\r\n\r\n")
                                            ROW("expectation", 0,
                                                "POST / HTTP/1.1\r\nHost: a\r\nExpect: "
                                                "100-Continue\r\nContent-Length: 0\r\n\r\n")
                                                ROW("two", 0,
                                                    "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b "
                                                    "HTTP/1.1\r\nHost: a\r\n\r\n")
    /* the request line */
    ROW("bare LF", 400, "GET / HTTP/1.1\nHost: a\n\n") ROW(
        "bare LF after a value", 400, "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n")
        ROW("bare CR in a value", 400, "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n") ROW(
            "CR before CRLF", 400,
            "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n") ROW("no method", 400,
                                                       " / HTTP/1.1\r\nHost: a\r\n\r\n")
            ROW("method with a colon", 400, "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                "no target", 400,
                "GET  HTTP/1.1\r\nHost: a\r\n\r\n") ROW("two blanks", 400,
                                                        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n")
                ROW("blank in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                    "tab as blank", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n")
                    ROW("target without a slash", 400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                        "authority form", 400, "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
                        ROW("asterisk of a GET", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n") ROW(
                            "control character in the target", 400,
                            "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n")
                            ROW("NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n")
                                ROW("no version", 400, "GET /\r\nHost: a\r\n\r\n") ROW(
                                    "lower-case version", 400, "GET / http/1.1\r\nHost: a\r\n\r\n")
                                    ROW("long version", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n")
                                        ROW("blank after the version", 400,
                                            "GET / HTTP/1.1 \r\nHost: a\r\n\r\n")
                                            ROW("HTTP/2", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n")
                                                ROW("HTTP/0.9", 505,
                                                    "GET / HTTP/0.9\r\nHost: a\r\n\r\n")
                                                    ROW("the preface of HTTP/2", 505,
                                                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    /* headers */
    ROW("no Host", 400, "GET / HTTP/1.1\r\n\r\n")
        ROW("two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")
            ROW("white space before the colon", 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n")
                ROW("no name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n")
                    ROW("no colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n") ROW(
                        "a folded line", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n")
                        ROW("white space before the first header", 400,
                            "GET / HTTP/1.1\r\n Host: a\r\n\r\n")
                            ROW("NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n")
                                ROW("DEL in a value", 400, "GET / HTTP/1.1\r\nHost: a\x7F\r\n\r\n")
                                    ROW("UTF-8 in a name", 400,
                                        "GET / HTTP/1.1\r\nHost: a\r\n\xE9\xB8\xBF: y\r\n\r\n")
                                        ROW("an expectation we do not know", 417,
                                            "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n")
    /* framing */
    ROW("both framings", 400,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")
        ROW("both, the other way", 400,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n")
            ROW("differing lengths", 400,
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n")
                ROW("a list of lengths", 400,
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n")
                    ROW("a signed length", 400,
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n")
                        ROW("a negative length", 400,
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")
                            ROW("an empty length", 400,
                                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n")
                                ROW("a huge length", 400,
                                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                    "18446744073709551617\r\n\r\n") ROW("another coding", 501,
                                                                        "POST / HTTP/1.1\r\nHost: "
                                                                        "a\r\nTransfer-Encoding: "
                                                                        "gzip\r\n\r\n")
                                    ROW("two codings", 501,
                                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, "
                                        "chunked\r\n\r\n") ROW("two coding headers", 400,
                                                               "POST / HTTP/1.1\r\nHost: "
                                                               "a\r\nTransfer-Encoding: "
                                                               "chunked\r\nTransfer-Encoding: "
                                                               "chunked\r\n\r\n")
                                        ROW("chunked with 1.0", 400,
                                            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
/* chunks */
#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                            ROW("no size", 400, CHUNKED "\r\n") ROW(
                                                "a size that is no number", 400,
                                                CHUNKED "x\r\n") ROW("a size with 0x", 400,
                                                                     CHUNKED "0x3\r\nabc\r\n")
                                                ROW("a signed size", 400, CHUNKED "+3\r\nabc\r\n")
                                                    ROW("white space before a size", 400,
                                                        CHUNKED " 3\r\nabc\r\n")
                                                        ROW("white space after a size", 400,
                                                            CHUNKED "3 \r\nabc\r\n")
                                                            ROW("a size that does not fit", 400,
                                                                CHUNKED "FFFFFFFFFFFFFFFFF\r\n")
                                                                ROW("bare LF after a size", 400,
                                                                    CHUNKED
                                                                    "3\nabc\r\n") ROW("content "
                                                                                      "longer than "
                                                                                      "its chunk",
                                                                                      400,
                                                                                      CHUNKED
                                                                                      "3\r\nabcd\r"
                                                                                      "\n")
                                                                    ROW("bare LF after a chunk",
                                                                        400,
                                                                        CHUNKED
                                                                        "3\r\nabc\n0\r\n\r\n")
                                                                        ROW("NUL in an extension",
                                                                            400,
                                                                            CHUNKED
                                                                            "3;\0\r\nabc\r\n")
                                                                            ROW("bare LF in a "
                                                                                "trailer",
                                                                                400,
                                                                                CHUNKED
                                                                                "0\r\nX: y\n\r\n")
                                                                                ROW("a folded "
                                                                                    "trailer",
                                                                                    400,
                                                                                    CHUNKED
                                                                                    "0\r\nX: y\r\n "
                                                                                    "z\r\n\r\n")
                                                                                    ROW("bare LF "
                                                                                        "at the "
                                                                                        "end",
                                                                                        400,
                                                                                        CHUNKED
                                                                                        "0\r\n\n")};

static void read_in_two(Str request, size_t at, Transcript *ret_transcript)
{
    transcript_init(ret_transcript);
    transcript_feed(ret_transcript, str_slice(request, 0, at));
    transcript_feed(ret_transcript, str_slice(request, at, request.len));
}

static void each_request_is_read_or_refused_as_the_table_says(void **state)
{
    (void)state;
    for (const struct Row *row = ROWS; row < ROWS + sizeof ROWS / sizeof *ROWS; row++) {
        Transcript whole;
        read_in_two(row->request, row->request.len, &whole);
        if (whole.status != row->status || (row->status == 0 && whole.kept.len > 0))
            fail_msg("%s: %d instead of %d", row->why, whole.status, row->status);
        transcript_deinit(&whole);
    }
}

static void where_the_bytes_are_cut_changes_nothing(void **state)
{
    (void)state;
    for (const struct Row *row = ROWS; row < ROWS + sizeof ROWS / sizeof *ROWS; row++) {
        Transcript whole, cut;
        read_in_two(row->request, 0, &whole);
        for (size_t at = 1; at < row->request.len; at++) {
            read_in_two(row->request, at, &cut);
            if (!str_eq(buf_str(&whole.text), buf_str(&cut.text)))
                fail_msg("%s, cut at %zu", row->why, at);
            transcript_deinit(&cut);
        }
        transcript_deinit(&whole);
    }
}

static HttpHead read_head(Arena *arena, Str text)
{
    HttpScan scan = {0};
    HttpHead head;
    size_t len;
    assert_int_equal(http_scan(&scan, text, 32 * 1024, &len), 0);
    assert_int_equal(len, text.len);
    assert_int_equal(http_parse_head(arena, text, scan.lines, &head), 0);
    return head;
}

static void a_head_is_taken_apart(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpHead head = read_head(arena, STR("PATCH /a%20b?c=d?e HTTP/1.1\r\nHost: a\r\nX-Y:  z "
                                         "w\t\r\nConnection: x, Close\r\n\r\n"));
    assert_int_equal(head.method, HTTP_PATCH);
    assert_true(str_eq(head.path, STR("/a%20b")) && str_eq(head.query, STR("c=d?e")));
    assert_int_equal(head.header_count, 3);
    assert_true(str_eq(head.headers[1].name, STR("X-Y")) &&
                str_eq(head.headers[1].value, STR("z w")));
    assert_false(head.keep_alive);
    assert_true(
        read_head(arena, STR("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")).keep_alive);
    assert_false(read_head(arena, STR("GET / HTTP/1.0\r\n\r\n")).keep_alive);
    arena_free(arena);
}

static void a_head_may_be_as_long_as_its_limit_and_no_longer(void **state)
{
    (void)state;
    Buf text;
    buf_init(&text, 4096);
    buf_append(&text, STR("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    while (text.len < TRANSCRIPT_HEAD_LIMIT_BYTES - 4)
        buf_append_char(&text, 'x');
    buf_append(&text, STR("\r\n\r\n"));
    for (int extra = 0; extra < 2; extra++) {
        HttpScan whole = {0}, cut = {0};
        size_t len;
        size_t limit = text.len - (size_t)extra;
        assert_int_equal(http_scan(&whole, buf_str(&text), limit, &len), extra ? 431 : 0);
        for (size_t at = 1; at < limit; at++)
            assert_int_equal(http_scan(&cut, str_slice(buf_str(&text), 0, at), limit, &len), 0);
        assert_int_equal(http_scan(&cut, buf_str(&text), limit, &len), extra ? 431 : 0);
    }
    buf_deinit(&text);
}

static void more_headers_than_the_limit_are_refused(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    for (int count = HTTP_HEADER_MAX; count <= HTTP_HEADER_MAX + 1; count++) {
        Buf text;
        HttpScan scan = {0};
        HttpHead head;
        size_t len;
        buf_init(&text, 64 * 1024);
        buf_append(&text, STR("GET / HTTP/1.1\r\nHost: a\r\n"));
        for (int i = 1; i < count; i++)
            buf_append(&text, STR("X: y\r\n"));
        buf_append(&text, STR("\r\n"));
        assert_int_equal(http_scan(&scan, buf_str(&text), 64 * 1024, &len), 0);
        assert_int_equal(http_parse_head(arena, buf_str(&text), scan.lines, &head),
                         count > HTTP_HEADER_MAX ? 431 : 0);
        buf_deinit(&text);
    }
    arena_free(arena);
}

static void lists_are_searched_by_whole_members(void **state)
{
    (void)state;
    assert_true(http_list_has(STR("a, Upgrade ,b"), STR("upgrade")));
    assert_false(http_list_has(STR("a, Upgrades"), STR("upgrade")));
    assert_false(http_list_has(STR(""), STR("upgrade")));
}

/* ---- what handlers read ---- */
static void queries_and_cookies_are_found_and_decoded(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpHeader headers[] = {{STR("cookie"), STR("x=1; MMAUTHTOKEN=abc; y=\"q\"")},
                            {STR("Cookie"), STR("z=2")}};
    HttpReq req = {.arena = arena,
                   .headers = headers,
                   .header_count = 2,
                   .query = STR("a=1+2%2F3&b&%63=x&d=%zz&e=%00")};
    Str value;
    assert_true(str_eq(http_cookie(&req, STR("MMAUTHTOKEN")), STR("abc")));
    assert_true(str_eq(http_cookie(&req, STR("y")), STR("q")) &&
                str_eq(http_cookie(&req, STR("z")), STR("2")));
    assert_int_equal(http_cookie(&req, STR("MMAUTH")).len, 0);
    assert_true(http_query(&req, STR("a"), &value) && str_eq(value, STR("1 2/3")));
    assert_true(http_query(&req, STR("b"), &value) && value.len == 0);
    assert_true(http_query(&req, STR("c"), &value) && str_eq(value, STR("x")));
    assert_false(http_query(&req, STR("d"), &value) || http_query(&req, STR("e"), &value));
    assert_false(http_query(&req, STR("f"), &value));
    assert_true(http_decode(arena, STR("1+2"), false, &value) && str_eq(value, STR("1+2")));
    assert_false(http_decode(arena, STR("%4"), false, &value) ||
                 http_decode(arena, STR("%"), false, &value));
    arena_free(arena);
}

static void a_header_cannot_break_out_of_its_line(void **state)
{
    (void)state;
    HttpReq req = {0};
    buf_init(&req.reply.headers, 1024);
    http_add_header(&req, STR("Location"), STR("/a\r\nSet-Cookie: x=y\0"));
    assert_true(str_eq(buf_str(&req.reply.headers), STR("Location: /aSet-Cookie: x=y\r\n")));
    buf_deinit(&req.reply.headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_is_read_or_refused_as_the_table_says),
        cmocka_unit_test(where_the_bytes_are_cut_changes_nothing),
        cmocka_unit_test(a_head_is_taken_apart),
        cmocka_unit_test(a_head_may_be_as_long_as_its_limit_and_no_longer),
        cmocka_unit_test(more_headers_than_the_limit_are_refused),
        cmocka_unit_test(lists_are_searched_by_whole_members),
        cmocka_unit_test(queries_and_cookies_are_found_and_decoded),
        cmocka_unit_test(a_header_cannot_break_out_of_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
