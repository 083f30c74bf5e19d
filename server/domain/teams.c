#include "domain/teams.h"
#include "base/id.h"
#include "domain/channels.h"
#include "domain/names.h"
#include "domain/roles.h"
#include "domain/team_members.h"
#include "store/channel_store.h"
#include "store/team_store.h"

/* ---- doors ---- */
/* Everybody may list it and join it. */
static bool is_open(const Team *team)
{
    return team->allow_open_invite && str_eq(team->type, STR("O"));
}

static Err load(Ctx *ctx, Str team_id, Team *ret_team)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, ret_team), ERR_APP_TEAM_GET_FIND);
    return OK;
}

Err team_to_read(Ctx *ctx, Str team_id, Team *ret_team)
{
    TRY(load(ctx, team_id, ret_team));
    if (is_open(ret_team) && can(ctx, PERM_LIST_PUBLIC_TEAMS))
        return OK;
    return need_in_team(ctx, team_id, PERM_VIEW_TEAM);
}

Err team_to_manage(Ctx *ctx, Str team_id, Team *ret_team)
{
    TRY(load(ctx, team_id, ret_team));
    return need_in_team(ctx, team_id, PERM_MANAGE_TEAM);
}

Err team_by_name(Ctx *ctx, Str name, Team *ret_team)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get_by_name(tx, ctx->arena, str_lower(ctx->arena, name), ret_team),
               ERR_APP_TEAM_GET_BY_NAME_MISSING);
    return is_open(ret_team) ? OK : need_in_team(ctx, ret_team->id, PERM_VIEW_TEAM);
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

Err team_exists(Ctx *ctx, Str name, bool *ret_exists)
{
    Team team;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    *ret_exists = false;
    Err err = store_team_get_by_name(tx, ctx->arena, str_lower(ctx->arena, name), &team);
    if (err == ERR_ABSENT)
        return OK;
    TRY(err);
    *ret_exists = can(ctx, is_open(&team) ? PERM_LIST_PUBLIC_TEAMS : PERM_LIST_PRIVATE_TEAMS);
    return *ret_exists ? OK : can_in_team(ctx, team.id, PERM_VIEW_TEAM, ret_exists);
}

/* ---- what one may see ---- */
static void hide(Team *team, const PermissionSet *rights)
{
    if (!permissions_has(rights, PERM_MANAGE_TEAM))
        team->email = STR_EMPTY;
    if (!permissions_has(rights, PERM_INVITE_USER))
        team->invite_id = STR_EMPTY;
}

Err team_sanitize(Ctx *ctx, Team *team)
{
    PermissionSet rights;
    TRY(rights_in_team(ctx, team->id, &rights));
    hide(team, &rights);
    return OK;
}

Err teams_sanitize_as(Ctx *ctx, Team *teams, size_t count, const TeamMember *members,
                      size_t member_count)
{
    for (size_t i = 0; i < count; i++) {
        PermissionSet rights = ctx->rights;
        for (size_t m = 0; m < member_count; m++)
            if (str_eq(members[m].team_id, teams[i].id)) {
                PermissionSet more = roles_permissions(ctx->app, members[m].roles);
                permissions_unite(&rights, &more);
            }
        hide(&teams[i], &rights);
    }
    return OK;
}

Err teams_sanitize(Ctx *ctx, Team *teams, size_t count)
{
    DbTx *tx;
    TeamMember *members;
    size_t member_count;
    TRY(ctx_read(ctx, &tx));
    TRY(store_team_member_list_of_user(tx, ctx->arena, ctx->user_id, &members, &member_count));
    team_members_fill(ctx->arena, members, member_count);
    return teams_sanitize_as(ctx, teams, count, members, member_count);
}

/* ---- rules ---- */
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
    if (str_trim(team->display_name).len == 0 || str_rune_count(team->display_name) > 64)
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

/* ---- inside a transaction ---- */
Err team_audit(Ctx *ctx, DbTx *tx, const char *action, Str team_id)
{
    return ctx_audit(ctx, tx, action,
                     str_printf(ctx->arena, "{\"team_id\":\"" STR_FMT "\"}", STR_ARG(team_id)));
}

void team_publish(Ctx *ctx, DbTx *tx, const char *event_name, const Team *team)
{
    Team shown = *team;
    shown.email = shown.invite_id = STR_EMPTY;
    Event *event = event_new(ctx->arena, event_name);
    json_key(&event->data, "team");
    json_str(&event->data, entity_to_json(ctx->arena, &team_entity, &shown));
    event->team_id = team->id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

static Str search_text(Ctx *ctx, const Team *team)
{
    return name_fold(ctx->arena, str_printf(ctx->arena, STR_FMT " " STR_FMT,
                                            STR_ARG(team->display_name), STR_ARG(team->name)));
}

static Err lock_in(Ctx *ctx, DbTx *tx, Str team_id, Team *ret_team)
{
    TRY_ABSENT(ctx, store_team_lock(tx, ctx->arena, team_id, ret_team), ERR_APP_TEAM_GET_FIND);
    return OK;
}

/* Writes the row, tells the team, and ends the transaction. */
static Err save(Ctx *ctx, DbTx *tx, Team *team, const char *event_name, const char *action,
                Team *ret_team)
{
    team->update_at = ctx->now;
    team->search_text = search_text(ctx, team);
    TRY(team_check(ctx, team));
    TRY(team_update_row(tx, team));
    team_publish(ctx, tx, event_name, team);
    TRY(team_audit(ctx, tx, action, team->id));
    *ret_team = *team;
    return ctx_commit(ctx);
}

/* ---- acts ---- */
Err team_create(Ctx *ctx, const Team *draft, Team *ret_team)
{
    if (!can(ctx, PERM_CREATE_TEAM))
        return fail(ctx, ERR_API_TEAM_IS_TEAM_CREATION_ALLOWED_DISABLED);
    Team team = *draft;
    team.id = ctx_id(ctx);
    team.create_at = team.update_at = ctx->now;
    team.invite_id = secret_make(ctx->arena);
    team.email = ctx->user->email;
    team.search_text = search_text(ctx, &team);
    TRY(team_check(ctx, &team));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY_UNIQUE(ctx, entity_insert_now(tx, &team_entity, &team),
               ERR_STORE_SQL_TEAM_SAVE_TEAM_EXISTING);
    TRY(channels_create_default_in(ctx, tx, &team));
    TRY(team_join_as_admin_in(ctx, tx, &team, ctx->user));
    TRY(team_audit(ctx, tx, "team.create", team.id));
    TRY(ctx_commit(ctx));
    *ret_team = team;
    return OK;
}

Err team_update(Ctx *ctx, Str team_id, const Team *change, FieldMask mask, Team *ret_team)
{
    Team team;
    DbTx *tx;
    TRY(team_to_manage(ctx, team_id, &team));
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    entity_merge(&team_entity, mask, change, &team);
    return save(ctx, tx, &team, "update_team", "team.update", ret_team);
}

Err team_set_privacy(Ctx *ctx, Str team_id, Str type, Team *ret_team)
{
    Team team;
    DbTx *tx;
    bool to_open = str_eq(type, STR("O"));
    if (!to_open && !str_eq(type, STR("I")))
        return fail_body(ctx, "privacy");
    TRY(team_to_manage(ctx, team_id, &team));
    TRY(need_in_team(ctx, team_id, PERM_INVITE_USER));
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    team.type = type;
    team.allow_open_invite = to_open;
    if (!to_open)
        team.invite_id = secret_make(ctx->arena); /* who had the link is not meant any more */
    return save(ctx, tx, &team, "update_team", "team.privacy", ret_team);
}

Err team_renew_invite(Ctx *ctx, Str team_id, Team *ret_team)
{
    Team team;
    DbTx *tx;
    TRY(team_to_manage(ctx, team_id, &team));
    TRY(need_in_team(ctx, team_id, PERM_INVITE_USER));
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    team.invite_id = secret_make(ctx->arena);
    return save(ctx, tx, &team, "update_team", "team.renew_invite", ret_team);
}

Err team_archive(Ctx *ctx, Str team_id)
{
    Team team, saved;
    DbTx *tx;
    TRY(team_to_manage(ctx, team_id, &team));
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    if (team.delete_at == 0)
        team.delete_at = ctx->now;
    return save(ctx, tx, &team, "delete_team", "team.archive", &saved);
}

Err team_restore(Ctx *ctx, Str team_id, Team *ret_team)
{
    Team team;
    DbTx *tx;
    TRY(team_to_manage(ctx, team_id, &team));
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    team.delete_at = 0;
    return save(ctx, tx, &team, "restore_team", "team.restore", ret_team);
}

Err team_destroy(Ctx *ctx, Str team_id)
{
    Team team;
    DbTx *tx;
    StrVec channel_ids;
    TRY(team_to_manage(ctx, team_id, &team));
    if (!ctx->settings->ServiceSettings_EnableAPITeamDeletion)
        return fail(ctx, can(ctx, PERM_MANAGE_SYSTEM)
                             ? ERR_API_USER_DELETE_TEAM_NOT_ENABLED_FOR_ADMIN
                             : ERR_API_USER_DELETE_TEAM_NOT_ENABLED);
    TRY(need(ctx, PERM_MANAGE_SYSTEM)); /* what cannot be undone is not for every team admin */
    TRY(ctx_write(ctx, &tx));
    TRY(lock_in(ctx, tx, team_id, &team));
    team_publish(ctx, tx, "delete_team", &team);
    TRY(store_team_channel_ids(tx, ctx->arena, team_id, &channel_ids));
    for (size_t i = 0; i < channel_ids.len; i++)
        TRY(store_channel_destroy(tx, channel_ids.items[i], ctx->now));
    TRY(store_team_destroy(tx, team_id));
    TRY(team_audit(ctx, tx, "team.destroy", team_id));
    return ctx_commit(ctx);
}

Err team_list(Ctx *ctx, Str term, int64_t limit, int64_t offset, Team **ret_teams,
              size_t *ret_count, int64_t *ret_total)
{
    DbTx *tx;
    TeamSearch search = {
        .term = name_fold(ctx->arena, term),
        .with_public = can(ctx, PERM_LIST_PUBLIC_TEAMS),
        .with_closed = can(ctx, PERM_LIST_PRIVATE_TEAMS),
        .with_archived = can(ctx, PERM_MANAGE_SYSTEM),
        .limit = limit,
        .offset = offset,
    };
    if (!search.with_public && !search.with_closed)
        return fail(ctx, ERR_API_TEAM_GET_ALL_TEAMS_INSUFFICIENT_PERMISSIONS);
    TRY(ctx_read(ctx, &tx));
    TRY(store_team_search(tx, ctx->arena, &search, ret_teams, ret_count));
    if (ret_total)
        TRY(store_team_search_count(tx, ctx->arena, &search, ret_total));
    return teams_sanitize(ctx, *ret_teams, *ret_count);
}
