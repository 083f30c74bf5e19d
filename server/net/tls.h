/* net/tls.h: TLS 1.2 and 1.3 by OpenSSL. Private to net.
 *
 * Threads  A context is shared by all loops, and so are its session-ticket keys; an SSL belongs to its connection.
 */
#pragma once
#include "base/err.h"
#include <openssl/ssl.h>
#include <stddef.h>
#include <sys/types.h>

/* ERR_IO: a file cannot be read. ERR_SYNTAX: what is in it is no certificate chain or no key for it. */
Err tls_context_new(const char *cert_file, const char *key_file, SSL_CTX **ret_context);
SSL *tls_new(SSL_CTX *context, int fd);

enum { IO_AGAIN = -1, IO_BROKEN = -2 };
/* Bytes read, 0 at the end, IO_AGAIN or IO_BROKEN; *ret_wants_write: reading waits for the socket to take bytes. */
ssize_t tls_read(SSL *ssl, void *out, size_t size, bool *ret_wants_write);
/* Bytes written, IO_AGAIN (call again with the same bytes, maybe more) or IO_BROKEN. */
ssize_t tls_write(SSL *ssl, const void *bytes, size_t len);
void tls_close_notify(SSL *ssl);
