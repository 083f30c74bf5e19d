/* domain/channels.h: conversations: who is in, who may read, write, manage. */
#pragma once
#include "domain/access.h"

/* Doors: load it and check the right together. */
Err channel_to_see(Ctx *ctx, Str channel_id, Channel *ret_channel);  /* its name and header: members, or a public one of one's team */
Err channel_to_read(Ctx *ctx, Str channel_id, Channel *ret_channel); /* its posts */
Err channel_to_write(Ctx *ctx, Str channel_id, Channel *ret_channel); /* may post there; it is not archived */

bool channel_is_direct(const Channel *channel); /* D or G: no team, fixed members */
enum { CHANNEL_HEADER_RUNES = 1024, CHANNEL_PURPOSE_RUNES = 250, CHANNEL_NAME_RUNES = 64 };
/* The rules of names and lengths. */
Err channel_check(Ctx *ctx, const Channel *channel);
/* Names folded for search. */
Str channel_search_text(Ctx *ctx, const Channel *channel);

Err channel_create(Ctx *ctx, const Channel *draft, Channel *ret_channel);
/* The direct channel of two people (the same one twice: a note to oneself); made when it is not there. */
Err channel_create_direct(Ctx *ctx, Str user_id, Str other_id, Channel *ret_channel);

/* town-square and off-topic of a new team; everybody who joins the team joins them. */
Err channels_create_default_in(Ctx *ctx, DbTx *tx, const Team *team);
Err channels_join_default_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder, bool is_admin);

/* Joins within the open transaction: membership, join note, events. `adder` NULL: by oneself. Already in: nothing. */
Err channel_join_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder, bool is_admin);
/* The membership a new member starts with. */
ChannelMember channel_member_new(const Channel *channel, Str user_id, int64_t now, bool is_admin);
/* Fills in `roles` from the flags, and hides others' reading position. */
void channel_member_fill(Ctx *ctx, ChannelMember *member);

/* How far somebody has read. Marks the channel read and tells the user's other clients. *ret_times: {"id":ms} pairs. */
Err channel_view(Ctx *ctx, Str user_id, const Str *channel_ids, size_t count, int64_t *ret_times);
