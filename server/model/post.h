/* model/post.h: a message in a channel, and what hangs on it.  Wire names: Mattermost v4 "Post", "Reaction", "Draft",
 * "FileInfo", "UploadSession", "Emoji". */
#pragma once
#include "model/entity.h"

#define POST_FIELDS(F, T)                                                                             \
    F(T, ID,     id,              SHOW | SAVE)                                                        \
    F(T, TIME,   create_at,       SHOW | SAVE | NEW)              /* unique in its channel: the channel's one order */ \
    F(T, TIME,   update_at,       SHOW | SAVE)                                                        \
    F(T, TIME,   edit_at,         SHOW | SAVE)                                                        \
    F(T, TIME,   delete_at,       SHOW | SAVE)                    /* 0: not deleted */                \
    F(T, FLAG,   is_pinned,       SHOW | SAVE | EDIT)                                                 \
    F(T, ID,     user_id,         SHOW | SAVE)                    /* the session's user, never the body's */ \
    F(T, ID,     channel_id,      SHOW | SAVE | NEW)                                                  \
    F(T, ID,     root_id,         SHOW | SAVE | NEW)              /* first post of the thread, or empty */ \
    F(T, ID,     original_id,     SHOW | SAVE)                    /* an older version: the post it belongs to */ \
    F(T, TEXT,   message,         SHOW | SAVE | NEW | EDIT)                                           \
    F(T, TEXT,   type,            SHOW | SAVE | NEW)                                                  \
    F(T, OBJECT, props,           SHOW | SAVE | NEW | EDIT)                                           \
    F(T, TEXT,   hashtags,        SHOW | SAVE)                    /* space-separated */               \
    F(T, ARRAY,  file_ids,        SHOW | SAVE | NEW | EDIT)                                           \
    F(T, TEXT,   pending_post_id, SHOW | SAVE | NEW)              /* the author's name for it; one post each */ \
    F(T, FLAG,   has_reactions,   SHOW | SAVE | OMIT)                                                 \
    F(T, ID,     delete_by,       SAVE)                                                               \
    F(T, TEXT,   priority,        SAVE)                           /* "" important urgent; on the wire in metadata */ \
    F(T, COUNT,  reply_count,     SHOW)                           /* counted on read */               \
    F(T, TIME,   last_reply_at,   SHOW)
/* participants, is_following and metadata: domain/post_view.c */
ENTITY_DECLARE(Post, post, POST_FIELDS)

#define THREAD_FIELDS(F, T)                                                                           \
    F(T, ID,    post_id,       SAVE)                              /* the root */                      \
    F(T, ID,    channel_id,    SAVE)                                                                  \
    F(T, ID,    team_id,       SAVE)                              /* empty for direct and group messages */ \
    F(T, COUNT, reply_count,   SAVE)                                                                  \
    F(T, TIME,  last_reply_at, SAVE)                                                                  \
    F(T, ARRAY, participants,  SAVE)                              /* user ids, who replied last comes last */ \
    F(T, TIME,  delete_at,     SAVE)
ENTITY_DECLARE(Thread, thread, THREAD_FIELDS)

#define THREAD_MEMBER_FIELDS(F, T)                                                                    \
    F(T, ID,    post_id,         SAVE)                                                                \
    F(T, ID,    user_id,         SAVE)                                                                \
    F(T, FLAG,  following,       SAVE)                                                                \
    F(T, TIME,  last_viewed,     SAVE)                                                                \
    F(T, TIME,  last_updated,    SAVE)                                                                \
    F(T, COUNT, unread_mentions, SAVE)
ENTITY_DECLARE(ThreadMember, thread_member, THREAD_MEMBER_FIELDS)

#define REACTION_FIELDS(F, T)                                                                         \
    F(T, ID,   user_id,    SHOW | SAVE | NEW)                                                         \
    F(T, ID,   post_id,    SHOW | SAVE | NEW)                                                         \
    F(T, TEXT, emoji_name, SHOW | SAVE | NEW)                                                         \
    F(T, TIME, create_at,  SHOW | SAVE)                                                               \
    F(T, TIME, update_at,  SHOW | SAVE)                                                               \
    F(T, ZERO, delete_at,  SHOW)                                                                      \
    F(T, TEXT, remote_id,  SHOW)                                                                      \
    F(T, ID,   channel_id, SHOW | SAVE)
ENTITY_DECLARE(Reaction, reaction, REACTION_FIELDS)

#define DRAFT_FIELDS(F, T)                                                                            \
    F(T, TIME,   create_at,  SHOW | SAVE)                                                             \
    F(T, TIME,   update_at,  SHOW | SAVE)                                                             \
    F(T, ZERO,   delete_at,  SHOW)                                                                    \
    F(T, ID,     user_id,    SHOW | SAVE)                                                             \
    F(T, ID,     channel_id, SHOW | SAVE | NEW)                                                       \
    F(T, ID,     root_id,    SHOW | SAVE | NEW)                                                       \
    F(T, TEXT,   message,    SHOW | SAVE | NEW)                                                       \
    F(T, TEXT,   type,       SHOW | SAVE | NEW)                                                       \
    F(T, OBJECT, props,      SHOW | SAVE | NEW)                                                       \
    F(T, ARRAY,  file_ids,   SHOW | SAVE | NEW | OMIT)                                                \
    F(T, OBJECT, priority,   SHOW | SAVE | NEW | OMIT)
/* metadata: domain/drafts.c */
ENTITY_DECLARE(Draft, draft, DRAFT_FIELDS)

#define FILE_INFO_FIELDS(F, T)                                                                        \
    F(T, ID,    id,                SHOW | SAVE)                                                       \
    F(T, ID,    user_id,           SHOW | SAVE)                                                       \
    F(T, ID,    post_id,           SHOW | SAVE | OMIT)            /* empty until attached */          \
    F(T, ID,    channel_id,        SHOW | SAVE)                                                       \
    F(T, TIME,  create_at,         SHOW | SAVE)                                                       \
    F(T, TIME,  update_at,         SHOW | SAVE)                                                       \
    F(T, TIME,  delete_at,         SHOW | SAVE)                                                       \
    F(T, TEXT,  name,              SHOW | SAVE)                                                       \
    F(T, TEXT,  extension,         SHOW | SAVE)                                                       \
    F(T, COUNT, size,              SHOW | SAVE)                   /* bytes */                         \
    F(T, TEXT,  mime_type,         SHOW | SAVE)                                                       \
    F(T, COUNT, width,             SHOW | SAVE | OMIT)                                                \
    F(T, COUNT, height,            SHOW | SAVE | OMIT)                                                \
    F(T, FLAG,  has_preview_image, SHOW | SAVE | OMIT)                                                \
    F(T, TEXT,  path,              SAVE)                          /* in the file store */             \
    F(T, TEXT,  thumbnail_path,    SAVE)                                                              \
    F(T, TEXT,  preview_path,      SAVE)                                                              \
    F(T, TEXT,  mini_preview_text, SAVE)                          /* base64 of a 16x16 JPEG; on the wire mini_preview */ \
    F(T, TEXT,  search_text,       SAVE)                          /* folded name */                   \
    F(T, TEXT,  remote_id,         SHOW)                                                              \
    F(T, NO,    archived,          SHOW)
/* mini_preview (base64 or null): domain/files.c */
ENTITY_DECLARE(FileInfo, file_info, FILE_INFO_FIELDS)

#define UPLOAD_SESSION_FIELDS(F, T)                                                                   \
    F(T, ID,    id,          SHOW | SAVE)                                                             \
    F(T, TEXT,  type,        SHOW | SAVE | NEW)                   /* attachment or import */          \
    F(T, TIME,  create_at,   SHOW | SAVE)                                                             \
    F(T, ID,    user_id,     SHOW | SAVE)                                                             \
    F(T, ID,    channel_id,  SHOW | SAVE | OMIT | NEW)                                                \
    F(T, TEXT,  filename,    SHOW | SAVE | NEW)                                                       \
    F(T, COUNT, file_size,   SHOW | SAVE | NEW)                                                       \
    F(T, COUNT, file_offset, SHOW | SAVE)                         /* the next byte expected */        \
    F(T, TEXT,  path,        SAVE)                                                                    \
    F(T, TEXT,  remote_id,   SHOW)                                                                    \
    F(T, TEXT,  req_file_id, SHOW)
ENTITY_DECLARE(UploadSession, upload_session, UPLOAD_SESSION_FIELDS)

/* What has come of an upload so far; see domain/uploads.h. */
#define UPLOAD_PART_FIELDS(F, T)                                                                      \
    F(T, ID,    id,          SAVE)                                                                    \
    F(T, ID,    upload_id,   SAVE)                                                                    \
    F(T, COUNT, part_offset, SAVE)                                                                    \
    F(T, COUNT, size,        SAVE)                                                                    \
    F(T, TEXT,  path,        SAVE)                                /* in the file store */
ENTITY_DECLARE(UploadPart, upload_part, UPLOAD_PART_FIELDS)

#define EMOJI_FIELDS(F, T)                                                                            \
    F(T, ID,   id,         SHOW | SAVE)                                                               \
    F(T, TIME, create_at,  SHOW | SAVE)                                                               \
    F(T, TIME, update_at,  SHOW | SAVE)                                                               \
    F(T, TIME, delete_at,  SHOW | SAVE)                                                               \
    F(T, ID,   creator_id, SHOW | SAVE)                                                               \
    F(T, TEXT, name,       SHOW | SAVE | NEW)                                                         \
    F(T, TEXT, path,       SAVE)                                                                      \
    F(T, TEXT, mime_type,  SAVE)
ENTITY_DECLARE(Emoji, emoji, EMOJI_FIELDS)
