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
    Team team;
    TRY(team_to_read(&req->ctx, req_param(req, "team_id"), &team));
    return reply_team(req, 200, &team);
}

static Err api_team_get_by_name(Req *req)
{
    Team team;
    TRY(team_by_name(&req->ctx, req_param(req, "team_name"), &team));
    return reply_team(req, 200, &team);
}

static Err api_team_exists(Req *req)
{
    bool exists;
    TRY(team_exists(&req->ctx, req_param(req, "team_name"), &exists));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "exists");
    json_bool(out, exists);
    json_close(out);
    return OK;
}

/* ---- lists ---- */
static Err reply_teams(Req *req, const Team *teams, size_t count, const int64_t *total)
{
    if (!total)
        return req_reply_entities(req, 200, &team_entity, teams, count);
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "teams");
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        team_write_json(&teams[i], out);
    json_close_array(out);
    json_key(out, "total_count");
    json_int(out, *total);
    json_close(out);
    return OK;
}

static Err api_team_list(Req *req)
{
    Page page = req_page(req);
    Team *teams;
    size_t count;
    int64_t total;
    TRY(team_list(&req->ctx, STR_EMPTY, page.per_page, page.offset, &teams, &count, &total));
    return reply_teams(req, teams, count,
                       req_query_flag(req, "include_total_count") ? &total : NULL);
}

/* With a page the answer tells the total too, as v4 has it; without one it is a plain list of all that fit. */
static Err api_team_search(Req *req)
{
    enum { FOUND_MAX = 1000 };
    json_t *body;
    Str term;
    int64_t page, per_page, total;
    Team *teams;
    size_t count;
    TRY(req_json(req, "team_search", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "team_search");
    TRY(req_text_of(req, body, "term", &term));
    TRY(req_int_of(req, body, "page", -1, &page));
    TRY(req_int_of(req, body, "per_page", -1, &per_page));
    bool is_paged = page >= 0 && per_page >= 0;
    if (page > FOUND_MAX || per_page > FOUND_MAX)
        return fail_body(&req->ctx, "per_page");
    int64_t limit = is_paged ? per_page : FOUND_MAX, offset = is_paged ? page * per_page : 0;
    TRY(team_list(&req->ctx, term, limit, offset, &teams, &count, &total));
    return reply_teams(req, teams, count, is_paged ? &total : NULL);
}

/* ---- changes ---- */
static Err update(Req *req, bool is_whole)
{
    Team change = {0}, team;
    FieldMask mask;
    json_t *body;
    Str id = req_param(req, "team_id"), named;
    TRY(req_json(req, "team", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "team");
    TRY(req_text_of(req, body, "id", &named));
    if (is_whole && !str_eq(named, id))
        return fail_body(&req->ctx, "id");
    TRY(req_body(req, &team_entity, EDIT, &change, &mask));
    TRY(team_update(&req->ctx, id, &change, mask, &team));
    return reply_team(req, 200, &team);
}
static Err api_team_update(Req *req)
{
    return update(req, true);
}
static Err api_team_patch(Req *req)
{
    return update(req, false);
}

static Err api_team_set_privacy(Req *req)
{
    json_t *body;
    Str privacy;
    Team team;
    TRY(req_json(req, "privacy", &body));
    TRY(req_text_of(req, body, "privacy", &privacy));
    TRY(team_set_privacy(&req->ctx, req_param(req, "team_id"), privacy, &team));
    return reply_team(req, 200, &team);
}

static Err api_team_renew_invite(Req *req)
{
    Team team;
    TRY(team_renew_invite(&req->ctx, req_param(req, "team_id"), &team));
    return reply_team(req, 200, &team);
}

static Err api_team_delete(Req *req)
{
    Str id = req_param(req, "team_id");
    TRY(req_query_flag(req, "permanent") ? team_destroy(&req->ctx, id)
                                         : team_archive(&req->ctx, id));
    return req_reply_ok(req);
}

static Err api_team_restore(Req *req)
{
    Team team;
    TRY(team_restore(&req->ctx, req_param(req, "team_id"), &team));
    return reply_team(req, 200, &team);
}

/* What the page behind an invite link shows before anybody has signed in. */
static Err api_team_invite_info(Req *req)
{
    Team team;
    TRY(team_by_invite(&req->ctx, req_param(req, "invite_id"), &team));
    if (!str_eq(team.type, STR("O")))
        return fail(&req->ctx, ERR_API_TEAM_GET_INVITE_INFO_NOT_OPEN_TEAM);
    Team shown = {.id = team.id,
                  .name = team.name,
                  .display_name = team.display_name,
                  .description = team.description};
    return req_reply_entity(req, 200, &team_entity, &shown);
}

/* clang-format off */
const Route TEAM_ROUTES[] = {
    { POST, "/api/v4/teams", api_team_create, "CreateTeam", "Team", "create_team", .success = 201, .body = "Team",
      .summary = "Create a team" },
    { GET, "/api/v4/teams", api_team_list, "GetAllTeams", "[Team]|TeamsWithCount", "list_public_teams, list_private_teams",
      .query = "page, per_page, include_total_count, exclude_policy_constrained", .summary = "The teams one may list" },
    { POST, "/api/v4/teams/search", api_team_search, "SearchTeams", "[Team]|TeamsWithCount", "list_public_teams, list_private_teams",
      .body = "TeamSearch", .summary = "Find teams by name" },
    { GET, "/api/v4/teams/{team_id}", api_team_get, "GetTeam", "Team", "view_team, list_public_teams", .summary = "A team" },
    { PUT, "/api/v4/teams/{team_id}", api_team_update, "UpdateTeam", "Team", "manage_team", .body = "Team",
      .summary = "Change a team" },
    { PUT, "/api/v4/teams/{team_id}/patch", api_team_patch, "PatchTeam", "Team", "manage_team", .body = "TeamPatch",
      .summary = "Change parts of a team" },
    { PUT, "/api/v4/teams/{team_id}/privacy", api_team_set_privacy, "UpdateTeamPrivacy", "Team", "manage_team, invite_user",
      .body = "object", .summary = "Let everybody join, or only the invited" },
    { POST, "/api/v4/teams/{team_id}/regenerate_invite_id", api_team_renew_invite, "RegenerateTeamInviteId", "Team",
      "manage_team, invite_user", .summary = "A new invite link; the old one no longer works" },
    { DELETE, "/api/v4/teams/{team_id}", api_team_delete, "SoftDeleteTeam", "StatusOK", "manage_team", .query = "permanent",
      .summary = "Archive a team" },
    { POST, "/api/v4/teams/{team_id}/restore", api_team_restore, "RestoreTeam", "Team", "manage_team",
      .summary = "Take a team out of the archive" },
    { GET, "/api/v4/teams/name/{team_name}", api_team_get_by_name, "GetTeamByName", "Team", "view_team",
      .summary = "A team by its name" },
    { GET, "/api/v4/teams/name/{team_name}/exists", api_team_exists, "TeamExists", "TeamExists",
      "list_public_teams, list_private_teams", .summary = "Is there a team of this name" },
    { GET, "/api/v4/teams/invite/{invite_id}", api_team_invite_info, "GetTeamInviteInfo", "Team", "", NOBODY,
      .summary = "The team an invite link leads to" },
    { 0 },
};
/* clang-format on */
