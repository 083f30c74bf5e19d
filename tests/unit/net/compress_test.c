#include "net/compress.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static void the_best_liked_coding_is_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        Coding coding;
    } rows[] = {
        {"", CODING_IDENTITY},
        {"gzip", CODING_GZIP},
        {"GZip", CODING_GZIP},
        {"gzip, deflate, br, zstd", CODING_BROTLI},
        {"br;q=0.5, gzip", CODING_GZIP},
        {"br;q=0.5, gzip;q=0.501", CODING_GZIP},
        {"gzip;q=0", CODING_IDENTITY},
        {"gzip;q=0.000, br;q=0.0", CODING_IDENTITY},
        {"*", CODING_BROTLI},
        {"*;q=0, gzip;q=0.1", CODING_GZIP},
        {"br;q=0, *", CODING_GZIP},
        {"identity", CODING_IDENTITY},
        {"gzip;q=0.5, identity", CODING_IDENTITY},
        {"gzip, identity;q=0.5", CODING_GZIP},
        {"gzip ; q=0.3 , br ; Q=0.2", CODING_GZIP},
        {"gzip;q=1.5", CODING_IDENTITY},
        {"gzip;q=x", CODING_IDENTITY},
        {"gzip;q=", CODING_IDENTITY},
        {",,gzip,,", CODING_GZIP},
        {"deflate, zstd", CODING_IDENTITY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (coding_choose(str_of(rows[i].accept), 1u << CODING_GZIP | 1u << CODING_BROTLI) !=
            rows[i].coding)
            fail_msg("%s", rows[i].accept);
    assert_int_equal(coding_choose(STR("br, gzip"), 1u << CODING_GZIP), CODING_GZIP);
    assert_int_equal(coding_choose(STR("br"), 1u << CODING_GZIP), CODING_IDENTITY);
}

static HttpReq make_request(Arena *arena, const char *accept, size_t body_len)
{
    HttpReq req = {.arena = arena, .headers = arena_new(arena, HttpHeader, 1), .header_count = 1};
    req.headers[0] = (HttpHeader){STR("Accept-Encoding"), str_of(accept)};
    buf_init(&req.reply.headers, 4096);
    buf_init(&req.reply.body, 1024 * 1024);
    for (size_t i = 0; i < body_len; i++)
        buf_append_char(&req.reply.body, (char)('a' + i % 17));
    req.reply.is_compressible = true;
    return req;
}

static void free_request(HttpReq *req)
{
    buf_deinit(&req->reply.headers);
    buf_deinit(&req->reply.body);
}

static void a_large_body_shrinks_and_decodes_to_itself(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpReq plain = make_request(arena, "", 100 * 1000),
            packed = make_request(arena, "gzip", 100 * 1000);
    http_compress(&plain);
    http_compress(&packed);
    assert_int_equal(plain.reply.body.len, 100 * 1000);
    assert_true(str_eq(buf_str(&plain.reply.headers), STR("Vary: Accept-Encoding\r\n")));
    assert_true(packed.reply.body.len < 2000);
    assert_true(str_contains(buf_str(&packed.reply.headers), STR("Content-Encoding: gzip\r\n")));
    char *out = arena_alloc(arena, 100 * 1000);
    z_stream z = {.next_in = (Bytef *)packed.reply.body.ptr,
                  .avail_in = (uInt)packed.reply.body.len,
                  .next_out = (Bytef *)out,
                  .avail_out = 100 * 1000};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(inflateEnd(&z), Z_OK);
    assert_memory_equal(out, plain.reply.body.ptr, 100 * 1000);
    free_request(&plain);
    free_request(&packed);
    arena_free(arena);
}

static void a_small_body_stays_as_it_is(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    HttpReq req = make_request(arena, "gzip, br", 1024);
    http_compress(&req);
    assert_int_equal(req.reply.body.len, 1024);
    assert_true(str_eq(buf_str(&req.reply.headers), STR("Vary: Accept-Encoding\r\n")));
    free_request(&req);
    arena_free(arena);
}

/* ---- static files ---- */
static void put_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int reply_status(const StaticFiles *files, HttpReq *req, const char *path)
{
    buf_clear(&req->reply.headers);
    req->reply.status = 0;
    req->reply.static_body = STR_EMPTY;
    return static_files_reply(files, req, str_of(path)) ? req->reply.status : 0;
}

static void static_files_are_chosen_by_coding_and_known_by_etag(void **state)
{
    (void)state;
    char dir[128], sub[160];
    (void)snprintf(dir, sizeof dir, "%s/anser-static-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
    assert_non_null(mkdtemp(dir));
    (void)snprintf(sub, sizeof sub, "%s/static", dir);
    assert_int_equal(mkdir(sub, 0700), 0);
    put_file(dir, "root.html", "<p>");
    put_file(dir, ".hidden", "x");
    put_file(sub, "app.js", "let x;");
    put_file(sub, "app.js.br", "brotli of it");
    StaticFiles *files;
    assert_int_equal(static_files_load(dir, &files), OK);

    Arena *arena = arena_create();
    HttpReq req = make_request(arena, "gzip, br", 0);
    assert_int_equal(reply_status(files, &req, "/static/app.js"), 200);
    assert_true(str_eq(req.reply.static_body, STR("brotli of it")));
    assert_true(str_eq(req.reply.content_type, STR("text/javascript; charset=utf-8")));
    Str headers = str_copy(arena, buf_str(&req.reply.headers));
    assert_true(str_contains(headers, STR("Content-Encoding: br\r\n")) &&
                str_contains(headers, STR("immutable")));
    assert_true(str_contains(headers, STR("Vary: Accept-Encoding\r\n")));

    Str etag = str_slice(headers, strlen("ETag: "), (size_t)str_find(headers, STR("\r\n"), 0));
    HttpHeader known[] = {{STR("Accept-Encoding"), STR("br")},
                          {STR("If-None-Match"), str_concat(arena, STR("\"x\", W/"), etag)}};
    HttpReq again = req;
    again.headers = known;
    again.header_count = 2;
    assert_int_equal(reply_status(files, &again, "/static/app.js"), 304);
    known[0].value = STR("gzip"); /* another coding is another entity */
    assert_int_equal(reply_status(files, &again, "/static/app.js"), 200);
    assert_true(str_eq(again.reply.static_body, STR("let x;")));
    req.reply = again.reply; /* the buffer may have moved */

    assert_int_equal(reply_status(files, &req, "/root.html"), 200);
    assert_true(str_contains(buf_str(&req.reply.headers), STR("Cache-Control: no-cache\r\n")));
    static const char *const absent[] = {
        "/.hidden", "/static/app.js.br", "/static", "/static/", "/../root.html", "", "root.html"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_int_equal(reply_status(files, &req, absent[i]), 0);
    free_request(&req);
    arena_free(arena);
    static_files_free(files);
    char command[160];
    (void)snprintf(command, sizeof command, "rm -r '%s'", dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(static_files_load(dir, &files), ERR_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_liked_coding_is_chosen),
        cmocka_unit_test(a_large_body_shrinks_and_decodes_to_itself),
        cmocka_unit_test(a_small_body_stays_as_it_is),
        cmocka_unit_test(static_files_are_chosen_by_coding_and_known_by_etag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
