/* base/totp.h: one-time codes of authenticator apps: six digits, SHA-1, half a minute, which is what all apps do.
 *
 * Source   RFC 4226, 6238 (codes), 4648 (base32).
 */
#pragma once
#include "base/arena.h"

enum { TOTP_STEP_S = 30, TOTP_DIGITS = 6 };

/* A fresh secret: 160 random bits in base32. */
Str totp_secret_make(Arena *arena);
/* The code of a step (Unix seconds / 30); false when the secret is no base32. `ret_code` has TOTP_DIGITS + 1 bytes. */
bool totp_code(Str secret, int64_t step, char *ret_code);
/* Is `code` that of this moment, or of the step before or after? Only steps later than `last_step` count: a code that was
 * seen once is worth nothing. Sets *ret_step. */
bool totp_check(Str secret, Str code, int64_t now_s, int64_t last_step, int64_t *ret_step);
