/* domain/threads.h: replies under a post, who follows them and what they have not read.
 *
 * A thread is there from its first reply on. Author of the root, repliers and those called in it follow by themselves (where
 * ThreadAutoFollow is on); a follower has read up to `last_viewed`, and unread mentions are counted as they come.
 */
#pragma once
#include "domain/posts.h"
#include "store/thread_store.h"

/* Within the transaction that inserts `reply`: counts it, adds its author to the participants, lets author and mentioned
 * people follow, raises their unread mentions, and tells followers (thread_updated). Puts the thread into `parts`. */
Err thread_reply_in(Ctx *ctx, DbTx *tx, const PostInsert *what, const Post *reply, PostParts *parts, StrVec *ret_followers);
/* `reply` has been deleted in this transaction: counts again, takes back unread mentions, tells followers. */
Err thread_reply_deleted_in(Ctx *ctx, DbTx *tx, const Post *root, const Post *reply, const Mentions *mentions);

/* ---- as one of its followers; rights are checked ---- */
Err threads_list(Ctx *ctx, const ThreadQuery *query, bool totals, bool rows, bool extended, Buf *out);
Err thread_get(Ctx *ctx, Str user_id, Str thread_id, bool extended, Buf *out);
Err thread_set_following(Ctx *ctx, Str user_id, Str team_id, Str thread_id, bool following);
/* Read up to `time` (also an earlier one: then it is unread again). Writes the thread. */
Err thread_set_read(Ctx *ctx, Str user_id, Str team_id, Str thread_id, int64_t time, Buf *out);
/* Unread from that reply on. */
Err thread_set_unread(Ctx *ctx, Str user_id, Str team_id, Str thread_id, Str post_id, Buf *out);
Err threads_read_all(Ctx *ctx, Str user_id, Str team_id);
/* Within a transaction: one follower's place, told by thread_updated. For clients that do not know threads. */
Err thread_unread_from_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root, Str user_id, int64_t time);
