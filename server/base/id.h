/* base/id.h: identifiers and secrets.
 *
 * Ids have 26 characters: 10 of time and 16 random, base32 in ASCII order, so that later ids sort later and indexes grow
 * at their right end (design section 4). Secrets (session tokens, invite ids) are 26 characters, all random.
 */
#pragma once
#include "base/arena.h"

enum { ID_LEN = 26 };

/* A fresh id for something made at `now_ms`. */
Str id_make(Arena *arena, int64_t now_ms);
/* 26 characters, 130 random bits. */
Str secret_make(Arena *arena);
void random_bytes(void *out, size_t len); /* from the kernel; aborts when there is none */

/* 26 letters or digits: what every v4 client checks. */
bool id_is_valid(Str s);

/* SHA-256 and SHA-1 in lower-case hex. */
Str sha256_hex(Arena *arena, Str s);
Str sha1_hex(Arena *arena, Str s);
Str base64_encode(Arena *arena, Str bytes);
bool base64_decode(Arena *arena, Str text, Str *ret_bytes); /* standard or URL alphabet, padding optional */
Str hex_encode(Arena *arena, Str bytes);
