#include "net/tls.h"
#include "base/log.h"
#include <openssl/err.h>
#include <unistd.h>

/* TLS 1.2 only with forward secrecy and AEAD; the suites of TLS 1.3 are all fine. */
static const char CIPHERS[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

/* RFC 7301: we speak http/1.1; who offers only other protocols is turned away. */
static int choose_alpn(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_len,
                       const unsigned char *offer, unsigned int offer_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)arg;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, ret_len, ours, sizeof ours - 1, offer, offer_len) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *ret_name = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static Err refuse_file(SSL_CTX *context, const char *file)
{
    char reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    log_error("certificate or key refused", "file=%s reason=%s", file, reason);
    ERR_clear_error();
    SSL_CTX_free(context);
    return ERR_SYNTAX;
}

Err tls_context_new(const char *cert_file, const char *key_file, SSL_CTX **ret_context)
{
    if (access(cert_file, R_OK) != 0 || access(key_file, R_OK) != 0) {
        log_error("certificate or key cannot be read", "cert=%s key=%s", cert_file, key_file);
        return ERR_IO;
    }
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    ENSURE(context != NULL);
    ERR_clear_error();
    (void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    ENSURE(SSL_CTX_set_cipher_list(context, CIPHERS) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets need no memory here */
    (void)SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    if (SSL_CTX_use_certificate_chain_file(context, cert_file) != 1)
        return refuse_file(context, cert_file);
    if (SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return refuse_file(context, key_file);
    *ret_context = context;
    return OK;
}

SSL *tls_new(SSL_CTX *context, int fd)
{
    SSL *ssl = SSL_new(context);
    ENSURE(ssl != NULL && SSL_set_fd(ssl, fd) == 1);
    SSL_set_accept_state(ssl);
    return ssl;
}

ssize_t tls_read(SSL *ssl, void *out, size_t size, bool *ret_wants_write)
{
    size_t n;
    *ret_wants_write = false;
    ERR_clear_error();
    if (SSL_read_ex(ssl, out, size, &n) == 1)
        return (ssize_t)n;
    switch (SSL_get_error(ssl, 0)) {
    case SSL_ERROR_WANT_WRITE: *ret_wants_write = true; return IO_AGAIN;
    case SSL_ERROR_WANT_READ: return IO_AGAIN;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: ERR_clear_error(); return IO_BROKEN;
    }
}

ssize_t tls_write(SSL *ssl, const void *bytes, size_t len)
{
    size_t n;
    ERR_clear_error();
    if (SSL_write_ex(ssl, bytes, len, &n) == 1)
        return (ssize_t)n;
    switch (SSL_get_error(ssl, 0)) {
    case SSL_ERROR_WANT_WRITE:
    case SSL_ERROR_WANT_READ: return IO_AGAIN;
    default: ERR_clear_error(); return IO_BROKEN;
    }
}

void tls_close_notify(SSL *ssl)
{
    ERR_clear_error();
    if (SSL_is_init_finished(ssl))
        (void)SSL_shutdown(ssl); /* one way: we do not wait for the peer's */
    ERR_clear_error();
}
