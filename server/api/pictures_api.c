/* api/pictures_api.c: pictures of people and teams on the wire. */
#include "api/content.h"
#include "api/form.h"
#include "api/route.h"
#include "domain/initials.h"
#include "domain/pictures.h"
#include "domain/teams.h"

enum { PICTURE_MAX_AGE_S = 24 * 3600, DRAWN_MAX_AGE_S = 300 };

/* ---- people ---- */
static Err reply_initials(Req *req, const User *user, Str tag, int max_age_s)
{
    req_header(req, "Cache-Control", str_printf(req->arena, "max-age=%d, private", max_age_s));
    if (req_is_unchanged(req, tag))
        return OK;
    Buf *out = req_begin(req, 200);
    req->http->reply.content_type = STR("image/png");
    req->http->reply.is_compressible = false;
    initials_draw(req->arena, user->id, user->username, out);
    return OK;
}

static Err api_user_image(Req *req)
{
    Str id;
    User user;
    Content content;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_picture(&req->ctx, id, &user, &content));
    if (content.key.len == 0)
        return reply_initials(req, &user, content.tag, DRAWN_MAX_AGE_S);
    return req_reply_content(req, &content, &(ContentOptions){.max_age_s = PICTURE_MAX_AGE_S});
}

static Err api_user_default_image(Req *req)
{
    Str id;
    User user;
    Content content;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_picture(&req->ctx, id, &user, &content));
    Str tag = str_printf(req->arena, STR_FMT "." STR_FMT, STR_ARG(user.id), STR_ARG(user.username));
    return reply_initials(req, &user, tag, PICTURE_MAX_AGE_S);
}

static Err api_user_set_image(Req *req)
{
    static const FormFileErrors errors = {ERR_API_USER_UPLOAD_PROFILE_USER_PARSE,
                                          ERR_API_USER_UPLOAD_PROFILE_USER_NO_FILE,
                                          ERR_API_USER_UPLOAD_PROFILE_USER_TOO_LARGE};
    Str id, bytes;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_picture_to_change(&req->ctx, id));
    TRY(req_form_file(req, "image", req->ctx.settings->FileSettings_MaxFileSize, errors, &bytes));
    TRY(user_picture_set(&req->ctx, id, bytes));
    return req_reply_ok(req);
}

static Err api_user_reset_image(Req *req)
{
    Str id;
    TRY(req_param_id(req, "user_id", &id));
    TRY(user_picture_reset(&req->ctx, id));
    return req_reply_ok(req);
}

/* ---- teams ---- */
static Err api_team_icon(Req *req)
{
    Str id;
    Content content;
    TRY(req_param_id(req, "team_id", &id));
    TRY(team_icon(&req->ctx, id, &content));
    return req_reply_content(req, &content, &(ContentOptions){.max_age_s = PICTURE_MAX_AGE_S});
}

static Err api_team_set_icon(Req *req)
{
    static const FormFileErrors errors = {ERR_API_TEAM_SET_TEAM_ICON_PARSE,
                                          ERR_API_TEAM_SET_TEAM_ICON_NO_FILE,
                                          ERR_API_TEAM_SET_TEAM_ICON_TOO_LARGE};
    Str id, bytes;
    Team team;
    TRY(req_param_id(req, "team_id", &id));
    TRY(team_to_manage(&req->ctx, id, &team));
    TRY(req_form_file(req, "image", req->ctx.settings->FileSettings_MaxFileSize, errors, &bytes));
    TRY(team_icon_set(&req->ctx, id, bytes));
    return req_reply_ok(req);
}

static Err api_team_reset_icon(Req *req)
{
    Str id;
    TRY(req_param_id(req, "team_id", &id));
    TRY(team_icon_reset(&req->ctx, id));
    return req_reply_ok(req);
}

/* clang-format off */
const Route PICTURE_ROUTES[] = {
    { GET, "/api/v4/users/{user_id}/image", api_user_image, "GetProfileImage", "binary", "view_members",
      .summary = "A user's picture: sent, or initials" },
    { GET, "/api/v4/users/{user_id}/image/default", api_user_default_image, "GetDefaultProfileImage", "binary", "view_members",
      .summary = "A user's initials" },
    { POST, "/api/v4/users/{user_id}/image", api_user_set_image, "SetProfileImage", "StatusOK", "edit_other_users", SESSION,
      LANE_SLOWLY, 0, -1, .too_large = ERR_API_USER_UPLOAD_PROFILE_USER_TOO_LARGE, .summary = "Set a user's picture" },
    { DELETE, "/api/v4/users/{user_id}/image", api_user_reset_image, "SetDefaultProfileImage", "StatusOK", "edit_other_users",
      .summary = "Go back to the initials" },
    { GET, "/api/v4/teams/{team_id}/image", api_team_icon, "GetTeamIcon", "binary", "view_team",
      .summary = "A team's picture" },
    { POST, "/api/v4/teams/{team_id}/image", api_team_set_icon, "SetTeamIcon", "StatusOK", "manage_team", SESSION, LANE_SLOWLY, 0,
      -1, .too_large = ERR_API_TEAM_SET_TEAM_ICON_TOO_LARGE, .summary = "Set a team's picture" },
    { DELETE, "/api/v4/teams/{team_id}/image", api_team_reset_icon, "RemoveTeamIcon", "StatusOK", "manage_team",
      .summary = "Take a team's picture away" },
    { 0 },
};
/* clang-format on */
