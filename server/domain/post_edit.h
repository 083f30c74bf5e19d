/* domain/post_edit.h: changing and deleting messages. Former texts are kept: post_versions. */
#pragma once
#include "domain/posts.h"

/* The author with edit_post, others with edit_others_posts; a post that is not there is refused like a foreign one. `mask`:
 * which of message, props, file_ids, is_pinned of `patch` are meant. */
Err post_edit(Ctx *ctx, Str post_id, const Post *patch, FieldMask mask, Str *ret_json);
Err post_set_pinned(Ctx *ctx, Str post_id, bool is_pinned);
/* With its replies, files and drafts of replies. `for_ever`: the rows too. */
Err post_delete(Ctx *ctx, Str post_id, bool for_ever);

/* Former versions, newest first; for the author. */
Err post_history(Ctx *ctx, Str post_id, Buf *out);
/* Makes a former version the text again. */
Err post_restore_version(Ctx *ctx, Str post_id, Str version_id, Str *ret_json);
