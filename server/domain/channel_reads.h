/* domain/channel_reads.h: how far somebody has read. */
#pragma once
#include "domain/channels.h"

/* Marks channels read and tells the user's other clients. ret_times[i]: when ids[i] was viewed; 0 where she is no member. */
Err channel_view(Ctx *ctx, Str user_id, const Str *channel_ids, size_t count, int64_t *ret_times);
