/* api/search_api.c: searching posts and files on the wire. */
#include "api/route.h"
#include "domain/access.h"
#include "domain/files.h"
#include "domain/post_view.h"
#include "domain/search.h"

static Err read_request(Req *req, bool has_team, SearchRequest *r)
{
    json_t *body;
    *r = (SearchRequest){0};
    TRY(req_json(req, "searchParams", &body));
    if (!json_is_object(body))
        return fail_body(&req->ctx, "searchParams");
    const json_t *terms = json_find(body, "terms");
    if (!json_is_string(terms) || str_trim(json_text(terms)).len == 0)
        return fail_body(&req->ctx, "terms");
    r->terms = json_text(terms);
    TRY(req_flag_of(req, body, "is_or_search", false, &r->is_or));
    TRY(req_flag_of(req, body, "include_deleted_channels", false, &r->with_archived));
    TRY(req_int_of(req, body, "time_zone_offset", 0, &r->time_zone_offset_s));
    TRY(req_int_of(req, body, "page", 0, &r->page));
    TRY(req_int_of(req, body, "per_page", 60, &r->per_page));
    if (r->page < 0 || r->page > 100000)
        return fail_body(&req->ctx, "page");
    if (r->per_page < 0)
        return fail_body(&req->ctx, "per_page");
    r->per_page = r->per_page > 200 ? 200 : r->per_page;
    if (r->time_zone_offset_s < -86400 || r->time_zone_offset_s > 86400)
        return fail_body(&req->ctx, "time_zone_offset");
    if (!has_team)
        return OK;
    TRY(req_param_id(req, "team_id", &r->team_id));
    return need_in_team(&req->ctx, r->team_id, PERM_VIEW_TEAM);
}

static Err reply_posts(Req *req, const SearchRequest *request)
{
    Post *posts;
    PostList list = {.shows_matches = true};
    if (!req->ctx.settings->ServiceSettings_EnablePostSearch)
        return fail(&req->ctx, ERR_STORE_SQL_POST_SEARCH_DISABLED);
    TRY(search_posts(&req->ctx, request, &posts, &list.count));
    list.posts = posts;
    return post_list_write(&req->ctx, &list, &(PostViewOptions){0}, req_begin(req, 200));
}

static Err reply_files(Req *req, const SearchRequest *request)
{
    FileInfo *files;
    size_t count;
    if (!req->ctx.settings->ServiceSettings_EnableFileSearch)
        return fail(&req->ctx, ERR_STORE_SQL_FILE_INFO_SEARCH_DISABLED);
    TRY(search_files(&req->ctx, request, &files, &count));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "order");
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        json_str(out, files[i].id);
    json_close_array(out);
    json_key(out, "file_infos");
    json_open(out);
    for (size_t i = 0; i < count; i++) {
        json_key_str(out, files[i].id);
        file_info_write(&files[i], out);
    }
    json_close(out);
    json_key(out, "next_file_info_id");
    json_str(out, STR_EMPTY);
    json_key(out, "prev_file_info_id");
    json_str(out, STR_EMPTY);
    json_key(out, "first_inaccessible_file_time");
    json_int(out, 0);
    json_close(out);
    return OK;
}

static Err api_search_posts(Req *req)
{
    SearchRequest request;
    TRY(read_request(req, false, &request));
    return reply_posts(req, &request);
}

static Err api_search_team_posts(Req *req)
{
    SearchRequest request;
    TRY(read_request(req, true, &request));
    return reply_posts(req, &request);
}

static Err api_search_files(Req *req)
{
    SearchRequest request;
    TRY(read_request(req, false, &request));
    return reply_files(req, &request);
}

static Err api_search_team_files(Req *req)
{
    SearchRequest request;
    TRY(read_request(req, true, &request));
    return reply_files(req, &request);
}

/* clang-format off */
const Route SEARCH_ROUTES[] = {
    { POST, "/api/v4/posts/search", api_search_posts, "SearchPostsInAllTeams", "PostSearchResults", "", SESSION, LANE_SLOWLY,
      .body = "SearchParameter", .summary = "Find posts in all one's teams" },
    { POST, "/api/v4/teams/{team_id}/posts/search", api_search_team_posts, "SearchPosts", "PostSearchResults", "view_team", SESSION,
      LANE_SLOWLY, .body = "SearchParameter", .summary = "Find posts in a team and in direct messages" },
    { POST, "/api/v4/files/search", api_search_files, "SearchFilesInAllTeams", "FileInfoList", "", SESSION, LANE_SLOWLY,
      .body = "SearchParameter", .summary = "Find files by name" },
    { POST, "/api/v4/teams/{team_id}/files/search", api_search_team_files, "SearchFiles", "FileInfoList", "view_team", SESSION,
      LANE_SLOWLY, .body = "SearchParameter", .summary = "Find files by name in a team" },
    { 0 },
};
/* clang-format on */
