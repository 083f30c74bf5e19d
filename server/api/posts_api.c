/* api/posts_api.c: posts on the wire. */
#include "api/route.h"
#include "domain/channels.h"
#include "domain/post_view.h"
#include "domain/posts.h"
#include "store/post_store.h"

static Err reply_post(Req *req, int status, const Post *post)
{
    return post_view_write(&req->ctx, post, &(PostViewOptions){0}, req_begin(req, status));
}

static Err api_post_create(Req *req)
{
    Post draft = {0}, post;
    TRY(req_body(req, &post_entity, NEW, &draft, NULL));
    if (draft.channel_id.len != 26)
        return fail_body(&req->ctx, "channel_id");
    TRY(post_create(&req->ctx, &draft, &post));
    return reply_post(req, 201, &post);
}

static Err api_post_get(Req *req)
{
    Str id;
    Post post;
    Channel channel;
    TRY(req_param_id(req, "post_id", &id));
    TRY(post_to_read(&req->ctx, id, &post, &channel));
    return reply_post(req, 200, &post);
}

static Err api_channel_posts(Req *req)
{
    Str channel_id;
    Channel channel;
    DbTx *tx;
    PostList list = {0};
    Post *posts;
    Page page = req_page(req);
    TRY(req_param_id(req, "channel_id", &channel_id));
    TRY(channel_to_read(&req->ctx, channel_id, &channel));
    TRY(ctx_read(&req->ctx, &tx));
    TRY(store_post_list_before(tx, req->arena, channel_id, 0, page.per_page, page.offset, &posts,
                               &list.count));
    list.posts = posts;
    return post_list_write(&req->ctx, &list, &(PostViewOptions){0}, req_begin(req, 200));
}

/* clang-format off */
const Route POST_ROUTES[] = {
    { POST, "/api/v4/posts", api_post_create, "CreatePost", "Post", "create_post, create_post_public", .success = 201,
      .body = "Post", .query = "set_online", .summary = "Post a message" },
    { GET, "/api/v4/posts/{post_id}", api_post_get, "GetPost", "Post", "read_channel_content, read_public_channel",
      .summary = "A post" },
    { GET, "/api/v4/channels/{channel_id}/posts", api_channel_posts, "GetPostsForChannel", "PostList",
      "read_channel_content, read_public_channel", .query = "page, per_page", .summary = "A channel's posts, newest first" },
    { 0 },
};
/* clang-format on */
