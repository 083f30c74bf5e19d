/* api/post_lists_api.c: many posts on the wire. */
#include "api/route.h"
#include "base/id.h"
#include "domain/channels.h"
#include "domain/files.h"
#include "domain/post_lists.h"

enum { IDS_MAX = 1000, LIMIT_MAX = 200 };

static PostViewOptions read_view(Req *req)
{
    return (PostViewOptions){.collapsed_threads = req_query_flag(req, "collapsedThreads"),
                             .collapsed_threads_extended =
                                 req_query_flag(req, "collapsedThreadsExtended")};
}

/* A whole number of at least `least`, or the named refusal. Absent: the fallback. */
static Err query_int(Req *req, const char *name, int64_t fallback, int64_t least,
                     int64_t *ret_value)
{
    Str text = req_query(req, name);
    *ret_value = fallback;
    if (text.len && (!str_to_int(text, ret_value) || *ret_value < least))
        return fail_url(&req->ctx, name);
    return OK;
}

static Err query_id(Req *req, const char *name, Str *ret_id)
{
    *ret_id = req_query(req, name);
    return ret_id->len && !id_is_valid(*ret_id) ? fail_url(&req->ctx, name) : OK;
}

/* Has the client got this list already? Lists with whole users change with them, and have no tag. */
static Err is_unchanged(Req *req, const Channel *channel, const PostViewOptions *view,
                        const char *kind, int64_t extra, bool *ret_unchanged)
{
    Str tag;
    *ret_unchanged = false;
    if (view->collapsed_threads_extended)
        return OK;
    TRY(post_list_tag(&req->ctx, channel, view, &tag));
    *ret_unchanged = req_is_unchanged(
        req, str_printf(req->arena, "%s." STR_FMT ".%lld", kind, STR_ARG(tag), (long long)extra));
    return OK;
}

static Err reply_list(Req *req, const PostList *list, const PostViewOptions *view)
{
    return post_list_write(&req->ctx, list, view, req_begin(req, 200));
}

static Err api_channel_posts(Req *req)
{
    Str channel_id;
    Channel channel;
    PostList list;
    bool unchanged;
    Page page = req_page(req);
    PostListQuery query = {.view = read_view(req),
                           .skips_roots = req_query_flag(req, "skipFetchThreads"),
                           .with_deleted = req_query_flag(req, "include_deleted"),
                           .page = page.page,
                           .per_page = page.per_page};
    TRY(req_param_id(req, "channel_id", &channel_id));
    TRY(query_int(req, "since", 0, 0, &query.since));
    TRY(query_id(req, "before", &query.before));
    TRY(query_id(req, "after", &query.after));
    TRY(channel_to_read(&req->ctx, channel_id, &channel));
    if (query.with_deleted && !can(&req->ctx, PERM_MANAGE_SYSTEM))
        TRY(need_in_channel(&req->ctx, &channel, PERM_READ_DELETED_POSTS));
    TRY(is_unchanged(req, &channel, &query.view, "posts", 0, &unchanged));
    if (unchanged)
        return OK;
    TRY(post_list_of_channel(&req->ctx, &channel, &query, &list));
    return reply_list(req, &list, &query.view);
}

static Err api_channel_posts_unread(Req *req)
{
    Str user_id, channel_id;
    Channel channel;
    PostList list;
    int64_t before, after, place;
    bool unchanged;
    PostListQuery query = {.view = read_view(req),
                           .skips_roots = req_query_flag(req, "skipFetchThreads")};
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "channel_id", &channel_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(query_int(req, "limit_before", 60, 0, &before));
    TRY(query_int(req, "limit_after", 60, 1, &after));
    TRY(channel_to_read(&req->ctx, channel_id, &channel));
    TRY(post_unread_place(&req->ctx, &channel, user_id, &place));
    TRY(is_unchanged(req, &channel, &query.view, "unread", place, &unchanged));
    if (unchanged)
        return OK;
    TRY(post_list_around_unread(&req->ctx, &channel, place, before < LIMIT_MAX ? before : LIMIT_MAX,
                                after < LIMIT_MAX ? after : LIMIT_MAX, &query, &list));
    return reply_list(req, &list, &query.view);
}

static Err api_channel_pinned(Req *req)
{
    Str channel_id;
    Channel channel;
    PostList list;
    bool unchanged;
    const PostViewOptions view = {0};
    TRY(req_param_id(req, "channel_id", &channel_id));
    TRY(channel_to_read(&req->ctx, channel_id, &channel));
    TRY(is_unchanged(req, &channel, &view, "pinned", 0, &unchanged));
    if (unchanged)
        return OK;
    TRY(post_list_pinned(&req->ctx, &channel, &list));
    return reply_list(req, &list, &view);
}

static Err api_posts_flagged(Req *req)
{
    Str user_id, channel_id, team_id;
    PostList list;
    Page page = req_page(req);
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(query_id(req, "channel_id", &channel_id));
    TRY(query_id(req, "team_id", &team_id));
    TRY(post_list_flagged(&req->ctx, user_id, channel_id, team_id, page.per_page, page.offset,
                          &list));
    return reply_list(req, &list, &(PostViewOptions){0});
}

static Err api_posts_by_ids(Req *req)
{
    StrVec ids;
    json_t *body;
    Post *posts;
    size_t count;
    TRY(req_json(req, "post_ids", &body));
    if (json_is_array(body) && json_array_size(body) > IDS_MAX)
        return fail(&req->ctx, ERR_API_POST_POSTS_BY_IDS_INVALID_BODY_REQUEST_ERROR);
    TRY(req_texts(req, "post_ids", true, IDS_MAX, &ids));
    if (ids.len == 0)
        return fail_body(&req->ctx, "post_ids");
    TRY(post_list_by_ids(&req->ctx, &ids, &posts, &count));
    return post_view_write_all(&req->ctx, posts, count, &(PostViewOptions){0}, req_begin(req, 200));
}

static Err api_post_files(Req *req)
{
    Str id;
    Post post;
    Channel channel;
    FileInfo *files;
    size_t count;
    bool with_deleted = req_query_flag(req, "include_deleted");
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_to_read_any(&req->ctx, id, with_deleted, &post, &channel));
    if (req_is_unchanged(req, str_printf(req->arena, "files." STR_FMT ".%lld.%d", STR_ARG(post.id),
                                         (long long)post.update_at, with_deleted)))
        return OK;
    TRY(files_of_posts(&req->ctx, &id, 1, with_deleted, &files, &count));
    file_infos_write(files, count, req_begin(req, 200));
    return OK;
}

/* ---- threads ---- */
static Err read_thread_ask(Req *req, ThreadAsk *ret_ask)
{
    ThreadAsk ask = {.updates_only = req_query_flag(req, "updatesOnly")};
    Str direction = req_query(req, "direction");
    TRY(query_int(req, "perPage", 0, 0, &ask.per_page));
    TRY(query_id(req, "fromPost", &ask.from_post));
    TRY(query_int(req, "fromCreateAt", 0, 0, &ask.from_create_at));
    TRY(query_int(req, "fromUpdateAt", 0, 0, &ask.from_update_at));
    if (direction.len && !str_eq(direction, STR("up")) && !str_eq(direction, STR("down")))
        return fail_url(&req->ctx, "direction");
    ask.upwards = !str_eq(direction, STR("down"));
    if (ask.from_post.len && ask.from_create_at == 0 && ask.from_update_at == 0)
        return fail_url(&req->ctx, "if fromPost is set, then fromCreateAt must also be set");
    if (ask.updates_only && ask.from_update_at == 0)
        return fail_url(&req->ctx, "fromUpdateAt");
    if (ask.updates_only && ask.upwards && direction.len)
        return fail_url(&req->ctx, "updatesOnly");
    if (ask.updates_only)
        ask.upwards = false;
    if (ask.per_page > LIMIT_MAX)
        ask.per_page = LIMIT_MAX;
    *ret_ask = ask;
    return OK;
}

static Err api_post_thread(Req *req)
{
    Str id;
    Post root;
    Channel channel;
    ThreadAsk ask;
    PostList list;
    bool unchanged;
    PostViewOptions view = read_view(req);
    TRY(req_param_id(req, "post_id", &id));
    TRY(read_thread_ask(req, &ask));
    TRY(post_to_read(&req->ctx, id, &root, &channel));
    if (root.root_id.len)
        TRY(post_to_read(&req->ctx, root.root_id, &root, &channel));
    TRY(is_unchanged(req, &channel, &view, "thread", 0, &unchanged));
    if (unchanged)
        return OK;
    TRY(post_list_thread(&req->ctx, &root, &ask, &list));
    return reply_list(req, &list, &view);
}

/* clang-format off */
const Route POST_LIST_ROUTES[] = {
    { GET, "/api/v4/channels/{channel_id}/posts", api_channel_posts, "GetPostsForChannel", "PostList",
      "read_channel_content, read_public_channel", .query = "page, per_page, since, before, after, include_deleted, collapsedThreads, "
      "collapsedThreadsExtended, skipFetchThreads", .summary = "A channel's posts, newest first" },
    { GET, "/api/v4/users/{user_id}/channels/{channel_id}/posts/unread", api_channel_posts_unread, "GetPostsAroundLastUnread",
      "PostList", "edit_other_users, read_channel_content", .query = "limit_before, limit_after, collapsedThreads, "
      "collapsedThreadsExtended, skipFetchThreads", .summary = "Posts around the first unread one" },
    { GET, "/api/v4/channels/{channel_id}/pinned", api_channel_pinned, "GetPinnedPosts", "PostList",
      "read_channel_content, read_public_channel", .summary = "A channel's pinned posts" },
    { GET, "/api/v4/users/{user_id}/posts/flagged", api_posts_flagged, "GetFlaggedPostsForUser", "PostList", "edit_other_users",
      .query = "channel_id, team_id, page, per_page", .summary = "Posts a user saved" },
    { POST, "/api/v4/posts/ids", api_posts_by_ids, "GetPostsByIds", "[Post]", "read_channel_content, read_public_channel",
      .body = "[string]", .summary = "Posts by their ids" },
    { GET, "/api/v4/posts/{post_id}/thread", api_post_thread, "GetPostThread", "PostList", "read_channel_content, read_public_channel",
      .query = "perPage, fromPost, fromCreateAt, fromUpdateAt, direction, updatesOnly, skipFetchThreads, collapsedThreads, "
      "collapsedThreadsExtended", .summary = "A post and its replies" },
    { GET, "/api/v4/posts/{post_id}/files/info", api_post_files, "GetFileInfosForPost", "[FileInfo]",
      "read_channel_content, read_public_channel", .query = "include_deleted", .summary = "The files of a message" },
    { 0 },
};
/* clang-format on */
