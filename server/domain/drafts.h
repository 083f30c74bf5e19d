/* domain/drafts.h: what somebody has begun to write, on all their devices. One for each channel and thread. */
#pragma once
#include "domain/posts.h"

/* Keeps it; an empty message deletes what was there (*ret_kept false). Told to the user's other connections. */
Err draft_save(Ctx *ctx, const Draft *draft, Draft *ret_draft, bool *ret_kept);
Err draft_delete(Ctx *ctx, Str channel_id, Str root_id);
/* The caller's in the team's channels and in direct messages, newest first. Writes an array. */
Err drafts_list(Ctx *ctx, Str team_id, Buf *out);
void draft_write(const Draft *draft, const FileInfo *files, size_t file_count, Buf *out);
Err draft_files(Ctx *ctx, const Draft *drafts, size_t count, FileInfo **ret_files, size_t *ret_count);
