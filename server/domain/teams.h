/* domain/teams.h: teams: making, changing, finding them. Who is in: domain/team_members.h. */
#pragma once
#include "domain/access.h"

/* Doors: load it and check the right together. */
Err team_to_read(Ctx *ctx, Str team_id, Team *ret_team);
Err team_to_manage(Ctx *ctx, Str team_id, Team *ret_team);
Err team_by_name(Ctx *ctx, Str name, Team *ret_team);
Err team_by_invite(Ctx *ctx, Str invite_id, Team *ret_team);
/* Does one know a team of this name? (In it, or allowed to list it.) */
Err team_exists(Ctx *ctx, Str name, bool *ret_exists);
/* What the one who asks may see of it: e-mail and invite id only for those who may use them. */
Err team_sanitize(Ctx *ctx, Team *team);
Err teams_sanitize(Ctx *ctx, Team *teams, size_t count); /* asks for the memberships once */
/* The same where the memberships of the one who asks are at hand, their roles filled in. */
Err teams_sanitize_as(Ctx *ctx, Team *teams, size_t count, const TeamMember *members, size_t member_count);

/* The rules of names and lengths. */
Err team_check(Ctx *ctx, const Team *team);

/* Makes a team with its default channels (town-square, off-topic); the maker becomes its admin. */
Err team_create(Ctx *ctx, const Team *draft, Team *ret_team);
/* Changes the fields of `mask`. */
Err team_update(Ctx *ctx, Str team_id, const Team *change, FieldMask mask, Team *ret_team);
/* "O": everybody may join; "I": by invitation, and the old invite link no longer works. */
Err team_set_privacy(Ctx *ctx, Str team_id, Str type, Team *ret_team);
Err team_renew_invite(Ctx *ctx, Str team_id, Team *ret_team);
Err team_archive(Ctx *ctx, Str team_id);
Err team_restore(Ctx *ctx, Str team_id, Team *ret_team);
Err team_destroy(Ctx *ctx, Str team_id); /* with its channels and their posts, for ever */

/* Teams the one who asks may list, by name; `term` empty: all. *ret_total may be NULL. */
Err team_list(Ctx *ctx, Str term, int64_t limit, int64_t offset, Team **ret_teams, size_t *ret_count, int64_t *ret_total);

/* Within an open transaction. */
Err team_audit(Ctx *ctx, DbTx *tx, const char *action, Str team_id);
/* Tells the team of its new state, without what only some may see. */
void team_publish(Ctx *ctx, DbTx *tx, const char *event_name, const Team *team);
