/* domain/posts.h: messages: writing, changing, reading them. */
#pragma once
#include "domain/mentions.h"

enum { POST_MESSAGE_RUNES = 16383, POST_FILES_MAX = 10, POST_PROPS_RUNES = 800000 };

/* Doors. A post one may not read is refused with 403, one that is gone with 404. */
Err post_to_read(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel);

/* A new message by the one who asks. The same pending_post_id again gives the post that is there already. */
Err post_create(Ctx *ctx, const Post *draft, Post *ret_post);

/* Puts `post` (id, user, channel, message … set; times not) into the open transaction: order, counters, unread mentions,
 * thread, and the `posted` event. What every kind of message goes through. */
Err post_insert_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root, const Mentions *mentions, const User *author,
                   Post *post);

/* Is it a note that somebody came or went (not counted as a message)? */
bool post_is_membership_note(Str type);
