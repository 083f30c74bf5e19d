/* store/thread_store.h: threads and who follows them, in SQL. Absent rows are ERR_ABSENT; texts go into `arena`.
 *
 * A thread is shown to those who follow it and are still in its channel. Threads have one order: last reply, then id. */
#pragma once
#include "base/vec.h"
#include "model/post.h"

Err store_thread_get(DbTx *tx, Arena *arena, Str post_id, Thread *ret_thread);
/* The threads of several roots at once; those without replies are absent. */
Err store_thread_list(DbTx *tx, Arena *arena, const Str *post_ids, size_t count, Thread **ret_threads, size_t *ret_count);

Err store_thread_member_get(DbTx *tx, Arena *arena, Str post_id, Str user_id, ThreadMember *ret_member);
/* One user's places in several threads. */
Err store_thread_member_list(DbTx *tx, Arena *arena, Str user_id, const Str *post_ids, size_t count, ThreadMember **ret_members,
                             size_t *ret_count);
/* Writes the whole row, new or not. */
Err store_thread_member_save(DbTx *tx, const ThreadMember *member);
/* Makes several follow who do not yet, as having read up to `viewed`; who has stopped following follows again only when
 * `again`. */
Err store_thread_follow(DbTx *tx, Arena *arena, Str post_id, const Str *user_ids, size_t count, int64_t viewed, int64_t now,
                        bool again);
/* One more unread mention for each of them who follows. */
Err store_thread_count_mentions(DbTx *tx, Arena *arena, Str post_id, const Str *user_ids, size_t count, int64_t now);

/* A follower with what is unread for them. */
typedef struct Follower {
    Str user_id;
    int64_t last_viewed, unread_mentions, unread_replies;
} Follower;
/* `root_time`: when the root was posted; `before_last` (0: unknown): when the reply before the last one was. Only followers
 * who stand between them cost a look at the replies. */
Err store_thread_followers(DbTx *tx, Arena *arena, const Thread *thread, int64_t root_time, int64_t before_last,
                           Follower **ret_followers, size_t *ret_count);
Err store_thread_count_unread(DbTx *tx, Str post_id, int64_t viewed, int64_t *ret_count);
/* Members of a channel who want to follow each of its threads. */
Err store_thread_auto_followers(DbTx *tx, Arena *arena, Str channel_id, StrVec *ret_ids);

/* ---- the list of one user ---- */
typedef struct ThreadQuery {
    Str user_id, team_id;   /* threads of the team and of direct messages */
    bool without_direct, only_unread, with_deleted;
    int64_t since;          /* 0: any; else replied to or changed for the user at or after it */
    Str before, after;      /* a thread's id */
    int64_t limit;
} ThreadQuery;
typedef struct ThreadTotals {
    int64_t total, unread_threads, unread_mentions;
} ThreadTotals;
Err store_thread_totals(DbTx *tx, const ThreadQuery *query, ThreadTotals *ret_totals);
typedef struct ThreadRow {
    Thread thread;
    int64_t last_viewed, unread_mentions, unread_replies;
} ThreadRow;
/* Newest reply first. */
Err store_thread_list_of_user(DbTx *tx, Arena *arena, const ThreadQuery *query, ThreadRow **ret_rows, size_t *ret_count);
/* For each team of the user (not for direct messages): unread threads and mentions. */
typedef struct TeamThreads {
    Str team_id;
    int64_t unread_threads, unread_mentions;
} TeamThreads;
Err store_thread_totals_by_team(DbTx *tx, Arena *arena, Str user_id, TeamThreads **ret_teams, size_t *ret_count);
