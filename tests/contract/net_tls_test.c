/* The same server behind TLS, with certificates that the test makes itself. */
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "net_app.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

static char cert_path[128], key_path[128], cert_dir[64];
static SSL_CTX *client_context;
static SSL_SESSION *last_session;

/* Writes a self-signed certificate for `name` and its key. */
static void make_certificate(const char *name)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    assert_true(key && cert);
    assert_int_equal(X509_set_version(cert, X509_VERSION_3), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(cert), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), -60));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), 3600));
    assert_int_equal(X509_set_pubkey(cert, key), 1);
    X509_NAME *subject = X509_get_subject_name(cert);
    assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)name, -1, -1, 0),
                     1);
    assert_int_equal(X509_set_issuer_name(cert, subject), 1);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *cert_file = fopen(cert_path, "w"), *key_file = fopen(key_path, "w");
    assert_true(cert_file && key_file);
    assert_int_equal(PEM_write_X509(cert_file, cert), 1);
    assert_int_equal(PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(cert_file) | fclose(key_file), 0);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    SSL_SESSION_free(last_session);
    last_session = session;
    return 1;
}

static int start_tls(void **state)
{
    (void)state;
    (void)snprintf(cert_dir, sizeof cert_dir, "%s/anser-tls-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
    assert_non_null(mkdtemp(cert_dir));
    (void)snprintf(cert_path, sizeof cert_path, "%s/cert.pem", cert_dir);
    (void)snprintf(key_path, sizeof key_path, "%s/key.pem", cert_dir);
    make_certificate("first.example");
    client_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_session_cache_mode(client_context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client_context, keep_session);
    app_start((NetOptions){.tls_cert = cert_path, .tls_key = key_path});
    return 0;
}

static int stop_tls(void **state)
{
    (void)state;
    app_stop();
    SSL_SESSION_free(last_session);
    last_session = NULL;
    SSL_CTX_free(client_context);
    (void)unlink(cert_path); /* the folder's removal tells whether they are gone */
    (void)unlink(key_path);
    return rmdir(cert_dir);
}

static void requests_are_served_over_tls_1_2_and_1_3(void **state)
{
    (void)state;
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        assert_int_equal(SSL_CTX_set_max_proto_version(client_context, version), 1);
        Client *client = client_new_tls(client_context, NULL);
        assert_int_equal(SSL_version(client->ssl), version);
        assert_string_equal(ask(client, GET("/ip"))->body, "127.0.0.1 tls");
        assert_string_equal(ask(client, GET("/worker?abc"))->body, "abc");
        client_free(client);
    }
}

static void older_versions_are_refused(void **state)
{
    (void)state;
    assert_int_equal(SSL_CTX_set_min_proto_version(client_context, TLS1_1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(client_context, TLS1_1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_cipher_list(client_context, "DEFAULT:@SECLEVEL=0"), 1);
    SSL *ssl = SSL_new(client_context);
    int fd = dial();
    assert_int_equal(SSL_set_fd(ssl, fd), 1);
    assert_int_not_equal(SSL_connect(ssl), 1);
    SSL_free(ssl);
    (void)close(fd);
}

static void alpn_chooses_http_1_1(void **state)
{
    (void)state;
    static const unsigned char offer[] = "\x02h2\x08http/1.1";
    const unsigned char *chosen;
    unsigned len;
    assert_int_equal(SSL_CTX_set_alpn_protos(client_context, offer, sizeof offer - 1), 0);
    Client *client = client_new_tls(client_context, NULL);
    SSL_get0_alpn_selected(client->ssl, &chosen, &len);
    assert_int_equal(len, 8);
    assert_memory_equal(chosen, "http/1.1", 8);
    client_free(client);
}

static void plain_http_on_the_tls_port_is_closed(void **state)
{
    (void)state;
    Client *client = client_new();
    client_send(client, GET("/"));
    while (client_fill(client)) /* an alert may come */
        client->len = 0;
    client_free(client);
}

static void a_ticket_resumes_a_session_on_any_loop(void **state)
{
    (void)state;
    Client *client = client_new_tls(client_context, NULL);
    assert_int_equal(ask(client, GET("/"))->status, 200);
    client_free(client);
    for (int i = 0; i < 6; i++) {
        assert_non_null(last_session);
        client = client_new_tls(client_context, last_session);
        assert_int_equal(SSL_session_reused(client->ssl), 1);
        assert_int_equal(ask(client, GET("/"))->status, 200);
        client_free(client);
    }
}

static void a_slow_reader_gets_a_big_reply_whole(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new_tls(client_context, NULL);
    char *expected = arena_alloc(arena, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = "0123456789abcdef"[i % 16];
    client_send(client, GET("/big"));
    client_send(client, GET("/?after"));
    usleep(50 * 1000); /* the socket's buffers fill meanwhile */
    Str digest = read_big(arena, client, BIG_BYTES);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected, BIG_BYTES))));
    read_reply(client, &reply, true);
    assert_string_equal(reply.body, "after");

    for (size_t i = 0; i < BIG_BYTES; i++)
        expected[i] = (char)(i * 31 >> 5 & 0xFF);
    client_send(client, GET("/file"));
    digest = read_big(arena, client, BIG_BYTES - 1000);
    assert_true(str_eq(digest, sha256_hex(arena, str_make(expected + 1000, BIG_BYTES - 1000))));
    client_free(client);
    arena_free(arena);
}

static void a_large_body_is_stored_whole(void **state)
{
    (void)state;
    Arena *arena = arena_create();
    Client *client = client_new_tls(client_context, NULL);
    Str body = filler(arena, SPOOL_BYTES);
    const Reply *got = ask(client, upload_request(arena, STR("/upload"), body));
    assert_string_equal(got->body, str_concat(arena, STR("spooled "), sha256_hex(arena, body)).ptr);
    client_free(client);
    arena_free(arena);
}

static void a_websocket_moves_to_another_loop_with_its_tls(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        Client *client = client_new_tls(client_context, NULL);
        ws_open(client, i % 2 ? "/ws1" : "/ws0", "");
        ws_expect_text(client, "hello");
        for (int n = 0; n < 20; n++)
            ws_send_raw(client, 0x81, STR("abc"));
        for (int n = 0; n < 20; n++)
            ws_expect_text(client, "abc");
        ws_send_raw(client, 0x88, STR("\x03\xE8"));
        assert_int_equal(ws_read_raw(client), 0x88);
        assert_int_equal(ws_read_raw(client), -1);
        assert_int_equal(SSL_get_shutdown(client->ssl) & SSL_RECEIVED_SHUTDOWN,
                         SSL_RECEIVED_SHUTDOWN);
        client_free(client);
    }
    app_wait(&app.closed_count, 8);
}

static void a_slow_websocket_is_dropped(void **state)
{
    (void)state;
    Client *client = client_new_tls(client_context, NULL);
    ws_open(client, "/ws1", "");
    ws_expect_text(client, "hello");
    static char text[64 * 1024] = "1";
    memset(text + 1, 'x', sizeof text - 2);
    for (int i = 0; i < 400; i++)
        net_post(app.net, 1, broadcast, frame_new(str_of(text)));
    app_wait(&app.closed_count, 1);
    assert_int_equal(app.last_close_code, 1013);
    client_free(client);
}

static bool serves(const char *name)
{
    char got[64] = "";
    Client *client = client_new_tls(client_context, NULL);
    X509 *cert = SSL_get1_peer_certificate(client->ssl);
    (void)X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, got, sizeof got);
    X509_free(cert);
    client_free(client);
    return strcmp(got, name) == 0;
}

static void reloading_changes_the_certificate_of_new_connections(void **state)
{
    (void)state;
    Client *old = client_new_tls(client_context, NULL);
    assert_true(serves("first.example"));
    make_certificate("second.example");
    assert_int_equal(net_reload_tls(app.net), OK);
    for (int i = 0; i < 20; i++) /* on either loop */
        assert_true(serves("second.example"));
    assert_int_equal(ask(old, GET("/"))->status, 200);
    client_free(old);

    FILE *file = fopen(cert_path, "w");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(net_reload_tls(app.net), ERR_SYNTAX);
    assert_int_equal(unlink(cert_path), 0);
    assert_int_equal(net_reload_tls(app.net), ERR_IO);
    assert_true(serves("second.example"));
}

int main(void)
{
    log_set_level((LogLevel)(LOG_ERROR + 1)); /* refused certificates are meant here */
#define TLS(test) cmocka_unit_test_setup_teardown(test, start_tls, stop_tls)
    const struct CMUnitTest tests[] = {
        TLS(requests_are_served_over_tls_1_2_and_1_3),
        TLS(older_versions_are_refused),
        TLS(alpn_chooses_http_1_1),
        TLS(plain_http_on_the_tls_port_is_closed),
        TLS(a_ticket_resumes_a_session_on_any_loop),
        TLS(a_slow_reader_gets_a_big_reply_whole),
        TLS(a_large_body_is_stored_whole),
        TLS(a_websocket_moves_to_another_loop_with_its_tls),
        TLS(a_slow_websocket_is_dropped),
        TLS(reloading_changes_the_certificate_of_new_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
