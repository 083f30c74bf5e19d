/* store/channel_store.h: channels in SQL, and single memberships (lists: channel_member_store.h). Absent rows are ERR_ABSENT; texts go into `arena`. */
#pragma once
#include "base/vec.h"
#include "model/channel.h"

Err store_channel_get(DbTx *tx, Arena *arena, Str id, Channel *ret_channel);
Err store_channel_get_by_name(DbTx *tx, Arena *arena, Str team_id, Str name, Channel *ret_channel);
/* Channels of a team the user is in, and with team_id "" the direct and group messages; archived ones too when asked. */
Err store_channel_list_of_user(DbTx *tx, Arena *arena, Str user_id, Str team_id, bool with_archived, Channel **ret_channels,
                               size_t *ret_count);

/* What a sidebar of that team shows: its channels the user is in and direct and group messages, not archived. */
Err store_channel_list_for_sidebar(DbTx *tx, Arena *arena, Str user_id, Str team_id, Channel **ret_channels, size_t *ret_count);
/* Those of the ids that exist, archived ones too. */
Err store_channel_list_by_ids(DbTx *tx, Arena *arena, const Str *ids, size_t count, Channel **ret_channels, size_t *ret_count);
/* All channels of a user: of teams that are not archived, and direct and group messages. Archived channels: only when
 * asked, and then those archived at or after `since`. */
Err store_channel_list_of_user_everywhere(DbTx *tx, Arena *arena, Str user_id, bool with_archived, int64_t since,
                                          Channel **ret_channels, size_t *ret_count);

/* Which channels to find, by name. Fields left zero do not restrict. */
typedef struct ChannelSearch {
    Str term;           /* each of its words occurs in the names */
    bool or_id;         /* … or the id is the term */
    Str team_id;        /* of this team */
    StrVec team_ids;    /* of one of these */
    bool is_public, is_private, is_group; /* of these kinds; none set: public and private */
    Str member_id;      /* this user is in it … */
    bool or_public;     /* … or it is public */
    bool with_archived, only_archived;
    StrVec without_names; /* not the default channels */
    int64_t limit, offset;
} ChannelSearch;
/* By name, archived ones last. */
Err store_channel_search(DbTx *tx, Arena *arena, const ChannelSearch *search, Channel **ret_channels, size_t *ret_count);
Err store_channel_search_count(DbTx *tx, Arena *arena, const ChannelSearch *search, int64_t *ret_count);
/* The direct messages of a user whose other person's names have all words of `term`. */
Err store_channel_search_direct(DbTx *tx, Arena *arena, Str user_id, Str term, int64_t limit, Channel **ret_channels,
                                size_t *ret_count);

/* Takes it away with its posts, members and what hangs on them. Its files are marked deleted: whoever keeps the bytes
 * removes them. */
Err store_channel_destroy(DbTx *tx, Str channel_id, int64_t now);

/* What a change inside a channel costs: its next time and version. */
typedef struct ChannelTick {
    int64_t time;       /* max(now, the last given out + 1): unique in the channel, and rising */
    int64_t version;
    int64_t delete_at;  /* not 0: archived */
    int64_t total_msg_count, total_msg_count_root; /* after the change */
} ChannelTick;
/* Locks the channel's row until the transaction ends and gives out the next time and version. ERR_ABSENT: no such
 * channel. The caller checks delete_at. */
Err store_channel_tick(DbTx *tx, Str channel_id, int64_t now, ChannelTick *ret_tick);
/* The same for a new post: also counts it (unless it is a join or leave note) and moves last_post_at. */
Err store_channel_tick_post(DbTx *tx, Str channel_id, int64_t now, bool is_counted, bool is_root, ChannelTick *ret_tick);

Err store_channel_member_get(DbTx *tx, Arena *arena, Str channel_id, Str user_id, ChannelMember *ret_member);
Err store_channel_member_insert(DbTx *tx, const ChannelMember *member); /* ERR_UNIQUE: already in */
Err store_channel_member_delete(DbTx *tx, Str channel_id, Str user_id, int64_t now);
Err store_channel_member_ids(DbTx *tx, Arena *arena, Str channel_id, Str **ret_ids, size_t *ret_count);
/* Ids of all channels the user is in: what a connection listens to. */
Err store_channel_ids_of_user(DbTx *tx, Arena *arena, Str user_id, Str **ret_ids, size_t *ret_count);
