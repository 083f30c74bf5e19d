/* api/teams_api.c: teams on the wire. */
#include "api/route.h"
#include "domain/teams.h"

static Err reply_team(Req *req, int status, Team *team)
{
    TRY(team_sanitize(&req->ctx, team));
    return req_reply_entity(req, status, &team_entity, team);
}

static Err api_team_create(Req *req)
{
    Team draft = {0}, team;
    TRY(req_body(req, &team_entity, NEW, &draft, NULL));
    TRY(team_create(&req->ctx, &draft, &team));
    return reply_team(req, 201, &team);
}

static Err api_team_get(Req *req)
{
    Str id;
    Team team;
    TRY(req_param_id(req, "team_id", &id));
    TRY(team_to_read(&req->ctx, id, &team));
    return reply_team(req, 200, &team);
}

static Err api_team_add_member(Req *req)
{
    Str team_id;
    TeamMember wanted = {0}, member;
    TRY(req_param_id(req, "team_id", &team_id));
    TRY(req_body(req, &team_member_entity, NEW, &wanted, NULL));
    if (!str_eq(wanted.team_id, team_id))
        return fail_body(&req->ctx, "team_id");
    if (wanted.user_id.len != 26)
        return fail_body(&req->ctx, "user_id");
    TRY(team_add_member(&req->ctx, team_id, wanted.user_id, &member));
    return req_reply_entity(req, 201, &team_member_entity, &member);
}

/* clang-format off */
const Route TEAM_ROUTES[] = {
    { POST, "/api/v4/teams", api_team_create, "CreateTeam", "Team", "create_team", .success = 201, .body = "Team",
      .summary = "Create a team" },
    { GET, "/api/v4/teams/{team_id}", api_team_get, "GetTeam", "Team", "view_team, list_public_teams", .summary = "A team" },
    { POST, "/api/v4/teams/{team_id}/members", api_team_add_member, "AddTeamMember", "TeamMember",
      "add_user_to_team, join_public_teams, join_private_teams", .success = 201, .body = "TeamMember",
      .summary = "Add somebody to a team, or join it" },
    { 0 },
};
/* clang-format on */
