/* domain/guests.h: people from outside, who see only the channels they were put into. */
#pragma once
#include "domain/users.h"

bool user_is_guest(const User *user);
/* The guests who share no channel with this person, and so must not hear of them. */
Err guests_blind_to(Ctx *ctx, DbTx *tx, Str user_id, StrVec *ret_guest_ids);
/* Makes a member a guest, or a guest a member: their roles, and their flags in every team and channel. */
Err user_demote(Ctx *ctx, Str user_id);
Err user_promote(Ctx *ctx, Str user_id);
