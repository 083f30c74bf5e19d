/* domain/posts.h: messages: writing them. Changing: post_edit.h; lists: post_lists.h; reactions, drafts: theirs. */
#pragma once
#include "domain/mentions.h"
#include "domain/post_view.h"

enum { POST_MESSAGE_RUNES = 16383, POST_FILES_MAX = 10, POST_PROPS_RUNES = 800000, POST_PENDING_ID_MAX = 64 };

/* Doors. A post one may not read is refused with 403, one that is gone with 404. */
Err post_to_read(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel);
/* The same for posts that may be deleted: those who manage the system see them with `with_deleted`. */
Err post_to_read_any(Ctx *ctx, Str post_id, bool with_deleted, Post *ret_post, Channel *ret_channel);

/* How a message comes to be. Zeroed: written by the one who asks. */
typedef struct PostHow {
    const User *author;     /* NULL: ctx->user */
    bool is_integration;    /* webhook, command: its reserved props stay, and it does not mark the channel read */
    bool keeps_status;      /* does not set the author online */
} PostHow;
/* A new message, where the one who asks may write. The same pending_post_id again gives the post that is there already.
 * *ret_json (may be NULL): the post as its author sees it. */
Err post_create(Ctx *ctx, const Post *draft, const PostHow *how, Post *ret_post, Str *ret_json);
/* The same in a channel that the caller has checked. */
Err post_send(Ctx *ctx, const Channel *channel, const Post *draft, const PostHow *how, Post *ret_post, Str *ret_json);
/* Only for the one user: not stored. */
Err post_send_ephemeral(Ctx *ctx, const Post *draft, Str user_id, Str author_id, Str *ret_json);

/* Puts `post` (id, user, channel, message … set; times not) into the open transaction: order, counters, unread mentions,
 * thread, and the `posted` event. What every kind of message goes through. */
typedef struct PostInsert {
    const Channel *channel;
    const Post *root;          /* NULL or zeroed: no reply */
    const Mentions *mentions;
    const User *author;
    PostParts *parts;          /* NULL: nothing hangs on it */
    PostParts *root_parts;     /* what hangs on the root of a reply */
    const StrVec *auto_followers; /* of a first reply: members who want to follow each thread; NULL: none */
    bool sets_online;
    bool marks_read;           /* the author has read the channel up to here */
} PostInsert;
Err post_insert_in(Ctx *ctx, DbTx *tx, const PostInsert *what, Post *post, Str *ret_json);

/* ---- what new and changed messages have in common ---- */
/* Lengths, type, number of files. */
Err post_check(Ctx *ctx, const Post *post);
/* Makes of the props of a body those that are stored: without what only the server says, with what it adds. */
Err post_fill_props(Ctx *ctx, const Channel *channel, const PostHow *how, const Mentions *mentions, Post *post);
/* Recomputes the hashtags. */
Err post_fill_hashtags(Ctx *ctx, Post *post);
/* The ids of its files, from the JSON array. */
Err post_file_ids(Ctx *ctx, const Post *post, StrVec *ret_ids);
/* Of `ids` those that the author has uploaded to the channel and not yet used, in the same order. */
Err post_files_free(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *ids, FileInfo **ret_files, size_t *ret_count);
Err post_files_attach_in(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *ids);
Str post_ids_json(Arena *arena, const Str *ids, size_t count);
/* "posted", "post_edited" …: with the post as text in the member `post`. */
Event *post_event_new(Ctx *ctx, const char *name, Str channel_id, Str post_json);

/* Is it a note that somebody came or went (not counted as a message)? */
bool post_is_membership_note(Str type);
bool post_is_system(Str type);
