/* net/compress.h: which content coding a client gets. Private to net; http_compress is in net.h. */
#pragma once
#include "net/net.h"

typedef enum Coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI } Coding;

/* The coding the Accept-Encoding header likes best among those offered (bits 1 << Coding); br before gzip when it
 * likes both the same. RFC 9110 §12.5.3. */
Coding coding_choose(Str accept_encoding, unsigned offered);
Str coding_name(Coding coding);
