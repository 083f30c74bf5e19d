/* domain/mails.h: the mails this server writes.
 *
 * Model    A mail is put into the jobs table by the transaction that causes it (mail_*_in) and written and sent by the job,
 *          in the language of its receiver. Links with a secret get it only then: the secret stands hashed in `tokens` and
 *          nowhere else. Several jobs of one receiver do not depend on each other; a job sends at least once, and twice only
 *          when the server dies between the mail server's answer and its own note of it.
 * Off      Without EmailSettings.SMTPServer nothing is put in: mail_is_on says so to those who must refuse.
 */
#pragma once
#include "base/vec.h"
#include "domain/jobs.h"
#include "model/channel.h"
#include "model/post.h"
#include "model/team.h"

bool mail_is_on(const Ctx *ctx);

/* To the person, about the account. */
Err mail_welcome_in(Ctx *ctx, DbTx *tx, const User *user);
Err mail_verification_in(Ctx *ctx, DbTx *tx, const User *user);   /* with a link that confirms user->email */
Err mail_password_reset_in(Ctx *ctx, DbTx *tx, const User *user); /* with a link that lasts 24 hours */
Err mail_password_changed_in(Ctx *ctx, DbTx *tx, const User *user);
Err mail_email_changed_in(Ctx *ctx, DbTx *tx, const User *user, Str old_email); /* to the old address */
Err mail_deactivated_in(Ctx *ctx, DbTx *tx, const User *user);
Err mail_mfa_changed_in(Ctx *ctx, DbTx *tx, const User *user);
Err mail_access_token_added_in(Ctx *ctx, DbTx *tx, const User *user);

/* An invitation by mail to somebody who may not have an account yet: its link holds a token of type "team_invitation" (or
 * "guest_invitation", with channels) that lasts 48 hours; user_create takes it as SignUp.token. */
typedef struct MailInvite {
    const Team *team;
    const User *sender;
    Str email;               /* lower case */
    Str locale;              /* of the sender, since the receiver's is not known */
    bool is_guest;
    const Str *channel_ids;  /* of a guest; or more channels to join */
    size_t channel_count;
    Str message;             /* of the sender, or empty */
} MailInvite;
Err mail_invite_in(Ctx *ctx, DbTx *tx, const MailInvite *invite);
/* Takes back all invitations by mail: those sent, and those on their way. */
Err mail_invites_cancel_in(Ctx *ctx, DbTx *tx);

/* A message that calls people who may be away: one job, which looks up who wants a mail of it (notify_props, presence) when
 * it runs. `called`: whom it mentions, and everybody else in a direct or group message; `followers`: of its thread. */
Err mail_notify_in(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *called, const StrVec *followers);

/* Sends a test mail now, not as a job, by the settings given: for the console. On failure ctx->failure says what the mail
 * server said. */
Err mail_test(Ctx *ctx, const Settings *settings, Str to);

/* For ops/job_kinds.c. */
Err mail_job_run(Ctx *ctx, const Job *job);
Err mail_notify_job_run(Ctx *ctx, const Job *job);
