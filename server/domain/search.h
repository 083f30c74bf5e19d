/* domain/search.h: finding posts and files one may read, newest first. */
#pragma once
#include "domain/ctx.h"
#include "model/post.h"

typedef struct SearchRequest {
    Str terms, team_id; /* team_id empty: in all teams */
    bool is_or, with_archived;
    int64_t time_zone_offset_s, page, per_page;
} SearchRequest;

Err search_posts(Ctx *ctx, const SearchRequest *request, Post **ret_posts, size_t *ret_count);
Err search_files(Ctx *ctx, const SearchRequest *request, FileInfo **ret_files, size_t *ret_count);

/* Background indexing for at most about a second. Does nothing, and writes nothing, when the index is up to date. */
Err search_index_catch_up(Ctx *ctx);
