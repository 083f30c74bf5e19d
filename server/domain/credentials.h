/* domain/credentials.h: passwords and addresses that prove who somebody is. Hashing lane. */
#pragma once
#include "domain/users.h"

/* One's own with the current one; others' with the right to manage them. Ends the other sessions, when settings say so. */
Err password_change(Ctx *ctx, Str user_id, Str current, Str next);

/* Answers the same whether there is such an account or not. */
Err password_reset_send(Ctx *ctx, Str email);
/* With the secret of that mail. Ends all sessions. */
Err password_reset(Ctx *ctx, Str secret, Str next);

Err email_verify_send(Ctx *ctx, Str email);
Err email_verify(Ctx *ctx, Str secret);
/* By somebody who manages the system. */
Err email_verify_for(Ctx *ctx, Str user_id, User *ret_user);
/* From the command line: without anybody's rights. Ends all sessions. */
Err password_set_by_operator(Ctx *ctx, Str user_id, Str next);
