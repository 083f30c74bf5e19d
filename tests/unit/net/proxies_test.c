#include "net/proxies.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The client's address as seen by a server whose peer is `peer`. Up to three header lines as name, value pairs. */
static const struct Row {
    const char *why, *trusted, *peer;
    const char *headers[6];
    const char *expected;
    bool is_tls;
} ROWS[] = {
    {"nobody is trusted",
     "",
     "10.0.0.1",
     {"X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https"},
     "10.0.0.1",
     false},
    {"the peer is not trusted",
     "10.0.0.2",
     "10.0.0.1",
     {"X-Forwarded-For", "6.6.6.6"},
     "10.0.0.1",
     false},
    {"no header", "10.0.0.0/8", "10.0.0.1", {0}, "10.0.0.1", false},
    {"one proxy", "10.0.0.0/8", "10.0.0.1", {"X-Forwarded-For", "192.0.2.7"}, "192.0.2.7", false},
    {"what the client itself wrote does not count",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "6.6.6.6, 192.0.2.7"},
     "192.0.2.7",
     false},
    {"two proxies",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "6.6.6.6, 192.0.2.7, 10.9.9.9"},
     "192.0.2.7",
     false},
    {"two headers are one list",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "6.6.6.6, 192.0.2.7", "X-Forwarded-For", "10.9.9.9"},
     "192.0.2.7",
     false},
    {"all are proxies",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "10.1.1.1, 10.2.2.2"},
     "10.1.1.1",
     false},
    {"nonsense stops the walk",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "192.0.2.7, unknown, 10.2.2.2"},
     "10.2.2.2",
     false},
    {"nonsense alone", "10.0.0.0/8", "10.0.0.1", {"X-Forwarded-For", "unknown"}, "10.0.0.1", false},
    {"a port", "10.0.0.0/8", "10.0.0.1", {"X-Forwarded-For", "192.0.2.7:1234"}, "192.0.2.7", false},
    {"IPv6",
     "10.0.0.0/8 fd00::/8",
     "fd00::1",
     {"X-Forwarded-For", "2001:db8::7"},
     "2001:db8::7",
     false},
    {"IPv6 with a port",
     "fd00::/8",
     "fd00::1",
     {"X-Forwarded-For", "[2001:db8::7]:1234"},
     "2001:db8::7",
     false},
    {"IPv4 in IPv6 is the same address",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "192.0.2.7, ::ffff:10.0.0.9"},
     "192.0.2.7",
     false},
    {"a block that ends within a byte",
     "172.16.0.0/12",
     "172.31.255.255",
     {"X-Real-IP", "192.0.2.7"},
     "192.0.2.7",
     false},
    {"just outside of it",
     "172.16.0.0/12",
     "172.32.0.0",
     {"X-Real-IP", "192.0.2.7"},
     "172.32.0.0",
     false},
    {"everybody is trusted",
     "0.0.0.0/0",
     "8.8.8.8",
     {"X-Real-IP", "192.0.2.7"},
     "192.0.2.7",
     false},
    {"X-Forwarded-For goes before the others",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Real-IP", "6.6.6.6", "Forwarded", "for=6.6.6.7", "X-Forwarded-For", "192.0.2.7"},
     "192.0.2.7",
     false},
    {"Forwarded",
     "10.0.0.0/8",
     "10.0.0.1",
     {"Forwarded", "for=6.6.6.6, For=\"[2001:db8::7]:4711\";proto=https, for=10.2.2.2"},
     "2001:db8::7",
     false},
    {"Forwarded says https",
     "10.0.0.0/8",
     "10.0.0.1",
     {"Forwarded", "for=192.0.2.7;proto=https;by=10.0.0.1"},
     "192.0.2.7",
     true},
    {"Forwarded hides the client",
     "10.0.0.0/8",
     "10.0.0.1",
     {"Forwarded", "for=_hidden"},
     "10.0.0.1",
     false},
    {"the protocol",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-For", "192.0.2.7", "X-Forwarded-Proto", "HTTPS"},
     "192.0.2.7",
     true},
    {"the nearest proxy's word",
     "10.0.0.0/8",
     "10.0.0.1",
     {"X-Forwarded-Proto", "https, http"},
     "10.0.0.1",
     false},
};

static void the_client_is_whom_trusted_proxies_say(void **state)
{
    (void)state;
    for (const struct Row *row = ROWS; row < ROWS + sizeof ROWS / sizeof *ROWS; row++) {
        Arena *arena = arena_create();
        Proxies *proxies;
        HttpHeader headers[3];
        HttpReq req = {.arena = arena, .headers = headers, .remote_ip = str_of(row->peer)};
        for (; req.header_count < 3 && row->headers[2 * req.header_count]; req.header_count++)
            headers[req.header_count] =
                (HttpHeader){str_of(row->headers[2 * req.header_count]),
                             str_of(row->headers[2 * req.header_count + 1])};
        assert_int_equal(proxies_new(row->trusted, &proxies), OK);
        proxies_apply(proxies, &req);
        if (!str_eq(req.remote_ip, str_of(row->expected)) || req.is_tls != row->is_tls)
            fail_msg("%s: " STR_FMT " %d", row->why, STR_ARG(req.remote_ip), req.is_tls);
        proxies_free(proxies);
        arena_free(arena);
    }
}

static void broken_lists_are_refused(void **state)
{
    (void)state;
    static const char *const lists[] = {"x",         "10.0.0.0/33", "10.0.0.0/-1",
                                        "10.0.0/8",  "fd00::/129",  "10.0.0.1,10.0.0.2",
                                        "10.0.0.0/", "1.1.1.1 x",   "/8"};
    Proxies *proxies;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        assert_int_equal(proxies_new(lists[i], &proxies), ERR_SYNTAX);
    assert_int_equal(proxies_new(NULL, &proxies), OK);
    assert_false(proxies_trust(proxies, STR("127.0.0.1")));
    proxies_free(proxies);
    assert_int_equal(proxies_new("  10.0.0.1   ::1 ", &proxies), OK);
    assert_true(proxies_trust(proxies, STR("10.0.0.1")) && proxies_trust(proxies, STR("::1")));
    assert_false(proxies_trust(proxies, STR("10.0.0.2")) || proxies_trust(proxies, STR("")));
    proxies_free(proxies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_client_is_whom_trusted_proxies_say),
        cmocka_unit_test(broken_lists_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
