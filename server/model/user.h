/* model/user.h: a person or a bot, and how they are signed in.  Wire names: Mattermost v4 "User", "Session", "Status". */
#pragma once
#include "model/entity.h"

/* Shown in full only to oneself and to those who manage the system: domain/users.c takes out the rest (user_sanitize). */
#define USER_FIELDS(F, T)                                                                             \
    F(T, ID,     id,                   SHOW | SAVE)                                                   \
    F(T, TIME,   create_at,            SHOW | SAVE | OMIT)                                            \
    F(T, TIME,   update_at,            SHOW | SAVE | OMIT)                                            \
    F(T, TIME,   delete_at,            SHOW | SAVE)               /* not 0: deactivated */            \
    F(T, TEXT,   username,             SHOW | SAVE | NEW | EDIT)  /* lower case */                    \
    F(T, TEXT,   password,             NEW)                       /* the plain one, on its way in */  \
    F(T, TEXT,   password_hash,        SAVE)                      /* PHC string; empty: none */       \
    F(T, TEXT,   auth_data,            SHOW | SAVE | OMIT | NEW)                                      \
    F(T, TEXT,   auth_service,         SHOW | SAVE | NEW)                                             \
    F(T, TEXT,   email,                SHOW | SAVE | NEW | EDIT)  /* lower case */                    \
    F(T, FLAG,   email_verified,       SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,   nickname,             SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,   first_name,           SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,   last_name,            SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,   position,             SHOW | SAVE | NEW | EDIT)                                      \
    F(T, TEXT,   roles,                SHOW | SAVE)               /* space-separated */               \
    F(T, OBJECT, props,                SHOW | SAVE | OMIT | NEW | EDIT)                               \
    F(T, OBJECT, notify_props,         SHOW | SAVE | OMIT | NEW | EDIT)                               \
    F(T, TIME,   last_password_update, SHOW | SAVE | OMIT)                                            \
    F(T, TIME,   last_picture_update,  SHOW | SAVE | OMIT)                                            \
    F(T, COUNT,  failed_attempts,      SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,   locale,               SHOW | SAVE | NEW | EDIT)                                      \
    F(T, OBJECT, timezone,             SHOW | SAVE | NEW | EDIT)                                      \
    F(T, FLAG,   mfa_active,           SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,   mfa_secret,           SAVE)                      /* base32; empty: none was made */  \
    F(T, COUNT,  mfa_last_step,        SAVE)                      /* the code that was taken last */  \
    F(T, TEXT,   remote_id,            SHOW | OMIT)                                                   \
    F(T, FLAG,   is_bot,               SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,   bot_description,      SHOW | SAVE | OMIT)                                            \
    F(T, TEXT,   picture_path,         SAVE)                      /* in the file store; empty: drawn from the name */ \
    F(T, TEXT,   search_text,          SAVE)                      /* folded names, pinyin, initials: see domain/users.c */ \
    F(T, NO,     disable_welcome_email, SHOW)                                                         \
    F(T, TIME,   last_login,           SHOW | SAVE | OMIT)
ENTITY_DECLARE(User, user, USER_FIELDS)

/* The wire shows the id; the token itself is stored only as its SHA-256. */
#define SESSION_FIELDS(F, T)                                                                          \
    F(T, ID,     id,               SHOW | SAVE)                                                       \
    F(T, TEXT,   token_hash,       SAVE)                                                              \
    F(T, TEXT,   token,            SHOW)                          /* always blank in lists */         \
    F(T, TIME,   create_at,        SHOW | SAVE)                                                       \
    F(T, TIME,   expires_at,       SHOW | SAVE)                   /* 0: never */                      \
    F(T, TIME,   last_activity_at, SHOW | SAVE)                                                       \
    F(T, ID,     user_id,          SHOW | SAVE)                                                       \
    F(T, TEXT,   device_id,        SHOW | SAVE)                                                       \
    F(T, TEXT,   roles,            SHOW | SAVE)                   /* the user's, at sign-in; rights come from the user row */ \
    F(T, FLAG,   is_oauth,         SHOW | SAVE)                                                       \
    F(T, FLAG,   expired_notify,   SHOW | SAVE)                                                       \
    F(T, OBJECT, props,            SHOW | SAVE)                   /* csrf, platform, os, browser … */ \
    F(T, ARRAY,  team_members,     SHOW)                                                              \
    F(T, NO,     local,            SHOW)
ENTITY_DECLARE(Session, session, SESSION_FIELDS)

#define STATUS_FIELDS(F, T)                                                                           \
    F(T, ID,    user_id,          SHOW | SAVE)                                                        \
    F(T, TEXT,  status,           SHOW | SAVE | NEW)              /* online away dnd offline ooo */   \
    F(T, FLAG,  manual,           SHOW | SAVE)                                                        \
    F(T, TIME,  last_activity_at, SHOW | SAVE)                                                        \
    F(T, COUNT, dnd_end_time,     SHOW | SAVE | NEW)              /* Unix seconds, as v4 has it; 0: open end */ \
    F(T, TEXT,  prev_status,      SAVE)                           /* what dnd returns to */
ENTITY_DECLARE(Status, status, STATUS_FIELDS)

#define PREFERENCE_FIELDS(F, T)                                                                       \
    F(T, ID,   user_id,  SHOW | SAVE | NEW)                                                           \
    F(T, TEXT, category, SHOW | SAVE | NEW)                                                           \
    F(T, TEXT, name,     SHOW | SAVE | NEW)                                                           \
    F(T, TEXT, value,    SHOW | SAVE | NEW)
ENTITY_DECLARE(Preference, preference, PREFERENCE_FIELDS)

/* A one-time secret sent by e-mail. Stored hashed. */
#define TOKEN_FIELDS(F, T)                                                                            \
    F(T, TEXT, token_hash, SAVE)                                                                      \
    F(T, TIME, create_at,  SAVE)                                                                      \
    F(T, TEXT, type,       SAVE)                                  /* password_recovery verify_email team_invitation … */ \
    F(T, TEXT, subject,    SAVE)                                  /* the user's id, or the address invited */ \
    F(T, TEXT, extra,      SAVE)                                  /* JSON */
ENTITY_DECLARE(Token, token, TOKEN_FIELDS)

/* A secret that acts in somebody's name until it is revoked. Stored hashed; the wire shows it once. */
#define USER_ACCESS_TOKEN_FIELDS(F, T)                                                                \
    F(T, ID,   id,          SHOW | SAVE)                                                              \
    F(T, TEXT, token_hash,  SAVE)                                                                     \
    F(T, TEXT, token,       SHOW | OMIT)                                                              \
    F(T, ID,   user_id,     SHOW | SAVE)                                                              \
    F(T, TEXT, description, SHOW | SAVE | NEW)                                                        \
    F(T, TIME, create_at,   SAVE)                                                                     \
    F(T, FLAG, is_active,   SHOW | SAVE)
ENTITY_DECLARE(UserAccessToken, user_access_token, USER_ACCESS_TOKEN_FIELDS)

#define ROLE_FIELDS(F, T)                                                                             \
    F(T, ID,    id,             SHOW | SAVE)                                                          \
    F(T, TEXT,  name,           SHOW | SAVE)                                                          \
    F(T, TEXT,  display_name,   SHOW | SAVE)                                                          \
    F(T, TEXT,  description,    SHOW | SAVE)                                                          \
    F(T, TIME,  create_at,      SHOW | SAVE)                                                          \
    F(T, TIME,  update_at,      SHOW | SAVE)                                                          \
    F(T, TIME,  delete_at,      SHOW | SAVE)                                                          \
    F(T, ARRAY, permissions,    SHOW | SAVE)                      /* JSON array of wire names */      \
    F(T, FLAG,  scheme_managed, SHOW | SAVE)                                                          \
    F(T, FLAG,  built_in,       SHOW | SAVE)                                                          \
    F(T, NULL,  scheme_id,      SHOW)
ENTITY_DECLARE(Role, role, ROLE_FIELDS)
