/* api/channel_members_api.c: who is in a channel and how far they have read, on the wire. */
#include "api/route.h"
#include "base/id.h"
#include "domain/channel_members.h"
#include "domain/channel_reads.h"
#include "domain/timezones.h"
#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/team_store.h"

static Err reply_members(Req *req, ChannelMember *members, size_t count)
{
    channel_members_fill(&req->ctx, members, count);
    return req_reply_entities(req, 200, &channel_member_entity, members, count);
}

/* ---- reading ---- */
static Err api_channel_members(Req *req)
{
    Page page = req_page(req);
    Channel channel;
    ChannelMember *members;
    size_t count;
    DbTx *tx;
    TRY(channel_to_inspect(&req->ctx, req_param(req, "channel_id"), &channel));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_member_list(tx, req->arena, channel.id, page.per_page, page.offset, &members,
                                  &count));
    return reply_members(req, members, count);
}

static Err api_channel_members_by_ids(Req *req)
{
    StrVec ids;
    Channel channel;
    ChannelMember *members;
    size_t count;
    DbTx *tx;
    TRY(req_texts(req, "user_ids", true, 10000, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "user_ids");
    TRY(channel_to_inspect(&req->ctx, req_param(req, "channel_id"), &channel));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_member_list_by_ids(tx, req->arena, channel.id, ids.items, ids.len, &members,
                                         &count));
    return reply_members(req, members, count);
}

static Err api_channel_member_get(Req *req)
{
    ChannelMember member;
    TRY(channel_member_to_read(&req->ctx, req_param(req, "channel_id"), req_param(req, "user_id"),
                               &member));
    return req_reply_entity(req, 200, &channel_member_entity, &member);
}

static Err api_channel_stats(Req *req)
{
    Channel channel;
    ChannelCounts counts;
    DbTx *tx;
    TRY(channel_to_inspect(&req->ctx, req_param(req, "channel_id"), &channel));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_counts(tx, channel.id, !req_query_flag(req, "exclude_files_count"), &counts));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "channel_id");
    json_str(out, channel.id);
    json_key(out, "member_count");
    json_int(out, counts.members);
    json_key(out, "guest_count");
    json_int(out, counts.guests);
    json_key(out, "pinnedpost_count");
    json_int(out, counts.pinned);
    json_key(out, "files_count");
    json_int(out, counts.files);
    json_close(out);
    return OK;
}

static Err api_channel_member_counts(Req *req)
{
    StrVec ids;
    DbTx *tx;
    TRY(req_texts(req, "channel_ids", true, 1000, &ids));
    TRY(ctx_read(&req->ctx, &tx));
    int64_t *counts = arena_new(req->arena, int64_t, ids.len);
    for (size_t i = 0; i < ids.len; i++) {
        Channel channel;
        TRY(channel_to_see(&req->ctx, ids.items[i], &channel));
        TRY(store_channel_member_count(tx, channel.id, &counts[i]));
    }
    Buf *out = req_begin(req, 200);
    json_open(out);
    for (size_t i = 0; i < ids.len; i++) {
        json_key_str(out, ids.items[i]);
        json_int(out, counts[i]);
    }
    json_close(out);
    return OK;
}

static Err api_channel_timezones(Req *req)
{
    Channel channel;
    StrVec stored, zones = {0};
    DbTx *tx;
    TRY(channel_to_inspect(&req->ctx, req_param(req, "channel_id"), &channel));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_timezones(tx, req->arena, channel.id, &stored));
    for (size_t i = 0; i < stored.len; i++) {
        Str zone = timezone_of_user(req->arena, stored.items[i]);
        if (zone.len && !strvec_has(&zones, zone))
            vec_push(req->arena, &zones, zone);
    }
    json_strs(req_begin(req, 200), zones.items, zones.len);
    return OK;
}

/* ---- coming and going ---- */
/* {"user_id"} or {"user_ids": […]}; *ret_several tells which. */
static Err read_ids(Req *req, const json_t *body, StrVec *ret_ids, bool *ret_several)
{
    const json_t *list = json_find(body, "user_ids");
    StrVec ids = {0};
    size_t i;
    json_t *item;
    Str one;
    *ret_several = list && !json_is_null(list);
    if (!*ret_several) {
        TRY(req_text_of(req, body, "user_id", &one));
        if (!id_is_valid(one))
            return fail_body(&req->ctx, one.len ? "user_id" : "user_id or user_ids");
        vec_push(req->arena, &ids, one);
    } else if (!json_is_array(list) || json_array_size(list) == 0 ||
               json_array_size(list) > CHANNEL_ADD_MAX)
        return fail_body(&req->ctx, "user_ids");
    json_array_foreach(*ret_several ? (json_t *)list : NULL, i, item)
    {
        if (!id_is_valid(json_text(item)))
            return fail_body(&req->ctx, "user_id in user_ids");
        if (!strvec_has(&ids, json_text(item)))
            vec_push(req->arena, &ids, json_text(item));
    }
    *ret_ids = ids;
    return OK;
}

static Err api_channel_add_members(Req *req)
{
    json_t *body;
    StrVec ids;
    Str root_id;
    bool several;
    ChannelMember *members;
    size_t count;
    TRY(req_json(req, "user_id or user_ids", &body));
    TRY(read_ids(req, body, &ids, &several));
    TRY(req_text_of(req, body, "post_root_id", &root_id));
    if (root_id.len && !id_is_valid(root_id))
        return fail_body(&req->ctx, "post_root_id");
    TRY(channel_add_members(&req->ctx, req_param(req, "channel_id"), &ids, root_id, &members,
                            &count));
    if (several)
        return req_reply_entities(req, 201, &channel_member_entity, members, count);
    return req_reply_entity(req, 201, &channel_member_entity, &members[0]);
}

static Err api_channel_remove_member(Req *req)
{
    TRY(channel_remove_member(&req->ctx, req_param(req, "channel_id"), req_param(req, "user_id")));
    return req_reply_ok(req);
}

/* ---- changing ---- */
static Err api_channel_member_set_roles(Req *req)
{
    json_t *body;
    Str roles;
    TRY(req_json(req, "roles", &body));
    if (!json_is_string(json_find(body, "roles")))
        return fail_body(&req->ctx, "roles");
    TRY(req_text_of(req, body, "roles", &roles));
    TRY(channel_member_set_roles(&req->ctx, req_param(req, "channel_id"), req_param(req, "user_id"),
                                 roles));
    return req_reply_ok(req);
}

static Err api_channel_member_set_scheme(Req *req)
{
    json_t *body;
    SchemeRoles wanted;
    TRY(req_json(req, "scheme_roles", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "scheme_roles");
    TRY(req_flag_of(req, body, "scheme_guest", false, &wanted.guest));
    TRY(req_flag_of(req, body, "scheme_user", false, &wanted.user));
    TRY(req_flag_of(req, body, "scheme_admin", false, &wanted.admin));
    TRY(channel_member_set_scheme(&req->ctx, req_param(req, "channel_id"),
                                  req_param(req, "user_id"), &wanted));
    return req_reply_ok(req);
}

static Err api_channel_member_set_notify(Req *req)
{
    json_t *body;
    TRY(req_json(req, "notify_props", &body));
    TRY(channel_member_set_notify(&req->ctx, req_param(req, "channel_id"),
                                  req_param(req, "user_id"), body));
    return req_reply_ok(req);
}

/* ---- how far one has read ---- */
static Err view(Req *req, Str user_id, const Str *ids, size_t count)
{
    int64_t *times = arena_new(req->arena, int64_t, count);
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

static Err api_channel_view(Req *req)
{
    Str user_id = req_param(req, "user_id"), channel_id, previous_id, ids[2];
    json_t *body;
    size_t count = 0;
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(req_json(req, "channel_view", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "channel_view");
    TRY(req_text_of(req, body, "channel_id", &channel_id));
    TRY(req_text_of(req, body, "prev_channel_id", &previous_id));
    if (channel_id.len && !id_is_valid(channel_id))
        return fail_body(&req->ctx, "channel_view.channel_id");
    if (previous_id.len && !id_is_valid(previous_id))
        return fail_body(&req->ctx, "channel_view.prev_channel_id");
    if (channel_id.len)
        ids[count++] = channel_id;
    if (previous_id.len && !str_eq(previous_id, channel_id))
        ids[count++] = previous_id;
    return view(req, user_id, ids, count);
}

static Err api_channels_mark_read(Req *req)
{
    StrVec ids;
    Str user_id = req_param(req, "user_id");
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(req_texts(req, "channel_ids", true, 10000, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "channel_ids");
    return view(req, user_id, ids.items, ids.len);
}

/* ---- of a user ---- */
static Err api_user_team_channel_members(Req *req)
{
    Str user_id = req_param(req, "user_id"), team_id = req_param(req, "team_id");
    ChannelMember *members;
    size_t count;
    DbTx *tx;
    if (!str_eq(user_id, req->ctx.user_id))
        TRY(need(&req->ctx, PERM_MANAGE_SYSTEM));
    TRY(need_in_team(&req->ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_member_list_of_user_in_team(tx, req->arena, user_id, team_id, &members,
                                                  &count));
    return reply_members(req, members, count);
}

/* The memberships with their teams' names: an array, or with page=-1 all of them, one a line. */
static void write_with_team(const ChannelMember *m, const Team *team, Buf *out)
{
    json_open(out);
    entity_write_fields(&channel_member_entity, m, out);
    json_key(out, "team_display_name");
    json_str(out, team ? team->display_name : STR_EMPTY);
    json_key(out, "team_name");
    json_str(out, team ? team->name : STR_EMPTY);
    json_key(out, "team_update_at");
    json_int(out, team ? team->update_at : 0);
    json_close(out);
}

static const Team *find_team(const Team *teams, size_t count, Str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(teams[i].id, id))
            return &teams[i];
    return NULL;
}

static Err api_user_channel_members(Req *req)
{
    Str user_id = req_param(req, "user_id");
    bool is_whole = req_query_int(req, "page", 0) == -1;
    Page page = req_page(req);
    PlacedMember *placed;
    Team *teams;
    size_t count, team_count;
    DbTx *tx;
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_channel_member_list_of_user(tx, req->arena, user_id, is_whole ? -1 : page.per_page,
                                          is_whole ? 0 : page.offset, &placed, &count));
    TRY(store_team_list_of_user(tx, req->arena, user_id, &teams, &team_count));
    Buf *out = req_begin(req, 200);
    if (!is_whole)
        json_open_array(out);
    for (size_t i = 0; i < count; i++) {
        channel_member_fill(&req->ctx, &placed[i].member);
        write_with_team(&placed[i].member, find_team(teams, team_count, placed[i].team_id), out);
        if (is_whole)
            buf_append_char(out, '\n');
    }
    if (!is_whole)
        json_close_array(out);
    else
        req->http->reply.content_type = STR("application/x-ndjson");
    return OK;
}

/* clang-format off */
const Route CHANNEL_MEMBER_ROUTES[] = {
    { GET, "/api/v4/channels/{channel_id}/members", api_channel_members, "GetChannelMembers", "[ChannelMember]", "read_channel",
      .query = "page, per_page", .summary = "The members of a channel" },
    { POST, "/api/v4/channels/{channel_id}/members", api_channel_add_members, "AddChannelMember", "ChannelMember|[ChannelMember]",
      "join_public_channels, manage_public_channel_members, manage_private_channel_members", .success = 201, .body = "object",
      .summary = "Add people to a channel, or join it" },
    { POST, "/api/v4/channels/{channel_id}/members/ids", api_channel_members_by_ids, "GetChannelMembersByIds", "[ChannelMember]",
      "read_channel", .body = "[string]", .summary = "Several members of a channel" },
    { GET, "/api/v4/channels/{channel_id}/members/{user_id}", api_channel_member_get, "GetChannelMember", "ChannelMember",
      "read_channel", .summary = "A member of a channel" },
    { DELETE, "/api/v4/channels/{channel_id}/members/{user_id}", api_channel_remove_member, "RemoveUserFromChannel", "StatusOK",
      "manage_public_channel_members, manage_private_channel_members", .summary = "Take somebody out of a channel, or leave it" },
    { PUT, "/api/v4/channels/{channel_id}/members/{user_id}/roles", api_channel_member_set_roles, "UpdateChannelRoles", "StatusOK",
      "manage_channel_roles", .body = "object", .summary = "Set a member's roles by name" },
    { PUT, "/api/v4/channels/{channel_id}/members/{user_id}/schemeRoles", api_channel_member_set_scheme,
      "UpdateChannelMemberSchemeRoles", "StatusOK", "manage_channel_roles", .body = "SchemeRoles",
      .summary = "Make a member an admin, or not" },
    { PUT, "/api/v4/channels/{channel_id}/members/{user_id}/notify_props", api_channel_member_set_notify, "UpdateChannelNotifyProps",
      "StatusOK", "edit_other_users", .body = "{string}", .summary = "What of a channel one is told" },
    { GET, "/api/v4/channels/{channel_id}/stats", api_channel_stats, "GetChannelStats", "ChannelStats", "read_channel",
      .query = "exclude_files_count", .summary = "How many members, pinned posts and files a channel has" },
    { POST, "/api/v4/channels/stats/member_count", api_channel_member_counts, "GetChannelsMemberCount", "{integer}",
      "read_channel, read_public_channel", .body = "[string]", .summary = "How many members several channels have" },
    { GET, "/api/v4/channels/{channel_id}/timezones", api_channel_timezones, "GetChannelMembersTimezones", "[string]", "read_channel",
      .summary = "The time zones of a channel's members" },
    { POST, "/api/v4/channels/members/{user_id}/view", api_channel_view, "ViewChannel", "ChannelViewResponse",
      "edit_other_users", .body = "ChannelView", .summary = "Mark a channel as read" },
    { POST, "/api/v4/channels/members/{user_id}/mark_read", api_channels_mark_read, "ReadMultipleChannels", "ChannelViewResponse",
      "edit_other_users", .body = "[string]", .summary = "Mark several channels as read" },
    { GET, "/api/v4/users/{user_id}/teams/{team_id}/channels/members", api_user_team_channel_members, "GetChannelMembersForUser",
      "[ChannelMember]", "view_team", .summary = "A user's memberships in a team's channels and in direct messages" },
    { GET, "/api/v4/users/{user_id}/channel_members", api_user_channel_members, "GetChannelMembersWithTeamDataForUser",
      "[ChannelMemberWithTeamData]", "edit_other_users", .query = "page, per_page",
      .summary = "All of a user's memberships; page=-1: one a line" },
    { 0 },
};
/* clang-format on */
