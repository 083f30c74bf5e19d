/* domain/direct_channels.h: direct messages of two people and groups of three to eight. Which people it is for is its name,
 * so the same people always get the same channel. */
#pragma once
#include "domain/channels.h"

enum { GROUP_MIN = 3, GROUP_MAX = 8 };

/* The direct channel of two people (the same one twice: notes to oneself); made when it is not there. */
Err channel_create_direct(Ctx *ctx, Str user_id, Str other_id, Channel *ret_channel);
/* The group of these people and the one who asks; made when it is not there. */
Err channel_create_group(Ctx *ctx, const StrVec *user_ids, Channel *ret_channel);
