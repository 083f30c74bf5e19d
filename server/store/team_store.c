#include "store/team_store.h"

Err store_team_get(DbTx *tx, Arena *arena, Str id, Team *ret_team)
{
    return entity_get(tx, &team_entity, arena, ret_team,
                      ENTITY_SQL(&team_entity, "SELECT $ FROM teams WHERE id = ?"), id);
}

Err store_team_get_by_name(DbTx *tx, Arena *arena, Str name, Team *ret_team)
{
    return entity_get(tx, &team_entity, arena, ret_team,
                      ENTITY_SQL(&team_entity, "SELECT $ FROM teams WHERE name = ?"), name);
}

Err store_team_get_by_invite(DbTx *tx, Arena *arena, Str invite_id, Team *ret_team)
{
    return entity_get(tx, &team_entity, arena, ret_team,
                      ENTITY_SQL(&team_entity, "SELECT $ FROM teams WHERE invite_id = ?"),
                      invite_id);
}

Err store_team_list_of_user(DbTx *tx, Arena *arena, Str user_id, Team **ret_teams,
                            size_t *ret_count)
{
    return entity_list(tx, &team_entity, arena, ret_teams, ret_count,
                       ENTITY_SQL(&team_entity,
                                  "SELECT $t. FROM team_members m JOIN teams t ON t.id = m.team_id "
                                  "WHERE m.user_id = ? AND m.delete_at = 0 AND t.delete_at = 0 "
                                  "ORDER BY t.display_name, t.id"),
                       user_id);
}

Err store_team_member_get(DbTx *tx, Arena *arena, Str team_id, Str user_id, TeamMember *ret_member)
{
    return entity_get(tx, &team_member_entity, arena, ret_member,
                      ENTITY_SQL(&team_member_entity,
                                 "SELECT $ FROM team_members WHERE team_id = ? AND user_id = ?"),
                      team_id, user_id);
}

Err store_team_member_list_of_user(DbTx *tx, Arena *arena, Str user_id, TeamMember **ret_members,
                                   size_t *ret_count)
{
    return entity_list(
        tx, &team_member_entity, arena, ret_members, ret_count,
        ENTITY_SQL(
            &team_member_entity,
            "SELECT $m. FROM team_members m JOIN teams t ON t.id = m.team_id "
            "WHERE m.user_id = ? AND m.delete_at = 0 AND t.delete_at = 0 ORDER BY m.team_id"),
        user_id);
}

Err store_team_member_save(DbTx *tx, const TeamMember *m)
{
    static const DbUpsert UPSERT = {
        "team_members",
        "team_id, user_id, create_at, delete_at, scheme_guest, scheme_user, scheme_admin, "
        "explicit_roles",
        "team_id, user_id",
        "create_at, delete_at, scheme_guest, scheme_user, scheme_admin, explicit_roles"};
    return db_upsert(tx, &UPSERT, m->team_id, m->user_id, m->create_at, m->delete_at,
                     m->scheme_guest, m->scheme_user, m->scheme_admin, m->explicit_roles);
}
