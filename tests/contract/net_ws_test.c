/* A real server on a free port, driven by raw sockets: what a client sees of WebSockets. */
#include "base/log.h"
#include "base/metric.h"
#include "net_app.h"
#include <unistd.h>
#include <zlib.h>

static void a_websocket_echoes_on_its_own_loop_and_on_another(void **state)
{
    (void)state;
    for (int i = 0; i < 8;
         i++) { /* the kernel chooses the loop that accepts: some move, some stay */
        Client *client = ws_dial_with(i % 2 ? "/ws1" : "/ws0", "");
        ws_expect_text(client, "hello");
        ws_send_raw(client, 0x81, STR("abc"));
        ws_expect_text(client, "abc");
        ws_send_raw(client, 0x01, STR("in "));
        ws_send_raw(client, 0x89, STR("are you there?"));
        ws_send_raw(client, 0x80, STR("parts"));
        assert_int_equal(ws_read_raw(client), 0x8A);
        assert_string_equal(reply.body, "are you there?");
        ws_expect_text(client, "in parts");
        ws_send_raw(client, 0x88, STR("\x03\xE8"));
        assert_int_equal(ws_read_raw(client), 0x88);
        assert_int_equal(close_code(), 1000);
        assert_int_equal(ws_read_raw(client), -1);
        app_wait(&app.closed_count, i + 1);
        assert_int_equal(app.last_close_code, 1000);
        client_free(client);
    }
}

static void bytes_sent_with_the_handshake_are_not_lost(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        Client *client = client_new();
        client_send(
            client,
            STR("GET /ws1 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                "\x81\x83"
                "mask"
                "\x0C\x03\x10"));
        read_reply(client, &reply, false);
        ws_expect_text(client, "hello");
        ws_expect_text(client, "abc");
        client_free(client);
    }
}

static void the_server_closes_with_a_handshake(void **state)
{
    (void)state;
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    ws_send_raw(client, 0x81, STR("close me"));
    assert_int_equal(ws_read_raw(client), 0x88);
    assert_int_equal(close_code(), 4001);
    assert_string_equal(reply.body + 2, "as you wish");
    ws_send_raw(client, 0x88, STR("\x0F\xA1"));
    assert_int_equal(ws_read_raw(client), -1);
    app_wait(&app.last_close_code, 4001);
    client_free(client);
}

static void frames_that_break_the_rules_end_the_socket(void **state)
{
    (void)state;
    static const struct {
        Str bytes;
        int code;
    } rows[] = {
        {{"\x81\x03"
          "abc",
          5},
         1002}, /* unmasked */
        {{"\x83\x80"
          "mask",
          6},
         1002}, /* an unknown opcode */
        {{"\xC1\x80"
          "mask",
          6},
         1002}, /* compressed, not negotiated */
        {{"\x80\x80"
          "mask",
          6},
         1002}, /* a continuation of nothing */
        {{"\x81\x81"
          "\0\0\0\0"
          "\xFF",
          7},
         1007}, /* not UTF-8 */
        {{"\x81\xFF\0\0\0\0\0\1\0\0"
          "mask",
          14},
         1009}, /* too large */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Client *client = ws_dial_with("/ws0", "");
        ws_expect_text(client, "hello");
        client_send(client, rows[i].bytes);
        assert_int_equal(ws_read_raw(client), 0x88);
        assert_int_equal(close_code(), rows[i].code);
        assert_int_equal(ws_read_raw(client), -1);
        client_free(client);
    }
    app_wait(&app.closed_count, sizeof rows / sizeof *rows);
}

/* What a client with a plain inflater makes of one compressed message. */
static Str inflate_message(Arena *arena, Str payload)
{
    z_stream z = {0};
    Str in = str_concat(arena, payload, STR("\0\0\xFF\xFF"));
    char *out = arena_alloc(arena, 100 * 1000);
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    z.next_in = (Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)out;
    z.avail_out = 100 * 1000;
    assert_int_equal(inflate(&z, Z_SYNC_FLUSH), Z_OK);
    assert_int_equal(z.avail_in, 0);
    Str text = str_make(out, z.total_out);
    assert_int_equal(inflateEnd(&z), Z_OK);
    return text;
}

static void a_broadcast_reaches_sockets_with_and_without_deflate(void **state)
{
    (void)state;
    static const char deflate[] =
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    Client *clients[4];
    for (size_t i = 0; i < 4; i++) {
        clients[i] = ws_dial_with("/ws1", i % 2 ? deflate : "");
        ws_expect_text(clients[i], "hello");
        assert_true((i % 2 == 1) ==
                    reply_has(&reply, "Sec-WebSocket-Extensions: permessage-deflate; "
                                      "server_no_context_takeover; client_no_context_takeover"));
    }
    Arena *arena = arena_create();
    char text[1001] = "1";
    for (size_t i = 1; i < 1000; i++)
        text[i] = "abcdefg"[i % 7];
    net_post(app.net, 1, broadcast, frame_new(str_of(text)));
    for (size_t i = 0; i < 4; i++) {
        int first = ws_read_raw(clients[i]);
        assert_int_equal(first, i % 2 ? 0xC1 : 0x81);
        Str got = str_make(reply.body, reply.body_len);
        if (i % 2) {
            assert_true(got.len < 200);
            got = inflate_message(arena, got);
        }
        assert_int_equal(got.len, 1000 + strlen(",\"seq\":0}"));
        assert_memory_equal(got.ptr, text, 1000);
    }
    /* and a compressed message from the client: "abc" */
    ws_send_raw(clients[1], 0xC1, STR("\x4A\x4C\x4A\x06\x00"));
    ws_expect_text(clients[1], "abc");
    for (size_t i = 0; i < 4; i++)
        client_free(clients[i]);
    app_wait(&app.closed_count, 4);
    assert_int_equal(app.last_close_code, 1006);
    arena_free(arena);
}

static void a_socket_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    app_start((NetOptions){.ws_queue_limit_bytes = 256 * 1024});
    Client *client = ws_dial_with("/ws1", "");
    ws_expect_text(client, "hello");
    int64_t before = metric_value(METRIC_WS_OVERFLOWS);
    static char text[64 * 1024] = "1";
    memset(text + 1, 'x', sizeof text - 2);
    for (int i = 0; i < 400; i++)
        net_post(app.net, 1, broadcast, frame_new(str_of(text)));
    for (int i = 0; i < 500 && metric_value(METRIC_WS_OVERFLOWS) == before; i++)
        usleep(10 * 1000); /* the loop tells nobody */
    assert_int_equal(metric_value(METRIC_WS_OVERFLOWS), before + 1);
    int first;
    while ((first = ws_read_raw(client)) == 0x81)
        assert_int_equal(reply.body_len > 60 * 1024, true);
    assert_int_equal(first, 0x88);
    assert_int_equal(close_code(), 1013);
    client_free(client);
    app_wait(&app.closed_count, 1);
    app_stop();
}

static void the_server_pings_and_hears_the_pong(void **state)
{
    (void)state;
    app_start((NetOptions){.ws_ping_ms = 200});
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    assert_int_equal(ws_read_raw(client), 0x89);
    ws_send_raw(client, 0x8A, STR(""));
    app_wait(&app.pongs, 1);
    assert_int_equal(ws_read_raw(client), 0x89);
    client_free(client);
    app_stop();
}

static void stopping_closes_websockets_with_1001(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    Client *client = ws_dial_with("/ws0", "");
    ws_expect_text(client, "hello");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_thread, NULL), 0);
    assert_int_equal(ws_read_raw(client), 0x88);
    assert_int_equal(close_code(), 1001);
    ws_send_raw(client, 0x88, STR("\x03\xE9"));
    assert_int_equal(ws_read_raw(client), -1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    client_free(client);
    app_stop();
}

static void a_peer_that_left_before_its_upgrade_is_told_as_closed(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, UPGRADE("/late"));
    app_wait(&app.waiting, 1);
    client_free(client);
    app_open_gate();
    app_wait(&app.closed_count, 1);
    assert_int_equal(app.last_close_code, 1006);
}

static void an_upgrade_that_comes_after_the_server_stopped_fails(void **state)
{
    (void)state;
    app_start((NetOptions){0});
    Client *client = client_new();
    client_send(client, UPGRADE("/late"));
    app_wait(&app.waiting, 1);
    net_stop(app.net, 0);
    assert_true(is_at_end(client));
    client_free(client);
    app_stop();
    assert_int_equal(app.failed_upgrades, 1);
    assert_int_equal(app.closed_count, 0);
}

int main(void)
{
    log_set_level(LOG_ERROR);
#define PLAIN(test) cmocka_unit_test_setup_teardown(test, app_start_plain, app_stop_plain)
    const struct CMUnitTest tests[] = {
        PLAIN(a_websocket_echoes_on_its_own_loop_and_on_another),
        PLAIN(bytes_sent_with_the_handshake_are_not_lost),
        PLAIN(a_peer_that_left_before_its_upgrade_is_told_as_closed),
        cmocka_unit_test(an_upgrade_that_comes_after_the_server_stopped_fails),
        PLAIN(the_server_closes_with_a_handshake),
        PLAIN(frames_that_break_the_rules_end_the_socket),
        PLAIN(a_broadcast_reaches_sockets_with_and_without_deflate),
        cmocka_unit_test(a_socket_that_does_not_read_is_dropped),
        cmocka_unit_test(the_server_pings_and_hears_the_pong),
        cmocka_unit_test(stopping_closes_websockets_with_1001),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
