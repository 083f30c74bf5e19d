/* domain/channel_members.h: who is in a channel: coming, going, roles, notifications. */
#pragma once
#include "domain/channels.h"
#include "domain/member_roles.h"

enum { CHANNEL_ADD_MAX = 1000 };

/* ---- within an open transaction ---- */
/* Joins: membership, note, events. `adder` NULL: by oneself. Already in: nothing. */
Err channel_join_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder, bool is_admin);
/* Only membership and events; the note is the caller's. ERR_UNIQUE: already in. */
Err channel_enter_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, bool is_admin);
/* Out: membership and what hangs on it, and events; the note is the caller's. */
Err channel_leave_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, Str remover_id);
/* Mutes a channel for a member, or unmutes it. */
Err channel_member_mute_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, bool is_muted);
/* The default channels of a team somebody has just joined. `is_admin`: of them. */
Err channels_join_default_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder, bool is_admin);

/* The membership a new member starts with. */
ChannelMember channel_member_new(const Channel *channel, const User *user, int64_t now, bool is_admin);
/* Fills in `roles` from the flags, and hides others' reading position. */
void channel_member_fill(Ctx *ctx, ChannelMember *member);
void channel_members_fill(Ctx *ctx, ChannelMember *members, size_t count);

/* ---- acts ---- */
/* Adds people (or oneself) and gives their memberships, also of those who were in already. With one id its error is the
 * error; with several those who cannot be added are left out, unless all are. `root_id`: of a thread here that they come
 * for, or empty. */
Err channel_add_members(Ctx *ctx, Str channel_id, const StrVec *user_ids, Str root_id, ChannelMember **ret_members,
                        size_t *ret_count);
Err channel_remove_member(Ctx *ctx, Str channel_id, Str user_id);
/* One membership, by those who may see the channel's members. */
Err channel_member_to_read(Ctx *ctx, Str channel_id, Str user_id, ChannelMember *ret_member);

Err channel_member_set_roles(Ctx *ctx, Str channel_id, Str user_id, Str names);
Err channel_member_set_scheme(Ctx *ctx, Str channel_id, Str user_id, const SchemeRoles *wanted);
/* Lays the known keys of `change` (JSON object of texts) over the member's. */
Err channel_member_set_notify(Ctx *ctx, Str channel_id, Str user_id, const json_t *change);
