#include "domain/access.h"
#include "domain/app.h"
#include "domain/roles.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

Err need(Ctx *ctx, Permission p)
{
    return can(ctx, p) ? OK : fail_right(ctx, p);
}

Err rights_in_team(Ctx *ctx, Str team_id, PermissionSet *ret_rights)
{
    PermissionSet rights = ctx->rights;
    TeamMember member;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = team_id.len && ctx->user_id.len
                  ? store_team_member_get(tx, ctx->arena, team_id, ctx->user_id, &member)
                  : ERR_ABSENT;
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (err == OK && member.delete_at == 0) {
        PermissionSet more = roles_permissions(
            ctx->app,
            roles_of_member(ctx->arena, MEMBER_OF_TEAM, member.scheme_guest, member.scheme_user,
                            member.scheme_admin, member.explicit_roles));
        permissions_unite(&rights, &more);
    }
    *ret_rights = rights;
    return OK;
}

Err rights_in_channel(Ctx *ctx, const Channel *channel, PermissionSet *ret_rights)
{
    PermissionSet rights;
    TRY(rights_in_team(ctx, channel->team_id, &rights));
    ChannelMember member;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = ctx->user_id.len
                  ? store_channel_member_get(tx, ctx->arena, channel->id, ctx->user_id, &member)
                  : ERR_ABSENT;
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (err == OK) {
        PermissionSet more = roles_permissions(
            ctx->app,
            roles_of_member(ctx->arena, MEMBER_OF_CHANNEL, member.scheme_guest, member.scheme_user,
                            member.scheme_admin, member.explicit_roles));
        permissions_unite(&rights, &more);
    }
    *ret_rights = rights;
    return OK;
}

Err can_in_team(Ctx *ctx, Str team_id, Permission p, bool *ret_can)
{
    *ret_can = true;
    if (can(ctx, p))
        return OK;
    PermissionSet rights;
    TRY(rights_in_team(ctx, team_id, &rights));
    *ret_can = permissions_has(&rights, p);
    return OK;
}

Err can_in_channel(Ctx *ctx, const Channel *channel, Permission p, bool *ret_can)
{
    *ret_can = true;
    if (can(ctx, p))
        return OK;
    PermissionSet rights;
    TRY(rights_in_channel(ctx, channel, &rights));
    *ret_can = permissions_has(&rights, p);
    return OK;
}

Err need_in_team(Ctx *ctx, Str team_id, Permission p)
{
    bool allowed;
    TRY(can_in_team(ctx, team_id, p, &allowed));
    return allowed ? OK : fail_right(ctx, p);
}

Err need_in_channel(Ctx *ctx, const Channel *channel, Permission p)
{
    bool allowed;
    TRY(can_in_channel(ctx, channel, p, &allowed));
    return allowed ? OK : fail_right(ctx, p);
}

Err can_read_channel(Ctx *ctx, const Channel *channel, bool *ret_can)
{
    PermissionSet rights;
    TRY(rights_in_channel(ctx, channel, &rights));
    *ret_can = permissions_has(&rights, PERM_READ_CHANNEL_CONTENT);
    if (!*ret_can && str_eq(channel->type, STR("O")))
        *ret_can = permissions_has(&rights, PERM_READ_PUBLIC_CHANNEL);
    return OK;
}

Err need_self_or_edit(Ctx *ctx, Str user_id)
{
    if (str_eq(ctx->user_id, user_id) || can(ctx, PERM_MANAGE_SYSTEM))
        return OK;
    TRY(need(ctx, PERM_EDIT_OTHER_USERS));
    User target;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_user_get(tx, ctx->arena, user_id, &target);
    if (err == ERR_ABSENT)
        return OK; /* whoever looks next says that there is no such user */
    TRY(err);
    PermissionSet rights = roles_permissions(ctx->app, target.roles);
    return permissions_has(&rights, PERM_MANAGE_SYSTEM) ? fail_right(ctx, PERM_MANAGE_SYSTEM) : OK;
}
