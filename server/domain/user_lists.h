/* domain/user_lists.h: finding people: lists with conditions, search, completion; and who may see whom. */
#pragma once
#include "domain/access.h"
#include "store/user_query.h"

/* Guests (and whoever lacks view_members) see only people they share a channel with. */
Err user_is_visible(Ctx *ctx, Str user_id, bool *ret_is_visible);

/* What a list may show to the one who asks: rights in the teams and channels it names, guests' view. Adds to the query. */
Err user_query_check(Ctx *ctx, UserQuery *query);

typedef enum ListOrder { ORDER_NONE, ORDER_ACTIVITY, ORDER_CREATED, ORDER_STATUS, ORDER_ADMIN } ListOrder;
/* A page; `order` beside the query's own: by presence, which only memory knows. */
Err user_list(Ctx *ctx, UserQuery *query, ListOrder order, User **ret_users, size_t *ret_count);

/* Adds conditions so that all words of `term` fit: in user name, nickname, and (where settings hide them, only for those who
 * manage the system) full name and e-mail. False: there is nothing to look for. */
bool user_query_add_term(Ctx *ctx, UserQuery *query, Str term, bool is_completion);

/* Ids of those who share a channel with the one who asks. */
Err user_list_known(Ctx *ctx, StrVec *ret_ids);
