/* api/channels_api.c: channels on the wire. */
#include "api/route.h"
#include "domain/channels.h"

static Err api_channel_create(Req *req)
{
    Channel draft = {0}, channel;
    TRY(req_body(req, &channel_entity, NEW, &draft, NULL));
    if (draft.team_id.len == 0)
        return fail_body(&req->ctx, "team_id");
    TRY(channel_create(&req->ctx, &draft, &channel));
    return req_reply_entity(req, 201, &channel_entity, &channel);
}

static Err api_channel_create_direct(Req *req)
{
    json_t *body;
    Channel channel;
    TRY(req_json(req, "user_ids", &body));
    if (!json_is_array(body) || json_array_size(body) != 2)
        return fail_body(&req->ctx, "user_ids");
    Str a = json_text(json_array_get(body, 0)), b = json_text(json_array_get(body, 1));
    if (a.len != 26 || b.len != 26)
        return fail_body(&req->ctx, "user_id");
    TRY(channel_create_direct(&req->ctx, a, b, &channel));
    return req_reply_entity(req, 201, &channel_entity, &channel);
}

static Err api_channel_get(Req *req)
{
    Str id;
    Channel channel;
    TRY(req_param_id(req, "channel_id", &id));
    TRY(channel_to_see(&req->ctx, id, &channel));
    return req_reply_entity(req, 200, &channel_entity, &channel);
}

static Err api_channel_view(Req *req)
{
    Str user_id, channel_id, previous_id;
    json_t *body;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(req_json(req, "channel_view", &body));
    TRY(req_text_of(req, body, "channel_id", &channel_id));
    TRY(req_text_of(req, body, "prev_channel_id", &previous_id));
    if ((channel_id.len && channel_id.len != 26) || (previous_id.len && previous_id.len != 26))
        return fail_body(&req->ctx, "channel_id");
    Str ids[2];
    int64_t times[2];
    size_t count = 0;
    if (channel_id.len)
        ids[count++] = channel_id;
    if (previous_id.len && !str_eq(previous_id, channel_id))
        ids[count++] = previous_id;
    TRY(channel_view(&req->ctx, user_id, ids, count, times));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "status");
    json_str(out, STR("OK"));
    json_key(out, "last_viewed_at_times");
    json_open(out);
    for (size_t i = 0; i < count; i++) {
        json_key_str(out, ids[i]);
        json_int(out, times[i]);
    }
    json_close(out);
    json_close(out);
    return OK;
}

/* clang-format off */
const Route CHANNEL_ROUTES[] = {
    { POST, "/api/v4/channels", api_channel_create, "CreateChannel", "Channel", "create_public_channel, create_private_channel",
      .success = 201, .body = "Channel", .summary = "Create a public or private channel" },
    { POST, "/api/v4/channels/direct", api_channel_create_direct, "CreateDirectChannel", "Channel", "create_direct_channel",
      .success = 201, .body = "[string]", .summary = "The direct channel of two people" },
    { GET, "/api/v4/channels/{channel_id}", api_channel_get, "GetChannel", "Channel", "read_channel, read_public_channel",
      .summary = "A channel" },
    { POST, "/api/v4/channels/members/{user_id}/view", api_channel_view, "ViewChannel", "ChannelViewResponse",
      "edit_other_users", .body = "object", .summary = "Mark a channel as read" },
    { 0 },
};
/* clang-format on */
