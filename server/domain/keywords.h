/* domain/keywords.h: the words beside @user name that call somebody: their own keywords, and first names.
 *
 * Model    Few people have such words, and a post must not read the settings of 50,000 members to find them. So all of
 *          them are held in memory, for the whole server: word → users. Who of them is in the channel is asked afterwards.
 * Fresh    A user who changed (session_forget_on_commit) is read again at the next use; changes by other nodes are seen
 *          after 30 s at most. A fill that was overtaken by a change is dropped.
 */
#pragma once
#include "base/vec.h"
#include "domain/app.h"

KeywordCache *keywords_new(void);
void keywords_free(KeywordCache *cache);
/* This user's words may have changed. Any thread. */
void keywords_forget(KeywordCache *cache, Str user_id);

/* What of the cache the forms of a message hit. */
typedef struct Keyword {
    Str word;              /* as it is compared: lower case, or a first name as written */
    bool is_first_name;    /* compared with upper and lower case */
    Str user_id;
} Keyword;
typedef VEC(Keyword) KeywordVec;

/* The keywords among `forms` (as written), and the multibyte ones that `folded` contains. May begin a new snapshot: call it
 * before reading anything. */
Err keywords_find(Ctx *ctx, const StrVec *forms, Str folded, KeywordVec *ret_keywords);
/* The words of one user, from the row. */
void keywords_of_user(Arena *arena, const User *user, KeywordVec *keywords);
