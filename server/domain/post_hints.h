/* domain/post_hints.h: tells an author what their message did not do. */
#pragma once
#include "domain/posts.h"

/* People called by name who are in the team but not in the channel: an ephemeral message to the author that lets clients
 * offer to add them. *ret_event NULL: nobody. */
Err post_hint_outsiders(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *post, const Mentions *mentions, Event **ret_event);
