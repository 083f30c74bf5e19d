/* domain/mentions.h: whom a message calls.
 *
 * Source   contract: words of the message and its attachments (code and link targets skipped) against @user name, the
 *          user's keywords, first name, @channel, @all, @here; in direct and group messages everybody else.
 * Cost     Independent of the size of the channel: names and keywords of the message are looked up, then who of them is a
 *          member. Only @channel, @all and @here read the members, and only of channels below MaxNotificationsPerChannel.
 */
#pragma once
#include "base/vec.h"
#include "domain/access.h"
#include "model/post.h"

typedef struct Mentions {
    StrVec user_ids;      /* members of the channel, without the author; those called in person come first */
    size_t personal_count; /* so many by name, keyword, or as the ones spoken to in a direct or group message */
    StrVec others;        /* @names of nobody in the channel, lower case */
    bool is_here, is_channel, is_all;
    bool is_wide_refused; /* the author may not call the whole channel */
    bool is_wide_too_many; /* the channel has too many members for it */
} Mentions;

/* Reads only; runs before the writing transaction, and may begin a new snapshot. */
Err mentions_find(Ctx *ctx, const Channel *channel, const Post *post, Mentions *ret_mentions);
/* A reply also calls those of its thread who asked for it and do not see threads collapsed. */
Err mentions_add_thread(Ctx *ctx, DbTx *tx, const Post *root, const Post *reply, Mentions *mentions);
/* Message and attachments without code and link targets, a text each. */
void mentions_texts(Arena *arena, const Post *post, StrVec *texts);

/* How many of the channel's posts at or after `since` call this user; of the thread `root_id` when it is not empty.
 * *ret_root (may be NULL): how many of them are not replies. */
Err mentions_count_since(Ctx *ctx, DbTx *tx, const Channel *channel, Str root_id, Str user_id, int64_t since, int64_t *ret_all,
                         int64_t *ret_root);

/* Does this user see replies collapsed into threads? */
Err threads_are_collapsed(Ctx *ctx, DbTx *tx, Str user_id, bool *ret_collapsed);
