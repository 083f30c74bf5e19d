#include "domain/teams.h"
#include "base/id.h"
#include "domain/channels.h"
#include "domain/roles.h"
#include "domain/sessions.h"
#include "store/team_store.h"
#include "store/user_store.h"

void team_member_fill(Arena *arena, TeamMember *m)
{
    m->roles = roles_of_member(arena, MEMBER_OF_TEAM, m->scheme_guest, m->scheme_user,
                               m->scheme_admin, m->explicit_roles);
}

Err team_to_read(Ctx *ctx, Str team_id, Team *ret_team)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, ret_team), ERR_APP_TEAM_GET_FIND);
    if (ret_team->allow_open_invite && str_eq(ret_team->type, STR("O")) &&
        can(ctx, PERM_LIST_PUBLIC_TEAMS))
        return OK;
    return need_in_team(ctx, team_id, PERM_VIEW_TEAM);
}

Err team_by_invite(Ctx *ctx, Str invite_id, Team *ret_team)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get_by_invite(tx, ctx->arena, invite_id, ret_team),
               ERR_APP_TEAM_GET_BY_INVITE_ID_FINDING);
    if (ret_team->delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_BY_INVITE_ID_FINDING, "archived");
    return OK;
}

Err team_sanitize(Ctx *ctx, Team *team)
{
    PermissionSet rights;
    TRY(rights_in_team(ctx, team->id, &rights));
    if (!permissions_has(&rights, PERM_MANAGE_TEAM))
        team->email = STR_EMPTY;
    if (!permissions_has(&rights, PERM_INVITE_USER))
        team->invite_id = STR_EMPTY;
    return OK;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* 2 to 64 of a-z, 0-9, - and _, beginning and ending with a letter or digit, not beginning with a reserved word. */
static bool is_team_name(Str s)
{
    static const char *const reserved[] = {
        "admin", "api",   "channel", "claim",   "error", "files",  "help",   "landing",  "login",
        "mfa",   "oauth", "plug",    "plugins", "post",  "signup", "boards", "playbooks"};
    if (s.len < 2 || s.len > 64 || !is_name_char(s.ptr[0]) || !is_name_char(s.ptr[s.len - 1]))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_')
            return false;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_starts_with(s, str_of(reserved[i])))
            return false;
    return true;
}

Err team_check(Ctx *ctx, const Team *team)
{
    if (!is_team_name(team->name))
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_CHARACTERS, "name=" STR_FMT, STR_ARG(team->name));
    if (team->display_name.len == 0 || str_rune_count(team->display_name) > 64)
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_NAME);
    if (str_rune_count(team->description) > 255)
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_DESCRIPTION);
    if (str_rune_count(team->company_name) > 64)
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_COMPANY);
    if (team->allowed_domains.len > 500)
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_DOMAINS);
    if (team->email.len > 128)
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_EMAIL);
    if (!str_eq(team->type, STR("O")) && !str_eq(team->type, STR("I")))
        return fail(ctx, ERR_MODEL_TEAM_IS_VALID_TYPE);
    return OK;
}

/* Membership, its events and the default channels; `is_admin`: of the team. */
static Err join_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder,
                   bool is_admin)
{
    TeamMember member = {.team_id = team->id,
                         .user_id = user->id,
                         .create_at = ctx->now,
                         .scheme_user = true,
                         .scheme_admin = is_admin};
    TRY(store_team_member_save(tx, &member));
    session_forget_on_commit(ctx, tx, user->id);
    hub_membership_on_commit(tx, ctx->hub, HUB_TEAM, team->id, user->id, true);
    TRY(channels_join_default_in(ctx, tx, team, user, adder, is_admin));
    Event *event = event_new(ctx->arena, "added_to_team");
    json_key(&event->data, "team_id");
    json_str(&event->data, team->id);
    json_key(&event->data, "user_id");
    json_str(&event->data, user->id);
    event->user_id = user->id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

Err team_create(Ctx *ctx, const Team *draft, Team *ret_team)
{
    if (!can(ctx, PERM_CREATE_TEAM))
        return fail(ctx, ERR_API_TEAM_IS_TEAM_CREATION_ALLOWED_DISABLED);
    Team team = *draft;
    team.id = ctx_id(ctx);
    team.name = str_lower(ctx->arena, draft->name);
    team.create_at = team.update_at = ctx->now;
    team.invite_id = secret_make(ctx->arena);
    team.email = ctx->user->email;
    TRY(team_check(ctx, &team));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY_UNIQUE(ctx, team_insert_row(tx, &team), ERR_APP_TEAM_SAVE_EXISTING);
    TRY(channels_create_default_in(ctx, tx, &team));
    TRY(join_in(ctx, tx, &team, ctx->user, NULL, true));
    TRY(ctx_audit(ctx, tx, "team.create",
                  str_printf(ctx->arena, "{\"team_id\":\"" STR_FMT "\"}", STR_ARG(team.id))));
    TRY(ctx_commit(ctx));
    *ret_team = team;
    return OK;
}

static bool is_allowed_domain(const Team *team, const User *user)
{
    bool any = false;
    ptrdiff_t at = str_find_char(user->email, '@');
    Str domain = at >= 0 ? str_slice(user->email, (size_t)at + 1, user->email.len) : STR_EMPTY;
    Str rest = team->allowed_domains;
    while (rest.ptr) {
        size_t n = 0;
        while (n < rest.len && rest.ptr[n] != ',' && rest.ptr[n] != ' ')
            n++;
        Str one = str_slice(rest, 0, n);
        rest = n < rest.len ? str_slice(rest, n + 1, rest.len) : (Str){NULL, 0};
        if (one.len == 0)
            continue;
        any = true;
        if (str_eq_nocase(one.ptr[0] == '@' ? str_slice(one, 1, one.len) : one, domain))
            return true;
    }
    return !any;
}

Err team_join_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder)
{
    TeamMember old;
    Err err = store_team_member_get(tx, ctx->arena, team->id, user->id, &old);
    if (err == OK && old.delete_at == 0)
        return OK;
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (!is_allowed_domain(team, user))
        return fail(ctx, ERR_API_TEAM_JOIN_USER_TO_TEAM_ALLOWED_DOMAINS, "user_id=" STR_FMT,
                    STR_ARG(user->id));
    int64_t members;
    TRY(db_get_int(tx, &members,
                   "SELECT count(*) FROM team_members WHERE team_id = ? AND delete_at = 0",
                   team->id));
    if (members >= ctx->settings->TeamSettings_MaxUsersPerTeam)
        return fail(ctx, ERR_APP_TEAM_JOIN_USER_TO_TEAM_MAX_ACCOUNTS);
    return join_in(ctx, tx, team, user, adder, false);
}

static Err join_and_get(Ctx *ctx, DbTx *tx, const Team *team, const User *user, const User *adder,
                        TeamMember *ret_member)
{
    if (team->delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_FIND, "archived");
    TRY(team_join_in(ctx, tx, team, user, adder));
    TRY(store_team_member_get(tx, ctx->arena, team->id, user->id, ret_member));
    team_member_fill(ctx->arena, ret_member);
    return ctx_commit(ctx);
}

Err team_add_member(Ctx *ctx, Str team_id, Str user_id, TeamMember *ret_member)
{
    DbTx *tx;
    Team team;
    User user;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    bool is_self = str_eq(user_id, ctx->user_id);
    if (is_self && team.allow_open_invite)
        TRY(need(ctx, PERM_JOIN_PUBLIC_TEAMS));
    else if (is_self && can(ctx, PERM_JOIN_PRIVATE_TEAMS))
        ;
    else
        TRY(need_in_team(ctx, team_id, PERM_ADD_USER_TO_TEAM));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    if (user.delete_at != 0)
        return fail(ctx, ERR_APP_USER_MISSING_ACCOUNT_CONST, "deactivated");
    TRY(ctx_write(ctx, &tx));
    return join_and_get(ctx, tx, &team, &user, is_self ? NULL : ctx->user, ret_member);
}

Err team_join_by_invite(Ctx *ctx, Str invite_id, TeamMember *ret_member)
{
    Team team;
    TRY(team_by_invite(ctx, invite_id, &team));
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    return join_and_get(ctx, tx, &team, ctx->user, NULL, ret_member);
}
