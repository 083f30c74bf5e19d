/* domain/channel_lists.h: lists and searches of channels: which ones the one who asks may find. */
#pragma once
#include "domain/channels.h"

enum { CHANNELS_FOUND_MAX = 50 };

typedef struct ChannelList {
    Channel *items;
    size_t count;
} ChannelList;

/* ---- of a team, a page at a time ---- */
Err channels_public(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list);
Err channels_private(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list);  /* for who manages the system */
Err channels_archived(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list); /* public ones and one's own */
/* The public ones among these. */
Err channels_by_ids(Ctx *ctx, Str team_id, const StrVec *ids, ChannelList *ret_list);

/* ---- by words ---- */
/* Public channels of a team; one's own where the team's list is closed to one. */
Err channels_search(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list);
/* While a name is being typed: public ones and one's own. */
Err channels_complete(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list);
/* For "in:" of a search: one's own, direct and group messages too. */
Err channels_complete_own(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list);
/* In all teams one is in. */
Err channels_search_teams(Ctx *ctx, Str term, ChannelList *ret_list);
/* One's group messages, by the names of their people. */
Err channels_search_groups(Ctx *ctx, Str term, ChannelList *ret_list);

/* ---- for the console: all channels of the server ---- */
typedef struct ChannelSearch ChannelSearch; /* store/channel_store.h */
Err channels_of_server(Ctx *ctx, const ChannelSearch *search, ChannelList *ret_list, int64_t *ret_total);

/* ---- of a user ---- */
Err channels_of_user_in_team(Ctx *ctx, Str user_id, Str team_id, bool with_archived, ChannelList *ret_list);
Err channels_of_user(Ctx *ctx, Str user_id, bool with_archived, int64_t since, ChannelList *ret_list);

/* ---- beside ---- */
/* The teams that all people of a group message are in. */
Err channel_common_teams(Ctx *ctx, Str channel_id, Team **ret_teams, size_t *ret_count);
