/* domain/boot.h: all that the web app needs for its first screen, of one moment: who one is, one's teams, the channels of one
 * team, and the posts of one channel. A fixed number of queries, however many channels there are. */
#pragma once
#include "domain/categories.h"
#include "domain/post_lists.h"
#include "domain/unreads.h"
#include "store/thread_store.h"

/* What the address on show names; each may be empty. Teams by id or name; channels by id, name, or "@" and a user name. */
typedef struct BootAsk {
    Str team, channel;
} BootAsk;

typedef struct Boot {
    Preference *preferences;
    size_t preference_count;
    Team *teams;
    size_t team_count;
    TeamMember *team_members;
    size_t team_member_count;
    TeamUnread *unreads;
    size_t unread_count;
    Role *roles; /* all that the memberships name */
    size_t role_count;
    Str team_id; /* empty: in no team */
    Channel *channels; /* of that team, and direct and group messages */
    size_t channel_count;
    ChannelMember *members;
    size_t member_count;
    Sidebar sidebar;
    Str channel_id; /* empty: in no channel */
    bool has_posts;
    PostList posts;
    User *users; /* who wrote them, and partners of direct and group messages */
    size_t user_count;
    Status *statuses;
    size_t status_count;
    ThreadTotals threads;
} Boot;

/* Somebody is signed in. */
Err boot_load(Ctx *ctx, const BootAsk *ask, Boot *ret_boot);
/* How its posts are meant to be written. */
extern const PostViewOptions BOOT_POST_VIEW;
