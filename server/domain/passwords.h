/* domain/passwords.h: passwords as PHC strings: Argon2id for ours; bcrypt and PBKDF2 verified where an import brought them.
 *
 * Slow by intention (some 20 ms and 19 MiB with the OWASP parameters): only on the hashing lane, and never between the
 * begin and the end of a transaction.
 */
#pragma once
#include "domain/app.h"

/* Errors: ERR_INTERNAL only. */
Err password_hash(Ctx *ctx, Str password, Str *ret_hash);
bool password_verify(Ctx *ctx, Str hash, Str password);
/* Made with other parameters than ours: hash it anew after a good sign-in. */
bool password_needs_rehash(Ctx *ctx, Str hash);
/* Spends the time of a verification, so that an unknown user takes as long as a wrong password. */
void password_spend(Ctx *ctx, Str password);
/* The rules of PasswordSettings; the error is that of a user's body. */
Err password_check(Ctx *ctx, Str password);
