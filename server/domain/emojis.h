/* domain/emojis.h: emoji that people add: a name and a small picture. Every signed-in person may use them. */
#pragma once
#include "domain/files.h"
#include "domain/jobs.h"

enum { EMOJI_FILE_LIMIT_BYTES = 512 * 1024, EMOJI_SIDE_LIMIT = 1028, EMOJI_NAME_LIMIT_BYTES = 64, EMOJI_NAMES_MAX = 200 };

/* 1 to 64 letters, digits, '+', '-', '_'. Other names no emoji can have. */
bool emoji_name_is_valid(Str name);

/* Reads a picture: for the slow lane. `creator_id` must be the one who asks. */
Err emoji_create(Ctx *ctx, Str name, Str creator_id, Str picture, Emoji *ret_emoji);
/* Its reactions go soon after, by a job: a later emoji of that name does not inherit them. */
Err emoji_delete(Ctx *ctx, Str emoji_id);
Err emoji_gone_job_run(Ctx *ctx, const Job *job);

Err emoji_get(Ctx *ctx, Str emoji_id, Emoji *ret_emoji);
Err emoji_get_by_name(Ctx *ctx, Str name, Emoji *ret_emoji);
Err emojis_by_names(Ctx *ctx, const Str *names, size_t count, Emoji **ret_emojis, size_t *ret_count);
Err emojis_list(Ctx *ctx, bool by_name, int64_t limit, int64_t offset, Emoji **ret_emojis, size_t *ret_count);
Err emojis_search(Ctx *ctx, Str term, bool prefix_only, Emoji **ret_emojis, size_t *ret_count);
Err emoji_content(Ctx *ctx, Str emoji_id, Content *ret_content);
