/* domain/mentions.h: whom a message calls.
 *
 * Source   contract: words of the message (code and link targets skipped) against @user name, the user's keywords, first
 *          name, @channel, @all, @here; in direct and group messages everybody else.
 */
#pragma once
#include "domain/access.h"
#include "base/vec.h"
#include "model/post.h"

typedef struct Mentions {
    StrVec user_ids;  /* members of the channel, without the author */
    StrVec usernames; /* every @name as written, lower case; also of people outside */
    bool is_here, is_channel, is_all;
} Mentions;

/* Reads only; runs before the writing transaction. */
Err mentions_find(Ctx *ctx, const Channel *channel, const Post *post, Mentions *ret_mentions);
