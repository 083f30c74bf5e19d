/* store/team_store.h: teams and their members in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. */
#pragma once
#include "model/team.h"

Err store_team_get(DbTx *tx, Arena *arena, Str id, Team *ret_team);
Err store_team_get_by_name(DbTx *tx, Arena *arena, Str name, Team *ret_team);
Err store_team_get_by_invite(DbTx *tx, Arena *arena, Str invite_id, Team *ret_team);
Err store_team_list_of_user(DbTx *tx, Arena *arena, Str user_id, Team **ret_teams, size_t *ret_count); /* not left, not archived */

/* Also one that has left (delete_at not 0). */
Err store_team_member_get(DbTx *tx, Arena *arena, Str team_id, Str user_id, TeamMember *ret_member);
Err store_team_member_list_of_user(DbTx *tx, Arena *arena, Str user_id, TeamMember **ret_members, size_t *ret_count);
/* Inserts, or writes over the row of one who was there before. */
Err store_team_member_save(DbTx *tx, const TeamMember *member);
