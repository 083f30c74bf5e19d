/* domain/channels.h: conversations: who may read, write, change them.
 *
 * Kinds    O public and P private belong to a team; D direct (two people, or one alone) and G group (three to eight) have no
 *          team and fixed members: domain/direct_channels.h makes them. Members: domain/channel_members.h.
 * Archive  An archived channel is read but not written or changed. town-square is the heart of its team: everybody is in it,
 *          and it is not archived, renamed or made private.
 */
#pragma once
#include "domain/access.h"

/* Doors: load it and check the right together. */
Err channel_to_see(Ctx *ctx, Str channel_id, Channel *ret_channel);  /* its name and header: members, or a public one of one's team */
Err channel_to_read(Ctx *ctx, Str channel_id, Channel *ret_channel); /* its posts */
Err channel_to_write(Ctx *ctx, Str channel_id, Channel *ret_channel); /* may post there; it is not archived */
Err channel_to_inspect(Ctx *ctx, Str channel_id, Channel *ret_channel); /* its members and numbers: members of it */
/* By name in a team; a private one that one may not see is not there. Archived ones only when asked. */
Err channel_by_name(Ctx *ctx, Str team_id, Str name, bool with_archived, Channel *ret_channel);

bool channel_is_direct(const Channel *channel); /* D or G: no team, fixed members */
bool channel_is_town_square(const Channel *channel);
enum { CHANNEL_HEADER_RUNES = 1024, CHANNEL_PURPOSE_RUNES = 250, CHANNEL_NAME_RUNES = 64 };
/* The rules of names and lengths. */
Err channel_check(Ctx *ctx, const Channel *channel);
/* Names folded for search. */
Str channel_search_text(Ctx *ctx, const Channel *channel);

/* Makes a public or private channel; the maker becomes its admin. */
Err channel_create(Ctx *ctx, const Channel *draft, Channel *ret_channel);
/* Changes the fields of `mask` (names, header, purpose). */
Err channel_update(Ctx *ctx, Str channel_id, const Channel *change, FieldMask mask, Channel *ret_channel);
/* Makes it public ("O") or private ("P"). */
Err channel_set_privacy(Ctx *ctx, Str channel_id, Str type, Channel *ret_channel);
Err channel_archive(Ctx *ctx, Str channel_id);
Err channel_restore(Ctx *ctx, Str channel_id, Channel *ret_channel);
/* With its posts, for ever. */
Err channel_destroy(Ctx *ctx, Str channel_id);

/* ---- within the rooms of channels ---- */
/* Locks the row until the end of the transaction and reads it afresh. */
Err channel_lock_in(Ctx *ctx, DbTx *tx, Str channel_id, Channel *ret_channel);
/* Its row. ERR_UNIQUE: the name is taken. */
Err channel_insert_in(Ctx *ctx, DbTx *tx, Channel *channel);
Err channel_audit(Ctx *ctx, DbTx *tx, const char *action, Str channel_id);
/* town-square and off-topic of a new team. */
Err channels_create_default_in(Ctx *ctx, DbTx *tx, const Team *team);
/* Names of the channels that everybody who joins a team joins too; town-square is the first. */
StrVec channel_default_names(const Ctx *ctx);
