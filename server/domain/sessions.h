/* domain/sessions.h: who is signed in.
 *
 * A session is known by its token, of which only the SHA-256 is stored. What a request needs of it (session and user) is
 * cached by that hash; whoever changes a user or a session calls session_forget_on_commit. Entries live at most 30 s,
 * so that other nodes' changes are seen too.
 */
#pragma once
#include "domain/app.h"

SessionCache *session_cache_new(void);
void session_cache_free(SessionCache *cache);

/* Puts the token's session and user into ctx. ERR_ABSENT (not named by fail): no such session, expired, or deactivated. */
Err session_authenticate(Ctx *ctx, Str token);
/* The same for a session that is known by its id: an open WebSocket. ERR_ABSENT when it has ended. */
Err session_resume(Ctx *ctx, Str user_id, Str session_id);
/* Moves with every change of a session or user that this server hears of, after the commit. */
uint64_t session_generation(const App *app);
/* After the commit, everything cached of this user is read afresh. */
void session_forget_on_commit(Ctx *ctx, DbTx *tx, Str user_id);

/* How the person signed in. */
typedef struct SignIn {
    Str device_id;
    bool is_mobile;
    Str platform, os, browser;
} SignIn;
/* A new session in the open transaction; *ret_token is shown once. Revokes the oldest above 500. */
Err session_create_in(Ctx *ctx, DbTx *tx, const User *user, const SignIn *how, Session *ret_session, Str *ret_token);
/* Ends one session, or all of a user, after the commit also their sockets. */
Err session_revoke_in(Ctx *ctx, DbTx *tx, const Session *session);
Err session_revoke_all_in(Ctx *ctx, DbTx *tx, Str user_id);
Err session_revoke_others_in(Ctx *ctx, DbTx *tx, Str user_id, Str kept_id); /* kept_id may be empty */
/* Everybody's, as an operation of those who manage the system. */
Err sessions_revoke_everywhere(Ctx *ctx);
/* This session belongs to a phone (its push address): it lives as long as mobile ones do. Other sessions of the same device
 * end. `props` are laid over those of the session. */
Err session_attach_device(Ctx *ctx, Str device_id, const json_t *props);
/* A tick: forgets sessions that have ended. */
Err sessions_expire(Ctx *ctx);
/* The CSRF token that belongs to a session. */
Str session_csrf(Ctx *ctx, const Session *session);
/* Is it time to write down that it was used (and to move its end)? Done in a transaction of its own. */
Err session_touch(Ctx *ctx);
