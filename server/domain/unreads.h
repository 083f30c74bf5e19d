/* domain/unreads.h: how much of a channel or team somebody has not read, and reading it again.
 *
 * Unread is the channel's total less what the member has read; nothing for a muted channel, whose mentions still count.
 */
#pragma once
#include "domain/posts.h"

typedef struct UnreadCounts {
    int64_t messages, root_messages, mentions, root_mentions;
    int64_t threads, thread_mentions; /* only when asked for */
} UnreadCounts;

Err unread_of_channel(Ctx *ctx, Str user_id, Str channel_id, Channel *ret_channel, UnreadCounts *ret_counts);
Err unread_of_team(Ctx *ctx, Str user_id, Str team_id, UnreadCounts *ret_counts);
typedef struct TeamUnread {
    Str team_id;
    UnreadCounts counts;
} TeamUnread;
/* As v4's TeamUnread. */
void team_unread_write(const TeamUnread *unread, Buf *out);
/* Each team the user has channels in, without `excluded`. */
Err unread_of_teams(Ctx *ctx, Str user_id, Str excluded, bool with_threads, TeamUnread **ret_teams, size_t *ret_count);

/* Makes the channel unread from a post on. Clients that do not know threads (`knows_threads` false) and name a reply leave
 * the counters of roots alone, and have its thread made unread. *ret_member: the place as it is now. */
Err post_set_unread(Ctx *ctx, Str user_id, Str post_id, bool knows_threads, Channel *ret_channel, ChannelMember *ret_member);
