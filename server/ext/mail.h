/* ext/mail.h: writes a mail and gives it to a mail server.
 *
 * Source   RFC 5321 (SMTP, by libcurl), 5322 and 2045 to 2047 (form), 3834 (answers of machines).
 * Safety   Nothing of a Mail can start another header or another receiver: line ends in header texts become spaces, and an
 *          address with white space, control characters or angle brackets is refused.
 * Threads  Any; blocks for up to timeout_s.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct MailServer {
    Str host, port;
    enum { MAIL_PLAIN, MAIL_STARTTLS, MAIL_TLS } security;
    Str user, password;  /* user empty: no authentication */
    bool trusts_anybody; /* does not check the certificate */
    int64_t timeout_s;
    const _Atomic bool *is_ending; /* may be NULL; once true, sending gives up with ERR_UNAVAILABLE */
} MailServer;

typedef struct Mail {
    Str from, from_name, reply_to; /* reply_to may be empty */
    Str to;
    Str subject, text, html;
    Str id;                        /* of this mail: the left part of Message-ID */
    int64_t date_ms;
} Mail;

/* The whole message, lines ending in CR LF. ERR_SYNTAX: an address that cannot be one. */
Err mail_write(Arena *arena, const Mail *mail, Buf *out);
/* ERR_UNAVAILABLE: not now (no connection, refused for a while, sign-in refused). ERR_SYNTAX: never (the server knows no
 * such receiver, or the address cannot be one). *ret_reason: what was said, in `arena`. */
Err mail_send(Arena *arena, const MailServer *server, const Mail *mail, Str *ret_reason);
