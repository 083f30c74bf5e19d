/* domain/users.h: people: sign-up, sign-in, profile. */
#pragma once
#include "domain/sessions.h"

/* What a User reply may show to the one who asks: everything to oneself and those who manage the system, else without
 * the private parts (and without e-mail and names where PrivacySettings hide them). Changes `user` in place. */
void user_sanitize(const Ctx *ctx, User *user);
/* Takes out what nobody is shown: hashes, secrets. */
void user_hide_private(User *user);
/* Always the private parts out, whoever asks: for events to everybody. */
void user_sanitize_for_others(const Ctx *ctx, User *user);

/* What the account is found by: user name, nickname, names; see domain/names.h. */
Str user_search_text(Ctx *ctx, const User *user);

/* How somebody may sign up without being signed in. */
typedef struct SignUp {
    Str invite_id; /* of a team's invite link, or empty */
    Str token;     /* of an invitation e-mail, or empty */
    bool by_operator; /* from the command line: no setting stands in the way */
    bool is_admin;    /* by_operator only: to manage the system */
} SignUp;
/* Makes the account: checks the settings and the invitation, hashes the password (hashing lane), and joins the team of the
 * invitation. The first account of a server manages it. */
Err user_create(Ctx *ctx, const User *draft, const SignUp *how, User *ret_user);

/* Checks name and password (hashing lane) and makes a session. Every failure the client may not tell apart is
 * api.user.login.invalid_credentials_email_username. On success ctx is signed in. */
Err user_login(Ctx *ctx, Str login_id, Str user_id, Str password, Str mfa_token, const SignIn *how, User *ret_user,
               Session *ret_session, Str *ret_token);
Err user_logout(Ctx *ctx);
/* Asks for the password again, of somebody who is signed in. Failures count as those of sign-ins do:
 * ERR_API_USER_CHECK_USER_PASSWORD_INVALID or …_LOGIN_ATTEMPTS_TOO_MANY. Hashing lane; ends the open transaction. */
Err user_confirm_password(Ctx *ctx, const User *user, Str password);

/* One @ with something on both sides, no white space or control characters, at most 128 bytes. */
bool email_is_valid(Str s);
/* The rules of names, lengths and addresses; the error is that of the first that is broken. */
Err user_check(Ctx *ctx, const User *user);

/* Has another account this user name or e-mail address? */
Err user_check_taken_in(Ctx *ctx, DbTx *tx, const User *user);

/* A user one may see: 404 when absent, 403 when out of a guest's sight. */
Err user_to_read(Ctx *ctx, Str user_id, User *ret_user);

/* Sends user_updated (and forgets cached copies) after the commit: full to oneself, sanitized to the others. */
Err user_changed_in(Ctx *ctx, DbTx *tx, const User *user);
