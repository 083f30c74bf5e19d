/* domain/post_view.h: posts as clients see them: with reply counts, metadata (files, reactions, embeds), participants.
 *
 * What several posts hang together with is read with one query each, and only when a post needs it.
 */
#pragma once
#include "domain/access.h"
#include "model/post.h"

typedef struct PostViewOptions {
    bool collapsed_threads;          /* is_following and participants on roots */
    bool collapsed_threads_extended; /* participants as whole users */
    bool is_new;                     /* not stored yet: nothing hangs on it but what its text says */
    bool for_everybody;              /* an event: nothing that only some of the channel may see */
} PostViewOptions;

/* What hangs on several posts. A zeroed one: nothing. */
typedef struct PostPreview {
    Str post_id, in_post_id; /* the linked one; the one that links to it */
    const Post *post;
    const Channel *channel;
    Str team_name;
} PostPreview;
typedef struct PostParts {
    Thread *threads;
    size_t thread_count;
    ThreadMember *follows; /* of the viewer; only for collapsed threads */
    size_t follow_count;
    FileInfo *files;
    size_t file_count;
    Reaction *reactions;
    size_t reaction_count;
    Emoji *emojis;
    size_t emoji_count;
    User *participants; /* only when extended */
    size_t participant_count;
    PostPreview *previews;
    size_t preview_count;
    const struct PostParts *preview_parts;
} PostParts;

Err post_parts_load(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options, PostParts *ret_parts);
void post_write(Ctx *ctx, const Post *post, const PostParts *parts, const PostViewOptions *options, Buf *out);

Str post_text(Ctx *ctx, const Post *post, const PostParts *parts, const PostViewOptions *options);
/* The participants of a thread: whole users where they are known, else only their ids. */
void thread_participants_write(Ctx *ctx, const Thread *thread, const User *known, size_t known_count, Buf *out);

/* Loads and writes one post; an array of posts; one post as text in the arena, ready to stand in an event. */
Err post_view_write(Ctx *ctx, const Post *post, const PostViewOptions *options, Buf *out);
Err post_view_write_all(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options, Buf *out);
Err post_view_text(Ctx *ctx, const Post *post, const PostViewOptions *options, Str *ret_json);

/* The id of the post that `link` shows, when it is a permalink of this server; empty otherwise. */
Str post_permalink_id(const Ctx *ctx, Str link);

/* {"order":[…],"posts":{…},…}. `posts` are in the order of `order`; `others` (roots of replies) are only in the map. Empty
 * ids say that nothing stands before or after. */
typedef struct PostList {
    const Post *posts, *others;
    size_t count, other_count;
    Str next_post_id, prev_post_id;
    bool has_next, shows_has_next; /* only thread fetches tell has_next */
    bool shows_matches;            /* search results: "matches" is there, and null */
} PostList;
Err post_list_write(Ctx *ctx, const PostList *list, const PostViewOptions *options, Buf *out);
