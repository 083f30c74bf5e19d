/* domain/invitations.h: asking people into a team by mail, and what the link in the mail brings. */
#pragma once
#include "domain/mails.h"
#include "domain/one_time_tokens.h"
#include "domain/team_members.h"

/* ---- what an invitation brings ---- */
typedef struct Invited {
    Team team; /* id empty: none */
    Token token;
    bool by_mail, is_guest;
    Str email; /* whom the mail was sent to */
    StrVec channel_ids;
} Invited;

/* By the secret of a mail's link. Errors are those of signing up. */
Err invitation_find(Ctx *ctx, DbTx *tx, Str secret, Invited *ret_invited);
/* The team and the channels; uses the invitation up: ERR_ABSENT when that happened already. */
Err invitation_join_in(Ctx *ctx, DbTx *tx, const Invited *invited, const User *user);
/* For somebody who has an account and is signed in. */
Err team_join_by_token(Ctx *ctx, Str secret, TeamMember *ret_member);

/* ---- sending them ---- */
enum { INVITES_MAX = 100 };
typedef struct InviteByMail {
    StrVec emails, channel_ids; /* channels to join beside the default ones; guests: the only ones */
    Str message;
    bool is_guest;
} InviteByMail;
/* What became of one of them. */
typedef struct InviteSent {
    Str email;
    Err err; /* OK: on its way */
    Failure failure;
} InviteSent;
/* `graceful`: bad addresses do not stop the others; else the first error is the error and no mail goes out. */
Err team_invite_by_mail(Ctx *ctx, Str team_id, const InviteByMail *invite, bool graceful, InviteSent **ret_sent);
/* Takes back all invitations of the server. */
Err invitations_cancel(Ctx *ctx);
