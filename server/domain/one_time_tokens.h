/* domain/one_time_tokens.h: secrets that travel by mail and are good once: to reset a password, confirm an address, come in.
 * Of each only the SHA-256 is stored. */
#pragma once
#include "domain/app.h"

#define TOKEN_PASSWORD_RECOVERY "password_recovery"
#define TOKEN_VERIFY_EMAIL      "verify_email"
#define TOKEN_TEAM_INVITATION   "team_invitation"
#define TOKEN_GUEST_INVITATION  "guest_invitation"

/* A fresh one; the others of this type and subject (a user's id, an address) are void from now on. `extra` is JSON. */
Err token_make_in(Ctx *ctx, DbTx *tx, const char *type, Str subject, Str extra, Str *ret_secret);
/* ERR_ABSENT: there is none such. ERR_LIMIT: it is too old. */
Err token_find(Ctx *ctx, DbTx *tx, Str secret, const char *type, Token *ret_token);
/* Uses it up within the writing transaction: ERR_ABSENT when that happened already. */
Err token_use_in(DbTx *tx, const Token *token);
/* A tick: forgets old ones. */
Err tokens_expire(Ctx *ctx);
