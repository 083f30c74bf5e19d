/* domain/threads.h: replies under a post, who follows them and what they have not read. */
#pragma once
#include "domain/mentions.h"

/* Within the transaction that inserts `reply`: counts it, adds its author to the participants, lets author and mentioned
 * people follow, raises their unread mentions, and tells followers (thread_updated). */
Err thread_reply_in(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *root, const Post *reply, const Mentions *mentions);
