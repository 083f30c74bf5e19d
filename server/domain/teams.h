/* domain/teams.h: teams: who is in, who may come in. */
#pragma once
#include "domain/access.h"

/* Doors: load it and check the right together. */
Err team_to_read(Ctx *ctx, Str team_id, Team *ret_team);
Err team_by_invite(Ctx *ctx, Str invite_id, Team *ret_team);
/* What the one who asks may see of it: e-mail and invite id only for those who may use them. */
Err team_sanitize(Ctx *ctx, Team *team);

/* The rules of names and lengths. */
Err team_check(Ctx *ctx, const Team *team);

/* Makes a team with its default channels (town-square, off-topic); the maker becomes its admin. */
Err team_create(Ctx *ctx, const Team *draft, Team *ret_team);

/* Joins within the open transaction: membership, default channels, join notes, events. `adder` NULL: by oneself. Already
 * in: nothing happens. */
Err team_join_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder);
/* The same as an operation, with the rights of the one who asks. */
Err team_add_member(Ctx *ctx, Str team_id, Str user_id, TeamMember *ret_member);
/* With the secret of an invite link, for oneself. */
Err team_join_by_invite(Ctx *ctx, Str invite_id, TeamMember *ret_member);

/* Fills in `roles` from the flags. */
void team_member_fill(Arena *arena, TeamMember *member);
