#include "store/team_store.h"
#include "store/query.h"

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

Err store_team_lock(DbTx *tx, Arena *arena, Str id, Team *ret_team)
{
    TRY(db_exec(tx, "UPDATE teams SET update_at = update_at WHERE id = ?", id));
    return store_team_get(tx, arena, id, ret_team);
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

Err store_team_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, Team **ret_teams,
                           size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM teams WHERE id IN");
    query_in(&q, ids, count);
    return query_list(&q, tx, &team_entity, ret_teams, ret_count);
}

Err store_team_list_common(DbTx *tx, Arena *arena, Str channel_id, Team **ret_teams,
                           size_t *ret_count)
{
    return entity_list(
        tx, &team_entity, arena, ret_teams, ret_count,
        ENTITY_SQL(&team_entity,
                   "SELECT $t. FROM teams t WHERE t.delete_at = 0 AND NOT EXISTS (SELECT 1 FROM "
                   "channel_members c "
                   "WHERE c.channel_id = ? AND NOT EXISTS (SELECT 1 FROM team_members m WHERE "
                   "m.team_id = t.id "
                   "AND m.user_id = c.user_id AND m.delete_at = 0)) ORDER BY t.display_name, t.id"),
        channel_id);
}

Err store_team_is_common(DbTx *tx, Str user_id, Str other_id, bool *ret_common)
{
    int64_t found;
    Err err = db_get_int(
        tx, &found,
        "SELECT 1 FROM team_members a JOIN team_members b ON b.team_id = a.team_id "
        "WHERE a.user_id = ? AND b.user_id = ? AND a.delete_at = 0 AND b.delete_at = 0 LIMIT 1",
        user_id, other_id);
    *ret_common = err == OK;
    return err == ERR_ABSENT ? OK : err;
}

/* ---- search ---- */
static void add_conditions(Query *q, const TeamSearch *s)
{
    query_words(q, "t.search_text", s->term);
    if (!s->with_archived)
        query_add(q, " AND t.delete_at = 0");
    query_add(q, " AND (1 = 0");
    if (s->with_public)
        query_add(q, " OR (t.allow_open_invite = 1 AND t.type = 'O')");
    if (s->with_closed)
        query_add(q, " OR t.allow_open_invite = 0 OR t.type <> 'O'");
    if (s->or_member_id.len)
        query_one(q,
                  " OR EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = t.id AND m.user_id = "
                  "? AND m.delete_at = 0)",
                  s->or_member_id);
    query_add(q, ")");
}

Err store_team_search(DbTx *tx, Arena *arena, const TeamSearch *search, Team **ret_teams,
                      size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $t. FROM teams t WHERE 1 = 1");
    add_conditions(&q, search);
    query_one(&q, " ORDER BY t.search_text, t.id LIMIT ?", search->limit);
    query_one(&q, " OFFSET ?", search->offset);
    return query_list(&q, tx, &team_entity, ret_teams, ret_count);
}

Err store_team_search_count(DbTx *tx, Arena *arena, const TeamSearch *search, int64_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT count(*) FROM teams t WHERE 1 = 1");
    add_conditions(&q, search);
    return query_get_int(&q, tx, ret_count);
}

Err store_team_destroy(DbTx *tx, Str team_id)
{
    TRY(db_exec(tx,
                "DELETE FROM sidebar_channels WHERE category_id IN (SELECT id FROM "
                "sidebar_categories WHERE team_id = ?)",
                team_id));
    TRY(db_exec(tx, "DELETE FROM sidebar_categories WHERE team_id = ?", team_id));
    TRY(db_exec(tx, "DELETE FROM team_members WHERE team_id = ?", team_id));
    return db_exec(tx, "DELETE FROM teams WHERE id = ?", team_id);
}

Err store_team_channel_ids(DbTx *tx, Arena *arena, Str team_id, StrVec *ret_ids)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT id FROM channels");
    query_one(&q, " WHERE team_id = ? ORDER BY id", team_id);
    return query_texts(&q, tx, ret_ids);
}

/* ---- members ---- */
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

Err store_team_member_list_by_ids(DbTx *tx, Arena *arena, Str team_id, const Str *user_ids,
                                  size_t count, TeamMember **ret_members, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $ FROM team_members");
    query_one(&q, " WHERE team_id = ? AND delete_at = 0 AND user_id IN", team_id);
    query_in(&q, user_ids, count);
    return query_list(&q, tx, &team_member_entity, ret_members, ret_count);
}

Err store_team_member_list(DbTx *tx, Arena *arena, const TeamMemberList *list,
                           TeamMember **ret_members, size_t *ret_count)
{
    CLEANUP(query_deinit) Query q;
    query_init(&q, arena, "SELECT $m. FROM team_members m");
    if (list->by_username || list->without_deactivated)
        query_add(&q, " JOIN users u ON u.id = m.user_id");
    query_one(&q, " WHERE m.team_id = ? AND m.delete_at = 0", list->team_id);
    if (list->without_deactivated)
        query_add(&q, " AND u.delete_at = 0");
    query_add(&q, list->by_username ? " ORDER BY u.username" : " ORDER BY m.user_id");
    query_one(&q, " LIMIT ?", list->limit);
    query_one(&q, " OFFSET ?", list->offset);
    return query_list(&q, tx, &team_member_entity, ret_members, ret_count);
}

Err store_team_member_counts(DbTx *tx, Str team_id, int64_t *ret_total, int64_t *ret_active)
{
    TRY(db_get_int(tx, ret_total,
                   "SELECT count(*) FROM team_members WHERE team_id = ? AND delete_at = 0",
                   team_id));
    return db_get_int(tx, ret_active,
                      "SELECT count(*) FROM team_members m JOIN users u ON u.id = m.user_id "
                      "WHERE m.team_id = ? AND m.delete_at = 0 AND u.delete_at = 0",
                      team_id);
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
