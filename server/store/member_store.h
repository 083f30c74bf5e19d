/* store/member_store.h: who in a channel is called by a message, in SQL, and what that does to their counters. */
#pragma once
#include "base/vec.h"
#include "model/channel.h"

typedef struct MemberName {
    Str user_id, username;
} MemberName;
/* Active members whose user names are among these. */
Err store_member_list_by_names(DbTx *tx, Arena *arena, Str channel_id, const Str *names, size_t count, MemberName **ret_members,
                               size_t *ret_count);
/* Those of `ids` who are members. */
Err store_member_among(DbTx *tx, Arena *arena, Str channel_id, const Str *ids, size_t count, StrVec *ret_ids);
/* Active members who want to be called by @channel; only those who are online for @here. */
Err store_member_list_called(DbTx *tx, Arena *arena, Str channel_id, bool only_online, StrVec *ret_ids);
/* The same choice for one member, from both notify_props. */
bool member_hears_all(Str member_props, Str user_props);

/* One more unread mention for each of them. */
Err store_member_count_mentions(DbTx *tx, Arena *arena, Str channel_id, const Str *ids, size_t count, bool is_root, int64_t now);
