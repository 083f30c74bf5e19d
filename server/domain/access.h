/* domain/access.h: who may do what. The rules are those of contract: a right is granted by the system roles, by the roles
 * of the team membership (team scope), or by those of the channel membership (channel scope).
 *
 * can_* answers, need_* refuses with 403 api.context.permissions.app_error (recorded with the permission's name in the
 * log). The doors to nouns (channel_to_read, team_to_manage …) stand with their nouns and use these.
 */
#pragma once
#include "domain/ctx.h"
#include "model/channel.h"
#include "model/team.h"

static inline bool can(const Ctx *ctx, Permission p) { return permissions_has(&ctx->rights, p); }
Err need(Ctx *ctx, Permission p);

/* All rights here: system roles and those of the membership. Not a member: the system roles alone. */
Err rights_in_team(Ctx *ctx, Str team_id, PermissionSet *ret_rights);
Err rights_in_channel(Ctx *ctx, const Channel *channel, PermissionSet *ret_rights);
Err can_in_team(Ctx *ctx, Str team_id, Permission p, bool *ret_can);
Err can_in_channel(Ctx *ctx, const Channel *channel, Permission p, bool *ret_can);
Err need_in_team(Ctx *ctx, Str team_id, Permission p);
Err need_in_channel(Ctx *ctx, const Channel *channel, Permission p);

/* May read its posts: read_channel_content here, or a public channel whose team lets one read_public_channel. */
Err can_read_channel(Ctx *ctx, const Channel *channel, bool *ret_can);

/* Oneself, or somebody who may edit other users (never a system admin's account without manage_system). */
Err need_self_or_edit(Ctx *ctx, Str user_id);
