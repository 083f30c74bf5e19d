/* api/posts_api.c: single posts on the wire. */
#include "api/route.h"
#include "domain/channels.h"
#include "domain/post_edit.h"
#include "domain/post_lists.h"
#include "domain/post_view.h"
#include "domain/posts.h"
#include "domain/unreads.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/team_store.h"

static Err reply_json(Req *req, int status, Str json)
{
    json_raw(req_begin(req, status), json);
    return OK;
}

/* {"metadata":{"priority":{"priority":"urgent"}}} */
static Err read_priority(Req *req, Str *ret_priority)
{
    json_t *body, *priority;
    TRY(req_json(req, "post", &body));
    priority = json_find(json_find(body, "metadata"), "priority");
    *ret_priority = STR_EMPTY;
    if (!priority || json_is_null(priority))
        return OK;
    if (!json_is_object(priority))
        return fail_body(&req->ctx, "priority");
    TRY(req_text_of(req, priority, "priority", ret_priority));
    if (str_eq(*ret_priority, STR("standard")))
        *ret_priority = STR_EMPTY;
    return OK;
}

static Err api_post_create(Req *req)
{
    Post draft = {0}, post;
    Str json;
    Str online = req_query(req, "set_online");
    TRY(req_body(req, &post_entity, NEW, &draft, NULL));
    TRY(read_priority(req, &draft.priority));
    if (draft.channel_id.len != 26)
        return fail_body(&req->ctx, "channel_id");
    const PostHow how = {.keeps_status = online.len && !req_query_flag(req, "set_online")};
    TRY(post_create(&req->ctx, &draft, &how, &post, &json));
    return reply_json(req, 201, json);
}

static Err api_post_get(Req *req)
{
    Str id;
    Post post;
    Channel channel;
    const PostViewOptions view = {0};
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_to_read_any(&req->ctx, id, req_query_flag(req, "include_deleted"), &post, &channel));
    if (req_is_unchanged(req, str_printf(req->arena, STR_FMT ".%lld", STR_ARG(post.id),
                                         (long long)channel.version)))
        return OK;
    return post_view_write(&req->ctx, &post, &view, req_begin(req, 200));
}

static Err edit(Req *req, const Post *patch, FieldMask mask)
{
    Str id, json;
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_edit(&req->ctx, id, patch, mask, &json));
    return reply_json(req, 200, json);
}

static Err api_post_update(Req *req)
{
    Post patch = {0};
    FieldMask mask;
    json_t *body;
    Str id, body_id;
    TRY(req_param_id(req, "post_id", &id));
    TRY(req_json(req, "post", &body));
    TRY(req_text_of(req, body, "id", &body_id));
    if (!str_eq(id, body_id))
        return fail_body(&req->ctx, "id");
    TRY(req_body(req, &post_entity, EDIT, &patch, &mask));
    return edit(req, &patch, mask);
}

static Err api_post_patch(Req *req)
{
    Post patch = {0};
    FieldMask mask;
    TRY(req_body(req, &post_entity, EDIT, &patch, &mask));
    return edit(req, &patch, mask);
}

static Err api_post_delete(Req *req)
{
    Str id;
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_delete(&req->ctx, id, req_query_flag(req, "permanent")));
    return req_reply_ok(req);
}

static Err set_pinned(Req *req, bool is_pinned)
{
    Str id;
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_set_pinned(&req->ctx, id, is_pinned));
    return req_reply_ok(req);
}
static Err api_post_pin(Req *req)
{
    return set_pinned(req, true);
}
static Err api_post_unpin(Req *req)
{
    return set_pinned(req, false);
}

static Err api_post_history(Req *req)
{
    Str id;
    TRY(req_param_id(req, "post_id", &id));
    return post_history(&req->ctx, id, req_begin(req, 200));
}

static Err api_post_restore(Req *req)
{
    Str id, version_id, json;
    TRY(req_param_id(req, "post_id", &id));
    TRY(req_param_id(req, "restore_version_id", &version_id));
    TRY(post_restore_version(&req->ctx, id, version_id, &json));
    return reply_json(req, 200, json);
}

static Err api_post_ephemeral(Req *req)
{
    json_t *body, *inner;
    Str user_id, json;
    Post draft = {0};
    const char *bad = "post";
    TRY(req_json(req, "body", &body));
    TRY(req_text_of(req, body, "user_id", &user_id));
    if (user_id.len != 26)
        return fail_body(&req->ctx, "user_id");
    inner = json_find(body, "post");
    if (!json_is_object(inner) ||
        entity_read_json(&post_entity, inner, NEW, req->arena, &draft, NULL, &bad) != OK)
        return fail_body(&req->ctx, bad);
    if (draft.channel_id.len != 26)
        return fail_body(&req->ctx, "channel_id");
    TRY(need(&req->ctx, PERM_CREATE_POST_EPHEMERAL));
    TRY(post_send_ephemeral(&req->ctx, &draft, user_id, req->ctx.user_id, &json));
    return reply_json(req, 201, json);
}

/* ---- where it is ---- */
static Err write_info(Req *req, const Channel *channel, const Team *team, bool in_channel,
                      bool in_team)
{
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "channel_id");
    json_str(out, channel->id);
    json_key(out, "channel_type");
    json_str(out, channel->type);
    json_key(out, "channel_display_name");
    json_str(out, channel->display_name);
    json_key(out, "has_joined_channel");
    json_bool(out, in_channel);
    json_key(out, "team_id");
    json_str(out, team->id);
    json_key(out, "team_type");
    json_str(out, team->type);
    json_key(out, "team_display_name");
    json_str(out, team->display_name);
    json_key(out, "has_joined_team");
    json_bool(out, in_team);
    json_close(out);
    return OK;
}

/* Also of a post in a channel one could join; anything else is not found. */
static Err api_post_info(Req *req)
{
    Ctx *ctx = &req->ctx;
    Str id;
    Post post;
    Channel channel;
    ChannelMember member;
    Team team = {0};
    TeamMember team_member;
    DbTx *tx;
    bool readable;
    TRY(req_param_id(req, "post_id", &id));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_post_get(tx, ctx->arena, id, &post), ERR_APP_POST_GET);
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, post.channel_id, &channel), ERR_APP_POST_GET);
    if (post.delete_at != 0)
        return fail(ctx, ERR_APP_POST_GET, "deleted");
    Err err = store_channel_member_get(tx, ctx->arena, channel.id, ctx->user_id, &member);
    bool in_channel = err == OK, in_team = false;
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (channel.team_id.len) {
        TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, channel.team_id, &team), ERR_APP_POST_GET);
        err = store_team_member_get(tx, ctx->arena, team.id, ctx->user_id, &team_member);
        if (err != OK && err != ERR_ABSENT)
            return err;
        in_team = err == OK && team_member.delete_at == 0;
    }
    TRY(can_read_channel(ctx, &channel, &readable));
    if (!readable && !in_team && str_eq(channel.type, STR("O")))
        readable =
            can(ctx, team.allow_open_invite ? PERM_JOIN_PUBLIC_TEAMS : PERM_JOIN_PRIVATE_TEAMS);
    if (!readable)
        return fail(ctx, ERR_APP_POST_GET, "not to be seen");
    return write_info(req, &channel, &team, in_channel, in_team);
}

/* ---- read again ---- */
static Err api_post_set_unread(Req *req)
{
    Str user_id, post_id;
    json_t *body = NULL;
    bool knows_threads = false;
    Channel channel;
    ChannelMember m;
    TRY(req_param_id(req, "user_id", &user_id));
    TRY(req_param_id(req, "post_id", &post_id));
    if (req->http->body.len) {
        TRY(req_json(req, "collapsed_threads_supported", &body));
        TRY(req_flag_of(req, body, "collapsed_threads_supported", false, &knows_threads));
    }
    TRY(post_set_unread(&req->ctx, user_id, post_id, knows_threads, &channel, &m));
    Buf *out = req_begin(req, 200);
    json_open(out);
    json_key(out, "team_id");
    json_str(out, channel.team_id);
    json_key(out, "user_id");
    json_str(out, m.user_id);
    json_key(out, "channel_id");
    json_str(out, m.channel_id);
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"msg_count", m.msg_count},
                {"mention_count", m.mention_count},
                {"mention_count_root", m.mention_count_root},
                {"urgent_mention_count", m.urgent_mention_count},
                {"msg_count_root", m.msg_count_root},
                {"last_viewed_at", m.last_viewed_at}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_key(out, rows[i].name);
        json_int(out, rows[i].value);
    }
    json_close(out);
    return OK;
}

/* clang-format off */
const Route POST_ROUTES[] = {
    { POST, "/api/v4/posts", api_post_create, "CreatePost", "Post", "create_post, create_post_public, upload_file", .success = 201,
      .body = "Post", .query = "set_online", .summary = "Post a message" },
    { GET, "/api/v4/posts/{post_id}", api_post_get, "GetPost", "Post", "read_channel_content, read_public_channel",
      .query = "include_deleted", .summary = "A post" },
    { PUT, "/api/v4/posts/{post_id}", api_post_update, "UpdatePost", "Post", "edit_post, edit_others_posts", .body = "Post",
      .summary = "Change a message" },
    { PUT, "/api/v4/posts/{post_id}/patch", api_post_patch, "PatchPost", "Post", "edit_post, edit_others_posts", .body = "Post",
      .summary = "Change parts of a message" },
    { DELETE, "/api/v4/posts/{post_id}", api_post_delete, "DeletePost", "StatusOK", "delete_post, delete_others_posts",
      .query = "permanent", .summary = "Delete a message and its replies" },
    { POST, "/api/v4/posts/{post_id}/pin", api_post_pin, "PinPost", "StatusOK", "read_channel_content, read_public_channel",
      .summary = "Pin a message to its channel" },
    { POST, "/api/v4/posts/{post_id}/unpin", api_post_unpin, "UnpinPost", "StatusOK", "read_channel_content, read_public_channel",
      .summary = "Take a pinned message down" },
    { GET, "/api/v4/posts/{post_id}/edit_history", api_post_history, "GetEditHistoryForPost", "[Post]", "edit_post",
      .summary = "Former versions of one's message, newest first" },
    { POST, "/api/v4/posts/{post_id}/restore/{restore_version_id}", api_post_restore, "RestorePostVersion", "Post", "edit_post",
      .summary = "Make a former version the text again" },
    { GET, "/api/v4/posts/{post_id}/info", api_post_info, "GetPostInfo", "PostInfo", "read_channel_content, read_public_channel",
      .summary = "Channel and team of a message, and whether one is in them" },
    { POST, "/api/v4/posts/ephemeral", api_post_ephemeral, "CreatePostEphemeral", "Post", "create_post_ephemeral", .success = 201,
      .body = "PostEphemeral", .summary = "Show a message to one user, unstored" },
    { POST, "/api/v4/users/{user_id}/posts/{post_id}/set_unread", api_post_set_unread, "SetPostUnread", "ChannelUnreadAt",
      "edit_other_users, read_channel_content", .body = "PostSetUnread", .summary = "Make a channel unread from a message on" },
    { 0 },
};
/* clang-format on */
