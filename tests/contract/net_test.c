/* A real server on a free port, driven by raw sockets: what a client sees of HTTP. */
#include "base/id.h"
#include "base/log.h"
#include "base/metric.h"
#include "net_app.h"
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_connection_serves_several_requests(void **state)
{
    (void)state;
    Client *client = client_new();
    for (int i = 0; i < 3; i++) {
        const Reply *got = ask(client, GET("/?abc"));
        assert_int_equal(got->status, 200);
        assert_string_equal(got->body, "abc");
        assert_true(reply_has(got, "\r\nDate: ") && reply_has(got, "\r\nX-Request-Id: "));
        assert_true(reply_has(got, "\r\nContent-Type: text/plain\r\n"));
        assert_false(reply_has(got, "\r\nConnection:"));
    }
    client_free(client);
}

static void pipelined_replies_keep_the_order_of_requests(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("GET /worker?1 HTTP/1.1\r\nHost: a\r\n\r\n"
                            "GET /?2 HTTP/1.1\r\nHost: a\r\n\r\n"
                            "POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n3"
                            "GET /?4 HTTP/1.1\r\nHost: a\r\n\r\nGET /wor"));
    for (char c = '1'; c <= '4'; c++) {
        read_reply(client, &reply, true);
        assert_int_equal(reply.body[0], c);
    }
    assert_string_equal(ask(client, STR("ker?5 HTTP/1.1\r\nHost: a\r\n\r\n"))->body, "5");
    client_free(client);
}

static void a_chunked_body_arrives_whole(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("POST /worker HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"));
    assert_string_equal(got->body, "abc0123456789");
    assert_string_equal(ask(client, GET("/?next"))->body, "next");
    client_free(client);
}

static void head_has_the_length_but_no_body(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("HEAD /?abc HTTP/1.1\r\nHost: a\r\n\r\n"));
    read_reply(client, &reply, false);
    assert_true(reply_has(&reply, "\r\nContent-Length: 3\r\n"));
    client_send(client, STR("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n"));
    read_reply(client, &reply, false);
    assert_true(reply_has(&reply, "\r\nContent-Length: 8387608\r\n"));
    assert_string_equal(ask(client, GET("/?next"))->body, "next");
    const Reply *got = ask(client, GET("/empty"));
    assert_int_equal(got->status, 204);
    assert_false(reply_has(got, "Content-Length"));
    client_free(client);
}

static void malformed_requests_get_the_error_shape_and_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         400},
        {"GET / HTTP/1.1\nHost: a\n\n", 400},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Client *client = client_new();
        const Reply *got = ask(client, str_of(rows[i].request));
        assert_int_equal(got->status, rows[i].status);
        assert_true(reply_has(got, "\r\nContent-Type: application/json\r\n"));
        assert_true(reply_has(got, "\r\nConnection: close\r\n"));
        assert_non_null(
            strstr(got->body, "{\"id\":\"api.context.bad_request.app_error\",\"message\":\""));
        assert_non_null(strstr(got->body, "\"detailed_error\":\"\",\"request_id\":\""));
        assert_true(is_at_end(client));
        client_free(client);
    }
}

static void headers_over_the_limit_are_refused(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, STR("GET / HTTP/1.1\r\nHost: a\r\nX: "));
    char filler[1024];
    memset(filler, 'x', sizeof filler);
    for (int i = 0; i < 32; i++)
        client_send(client, str_make(filler, sizeof filler));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 431);
    client_free(client);
}

static void a_slow_head_is_answered_408_and_an_idle_connection_closed(void **state)
{
    (void)state;
    app_start((NetOptions){.header_timeout_ms = 300, .idle_timeout_ms = 300});
    Client *slow = client_new(), *idle = client_new();
    assert_int_equal(ask(idle, GET("/"))->status, 200);
    client_send(slow, STR("GET / HTTP/1.1\r\nHo"));
    read_reply(slow, &reply, true);
    assert_int_equal(reply.status, 408);
    assert_true(is_at_end(slow) && is_at_end(idle));
    client_free(slow);
    client_free(idle);
    app_stop();
}

static void a_body_that_stalls_is_answered_408(void **state)
{
    (void)state;
    app_start((NetOptions){.body_timeout_ms = 300});
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"));
    assert_int_equal(got->status, 408);
    client_free(client);
    app_stop();
}

static void a_client_that_expects_it_is_told_to_continue(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(
        client,
        STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    read_reply(client, &reply, false);
    assert_int_equal(reply.status, 100);
    assert_string_equal(ask(client, STR("abc"))->body, "abc");
    client_free(client);
}

static void http_1_0_is_closed_unless_it_asks_otherwise(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got = ask(client, STR("GET /?a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    assert_true(reply_has(got, "\r\nConnection: keep-alive\r\n"));
    got = ask(client, STR("GET /?b HTTP/1.0\r\n\r\n"));
    assert_true(reply_has(got, "\r\nConnection: close\r\n"));
    assert_true(is_at_end(client));
    client_free(client);
}

static void a_half_closed_client_still_gets_its_reply(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, GET("/worker?abc"));
    assert_int_equal(shutdown(client->fd, SHUT_WR), 0);
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "abc");
    assert_true(is_at_end(client));
    client_free(client);
}

static void a_large_body_goes_to_a_file_and_a_small_one_does_not(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    Str body = filler(arena, SPOOL_BYTES);
    const Reply *got = ask(client, upload_request(arena, STR("/upload"), body));
    assert_int_equal(got->status, 201);
    assert_string_equal(got->body, str_concat(arena, STR("spooled "), sha256_hex(arena, body)).ptr);

    client_send(
        client,
        STR("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n"));
    client_send(client, str_slice(body, 0, 0x100000));
    got = ask(client, STR("\r\n0\r\n\r\n"));
    assert_string_equal(
        got->body,
        str_concat(arena, STR("spooled "), sha256_hex(arena, str_slice(body, 0, 0x100000))).ptr);

    got = ask(client, upload_request(arena, STR("/upload"), STR("abc")));
    assert_string_equal(got->body,
                        str_concat(arena, STR("memory "), sha256_hex(arena, STR("abc"))).ptr);
    wait_until_no_upload_is_left();
    client_free(client);
    arena_free(arena);
}

static void an_upload_that_breaks_off_leaves_no_file(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    Str request = upload_request(arena, STR("/upload"), filler(arena, SPOOL_BYTES));
    client_send(client, str_slice(request, 0, request.len - 10));
    client_free(client);
    wait_until_no_upload_is_left();
    arena_free(arena);
}

static void a_body_over_the_limit_is_refused(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, upload_request(arena, STR("/"), filler(arena, 300 * 1000 + 1)));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 413);
    assert_true(is_at_end(client));
    client_free(client);

    client = client_new();
    client_send(client,
                STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nF0000\r\n"));
    client_send(client, filler(arena, 310 * 1000));
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 413);
    client_free(client);
    arena_free(arena);
}

static void a_slow_reader_gets_a_big_reply_whole(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, GET("/big"));
    client_send(client, GET("/?after"));
    usleep(50 * 1000); /* the socket's buffers fill meanwhile */
    char *expected = arena_alloc(arena, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = "0123456789abcdef"[i % 16];
    Str digest = read_big(arena, client, BIG_BYTES);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected, BIG_BYTES))));
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "after");
    client_free(client);
    arena_free(arena);
}

static void a_file_is_sent_from_its_offset(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, GET("/file"));
    client_send(client, GET("/?after"));
    char *expected = arena_alloc(arena, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = (char)(i * 31 >> 5 & 0xFF);
    Str digest = read_big(arena, client, BIG_BYTES - 1000);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected + 1000, BIG_BYTES - 1000))));
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "after");
    client_send(client, GET("/file"));
    client_free(client); /* dies while a block is being read */
    arena_free(arena);
}

static void a_big_reply_is_compressed_when_asked(void **state)
{
    (void)state;
    Client *client = client_new();
    const Reply *got =
        ask(client, STR("GET /big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"));
    assert_true(reply_has(got, "\r\nContent-Encoding: gzip\r\n") &&
                reply_has(got, "\r\nVary: Accept-Encoding\r\n"));
    got = ask(client, STR("GET /big HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n"));
    assert_true(reply_has(got, "\r\nContent-Encoding: br\r\n"));
    client_free(client);
}

static void a_connection_may_die_while_its_request_is_worked_on(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, GET("/gate"));
    app_wait(&app.waiting, 1);
    client_free(client);
    Client *other = client_new();
    assert_int_equal(ask(other, GET("/"))->status, 200);
    app_open_gate();
    app_wait(&app.answered, 1);
    assert_int_equal(ask(other, GET("/"))->status, 200);
    client_free(other);
}

static void connections_over_the_limit_are_told_so(void **state)
{
    (void)state;
    app_start((NetOptions){.connection_limit = 2});
    Client *first = client_new(), *second = client_new();
    assert_int_equal(ask(first, GET("/"))->status, 200);
    assert_int_equal(ask(second, GET("/"))->status, 200);
    Client *third = client_new();
    read_reply(third, &reply, true);
    assert_int_equal(reply.status, 503);
    assert_true(is_at_end(third));
    assert_int_equal(ask(first, GET("/"))->status, 200);
    client_free(first);
    client_free(second);
    client_free(third);
    app_stop();
}

static void a_trusted_proxy_tells_the_address_of_its_client(void **state)
{
    (void)state;
    app_start((NetOptions){.trusted_proxies = "127.0.0.0/8 10.0.0.1"});
    Client *client = client_new();
    const Reply *got =
        ask(client,
            STR("GET /ip HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1\r\n"
                "X-Forwarded-Proto: https\r\n\r\n"));
    assert_string_equal(got->body, "192.0.2.7 tls");
    assert_string_equal(ask(client, GET("/ip"))->body, "127.0.0.1 plain");
    client_free(client);
    app_stop();
}

static void stopping_lets_running_requests_finish(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    Client *busy = client_new(), *idle = client_new();
    assert_int_equal(ask(idle, GET("/"))->status, 200);
    client_send(busy, GET("/gate"));
    app_wait(&app.waiting, 1);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_thread, NULL), 0);
    assert_true(is_at_end(idle));
    app_open_gate();
    read_reply(busy, &reply, true);
    assert_string_equal(reply.body, "through the gate");
    assert_true(reply_has(&reply, "\r\nConnection: close\r\n"));
    client_free(busy);
    client_free(idle);
    assert_int_equal(pthread_join(thread, NULL), 0);
    app_stop();
}

static void a_head_that_trickles_is_answered_408(void **state)
{
    (void)state;
    app_start((NetOptions){.header_timeout_ms = 400});
    Client *client = client_new();
    Str head = STR("GET / HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
    size_t sent = 0;
    for (; sent < head.len && recv(client->fd, reply.body, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
         sent++) {
        client_send(client, str_slice(head, sent, sent + 1));
        usleep(50 * 1000); /* each byte comes in good time, the head does not */
    }
    assert_true(sent < head.len);
    read_reply(client, &reply, true);
    assert_int_equal(reply.status, 408);
    client_free(client);
    app_stop();
}

static void a_client_that_does_not_read_is_cut_off(void **state)
{
    (void)state;
    app_start((NetOptions){.write_timeout_ms = 300});
    Client *client = client_new();
    int small = 4096;
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    client_send(client, GET("/big"));
    for (int i = 0; i < 500 && metric_value(METRIC_HTTP_CONNECTIONS) > 0; i++)
        usleep(20 * 1000); /* the server tells nobody */
    assert_int_equal(metric_value(METRIC_HTTP_CONNECTIONS), 0);
    client_free(client);
    app_stop();
}

static void an_upload_that_cannot_be_stored_is_answered_500(void **state)
{
    (void)state;
    app_start((NetOptions){.spool_dir = "no/such/folder"});
    Arena *arena = arena_create();
    Client *client = client_new();
    const Reply *got =
        ask(client, upload_request(arena, STR("/upload"), filler(arena, SPOOL_BYTES)));
    assert_int_equal(got->status, 500);
    assert_non_null(strstr(got->body, "\"api.file.write_file.app_error\""));
    client_free(client);
    arena_free(arena);
    app_stop();
}

static void a_renamed_upload_stays(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new();
    assert_string_equal(
        ask(client, upload_request(arena, STR("/upload?keep"), filler(arena, SPOOL_BYTES)))->body,
        "kept");
    wait_until_no_upload_is_left();
    struct stat info;
    assert_int_equal(stat(str_printf(arena, "%s/kept", app.dir).ptr, &info), 0);
    assert_int_equal(info.st_size, SPOOL_BYTES);
    client_free(client);
    arena_free(arena);
}

static void one_acceptor_hands_connections_round(void **state)
{
    (void)state;
    app_start((NetOptions){.has_one_acceptor = true});
    for (int i = 0; i < 8; i++) {
        Client *client = client_new();
        assert_string_equal(ask(client, GET("/loop"))->body, i % 2 ? "1" : "0");
        client_free(client);
    }
    app_stop();
}

static void listening_everywhere_shows_ipv4_addresses_as_such(void **state)
{
    (void)state;
    app_start((NetOptions){.listen = ":0"});
    Client *client = client_new();
    assert_string_equal(ask(client, GET("/ip"))->body, "127.0.0.1 plain");
    client_free(client);
    app_stop();
}

static void an_address_that_cannot_be_used_is_an_error(void **state)
{
    (void)state;
    Net *net;
    NetHandlers handlers = {0};
    static const char *const broken[] = {
        "", "8065", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "no such host:1"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(net_new(&(NetOptions){.listen = broken[i]}, &handlers, &net), ERR_SYNTAX);
    assert_int_equal(
        net_new(&(NetOptions){.listen = "127.0.0.1:0", .trusted_proxies = "x"}, &handlers, &net),
        ERR_SYNTAX);
    assert_int_equal(net_new(&(NetOptions){.listen = "192.0.2.1:1", .loops = 1}, &handlers, &net),
                     ERR_IO); /* not ours */
    assert_int_equal(net_new(&(NetOptions){.listen = "127.0.0.1:0"}, &handlers, &net), OK);
    net_free(net); /* without ever having run */
}

static void a_second_server_on_the_port_is_refused(void **state)
{
    (void)state;
    for (size_t ours = 1; ours <= 2; ours++) {
        app_start((NetOptions){.loops = ours});
        char listen[32];
        Net *net;
        NetHandlers handlers = {0};
        (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", net_port(app.net));
        for (size_t theirs = 1; theirs <= 2; theirs++)
            assert_int_equal(
                net_new(&(NetOptions){.listen = listen, .loops = theirs}, &handlers, &net), ERR_IO);
        app_stop();
    }
}

static void post_on_loop(void *arg)
{
    app_lock();
    *(int *)arg += 1;
    pthread_cond_broadcast(&app.changed);
    app_unlock();
}

static void letters_and_wakes_reach_their_loop(void **state)
{
    (void)state;
    int count = 0;
    for (int i = 0; i < 1000; i++)
        net_post(app.net, (size_t)i % LOOPS, post_on_loop, &count);
    app_wait(&count, 1000);
    app_lock();
    int before = app.wakes;
    app_unlock();
    for (int i = 0; i < 1000; i++)
        net_wake(app.net, 0);
    for (int i = 0; i < 500; i++) {
        app_lock();
        bool is_woken = app.wakes > before;
        app_unlock();
        if (is_woken)
            return;
        usleep(10 * 1000); /* any wake will do, so there is no number to wait for */
    }
    fail_msg("never woken");
}

static void stopping_sends_the_rest_of_a_reply(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    Arena *arena = arena_create();
    Client *client = client_new();
    client_send(client, GET("/big"));
    assert_true(client_fill(client)); /* the kernel has some of it, the queue the rest */
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_thread, NULL), 0);
    usleep(300 * 1000); /* it has begun to stop by now */
    (void)read_big(arena, client, BIG_BYTES);
    assert_true(is_at_end(client));
    client_free(client);
    assert_int_equal(pthread_join(thread, NULL), 0);
    arena_free(arena);
    app_stop();
}

static void a_reply_that_comes_after_the_server_stopped_is_freed(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    Client *client = client_new();
    client_send(client, GET("/gate"));
    app_wait(&app.waiting, 1);
    net_stop(app.net, 0);
    assert_true(is_at_end(client));
    app_open_gate();
    app_wait(&app.answered, 1);
    client_free(client);
    app_stop(); /* a sanitizer sees what is left */
}

int main(void)
{
    log_set_level((LogLevel)(LOG_ERROR + 1)); /* failures are meant here */
#define PLAIN(test) cmocka_unit_test_setup_teardown(test, app_start_plain, app_stop_plain)
    const struct CMUnitTest tests[] = {
        PLAIN(a_connection_serves_several_requests),
        PLAIN(pipelined_replies_keep_the_order_of_requests),
        PLAIN(a_chunked_body_arrives_whole),
        PLAIN(head_has_the_length_but_no_body),
        PLAIN(malformed_requests_get_the_error_shape_and_the_end),
        PLAIN(headers_over_the_limit_are_refused),
        cmocka_unit_test(a_slow_head_is_answered_408_and_an_idle_connection_closed),
        cmocka_unit_test(a_body_that_stalls_is_answered_408),
        cmocka_unit_test(a_head_that_trickles_is_answered_408),
        cmocka_unit_test(a_client_that_does_not_read_is_cut_off),
        PLAIN(a_client_that_expects_it_is_told_to_continue),
        PLAIN(http_1_0_is_closed_unless_it_asks_otherwise),
        PLAIN(a_half_closed_client_still_gets_its_reply),
        PLAIN(a_large_body_goes_to_a_file_and_a_small_one_does_not),
        cmocka_unit_test(an_upload_that_cannot_be_stored_is_answered_500),
        PLAIN(a_renamed_upload_stays),
        PLAIN(an_upload_that_breaks_off_leaves_no_file),
        PLAIN(a_body_over_the_limit_is_refused),
        PLAIN(a_slow_reader_gets_a_big_reply_whole),
        PLAIN(a_file_is_sent_from_its_offset),
        PLAIN(a_big_reply_is_compressed_when_asked),
        PLAIN(a_connection_may_die_while_its_request_is_worked_on),
        cmocka_unit_test(connections_over_the_limit_are_told_so),
        cmocka_unit_test(a_trusted_proxy_tells_the_address_of_its_client),
        cmocka_unit_test(one_acceptor_hands_connections_round),
        cmocka_unit_test(listening_everywhere_shows_ipv4_addresses_as_such),
        cmocka_unit_test(an_address_that_cannot_be_used_is_an_error),
        cmocka_unit_test(a_second_server_on_the_port_is_refused),
        PLAIN(letters_and_wakes_reach_their_loop),
        cmocka_unit_test(a_reply_that_comes_after_the_server_stopped_is_freed),
        cmocka_unit_test(stopping_sends_the_rest_of_a_reply),
        cmocka_unit_test(stopping_lets_running_requests_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
