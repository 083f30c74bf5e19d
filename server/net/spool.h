/* net/spool.h: a request body on its way to a file. Private to net.
 *
 * Model    Content gathers in memory and is written block by block on libuv's threads; when they fall behind, the
 *          connection stops reading. The finished file is mapped for the handler.
 * Owner    The request. The file is unlinked with it, unless the handler renamed it.
 */
#pragma once
#include "net/http.h"

Spool *spool_new(Request *request);
/* Also while a write is under way. Closes, unmaps and unlinks on another thread. NULL is fine. */
void spool_free(Spool *spool);
void spool_append(Spool *spool, Str data);
/* No more content comes; http_on_spooled follows, perhaps at once. */
void spool_finish(Spool *spool);
bool spool_has_room(const Spool *spool);
/* Still taking content or writing it; not yet handed to anybody. */
bool spool_is_storing(const Spool *spool);
/* Sets body and body_path. */
void spool_map(Spool *spool, HttpReq *req);
