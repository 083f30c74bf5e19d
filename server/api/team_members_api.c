/* api/team_members_api.c: who is in a team, on the wire. */
#include "api/dispatch.h"
#include "base/id.h"
#include "domain/invitations.h"
#include "store/team_store.h"

static Err reply_members(Req *req, int status, TeamMember *members, size_t count)
{
    team_members_fill(req->arena, members, count);
    return req_reply_entities(req, status, &team_member_entity, members, count);
}

/* ---- reading ---- */
static Err api_team_members(Req *req)
{
    Page page = req_page(req);
    TeamMember *members;
    size_t count;
    DbTx *tx;
    Str sort = req_query(req, "sort");
    TeamMemberList list = {
        .team_id = req_param(req, "team_id"),
        .by_username = str_eq_nocase(sort, STR("username")),
        .without_deactivated = req_query_flag(req, "exclude_deleted_users"),
        .limit = page.per_page,
        .offset = page.offset,
    };
    TRY(need_in_team(&req->ctx, list.team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_member_list(tx, req->arena, &list, &members, &count));
    return reply_members(req, 200, members, count);
}

static Err api_team_members_by_ids(Req *req)
{
    StrVec ids;
    TeamMember *members;
    size_t count;
    DbTx *tx;
    Str team_id = req_param(req, "team_id");
    TRY(req_texts(req, "user_ids", true, 10000, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "user_ids");
    TRY(need_in_team(&req->ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_member_list_by_ids(tx, req->arena, team_id, ids.items, ids.len, &members,
                                      &count));
    return reply_members(req, 200, members, count);
}

static Err api_team_member_get(Req *req)
{
    TeamMember member;
    TRY(team_member_to_read(&req->ctx, req_param(req, "team_id"), req_param(req, "user_id"),
                            &member));
    return req_reply_entity(req, 200, &team_member_entity, &member);
}

static Err api_team_stats(Req *req)
{
    Str id = req_param(req, "team_id");
    int64_t total, active;
    DbTx *tx;
    TRY(need_in_team(&req->ctx, id, PERM_VIEW_TEAM));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_member_counts(tx, id, &total, &active));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "team_id");
    json_str(out, id);
    json_key(out, "total_member_count");
    json_int(out, total);
    json_key(out, "active_member_count");
    json_int(out, active);
    json_close(out);
    return OK;
}

/* ---- adding ---- */
static Err api_team_add_member(Req *req)
{
    TeamMember wanted = {0};
    TeamAdded *added;
    StrVec ids = {0};
    Str team_id = req_param(req, "team_id");
    TRY(req_body(req, &team_member_entity, NEW, &wanted, NULL));
    if (!str_eq(wanted.team_id, team_id))
        return fail_body(&req->ctx, "team_id");
    if (!id_is_valid(wanted.user_id))
        return fail_body(&req->ctx, "user_id");
    vec_push(req->arena, &ids, wanted.user_id);
    TRY(team_add_members(&req->ctx, team_id, &ids, false, &added));
    return req_reply_entity(req, 201, &team_member_entity, &added[0].member);
}

/* A list of {"team_id", "user_id"}, all of this team. */
static Err read_batch(Req *req, Str team_id, StrVec *ret_ids)
{
    json_t *body, *item;
    size_t i;
    Str team, user;
    StrVec ids = {0};
    TRY(req_json(req, "members", &body));
    if (!json_is_array(body))
        return fail_body(&req->ctx, "members");
    if (json_array_size(body) == 0)
        return fail_body(&req->ctx, "no members in batch");
    if (json_array_size(body) > TEAM_BATCH_MAX)
        return fail_body(&req->ctx, "too many members in batch");
    json_array_foreach(body, i, item)
    {
        TRY(req_text_of(req, item, "team_id", &team));
        TRY(req_text_of(req, item, "user_id", &user));
        if (!str_eq(team, team_id))
            return fail_body(&req->ctx, "team_id");
        if (!id_is_valid(user))
            return fail_body(&req->ctx, "user_id");
        if (!strvec_has(&ids, user))
            vec_push(req->arena, &ids, user);
    }
    *ret_ids = ids;
    return OK;
}

static void write_added(Req *req, const TeamAdded *one, bool graceful, Buf *out)
{
    if (!graceful) {
        team_member_write_json(&one->member, out);
        return;
    }
    json_open(out);
    json_key(out, "user_id");
    json_str(out, one->user_id);
    json_key(out, "member");
    if (one->err == OK)
        team_member_write_json(&one->member, out);
    else
        json_nil(out);
    json_key(out, "error");
    if (one->err == OK)
        json_nil(out);
    else {
        req->ctx.failure = one->failure;
        api_write_error(&req->ctx, one->err, out);
        req->ctx.failure = (Failure){0};
    }
    json_close(out);
}

static Err api_team_add_members(Req *req)
{
    StrVec ids;
    TeamAdded *added;
    Str team_id = req_param(req, "team_id");
    bool graceful = req_query_flag(req, "graceful");
    TRY(read_batch(req, team_id, &ids));
    TRY(team_add_members(&req->ctx, team_id, &ids, graceful, &added));
    Buf *out = req_begin(req, 201);
    json_open_array(out);
    for (size_t i = 0; i < ids.len; i++)
        write_added(req, &added[i], graceful, out);
    json_close_array(out);
    return OK;
}

static Err api_team_join_by_invite(Req *req)
{
    TeamMember member;
    Str invite_id = req_query(req, "invite_id"), token = req_query(req, "token");
    if (invite_id.len == 0 && token.len == 0)
        return fail(&req->ctx, ERR_API_TEAM_ADD_USER_TO_TEAM_MISSING_PARAMETER);
    TRY(token.len ? team_join_by_token(&req->ctx, token, &member)
                  : team_join_by_invite(&req->ctx, invite_id, &member));
    return req_reply_entity(req, 201, &team_member_entity, &member);
}

/* ---- changing ---- */
static Err api_team_remove_member(Req *req)
{
    TRY(team_remove_member(&req->ctx, req_param(req, "team_id"), req_param(req, "user_id")));
    return req_reply_ok(req);
}

static Err api_team_member_set_roles(Req *req)
{
    json_t *body;
    Str roles;
    TRY(req_json(req, "team_member_roles", &body));
    if (!json_is_string(json_find(body, "roles")))
        return fail_body(&req->ctx, "team_member_roles");
    TRY(req_text_of(req, body, "roles", &roles));
    TRY(team_member_set_roles(&req->ctx, req_param(req, "team_id"), req_param(req, "user_id"),
                              roles));
    return req_reply_ok(req);
}

static Err api_team_member_set_scheme(Req *req)
{
    json_t *body;
    SchemeRoles wanted;
    TRY(req_json(req, "scheme_roles", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "scheme_roles");
    TRY(req_flag_of(req, body, "scheme_guest", false, &wanted.guest));
    TRY(req_flag_of(req, body, "scheme_user", false, &wanted.user));
    TRY(req_flag_of(req, body, "scheme_admin", false, &wanted.admin));
    TRY(team_member_set_scheme(&req->ctx, req_param(req, "team_id"), req_param(req, "user_id"),
                               &wanted));
    return req_reply_ok(req);
}

/* ---- of a user ---- */
static Err api_user_teams(Req *req)
{
    Str id = req_param(req, "user_id");
    Team *teams;
    size_t count;
    DbTx *tx;
    if (!str_eq(id, req->ctx.user_id))
        TRY(need(&req->ctx, PERM_SYSCONSOLE_READ_USER_MANAGEMENT_USERS));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_list_of_user(tx, req->arena, id, &teams, &count));
    TRY(teams_sanitize(&req->ctx, teams, count));
    return req_reply_entities(req, 200, &team_entity, teams, count);
}

static Err api_user_team_members(Req *req)
{
    Str id = req_param(req, "user_id");
    TeamMember *members;
    size_t count;
    DbTx *tx;
    if (!can(&req->ctx, PERM_READ_OTHER_USERS_TEAMS))
        TRY(need_self_or_edit(&req->ctx, id));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_member_list_of_user(tx, req->arena, id, &members, &count));
    return reply_members(req, 200, members, count);
}

/* clang-format off */
const Route TEAM_MEMBER_ROUTES[] = {
    { GET, "/api/v4/teams/{team_id}/members", api_team_members, "GetTeamMembers", "[TeamMember]", "view_team",
      .query = "page, per_page, sort, exclude_deleted_users", .summary = "The members of a team" },
    { POST, "/api/v4/teams/{team_id}/members", api_team_add_member, "AddTeamMember", "TeamMember",
      "add_user_to_team, join_public_teams, join_private_teams", .success = 201, .body = "TeamMember",
      .summary = "Add somebody to a team, or join it" },
    { POST, "/api/v4/teams/{team_id}/members/batch", api_team_add_members, "AddTeamMembers", "[TeamMember|TeamMemberWithError]",
      "add_user_to_team", .success = 201, .body = "[TeamMember]", .query = "graceful", .summary = "Add several people to a team" },
    { POST, "/api/v4/teams/{team_id}/members/ids", api_team_members_by_ids, "GetTeamMembersByIds", "[TeamMember]", "view_team",
      .body = "[string]", .summary = "Several members of a team" },
    { GET, "/api/v4/teams/{team_id}/members/{user_id}", api_team_member_get, "GetTeamMember", "TeamMember", "view_team",
      .summary = "A member of a team" },
    { DELETE, "/api/v4/teams/{team_id}/members/{user_id}", api_team_remove_member, "RemoveTeamMember", "StatusOK",
      "remove_user_from_team", .summary = "Take somebody out of a team, or leave it" },
    { PUT, "/api/v4/teams/{team_id}/members/{user_id}/roles", api_team_member_set_roles, "UpdateTeamMemberRoles", "StatusOK",
      "manage_team_roles", .body = "object", .summary = "Set a member's roles by name" },
    { PUT, "/api/v4/teams/{team_id}/members/{user_id}/schemeRoles", api_team_member_set_scheme, "UpdateTeamMemberSchemeRoles",
      "StatusOK", "manage_team_roles", .body = "SchemeRoles", .summary = "Make a member an admin, or not" },
    { POST, "/api/v4/teams/members/invite", api_team_join_by_invite, "AddTeamMemberFromInvite", "TeamMember", "", .success = 201,
      .query = "invite_id, token", .summary = "Join with an invite link" },
    { GET, "/api/v4/teams/{team_id}/stats", api_team_stats, "GetTeamStats", "TeamStats", "view_team",
      .summary = "How many people a team has" },
    { GET, "/api/v4/users/{user_id}/teams", api_user_teams, "GetTeamsForUser", "[Team]", "sysconsole_read_user_management_users",
      .summary = "The teams a user is in" },
    { GET, "/api/v4/users/{user_id}/teams/members", api_user_team_members, "GetTeamMembersForUser", "[TeamMember]",
      "read_other_users_teams, edit_other_users", .summary = "A user's memberships in teams" },
    { 0 },
};
/* clang-format on */
