/* model/team.h: a team and who is in it.  Wire names: Mattermost v4 "Team", "TeamMember". */
#pragma once
#include "model/entity.h"

#define TEAM_FIELDS(F, T)                                                                             \
    F(T, ID,    id,                    SHOW | SAVE)                                                   \
    F(T, TIME,  create_at,             SHOW | SAVE)                                                   \
    F(T, TIME,  update_at,             SHOW | SAVE)                                                   \
    F(T, TIME,  delete_at,             SHOW | SAVE)               /* not 0: archived */               \
    F(T, TEXT,  display_name,          SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  name,                  SHOW | SAVE | NEW)         /* in links */                      \
    F(T, TEXT,  description,           SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  email,                 SHOW | SAVE | NEW)                                             \
    F(T, TEXT,  type,                  SHOW | SAVE | NEW)         /* O open, I by invitation */       \
    F(T, TEXT,  company_name,          SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  allowed_domains,       SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,  invite_id,             SHOW | SAVE)               /* the secret of the invite link */ \
    F(T, FLAG,  allow_open_invite,     SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TIME,  last_team_icon_update, SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,  search_text,           SAVE)                      /* folded names */                  \
    F(T, NULL,  scheme_id,             SHOW)                                                          \
    F(T, FLAG,  group_constrained,     SHOW | EDIT)                                                   \
    F(T, NULL,  policy_id,             SHOW)                                                          \
    F(T, NO,    cloud_limits_archived, SHOW)
ENTITY_DECLARE(Team, team, TEAM_FIELDS)

#define TEAM_MEMBER_FIELDS(F, T)                                                                      \
    F(T, ID,   team_id,        SHOW | SAVE | NEW)                                                     \
    F(T, ID,   user_id,        SHOW | SAVE | NEW)                                                     \
    F(T, TEXT, roles,          SHOW)                              /* explicit ones and those of the flags */ \
    F(T, TIME, create_at,      SAVE)                                                                  \
    F(T, TIME, delete_at,      SHOW | SAVE)                       /* not 0: has left */               \
    F(T, FLAG, scheme_guest,   SHOW | SAVE)                                                           \
    F(T, FLAG, scheme_user,    SHOW | SAVE)                                                           \
    F(T, FLAG, scheme_admin,   SHOW | SAVE)                                                           \
    F(T, TEXT, explicit_roles, SHOW | SAVE)
ENTITY_DECLARE(TeamMember, team_member, TEAM_MEMBER_FIELDS)
