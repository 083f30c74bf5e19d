/* domain/mfa.h: two-step sign-in: after the password a code of an authenticator app. */
#pragma once
#include "domain/users.h"

/* A new secret, with a picture of it for the app (PNG). It counts from mfa_activate on; an active one stays until then. */
Err mfa_generate(Ctx *ctx, Str user_id, Str *ret_secret, Str *ret_png);
/* With a code made from the secret. */
Err mfa_activate(Ctx *ctx, Str user_id, Str code);
Err mfa_deactivate(Ctx *ctx, Str user_id);

/* At sign-in, before the session: OK without two-step sign-in, or with the right code. Otherwise
 * ERR_MFA_VALIDATE_TOKEN_AUTHENTICATE (no code) or ERR_API_USER_CHECK_USER_MFA_BAD_CODE; the caller counts failures. */
Err mfa_check(Ctx *ctx, const User *user, Str code, int64_t *ret_step);
/* Must the one who asks set up two-step sign-in before anything else? */
bool mfa_is_missing(const Ctx *ctx);
