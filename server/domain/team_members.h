/* domain/team_members.h: who is in a team: coming, going, roles. */
#pragma once
#include "domain/member_roles.h"
#include "domain/teams.h"

enum { TEAM_BATCH_MAX = 256 };

/* ---- within an open transaction ---- */
/* Joins: membership, default channels, join notes, events. `adder` NULL: by oneself. Already in: nothing. */
Err team_join_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder);
/* The maker of a team. */
Err team_join_as_admin_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user);
/* Out of the team and all its channels. `remover_id`: who did it, maybe oneself. */
Err team_leave_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, Str remover_id);

/* Fills in `roles` from the flags. */
void team_member_fill(Arena *arena, TeamMember *member);
void team_members_fill(Arena *arena, TeamMember *members, size_t count);

/* ---- acts ---- */
/* What became of one of several who were to be added. */
typedef struct TeamAdded {
    Str user_id;
    TeamMember member;
    Err err;          /* OK: member is set */
    Failure failure;  /* what the client is told */
} TeamAdded;
/* Adds people, or oneself. `graceful`: those who cannot be added do not stop the others; else the first error is the
 * error and nobody is added. */
Err team_add_members(Ctx *ctx, Str team_id, const StrVec *user_ids, bool graceful, TeamAdded **ret_added);
/* With the secret of an invite link, for oneself. */
Err team_join_by_invite(Ctx *ctx, Str invite_id, TeamMember *ret_member);
Err team_remove_member(Ctx *ctx, Str team_id, Str user_id);
/* One who is in; 404 otherwise. */
Err team_member_to_read(Ctx *ctx, Str team_id, Str user_id, TeamMember *ret_member);
Err team_member_set_roles(Ctx *ctx, Str team_id, Str user_id, Str names);
Err team_member_set_scheme(Ctx *ctx, Str team_id, Str user_id, const SchemeRoles *wanted);
