/* model/channel.h: a conversation, who is in it and how far they have read.  Wire names: Mattermost v4 "Channel",
 * "ChannelMember", "SidebarCategoryWithChannels". */
#pragma once
#include "model/entity.h"

#define CHANNEL_FIELDS(F, T)                                                                          \
    F(T, ID,    id,                    SHOW | SAVE)                                                   \
    F(T, TIME,  create_at,             SHOW | SAVE)                                                   \
    F(T, TIME,  update_at,             SHOW | SAVE)                                                   \
    F(T, TIME,  delete_at,             SHOW | SAVE)               /* not 0: archived */               \
    F(T, ID,    team_id,               SHOW | SAVE | NEW)         /* empty for direct and group messages */ \
    F(T, TEXT,  type,                  SHOW | SAVE | NEW)         /* O public, P private, D direct, G group */ \
    F(T, TEXT,  display_name,          SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  name,                  SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  header,                SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  purpose,               SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TIME,  last_post_at,          SHOW | SAVE)                                                   \
    F(T, COUNT, total_msg_count,       SHOW | SAVE)               /* join and leave notes not counted */ \
    F(T, ZERO,  extra_update_at,       SHOW)                                                          \
    F(T, ID,    creator_id,            SHOW | SAVE)                                                   \
    F(T, NULL,  scheme_id,             SHOW)                                                          \
    F(T, NULL,  props,                 SHOW)                                                          \
    F(T, NULL,  group_constrained,     SHOW)                                                          \
    F(T, NO,    autotranslation,       SHOW)                                                          \
    F(T, NULL,  shared,                SHOW)                                                          \
    F(T, COUNT, total_msg_count_root,  SHOW | SAVE)                                                   \
    F(T, NULL,  policy_id,             SHOW)                                                          \
    F(T, TIME,  last_root_post_at,     SHOW | SAVE)                                                   \
    F(T, NULL,  banner_info,           SHOW)                                                          \
    F(T, NO,    policy_enforced,       SHOW)                                                          \
    F(T, NO,    policy_is_active,      SHOW)                                                          \
    F(T, TEXT,  default_category_name, SHOW)                                                          \
    F(T, COUNT, version,               SAVE)                      /* +1 with every change that listeners hear */ \
    F(T, TIME,  last_time,             SAVE)                      /* the latest time given out in this channel */ \
    F(T, TEXT,  search_text,           SAVE)                      /* folded name, pinyin, initials */
ENTITY_DECLARE(Channel, channel, CHANNEL_FIELDS)

#define CHANNEL_MEMBER_FIELDS(F, T)                                                                   \
    F(T, ID,     channel_id,           SHOW | SAVE)                                                   \
    F(T, ID,     user_id,              SHOW | SAVE)                                                   \
    F(T, TEXT,   roles,                SHOW)                      /* explicit ones and those of the flags */ \
    F(T, TIME,   last_viewed_at,       SHOW | SAVE)               /* -1 to others */                  \
    F(T, COUNT,  msg_count,            SHOW | SAVE)               /* read posts; unread is the channel's total less this */ \
    F(T, COUNT,  mention_count,        SHOW | SAVE)                                                   \
    F(T, COUNT,  mention_count_root,   SHOW | SAVE)                                                   \
    F(T, COUNT,  urgent_mention_count, SHOW | SAVE)                                                   \
    F(T, COUNT,  msg_count_root,       SHOW | SAVE)                                                   \
    F(T, OBJECT, notify_props,         SHOW | SAVE)                                                   \
    F(T, TIME,   last_update_at,       SHOW | SAVE)               /* -1 to others */                  \
    F(T, FLAG,   scheme_guest,         SHOW | SAVE)                                                   \
    F(T, FLAG,   scheme_user,          SHOW | SAVE)                                                   \
    F(T, FLAG,   scheme_admin,         SHOW | SAVE)                                                   \
    F(T, TEXT,   explicit_roles,       SHOW | SAVE)                                                   \
    F(T, NO,     autotranslation_disabled, SHOW)
ENTITY_DECLARE(ChannelMember, channel_member, CHANNEL_MEMBER_FIELDS)

#define SIDEBAR_CATEGORY_FIELDS(F, T)                                                                 \
    F(T, TEXT,  id,           SHOW | SAVE | NEW)                  /* built-in ones: <type>_<user id>_<team id> */ \
    F(T, ID,    user_id,      SHOW | SAVE)                                                            \
    F(T, ID,    team_id,      SHOW | SAVE)                                                            \
    F(T, COUNT, sort_order,   SHOW | SAVE | NEW)                                                      \
    F(T, TEXT,  sorting,      SHOW | SAVE | NEW)                  /* "" alpha recent manual */        \
    F(T, TEXT,  type,         SHOW | SAVE | NEW)                  /* favorites channels direct_messages custom */ \
    F(T, TEXT,  display_name, SHOW | SAVE | NEW)                                                      \
    F(T, FLAG,  muted,        SHOW | SAVE | NEW)                                                      \
    F(T, FLAG,  collapsed,    SHOW | SAVE | NEW)                                                      \
    F(T, ARRAY, channel_ids,  SHOW | NEW)
ENTITY_DECLARE(SidebarCategory, sidebar_category, SIDEBAR_CATEGORY_FIELDS)
