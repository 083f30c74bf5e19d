/* domain/post_view.h: posts as clients see them: with reply counts, metadata (files, reactions, embeds), participants.
 *
 * What is read for many posts at once is read with one query each, and only when a post needs it.
 */
#pragma once
#include "domain/posts.h"

typedef struct PostViewOptions {
    bool collapsed_threads;          /* is_following and participants on roots */
    bool collapsed_threads_extended; /* participants as whole users */
} PostViewOptions;

/* Writes one post. */
Err post_view_write(Ctx *ctx, const Post *post, const PostViewOptions *options, Buf *out);
/* Writes an array of posts. */
Err post_view_write_all(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options, Buf *out);

/* {"order":[…],"posts":{…},…}. `posts` are in the order of `order` (newest first); `others` (roots of replies) are only in
 * the map. Empty ids say that nothing stands before or after. */
typedef struct PostList {
    const Post *posts, *others;
    size_t count, other_count;
    Str next_post_id, prev_post_id;
    bool has_next, shows_has_next; /* only thread fetches tell has_next */
    bool shows_matches;            /* search results: "matches" is there, and null */
} PostList;
Err post_list_write(Ctx *ctx, const PostList *list, const PostViewOptions *options, Buf *out);
