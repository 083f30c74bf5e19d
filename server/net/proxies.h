/* net/proxies.h: whom we believe about a client's address. Private to net.
 *
 * Model    When the peer is a trusted proxy, the client's address is the last one in X-Forwarded-For (else Forwarded, else
 *          X-Real-IP) that is not itself a trusted proxy; X-Forwarded-Proto or Forwarded tells whether it used TLS. From
 *          anybody else these headers count for nothing.
 * Source   RFC 7239; X-Forwarded-For as nginx and HAProxy write it.
 */
#pragma once
#include "net/net.h"

typedef struct Proxies Proxies;

/* Space-separated addresses and CIDRs; NULL or empty trusts nobody. ERR_SYNTAX for anything else.
 */
Err proxies_new(const char *list, Proxies **ret_proxies);
void proxies_free(Proxies *proxies);
bool proxies_trust(const Proxies *proxies, Str ip);
/* Corrects remote_ip and is_tls, which hold the peer's, by what a trusted proxy says. */
void proxies_apply(const Proxies *proxies, HttpReq *req);
