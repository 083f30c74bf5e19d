/* store/team_store.h: teams and their members in SQL. Absent rows are ERR_ABSENT; texts go into `arena`. */
#pragma once
#include "base/vec.h"
#include "model/team.h"

Err store_team_get(DbTx *tx, Arena *arena, Str id, Team *ret_team);
Err store_team_get_by_name(DbTx *tx, Arena *arena, Str name, Team *ret_team);
Err store_team_get_by_invite(DbTx *tx, Arena *arena, Str invite_id, Team *ret_team);
/* Locks the row until the transaction ends, and reads it. */
Err store_team_lock(DbTx *tx, Arena *arena, Str id, Team *ret_team);
Err store_team_list_of_user(DbTx *tx, Arena *arena, Str user_id, Team **ret_teams, size_t *ret_count); /* not left, not archived */
Err store_team_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, Team **ret_teams, size_t *ret_count);
/* Teams that all of the channel's members are in, not archived. */
Err store_team_list_common(DbTx *tx, Arena *arena, Str channel_id, Team **ret_teams, size_t *ret_count);
/* Are two people in one team? */
Err store_team_is_common(DbTx *tx, Str user_id, Str other_id, bool *ret_common);

/* Which teams to find, by name. */
typedef struct TeamSearch {
    Str term;                     /* each of its words occurs in the names */
    bool with_public, with_closed; /* those everybody may join, and the others */
    Str or_member_id;             /* … and those this user is in */
    bool with_archived;
    int64_t limit, offset;
} TeamSearch;
Err store_team_search(DbTx *tx, Arena *arena, const TeamSearch *search, Team **ret_teams, size_t *ret_count);
Err store_team_search_count(DbTx *tx, Arena *arena, const TeamSearch *search, int64_t *ret_count);
/* Takes it away with its members, invitations and sidebars; its channels are gone already (store_channel_destroy). */
Err store_team_destroy(DbTx *tx, Str team_id);
Err store_team_channel_ids(DbTx *tx, Arena *arena, Str team_id, StrVec *ret_ids); /* archived ones too */

/* Also one that has left (delete_at not 0). */
Err store_team_member_get(DbTx *tx, Arena *arena, Str team_id, Str user_id, TeamMember *ret_member);
Err store_team_member_list_of_user(DbTx *tx, Arena *arena, Str user_id, TeamMember **ret_members, size_t *ret_count);
Err store_team_member_list_by_ids(DbTx *tx, Arena *arena, Str team_id, const Str *user_ids, size_t count, TeamMember **ret_members,
                                  size_t *ret_count);
typedef struct TeamMemberList {
    Str team_id;
    bool by_username, without_deactivated;
    int64_t limit, offset;
} TeamMemberList;
Err store_team_member_list(DbTx *tx, Arena *arena, const TeamMemberList *list, TeamMember **ret_members, size_t *ret_count);
/* People of the team, and those of them who are not deactivated. */
Err store_team_member_counts(DbTx *tx, Str team_id, int64_t *ret_total, int64_t *ret_active);
/* Inserts, or writes over the row of one who was there before. */
Err store_team_member_save(DbTx *tx, const TeamMember *member);
