/* domain/post_lists.h: reading many posts: pages of a channel, a thread, around the first unread, saved ones.
 *
 * ETag  The text made by post_list_tag is equal as long as the list would be; it is asked for before any post is read.
 */
#pragma once
#include "domain/posts.h"

/* What a client asked of a list. */
typedef struct PostListQuery {
    PostViewOptions view;
    bool with_deleted;
    bool skips_roots;          /* the roots of replies are not added */
    int64_t page, per_page;
    int64_t since;             /* 0: not asked */
    Str before, after;         /* a post's id, or empty */
} PostListQuery;

/* Changes with whatever the list of this channel shows to this viewer. */
Err post_list_tag(Ctx *ctx, const Channel *channel, const PostViewOptions *view, Str *ret_tag);

Err post_list_of_channel(Ctx *ctx, const Channel *channel, const PostListQuery *query, PostList *ret_list);
/* Up to when a member has read the channel. */
Err post_unread_place(Ctx *ctx, const Channel *channel, Str user_id, int64_t *ret_viewed_at);
/* The first post after that, `before` posts above it, `after` from it on; all read: the newest. */
Err post_list_around_unread(Ctx *ctx, const Channel *channel, int64_t viewed_at, int64_t before, int64_t after, const PostListQuery *query,
                            PostList *ret_list);
Err post_list_pinned(Ctx *ctx, const Channel *channel, PostList *ret_list);
Err post_list_flagged(Ctx *ctx, Str user_id, Str channel_id, Str team_id, int64_t limit, int64_t offset, PostList *ret_list);

/* A root and its replies. */
typedef struct ThreadAsk {
    int64_t per_page;          /* 0: all */
    Str from_post;
    int64_t from_create_at, from_update_at;
    bool upwards, updates_only;
} ThreadAsk;
Err post_list_thread(Ctx *ctx, const Post *root, const ThreadAsk *ask, PostList *ret_list);

/* Those of `ids` that one may read and that are not deleted, in the order asked for. */
Err post_list_by_ids(Ctx *ctx, const StrVec *ids, Post **ret_posts, size_t *ret_count);
