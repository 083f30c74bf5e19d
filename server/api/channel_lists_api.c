/* api/channel_lists_api.c: lists and searches of channels on the wire. */
#include "api/route.h"
#include "domain/channel_lists.h"
#include "store/channel_store.h"
#include "store/team_store.h"

static Err reply_list(Req *req, const ChannelList *list)
{
    return req_reply_entities(req, 200, &channel_entity, list->items, list->count);
}

/* ---- of a team ---- */
typedef Err (*TeamPage)(Ctx *ctx, Str team_id, int64_t limit, int64_t offset,
                        ChannelList *ret_list);

static Err reply_page(Req *req, TeamPage page_of)
{
    Page page = req_page(req);
    ChannelList list;
    TRY(page_of(&req->ctx, req_param(req, "team_id"), page.per_page, page.offset, &list));
    return reply_list(req, &list);
}
static Err api_channels_public(Req *req)
{
    return reply_page(req, channels_public);
}
static Err api_channels_private(Req *req)
{
    return reply_page(req, channels_private);
}
static Err api_channels_archived(Req *req)
{
    return reply_page(req, channels_archived);
}

static Err api_channels_by_ids(Req *req)
{
    StrVec ids;
    ChannelList list;
    TRY(req_texts(req, "channel_ids", true, 10000, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "channel_ids");
    TRY(channels_by_ids(&req->ctx, req_param(req, "team_id"), &ids, &list));
    return reply_list(req, &list);
}

/* ---- by words ---- */
static Err read_search(Req *req, json_t **ret_body, Str *ret_term)
{
    TRY(req_json(req, "channel_search", ret_body));
    if (!json_is_object(*ret_body))
        return fail_body(&req->ctx, "channel_search");
    return req_text_of(req, *ret_body, "term", ret_term);
}

static Err api_channels_search(Req *req)
{
    json_t *body;
    Str term;
    ChannelList list;
    TRY(read_search(req, &body, &term));
    TRY(channels_search(&req->ctx, req_param(req, "team_id"), term, &list));
    return reply_list(req, &list);
}

static Err api_channels_search_groups(Req *req)
{
    json_t *body;
    Str term;
    ChannelList list;
    TRY(read_search(req, &body, &term));
    TRY(channels_search_groups(&req->ctx, term, &list));
    return reply_list(req, &list);
}

static Err api_channels_complete(Req *req)
{
    ChannelList list;
    TRY(channels_complete(&req->ctx, req_param(req, "team_id"), req_query(req, "name"), &list));
    return reply_list(req, &list);
}

static Err api_channels_complete_own(Req *req)
{
    ChannelList list;
    TRY(channels_complete_own(&req->ctx, req_param(req, "team_id"), req_query(req, "name"), &list));
    return reply_list(req, &list);
}

/* ---- with their teams ---- */
static void write_with_team(const Channel *channel, const Team *teams, size_t count, Buf *out)
{
    const Team *team = NULL;
    for (size_t i = 0; i < count && !team; i++)
        team = str_eq(teams[i].id, channel->team_id) ? &teams[i] : NULL;
    json_open(out);
    entity_write_fields(&channel_entity, channel, out);
    json_key(out, "team_display_name");
    json_str(out, team ? team->display_name : STR_EMPTY);
    json_key(out, "team_name");
    json_str(out, team ? team->name : STR_EMPTY);
    json_key(out, "team_update_at");
    json_int(out, team ? team->update_at : 0);
    json_close(out);
}

/* With `total` as {"channels", "total_count"}, else a list. */
static Err reply_with_teams(Req *req, const ChannelList *list, const int64_t *total)
{
    StrVec ids = {0};
    Team *teams;
    size_t count;
    DbTx *tx;
    for (size_t i = 0; i < list->count; i++)
        if (!strvec_has(&ids, list->items[i].team_id))
            vec_push(req->arena, &ids, list->items[i].team_id);
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_team_list_by_ids(tx, req->arena, ids.items, ids.len, &teams, &count));
    Buf *out = req_begin(req, 200);
    if (total) {
        json_open(out);
        json_key(out, "channels");
    }
    json_open_array(out);
    for (size_t i = 0; i < list->count; i++)
        write_with_team(&list->items[i], teams, count, out);
    json_close_array(out);
    if (total) {
        json_key(out, "total_count");
        json_int(out, *total);
        json_close(out);
    }
    return OK;
}

static Err api_channels_of_server(Req *req)
{
    Page page = req_page(req);
    ChannelList list;
    int64_t total;
    ChannelSearch what = {.with_archived = req_query_flag(req, "include_deleted"),
                          .limit = page.per_page,
                          .offset = page.offset};
    if (req_query_flag(req, "exclude_default_channels"))
        what.without_names = channel_default_names(&req->ctx);
    TRY(channels_of_server(&req->ctx, &what, &list, &total));
    return reply_with_teams(req, &list, req_query_flag(req, "include_total_count") ? &total : NULL);
}

static Err read_team_ids(Req *req, const json_t *body, StrVec *ret_ids)
{
    const json_t *list = json_find(body, "team_ids");
    size_t i;
    json_t *item;
    if (!list || json_is_null(list))
        return OK;
    if (!json_is_array(list) || json_array_size(list) > 1000)
        return fail_body(&req->ctx, "team_ids");
    json_array_foreach((json_t *)list, i, item)
    {
        if (!json_is_string(item))
            return fail_body(&req->ctx, "team_ids");
        vec_push(req->arena, ret_ids, json_text(item));
    }
    return OK;
}

static Err read_server_search(Req *req, const json_t *body, ChannelSearch *what, bool *ret_paged)
{
    enum { PAGE_MAX = 1000000 };
    int64_t page, per_page;
    bool no_default, with_archived;
    TRY(req_flag_of(req, body, "public", false, &what->is_public));
    TRY(req_flag_of(req, body, "private", false, &what->is_private));
    TRY(req_flag_of(req, body, "deleted", false, &what->only_archived));
    TRY(req_flag_of(req, body, "include_deleted", req_query_flag(req, "include_deleted"),
                    &with_archived));
    TRY(req_flag_of(req, body, "include_search_by_id", false, &what->or_id));
    TRY(req_flag_of(req, body, "exclude_default_channels", false, &no_default));
    TRY(req_int_of(req, body, "page", -1, &page));
    TRY(req_int_of(req, body, "per_page", -1, &per_page));
    TRY(read_team_ids(req, body, &what->team_ids));
    if (page > PAGE_MAX)
        return fail_body(&req->ctx, "page");
    what->with_archived = with_archived;
    if (no_default)
        what->without_names = channel_default_names(&req->ctx);
    *ret_paged = page >= 0 && per_page >= 0;
    what->limit = *ret_paged ? (per_page > 200 ? 200 : per_page) : CHANNELS_FOUND_MAX;
    what->offset = *ret_paged ? page * what->limit : 0;
    return OK;
}

static Err api_channels_search_all(Req *req)
{
    json_t *body;
    ChannelList list;
    ChannelSearch what = {0};
    int64_t total;
    bool is_paged = false; /* gcc at -O3 does not see that TRY leaves */
    Str console = req_query(req, "system_console");
    TRY(read_search(req, &body, &what.term));
    if (console.len && !str_eq(console, STR("true")) && !str_eq(console, STR("false")))
        return fail_body(&req->ctx, "system_console");
    if (str_eq(console, STR("false"))) {
        TRY(channels_search_teams(&req->ctx, what.term, &list));
        return reply_with_teams(req, &list, NULL);
    }
    TRY(read_server_search(req, body, &what, &is_paged));
    TRY(channels_of_server(&req->ctx, &what, &list, &total));
    return reply_with_teams(req, &list, is_paged ? &total : NULL);
}

/* ---- of a user ---- */
static Err api_user_team_channels(Req *req)
{
    ChannelList list;
    TRY(channels_of_user_in_team(&req->ctx, req_param(req, "user_id"), req_param(req, "team_id"),
                                 req_query_flag(req, "include_deleted"), &list));
    return reply_list(req, &list);
}

static Err api_user_channels(Req *req)
{
    ChannelList list;
    int64_t since = req_query_int(req, "last_delete_at", 0);
    if (since < 0)
        return fail_url(&req->ctx, "last_delete_at");
    TRY(channels_of_user(&req->ctx, req_param(req, "user_id"),
                         req_query_flag(req, "include_deleted"), since, &list));
    return reply_list(req, &list);
}

static Err api_channel_common_teams(Req *req)
{
    Team *teams;
    size_t count;
    TRY(channel_common_teams(&req->ctx, req_param(req, "channel_id"), &teams, &count));
    return req_reply_entities(req, 200, &team_entity, teams, count);
}

/* clang-format off */
const Route CHANNEL_LIST_ROUTES[] = {
    { GET, "/api/v4/teams/{team_id}/channels", api_channels_public, "GetPublicChannelsForTeam", "[Channel]", "list_team_channels",
      .query = "page, per_page", .summary = "The public channels of a team" },
    { GET, "/api/v4/teams/{team_id}/channels/private", api_channels_private, "GetPrivateChannelsForTeam", "[Channel]", "manage_system",
      .query = "page, per_page", .summary = "The private channels of a team" },
    { GET, "/api/v4/teams/{team_id}/channels/deleted", api_channels_archived, "GetDeletedChannelsForTeam", "[Channel]",
      "list_team_channels", .query = "page, per_page", .summary = "The archived channels of a team" },
    { POST, "/api/v4/teams/{team_id}/channels/ids", api_channels_by_ids, "GetPublicChannelsByIdsForTeam", "[Channel]", "view_team",
      .body = "[string]", .summary = "The public ones of several channels" },
    { POST, "/api/v4/teams/{team_id}/channels/search", api_channels_search, "SearchChannels", "[Channel]", "list_team_channels",
      .lane = LANE_SLOWLY, .body = "ChannelSearch", .summary = "Find public channels of a team" },
    { GET, "/api/v4/teams/{team_id}/channels/autocomplete", api_channels_complete, "AutocompleteChannelsForTeam", "[Channel]",
      "list_team_channels", .query = "name", .summary = "Channels whose name is being typed" },
    { GET, "/api/v4/teams/{team_id}/channels/search_autocomplete", api_channels_complete_own, "AutocompleteChannelsForTeamForSearch",
      "[Channel]", "view_team", .query = "name", .summary = "One's own channels whose name is being typed" },
    { POST, "/api/v4/channels/search", api_channels_search_all, "SearchAllChannels", "[ChannelWithTeamData]|ChannelsWithCount",
      "sysconsole_read_user_management_channels", .lane = LANE_SLOWLY, .body = "ChannelSearch", .query = "system_console, include_deleted",
      .summary = "Find channels of the server, or with system_console=false of one's teams" },
    { POST, "/api/v4/channels/group/search", api_channels_search_groups, "SearchGroupChannels", "[Channel]", "", .lane = LANE_SLOWLY,
      .body = "ChannelSearch", .summary = "Find one's group messages by their people" },
    { GET, "/api/v4/channels", api_channels_of_server, "GetAllChannels", "[ChannelWithTeamData]|ChannelsWithCount",
      "sysconsole_read_user_management_channels", .query = "page, per_page, include_deleted, include_total_count, "
      "exclude_default_channels, exclude_policy_constrained, not_associated_to_group", .summary = "All channels of the server" },
    { GET, "/api/v4/users/{user_id}/teams/{team_id}/channels", api_user_team_channels, "GetChannelsForTeamForUser", "[Channel]",
      "edit_other_users, view_team", .query = "include_deleted, last_delete_at", .summary = "The channels of a team a user is in" },
    { GET, "/api/v4/users/{user_id}/channels", api_user_channels, "GetChannelsForUser", "[Channel]", "edit_other_users",
      .query = "include_deleted, last_delete_at", .summary = "All channels a user is in" },
    { GET, "/api/v4/channels/{channel_id}/common_teams", api_channel_common_teams, "GetGroupMessageMembersCommonTeams", "[Team]",
      "read_channel", .summary = "The teams that all members of a group message are in" },
    { 0 },
};
/* clang-format on */
