/* store/user_query.h: users by many conditions at once, in SQL put together for the question. */
#pragma once
#include "base/vec.h"
#include "model/user.h"

typedef enum UserSort { SORT_NAME, SORT_CREATED, SORT_ACTIVE, SORT_ADMIN_FIRST } UserSort;

/* Empty and zero members ask for nothing. */
typedef struct UserQuery {
    Str in_team, not_in_team, in_channel, not_in_channel; /* ids */
    bool without_team;
    bool only_active, only_inactive, no_bots;
    StrVec roles;                     /* any of these system roles */
    StrVec team_roles, channel_roles; /* any of these, in in_team or in_channel */
    StrVec words;                     /* patterns: each fits a word of the names */
    StrVec name_words;                /* the same, but in user name and nickname only */
    Str email;                        /* pattern; or instead of the words */
    Str known_to;                     /* only who shares a channel with this user, and the user */
    int64_t since;                    /* changed after it */
    UserSort sort;
    int64_t limit, offset;            /* limit 0: all */
} UserQuery;

Err store_user_query(DbTx *tx, Arena *arena, const UserQuery *query, User **ret_users, size_t *ret_count);
/* Ids only, in the same order. */
Err store_user_query_ids(DbTx *tx, Arena *arena, const UserQuery *query, StrVec *ret_ids);
Err store_user_query_count(DbTx *tx, Arena *arena, const UserQuery *query, int64_t *ret_count);
