#include "domain/team_members.h"
#include "domain/channel_members.h"
#include "domain/guests.h"
#include "domain/post_notes.h"
#include "domain/profiles.h"
#include "domain/sessions.h"
#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

void team_member_fill(Arena *arena, TeamMember *m)
{
    m->roles = roles_of_member(arena, MEMBER_OF_TEAM, m->scheme_guest, m->scheme_user,
                               m->scheme_admin, m->explicit_roles);
}

void team_members_fill(Arena *arena, TeamMember *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        team_member_fill(arena, &members[i]);
}

static Event *event_of(Ctx *ctx, const char *name, Str team_id, Str user_id)
{
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "team_id");
    json_str(&event->data, team_id);
    json_key(&event->data, "user_id");
    json_str(&event->data, user_id);
    return event;
}

/* ---- coming ---- */
/* Membership, its events and the default channels; `is_admin`: of the team. */
static Err enter_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder,
                    bool is_admin)
{
    bool is_guest = user_is_guest(user);
    TeamMember member = {
        .team_id = team->id,
        .user_id = user->id,
        .create_at = ctx->now,
        .scheme_guest = is_guest,
        .scheme_user = !is_guest,
        .scheme_admin = is_admin && !is_guest,
    };
    TRY(store_team_member_save(tx, &member));
    session_forget_on_commit(ctx, tx, user->id);
    hub_membership_on_commit(tx, ctx->hub, HUB_TEAM, team->id, user->id, true);
    TRY(channels_join_default_in(ctx, tx, team, user, adder, is_admin));
    Event *event = event_of(ctx, "added_to_team", team->id, user->id);
    event->user_id = user->id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

Err team_join_as_admin_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user)
{
    return enter_in(ctx, tx, team, user, NULL, true);
}

Err team_join_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder)
{
    TeamMember old;
    Team now;
    Err err = store_team_member_get(tx, ctx->arena, team->id, user->id, &old);
    if (err == OK && old.delete_at == 0)
        return OK;
    if (err != OK && err != ERR_ABSENT)
        return err;
    TRY_ABSENT(ctx, store_team_lock(tx, ctx->arena, team->id, &now), ERR_APP_TEAM_GET_FIND);
    if (now.delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_FIND, "archived");
    if (!user->is_bot && !email_is_of_domains(user->email, now.allowed_domains))
        return fail(ctx, ERR_API_TEAM_JOIN_USER_TO_TEAM_ALLOWED_DOMAINS, "user_id=" STR_FMT,
                    STR_ARG(user->id));
    int64_t total, active;
    TRY(store_team_member_counts(tx, team->id, &total, &active));
    if (active >= ctx->settings->TeamSettings_MaxUsersPerTeam)
        return fail(ctx, ERR_APP_TEAM_JOIN_USER_TO_TEAM_MAX_ACCOUNTS);
    return enter_in(ctx, tx, &now, user, adder, false);
}

static Err member_get(Ctx *ctx, DbTx *tx, Str team_id, Str user_id, TeamMember *ret_member)
{
    TRY_ABSENT(ctx, store_team_member_get(tx, ctx->arena, team_id, user_id, ret_member),
               ERR_APP_TEAM_GET_MEMBER_MISSING);
    if (ret_member->delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_MEMBER_MISSING, "has left");
    team_member_fill(ctx->arena, ret_member);
    return OK;
}

/* May the one who asks bring these people in? */
static Err need_to_add(Ctx *ctx, const Team *team, const StrVec *user_ids)
{
    if (user_ids->len != 1 || !str_eq(user_ids->items[0], ctx->user_id))
        return need_in_team(ctx, team->id, PERM_ADD_USER_TO_TEAM);
    Permission join = team->allow_open_invite ? PERM_JOIN_PUBLIC_TEAMS : PERM_JOIN_PRIVATE_TEAMS;
    return can(ctx, join) ? OK : need_in_team(ctx, team->id, PERM_ADD_USER_TO_TEAM);
}

static Err load_candidate(Ctx *ctx, DbTx *tx, Str user_id, User *ret_user)
{
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, ret_user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return ret_user->delete_at != 0 ? fail(ctx, ERR_APP_USER_MISSING_ACCOUNT_CONST, "deactivated")
                                    : OK;
}

static Err add_one_in(Ctx *ctx, DbTx *tx, const Team *team, TeamAdded *one)
{
    User user;
    TRY(load_candidate(ctx, tx, one->user_id, &user));
    TRY(team_join_in(ctx, tx, team, &user, str_eq(user.id, ctx->user_id) ? NULL : ctx->user));
    return member_get(ctx, tx, team->id, user.id, &one->member);
}

Err team_add_members(Ctx *ctx, Str team_id, const StrVec *user_ids, bool graceful,
                     TeamAdded **ret_added)
{
    DbTx *tx;
    Team team;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    TRY(need_to_add(ctx, &team, user_ids));
    if (team.delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_FIND, "archived");
    TeamAdded *added = arena_new(ctx->arena, TeamAdded, user_ids->len);
    TRY(ctx_write(ctx, &tx));
    for (size_t i = 0; i < user_ids->len; i++) {
        added[i].user_id = user_ids->items[i];
        added[i].err = add_one_in(ctx, tx, &team, &added[i]);
        if (added[i].err != OK && (!graceful || added[i].err < ERR_WIRE_FIRST))
            return added[i].err;
        added[i].failure = ctx->failure;
        ctx->failure = (Failure){0};
    }
    *ret_added = added;
    return ctx_commit(ctx);
}

Err team_join_by_invite(Ctx *ctx, Str invite_id, TeamMember *ret_member)
{
    Team team;
    DbTx *tx;
    TRY(team_by_invite(ctx, invite_id, &team));
    if (user_is_guest(ctx->user))
        return fail(ctx, ERR_API_TEAM_ADD_USER_TO_TEAM_FROM_INVITE_GUEST);
    TRY(ctx_write(ctx, &tx));
    TRY(team_join_in(ctx, tx, &team, ctx->user, NULL));
    TRY(member_get(ctx, tx, team.id, ctx->user_id, ret_member));
    return ctx_commit(ctx);
}

/* ---- going ---- */
/* In town-square, for those who stay. */
static Err note_left_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, bool is_self)
{
    Channel square;
    if (!ctx->settings->ServiceSettings_ExperimentalEnableDefaultChannelLeaveJoinMessages)
        return OK;
    Err err = store_channel_get_by_name(tx, ctx->arena, team->id, STR("town-square"), &square);
    if (err != OK)
        return err == ERR_ABSENT ? OK : err;
    return is_self ? post_note_team_left_in(ctx, tx, &square, user)
                   : post_note_team_removed_in(ctx, tx, &square, user);
}

Err team_leave_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, Str remover_id)
{
    TeamMember member;
    StrVec channel_ids;
    Err err = store_team_member_get(tx, ctx->arena, team->id, user->id, &member);
    if (err == ERR_ABSENT || (err == OK && member.delete_at != 0))
        return fail(ctx, ERR_API_TEAM_REMOVE_USER_FROM_TEAM_MISSING);
    TRY(err);
    TRY(store_channel_ids_of_user_in_team(tx, ctx->arena, user->id, team->id, &channel_ids));
    for (size_t i = 0; i < channel_ids.len; i++)
        TRY(channel_leave_in(ctx, tx, channel_ids.items[i], user->id, remover_id));
    member.delete_at = ctx->now;
    member.scheme_admin = false;
    member.explicit_roles = STR_EMPTY;
    TRY(store_team_member_save(tx, &member));
    session_forget_on_commit(ctx, tx, user->id);
    hub_membership_on_commit(tx, ctx->hub, HUB_TEAM, team->id, user->id, false);
    TRY(note_left_in(ctx, tx, team, user, str_eq(user->id, remover_id)));
    Event *to_team = event_of(ctx, "leave_team", team->id, user->id),
          *to_user = event_of(ctx, "leave_team", team->id, user->id);
    to_team->team_id = team->id;
    event_omit(to_team, ctx->arena, user->id);
    to_user->user_id = user->id;
    hub_publish_on_commit(tx, ctx->hub, to_team);
    hub_publish_on_commit(tx, ctx->hub, to_user);
    return OK;
}

Err team_remove_member(Ctx *ctx, Str team_id, Str user_id)
{
    Team team;
    User user;
    DbTx *tx;
    bool is_self = str_eq(user_id, ctx->user_id);
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    if (!is_self)
        TRY(need_in_team(ctx, team_id, PERM_REMOVE_USER_FROM_TEAM));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    TRY(ctx_write(ctx, &tx));
    TRY(team_leave_in(ctx, tx, &team, &user, ctx->user_id));
    TRY(team_audit(ctx, tx, "team.remove_member", team_id));
    return ctx_commit(ctx);
}

/* ---- one membership ---- */
Err team_member_to_read(Ctx *ctx, Str team_id, Str user_id, TeamMember *ret_member)
{
    DbTx *tx;
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    return member_get(ctx, tx, team_id, user_id, ret_member);
}

static Err save(Ctx *ctx, DbTx *tx, TeamMember *member)
{
    TRY(store_team_member_save(tx, member));
    session_forget_on_commit(ctx, tx, member->user_id);
    team_member_fill(ctx->arena, member);
    Event *event = event_new(ctx->arena, "memberrole_updated");
    json_key(&event->data, "member");
    json_str(&event->data, entity_to_json(ctx->arena, &team_member_entity, member));
    event->user_id = member->user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(team_audit(ctx, tx, "team.member_roles", member->team_id));
    return ctx_commit(ctx);
}

Err team_member_set_roles(Ctx *ctx, Str team_id, Str user_id, Str names)
{
    TeamMember member;
    MemberRoles roles;
    DbTx *tx;
    TRY(need_in_team(ctx, team_id, PERM_MANAGE_TEAM_ROLES));
    TRY(ctx_write(ctx, &tx));
    TRY(member_get(ctx, tx, team_id, user_id, &member));
    TRY(member_roles_parse(ctx, MEMBER_OF_TEAM, names, member.scheme_guest, &roles));
    member.scheme_user = roles.is_user;
    member.scheme_admin = roles.is_admin;
    member.explicit_roles = roles.explicit_roles;
    return save(ctx, tx, &member);
}

Err team_member_set_scheme(Ctx *ctx, Str team_id, Str user_id, const SchemeRoles *wanted)
{
    TeamMember member;
    DbTx *tx;
    TRY(need_in_team(ctx, team_id, PERM_MANAGE_TEAM_ROLES));
    TRY(ctx_write(ctx, &tx));
    TRY(member_get(ctx, tx, team_id, user_id, &member));
    TRY(member_roles_check_scheme(ctx, MEMBER_OF_TEAM, wanted, member.scheme_guest));
    member.scheme_user = wanted->user;
    member.scheme_admin = wanted->admin;
    return save(ctx, tx, &member);
}
