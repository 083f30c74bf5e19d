/* store/search_store.h: the full-text index of posts in SQL: SQLite's FTS5 and PostgreSQL's tsvector behind one form.
 *
 * The index follows in the background: new posts by a cursor (their seq), changed ones by the table search_dirty. What is
 * newer than the cursor is found by reading it (store_search_tail), so that nobody waits for the index.
 */
#pragma once
#include "base/vec.h"
#include "model/post.h"

/* After an edit or deletion, in its transaction. */
Err store_search_touch(DbTx *tx, Str post_id);

/* Indexes at most `limit` posts beyond the cursor and `limit` changed ones. *ret_more: something is left to do at once. On
 * PostgreSQL posts wait until no transaction is left that could still bring one before them. */
Err store_search_index(DbTx *tx, Arena *arena, int64_t now, int64_t limit, bool *ret_more);
Err store_search_cursor(DbTx *tx, int64_t *ret_seq);
/* Forgets the whole index: the next runs build it anew. */
Err store_search_reset(DbTx *tx);

/* A question: every `must` (any, when `is_or`), and no `must_not`. A clause is tokens that follow one another; the last
 * may be a prefix. */
typedef struct SearchClause {
    const Str *tokens;
    size_t count;
    bool is_prefix;
} SearchClause;
typedef struct SearchQuery {
    Str user_id, team_id;     /* team_id empty: all teams; direct messages always */
    const SearchClause *must, *must_not;
    size_t must_count, must_not_count;
    bool is_or;
    const SearchClause *filters; /* all of them: author and channel tokens, the tokens of one are alternatives */
    size_t filter_count;
    int64_t after, before;    /* create_at > after (0: any), < before (0: any) */
    bool with_archived;       /* posts of archived channels too */
    int64_t limit, offset;
} SearchQuery;

/* Alternatives of a filter are given as one clause whose tokens are OR-ed. */
Err store_search_posts(DbTx *tx, Arena *arena, const SearchQuery *query, Post **ret_posts, size_t *ret_count);
/* Posts beyond the cursor, and those changed since they were indexed, that the user may read, newest first, at most `limit`; the caller matches their text. */
Err store_search_tail(DbTx *tx, Arena *arena, const SearchQuery *query, int64_t limit, Post **ret_posts, size_t *ret_count);

/* Files by name: each of `words` (folded) must be part of it. */
Err store_search_files(DbTx *tx, Arena *arena, const SearchQuery *query, const StrVec *words, const StrVec *extensions,
                       const StrVec *channel_ids, const StrVec *author_ids, FileInfo **ret_files, size_t *ret_count);
