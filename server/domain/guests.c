#include "domain/guests.h"
#include "domain/access.h"
#include "domain/channel_members.h"
#include "domain/team_members.h"
#include "store/team_store.h"
#include "store/user_store.h"

bool user_is_guest(const User *user)
{
    for (Str rest = user->roles; rest.ptr;)
        if (str_eq(str_split(&rest, ' '), STR("system_guest")))
            return true;
    return false;
}

Err guests_blind_to(Ctx *ctx, DbTx *tx, Str user_id, StrVec *ret_guest_ids)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(
        tx, &rows,
        "SELECT DISTINCT g.user_id FROM team_members g WHERE g.scheme_guest = 1 AND g.user_id <> ? "
        "AND NOT EXISTS (SELECT 1 FROM channel_members a JOIN channel_members b "
        "ON b.channel_id = a.channel_id AND b.user_id = ? WHERE a.user_id = g.user_id)",
        user_id, user_id));
    *ret_guest_ids = (StrVec){0};
    while (db_next(&rows))
        vec_push(ctx->arena, ret_guest_ids, str_copy(ctx->arena, db_text(&rows, 0)));
    return db_rows_error(&rows);
}

static void publish_member(Ctx *ctx, DbTx *tx, const char *name, const char *key,
                           const Entity *entity, const void *member, Str user_id)
{
    Event *event = event_new(ctx->arena, name);
    Buf json;
    buf_init(&json, 64 * 1024);
    entity_write_json(entity, member, &json);
    json_key(&event->data, key);
    json_str(&event->data, buf_str(&json));
    buf_deinit(&json);
    event->user_id = user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

/* Tells the person about each membership that is now another. */
static Err publish_memberships(Ctx *ctx, DbTx *tx, Str user_id)
{
    TeamMember *teams;
    ChannelMember *channels;
    size_t team_count, channel_count;
    TRY(store_team_member_list_of_user(tx, ctx->arena, user_id, &teams, &team_count));
    for (size_t i = 0; i < team_count; i++) {
        team_member_fill(ctx->arena, &teams[i]);
        publish_member(ctx, tx, "memberrole_updated", "member", &team_member_entity, &teams[i],
                       user_id);
    }
    TRY(entity_list(
        tx, &channel_member_entity, ctx->arena, &channels, &channel_count,
        ENTITY_SQL(&channel_member_entity, "SELECT $ FROM channel_members WHERE user_id = ?"),
        user_id));
    for (size_t i = 0; i < channel_count; i++) {
        channel_member_fill(ctx, &channels[i]);
        publish_member(ctx, tx, "channel_member_updated", "channelMember", &channel_member_entity,
                       &channels[i], user_id);
    }
    return OK;
}

static Err change(Ctx *ctx, User *user, bool is_guest)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    user->roles = is_guest ? STR("system_guest") : STR("system_user");
    user->update_at = ctx->now;
    TRY(db_exec(tx, "UPDATE users SET roles = ?, update_at = ? WHERE id = ?", user->roles,
                user->update_at, user->id));
    TRY(db_exec(tx,
                "UPDATE team_members SET scheme_guest = ?, scheme_user = ?, scheme_admin = 0 WHERE "
                "user_id = ?",
                is_guest, !is_guest, user->id));
    TRY(db_exec(tx,
                "UPDATE channel_members SET scheme_guest = ?, scheme_user = ?, scheme_admin = 0 "
                "WHERE user_id = ?",
                is_guest, !is_guest, user->id));
    hub_admin_on_commit(tx, ctx->hub, user->id, false);
    TRY(publish_memberships(ctx, tx, user->id));
    TRY(user_changed_in(ctx, tx, user));
    TRY(ctx_audit(ctx, tx, is_guest ? "user.demote" : "user.promote",
                  str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user->id))));
    return ctx_commit(ctx);
}

Err user_demote(Ctx *ctx, Str user_id)
{
    User user;
    TRY(need(ctx, PERM_DEMOTE_TO_GUEST));
    TRY(user_to_read(ctx, user_id, &user));
    if (!ctx->settings->GuestAccountsSettings_Enable)
        return fail(ctx, ERR_API_TEAM_DEMOTE_USER_TO_GUEST_DISABLED_ERROR);
    if (str_contains(user.roles, STR("system_admin")))
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    if (user_is_guest(&user))
        return fail(ctx, ERR_API_USER_DEMOTE_USER_TO_GUEST_ALREADY_GUEST);
    return change(ctx, &user, true);
}

Err user_promote(Ctx *ctx, Str user_id)
{
    User user;
    TRY(need(ctx, PERM_PROMOTE_GUEST));
    TRY(user_to_read(ctx, user_id, &user));
    if (!user_is_guest(&user))
        return fail(ctx, ERR_API_USER_PROMOTE_GUEST_TO_USER_NO_GUEST);
    return change(ctx, &user, false);
}
