/* api/site.h: what SiteURL and AllowCorsFrom say about where the server is reached and who may call it from a browser.
 *
 * Source   Fetch standard (CORS protocol); RFC 6454 (origins).
 */
#pragma once
#include "model/settings.h"
#include "net/net.h"

/* The path of SiteURL without its last slash: "/chat", or empty when the server has a host of its own. */
Str site_path(const Settings *settings);
/* May the page that opened this WebSocket do so? Clients that are no browsers send no Origin. */
bool site_allows_socket(const Settings *settings, const HttpReq *http);
/* Adds what lets pages of another origin read the reply, where AllowCorsFrom names it. */
void site_add_cors(const Settings *settings, HttpReq *http);
/* Fills in the answer to a preflight request: 204. False when it is none, or its origin is not allowed. */
bool site_answer_preflight(const Settings *settings, HttpReq *http);
