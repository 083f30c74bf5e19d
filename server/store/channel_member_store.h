/* store/channel_member_store.h: who is in which channels, in SQL: lists and counts. Texts go into `arena`. */
#pragma once
#include "base/vec.h"
#include "model/channel.h"

Err store_channel_member_list(DbTx *tx, Arena *arena, Str channel_id, int64_t limit, int64_t offset, ChannelMember **ret_members,
                              size_t *ret_count);
Err store_channel_member_list_by_ids(DbTx *tx, Arena *arena, Str channel_id, const Str *user_ids, size_t count,
                                     ChannelMember **ret_members, size_t *ret_count);
/* A user's memberships in a team's channels that are not archived, and in direct and group messages. */
Err store_channel_member_list_of_user_in_team(DbTx *tx, Arena *arena, Str user_id, Str team_id, ChannelMember **ret_members,
                                              size_t *ret_count);
/* All of a user's, wherever, each with its channel's team; limit -1: without end. */
typedef struct PlacedMember {
    ChannelMember member;
    Str team_id; /* empty: direct and group messages */
} PlacedMember;
Err store_channel_member_list_of_user(DbTx *tx, Arena *arena, Str user_id, int64_t limit, int64_t offset,
                                      PlacedMember **ret_members, size_t *ret_count);
/* Writes roles, flags and notify_props. */
Err store_channel_member_update(DbTx *tx, const ChannelMember *member);
/* Takes a user out of a channel and out of what hangs on it: sidebar, favourites, followed threads. */
Err store_channel_member_remove(DbTx *tx, Str channel_id, Str user_id, int64_t now);
/* Ids of the channels of a team the user is in, archived ones too. */
Err store_channel_ids_of_user_in_team(DbTx *tx, Arena *arena, Str user_id, Str team_id, StrVec *ret_ids);

typedef struct ChannelCounts {
    int64_t members, guests; /* not deactivated */
    int64_t pinned, files;
} ChannelCounts;
Err store_channel_counts(DbTx *tx, Str channel_id, bool with_files, ChannelCounts *ret_counts);
Err store_channel_member_count(DbTx *tx, Str channel_id, int64_t *ret_count); /* not deactivated */
/* The different values of users.timezone (JSON) of its members. */
Err store_channel_timezones(DbTx *tx, Arena *arena, Str channel_id, StrVec *ret_timezones);
/* Do two users have a channel in common? */
Err store_channel_is_shared(DbTx *tx, Str user_id, Str other_id, bool *ret_shared);
