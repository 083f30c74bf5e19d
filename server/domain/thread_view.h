/* domain/thread_view.h: threads as clients see them, in replies and in thread_updated. */
#pragma once
#include "domain/threads.h"

/* Writes an array of them (the one of them, when `alone`). `posts`: their roots, in any order; rows without one are left out. */
Err thread_rows_write(Ctx *ctx, const ThreadRow *rows, size_t count, const Post *posts, size_t post_count, bool extended, bool alone,
                      Buf *out);

/* What happened to a thread: so that each follower is told their own counters, and what they were before. */
typedef struct ThreadNews {
    const Thread *thread;
    const Post *root;
    const PostParts *root_parts;
    Str author_id;           /* of the reply; empty: no reply came or went */
    int64_t new_replies;     /* 1, -1 or 0 */
    int64_t changed_at;      /* of a reply that went: only who had not read so far sees counters change */
    const StrVec *mentioned; /* by the reply */
} ThreadNews;
void thread_publish_updated(Ctx *ctx, DbTx *tx, const ThreadNews *news, const Follower *followers, size_t count);
