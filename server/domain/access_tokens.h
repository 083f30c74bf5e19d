/* domain/access_tokens.h: personal access tokens: secrets with which programs act in somebody's name until they are revoked.
 * Stored hashed; at its first use a token opens a session of its own, which ends with it. */
#pragma once
#include "domain/access.h"

enum { ACCESS_TOKEN_DESCRIPTION_CHARS = 255 };

/* The token itself stands in ret_token->token, this once. */
Err access_token_create(Ctx *ctx, Str user_id, Str description, UserAccessToken *ret_token);
Err access_token_get(Ctx *ctx, Str token_id, UserAccessToken *ret_token);
Err access_token_list(Ctx *ctx, Str user_id, int64_t offset, int64_t limit, UserAccessToken **ret_tokens, size_t *ret_count);
/* Everybody's; with a term: by token id, user id or the beginning of the user name. For those who manage the system. */
Err access_token_search(Ctx *ctx, Str term, int64_t offset, int64_t limit, UserAccessToken **ret_tokens, size_t *ret_count);
Err access_token_revoke(Ctx *ctx, Str token_id);
Err access_token_set_active(Ctx *ctx, Str token_id, bool is_active);

/* For session_authenticate: makes the session of a token that has none yet, in a transaction of its own. ERR_ABSENT: no such
 * token, or it does not count. */
Err access_token_open_session(Ctx *ctx, Str token_hash, Session *ret_session);
