/* api/channels_api.c: channels on the wire. Lists and searches: channel_lists_api.c; members: channel_members_api.c. */
#include "api/route.h"
#include "base/id.h"
#include "domain/channels.h"
#include "domain/direct_channels.h"
#include "domain/teams.h"

static Err reply_channel(Req *req, int status, const Channel *channel)
{
    return req_reply_entity(req, status, &channel_entity, channel);
}

/* ---- making ---- */
static Err api_channel_create(Req *req)
{
    Channel draft = {0}, channel;
    TRY(req_body(req, &channel_entity, NEW, &draft, NULL));
    if (!id_is_valid(draft.team_id))
        return fail_body(&req->ctx, "team_id");
    TRY(channel_create(&req->ctx, &draft, &channel));
    return reply_channel(req, 201, &channel);
}

static Err api_channel_create_direct(Req *req)
{
    json_t *body;
    Channel channel;
    TRY(req_json(req, "user_ids", &body));
    if (!json_is_array(body) || json_array_size(body) != 2)
        return fail_body(&req->ctx, "user_ids");
    Str a = json_text(json_array_get(body, 0)), b = json_text(json_array_get(body, 1));
    if (!id_is_valid(a) || !id_is_valid(b))
        return fail_body(&req->ctx, "user_id");
    TRY(channel_create_direct(&req->ctx, a, b, &channel));
    return reply_channel(req, 201, &channel);
}

static Err api_channel_create_group(Req *req)
{
    StrVec ids;
    Channel channel;
    TRY(req_texts(req, "user_ids", true, 100, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "user_ids");
    TRY(channel_create_group(&req->ctx, &ids, &channel));
    return reply_channel(req, 201, &channel);
}

/* ---- reading ---- */
static Err api_channel_get(Req *req)
{
    Channel channel;
    TRY(channel_to_see(&req->ctx, req_param(req, "channel_id"), &channel));
    return reply_channel(req, 200, &channel);
}

static Err api_channel_get_by_name(Req *req)
{
    Channel channel;
    TRY(channel_by_name(&req->ctx, req_param(req, "team_id"), req_param(req, "channel_name"),
                        req_query_flag(req, "include_deleted"), &channel));
    return reply_channel(req, 200, &channel);
}

static Err api_channel_get_by_names(Req *req)
{
    Team team;
    Channel channel;
    TRY(team_by_name(&req->ctx, req_param(req, "team_name"), &team));
    TRY(channel_by_name(&req->ctx, team.id, req_param(req, "channel_name"),
                        req_query_flag(req, "include_deleted"), &channel));
    return reply_channel(req, 200, &channel);
}

/* ---- changing ---- */
/* The whole channel as a client holds it: its id and type must be right, empty names leave the old ones. */
static Err api_channel_update(Req *req)
{
    Channel old, change = {0}, channel;
    FieldMask mask;
    json_t *body;
    Str id = req_param(req, "channel_id"), named, type;
    TRY(req_json(req, "channel", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "channel");
    TRY(req_text_of(req, body, "id", &named));
    TRY(req_text_of(req, body, "type", &type));
    if (!str_eq(named, id))
        return fail_body(&req->ctx, "channel_id");
    TRY(req_body(req, &channel_entity, EDIT, &change, &mask));
    TRY(channel_to_see(&req->ctx, id, &old));
    if (type.len && !str_eq(type, old.type))
        return fail(&req->ctx, ERR_API_CHANNEL_UPDATE_CHANNEL_TYPECHANGE);
    if (change.name.len == 0)
        change.name = old.name;
    if (change.display_name.len == 0)
        change.display_name = old.display_name;
    TRY(channel_update(&req->ctx, id, &change, mask, &channel));
    return reply_channel(req, 200, &channel);
}

static Err api_channel_patch(Req *req)
{
    Channel change = {0}, channel;
    FieldMask mask;
    TRY(req_body(req, &channel_entity, EDIT, &change, &mask));
    TRY(channel_update(&req->ctx, req_param(req, "channel_id"), &change, mask, &channel));
    return reply_channel(req, 200, &channel);
}

static Err api_channel_set_privacy(Req *req)
{
    json_t *body;
    Str privacy;
    Channel channel;
    TRY(req_json(req, "privacy", &body));
    TRY(req_text_of(req, body, "privacy", &privacy));
    TRY(channel_set_privacy(&req->ctx, req_param(req, "channel_id"), privacy, &channel));
    return reply_channel(req, 200, &channel);
}

static Err api_channel_delete(Req *req)
{
    Str id = req_param(req, "channel_id");
    TRY(req_query_flag(req, "permanent") ? channel_destroy(&req->ctx, id)
                                         : channel_archive(&req->ctx, id));
    return req_reply_ok(req);
}

static Err api_channel_restore(Req *req)
{
    Channel channel;
    TRY(channel_restore(&req->ctx, req_param(req, "channel_id"), &channel));
    return reply_channel(req, 200, &channel);
}

/* clang-format off */
const Route CHANNEL_ROUTES[] = {
    { POST, "/api/v4/channels", api_channel_create, "CreateChannel", "Channel", "create_public_channel, create_private_channel",
      .success = 201, .body = "Channel", .summary = "Create a public or private channel" },
    { POST, "/api/v4/channels/direct", api_channel_create_direct, "CreateDirectChannel", "Channel", "create_direct_channel",
      .success = 201, .body = "[string]", .summary = "The direct channel of two people" },
    { POST, "/api/v4/channels/group", api_channel_create_group, "CreateGroupChannel", "Channel", "create_group_channel",
      .success = 201, .body = "[string]", .summary = "The group channel of three to eight people" },
    { GET, "/api/v4/channels/{channel_id}", api_channel_get, "GetChannel", "Channel", "read_channel, read_public_channel",
      .summary = "A channel" },
    { GET, "/api/v4/teams/{team_id}/channels/name/{channel_name}", api_channel_get_by_name, "GetChannelByName", "Channel",
      "read_channel, read_public_channel", .query = "include_deleted", .summary = "A channel by its name" },
    { GET, "/api/v4/teams/name/{team_name}/channels/name/{channel_name}", api_channel_get_by_names, "GetChannelByNameForTeamName",
      "Channel", "read_channel, read_public_channel", .query = "include_deleted", .summary = "A channel by its and its team's name" },
    { PUT, "/api/v4/channels/{channel_id}", api_channel_update, "UpdateChannel", "Channel",
      "manage_public_channel_properties, manage_private_channel_properties", .body = "Channel", .summary = "Change a channel" },
    { PUT, "/api/v4/channels/{channel_id}/patch", api_channel_patch, "PatchChannel", "Channel",
      "manage_public_channel_properties, manage_private_channel_properties", .body = "ChannelPatch",
      .summary = "Change parts of a channel" },
    { PUT, "/api/v4/channels/{channel_id}/privacy", api_channel_set_privacy, "UpdateChannelPrivacy", "Channel",
      "convert_public_channel_to_private, convert_private_channel_to_public", .body = "object",
      .summary = "Make a channel public or private" },
    { DELETE, "/api/v4/channels/{channel_id}", api_channel_delete, "DeleteChannel", "StatusOK",
      "delete_public_channel, delete_private_channel", .query = "permanent", .summary = "Archive a channel" },
    { POST, "/api/v4/channels/{channel_id}/restore", api_channel_restore, "RestoreChannel", "Channel",
      "manage_team, sysconsole_write_user_management_channels", .summary = "Take a channel out of the archive" },
    { 0 },
};
/* clang-format on */
