/* api/threads_api.c: followed threads and unread counts on the wire. */
#include "api/route.h"
#include "base/id.h"
#include "domain/threads.h"
#include "domain/unreads.h"

/* ---- threads ---- */
static Err query_id(Req *req, const char *name, Str *ret_id)
{
    *ret_id = req_query(req, name);
    return ret_id->len && !id_is_valid(*ret_id) ? fail_url(&req->ctx, name) : OK;
}

static Err api_threads_list(Req *req)
{
    ThreadQuery query = {.without_direct = req_query_flag(req, "excludeDirect"),
                         .only_unread = req_query_flag(req, "unread"),
                         .with_deleted = req_query_flag(req, "deleted"),
                         .limit = req_page(req).per_page};
    bool only_totals = req_query_flag(req, "totalsOnly"),
         only_threads = req_query_flag(req, "threadsOnly");
    Str since = req_query(req, "since");
    TRY(req_param_id(req, "user_id", &query.user_id));
    TRY(req_param_id(req, "team_id", &query.team_id));
    TRY(query_id(req, "before", &query.before));
    TRY(query_id(req, "after", &query.after));
    if (since.len && (!str_to_int(since, &query.since) || query.since < 0))
        return fail_url(&req->ctx, "since");
    if (query.before.len && query.after.len)
        return fail(&req->ctx, ERR_API_GETTHREADSFORUSER_BAD_PARAMS);
    if (only_totals && only_threads)
        return fail(&req->ctx, ERR_API_GETTHREADSFORUSER_BAD_ONLY_PARAMS);
    return threads_list(&req->ctx, &query, !only_threads, !only_totals,
                        req_query_flag(req, "extended"), req_begin(req, 200));
}

typedef struct Names {
    Str user_id, team_id, thread_id;
} Names;

static Err read_names(Req *req, Names *ret_names)
{
    TRY(req_param_id(req, "user_id", &ret_names->user_id));
    TRY(req_param_id(req, "team_id", &ret_names->team_id));
    return req_param_id(req, "thread_id", &ret_names->thread_id);
}

static Err api_thread_get(Req *req)
{
    Names n;
    TRY(read_names(req, &n));
    return thread_get(&req->ctx, n.user_id, n.thread_id, req_query_flag(req, "extended"),
                      req_begin(req, 200));
}

static Err set_following(Req *req, bool following)
{
    Names n;
    TRY(read_names(req, &n));
    TRY(thread_set_following(&req->ctx, n.user_id, n.team_id, n.thread_id, following));
    return req_reply_ok(req);
}
static Err api_thread_follow(Req *req)
{
    return set_following(req, true);
}
static Err api_thread_unfollow(Req *req)
{
    return set_following(req, false);
}

static Err api_thread_read(Req *req)
{
    Names n;
    int64_t time;
    TRY(read_names(req, &n));
    if (!str_to_int(req_param(req, "timestamp"), &time) || time < 0)
        return fail_url(&req->ctx, "timestamp");
    return thread_set_read(&req->ctx, n.user_id, n.team_id, n.thread_id, time, req_begin(req, 200));
}

static Err api_thread_set_unread(Req *req)
{
    Names n;
    Str post_id;
    TRY(read_names(req, &n));
    TRY(req_param_id(req, "post_id", &post_id));
    return thread_set_unread(&req->ctx, n.user_id, n.team_id, n.thread_id, post_id,
                             req_begin(req, 200));
}

static Err api_threads_read_all(Req *req)
{
    Str user_id, team_id;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "team_id", &team_id));
    TRY(need_self_or_edit(&req->ctx, user_id));
    TRY(need_in_team(&req->ctx, team_id, PERM_VIEW_TEAM));
    TRY(threads_read_all(&req->ctx, user_id, team_id));
    return req_reply_ok(req);
}

/* ---- unread counts ---- */
static void put(Buf *out, const char *name, int64_t value)
{
    json_key(out, name);
    json_int(out, value);
}

static Err api_channel_unread(Req *req)
{
    Str user_id, channel_id;
    Channel channel;
    UnreadCounts counts;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "channel_id", &channel_id));
    TRY(unread_of_channel(&req->ctx, user_id, channel_id, &channel, &counts));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "team_id");
    json_str(out, channel.team_id);
    json_key(out, "channel_id");
    json_str(out, channel.id);
    put(out, "msg_count", counts.messages);
    put(out, "mention_count", counts.mentions);
    put(out, "mention_count_root", counts.root_mentions);
    put(out, "urgent_mention_count", 0);
    put(out, "msg_count_root", counts.root_messages);
    json_close(out);
    return OK;
}

static Err api_team_unread(Req *req)
{
    Str user_id, team_id;
    UnreadCounts counts;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "team_id", &team_id));
    TRY(unread_of_team(&req->ctx, user_id, team_id, &counts));
    team_unread_write(&(TeamUnread){team_id, counts}, req_begin(req, 200));
    return OK;
}

static Err api_teams_unread(Req *req)
{
    Str user_id;
    TeamUnread *teams;
    size_t count;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(unread_of_teams(&req->ctx, user_id, req_query(req, "exclude_team"),
                        req_query_flag(req, "include_collapsed_threads"), &teams, &count));
    Buf *out = req_begin(req, 200);
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        team_unread_write(&teams[i], out);
    json_close_array(out);
    return OK;
}

#define THREADS "/api/v4/users/{user_id}/teams/{team_id}/threads"
/* clang-format off */
const Route THREAD_ROUTES[] = {
    { GET, THREADS, api_threads_list, "GetUserThreads", "Threads", "edit_other_users, view_team",
      .query = "per_page, before, after, since, unread, deleted, extended, totalsOnly, threadsOnly, excludeDirect",
      .summary = "Threads a user follows, newest reply first" },
    { GET, THREADS "/{thread_id}", api_thread_get, "GetUserThread", "ThreadResponse", "edit_other_users, read_channel_content",
      .query = "extended", .summary = "A followed thread" },
    { PUT, THREADS "/{thread_id}/following", api_thread_follow, "StartFollowingThread", "StatusOK",
      "edit_other_users, read_channel_content", .summary = "Follow a thread" },
    { DELETE, THREADS "/{thread_id}/following", api_thread_unfollow, "StopFollowingThread", "StatusOK",
      "edit_other_users, read_channel_content", .summary = "Stop following a thread" },
    { PUT, THREADS "/{thread_id}/read/{timestamp}", api_thread_read, "UpdateThreadReadForUser", "ThreadResponse",
      "edit_other_users, read_channel_content", .summary = "A thread has been read up to a time" },
    { POST, THREADS "/{thread_id}/set_unread/{post_id}", api_thread_set_unread, "SetThreadUnreadByPostId", "ThreadResponse",
      "edit_other_users, read_channel_content", .summary = "Make a thread unread from a reply on" },
    { PUT, THREADS "/read", api_threads_read_all, "UpdateThreadsReadForUser", "StatusOK", "edit_other_users, view_team",
      .summary = "All threads of a team have been read" },
    { GET, "/api/v4/users/{user_id}/channels/{channel_id}/unread", api_channel_unread, "GetChannelUnread", "ChannelUnread",
      "edit_other_users, read_channel", .summary = "What a user has not read in a channel" },
    { GET, "/api/v4/users/{user_id}/teams/{team_id}/unread", api_team_unread, "GetTeamUnread", "TeamUnread",
      "edit_other_users, view_team", .summary = "What a user has not read in a team" },
    { GET, "/api/v4/users/{user_id}/teams/unread", api_teams_unread, "GetTeamsUnreadForUser", "[TeamUnread]", "manage_system",
      .query = "exclude_team, include_collapsed_threads", .summary = "What a user has not read, team by team" },
    { 0 },
};
/* clang-format on */
