/* model/nouns.c: the entities, with their tables. */
#include "model/channel.h"
#include "model/post.h"
#include "model/system.h"
#include "model/team.h"
#include "model/user.h"

ENTITY_DEFINE(User, user, "users", USER_FIELDS);
ENTITY_DEFINE(Session, session, "sessions", SESSION_FIELDS);
ENTITY_DEFINE(Status, status, "statuses", STATUS_FIELDS);
ENTITY_DEFINE(Preference, preference, "preferences", PREFERENCE_FIELDS);
ENTITY_DEFINE(Token, token, "tokens", TOKEN_FIELDS);
ENTITY_DEFINE(UserAccessToken, user_access_token, "user_access_tokens", USER_ACCESS_TOKEN_FIELDS);
ENTITY_DEFINE(Role, role, "roles", ROLE_FIELDS);
ENTITY_DEFINE(Team, team, "teams", TEAM_FIELDS);
ENTITY_DEFINE(TeamMember, team_member, "team_members", TEAM_MEMBER_FIELDS);
ENTITY_DEFINE(Channel, channel, "channels", CHANNEL_FIELDS);
ENTITY_DEFINE(ChannelMember, channel_member, "channel_members", CHANNEL_MEMBER_FIELDS);
ENTITY_DEFINE(SidebarCategory, sidebar_category, "sidebar_categories", SIDEBAR_CATEGORY_FIELDS);
ENTITY_DEFINE(Post, post, "posts", POST_FIELDS);
ENTITY_DEFINE(Thread, thread, "threads", THREAD_FIELDS);
ENTITY_DEFINE(ThreadMember, thread_member, "thread_members", THREAD_MEMBER_FIELDS);
ENTITY_DEFINE(Reaction, reaction, "reactions", REACTION_FIELDS);
ENTITY_DEFINE(Draft, draft, "drafts", DRAFT_FIELDS);
ENTITY_DEFINE(FileInfo, file_info, "file_infos", FILE_INFO_FIELDS);
ENTITY_DEFINE(UploadSession, upload_session, "upload_sessions", UPLOAD_SESSION_FIELDS);
ENTITY_DEFINE(UploadPart, upload_part, "upload_parts", UPLOAD_PART_FIELDS);
ENTITY_DEFINE(Emoji, emoji, "emojis", EMOJI_FIELDS);
ENTITY_DEFINE(Audit, audit, "audits", AUDIT_FIELDS);
ENTITY_DEFINE(Job, job, "jobs", JOB_FIELDS);

const Entity *const ENTITIES[] = {
    &user_entity,
    &session_entity,
    &status_entity,
    &preference_entity,
    &token_entity,
    &user_access_token_entity,
    &role_entity,
    &team_entity,
    &team_member_entity,
    &channel_entity,
    &channel_member_entity,
    &sidebar_category_entity,
    &post_entity,
    &thread_entity,
    &thread_member_entity,
    &reaction_entity,
    &draft_entity,
    &file_info_entity,
    &upload_session_entity,
    &upload_part_entity,
    &emoji_entity,
    &audit_entity,
    &job_entity,
    NULL,
};
