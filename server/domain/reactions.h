/* domain/reactions.h: emoji under messages. */
#pragma once
#include "domain/posts.h"

/* By the one who asks, for oneself. The same one again gives the one that is there. */
Err reaction_add(Ctx *ctx, const Reaction *draft, Reaction *ret_reaction);
/* One's own, or with remove_others_reactions another's. */
Err reaction_remove(Ctx *ctx, Str user_id, Str post_id, Str emoji_name);
Err reactions_of_post(Ctx *ctx, Str post_id, Reaction **ret_reactions, size_t *ret_count);
/* Of several posts, all of which one must be able to read; in no order of posts. */
Err reactions_of_posts(Ctx *ctx, const StrVec *post_ids, Reaction **ret_reactions, size_t *ret_count);
