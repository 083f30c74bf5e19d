/* domain/post_notes.h: the system messages that tell a channel what happened in it.
 *
 * Each stands in the transaction of what it tells of. The author is the one who did it. The text is in the server's
 * language; clients write it anew from type and props. Notes mention nobody (an added person excepted), and those of
 * coming and going are not counted as messages.
 */
#pragma once
#include "domain/posts.h"

/* Somebody came by oneself (guests have a type of their own), was added, left, was removed. */
Err post_note_joined_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_added_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder);
Err post_note_left_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_removed_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *remover);

/* The same of the team, told in `channel`: its town-square. */
Err post_note_team_joined_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_team_added_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder);
Err post_note_team_left_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_team_removed_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);

/* `channel` is as it is after the change. */
Err post_note_header_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_header, const User *user);
Err post_note_purpose_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_purpose, const User *user);
Err post_note_display_name_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_display_name, const User *user);
Err post_note_archived_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_restored_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
/* Public became private or the other way: says which by the channel's type. */
Err post_note_privacy_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
/* The older form of public made private. */
Err post_note_converted_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
Err post_note_moved_in(Ctx *ctx, DbTx *tx, const Channel *channel, Str old_team_name, const User *user);
Err post_note_group_to_channel_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user);
