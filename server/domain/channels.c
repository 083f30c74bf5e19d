#include "domain/channels.h"
#include "base/id.h"
#include "base/vec.h"
#include "domain/post_notes.h"
#include "domain/roles.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

bool channel_is_direct(const Channel *channel)
{
    return str_eq(channel->type, STR("D")) || str_eq(channel->type, STR("G"));
}

static Err load(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    return OK;
}

Err channel_to_see(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    TRY(load(ctx, channel_id, ret_channel));
    PermissionSet rights;
    TRY(rights_in_channel(ctx, ret_channel, &rights));
    if (permissions_has(&rights, PERM_READ_CHANNEL) ||
        (str_eq(ret_channel->type, STR("O")) && permissions_has(&rights, PERM_READ_PUBLIC_CHANNEL)))
        return OK;
    return fail_right(ctx, PERM_READ_CHANNEL);
}

Err channel_to_read(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    TRY(load(ctx, channel_id, ret_channel));
    bool allowed;
    TRY(can_read_channel(ctx, ret_channel, &allowed));
    return allowed ? OK : fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
}

Err channel_to_write(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_channel_get(tx, ctx->arena, channel_id, ret_channel);
    if (err == ERR_ABSENT)
        return fail_right(ctx, PERM_CREATE_POST);
    TRY(err);
    bool allowed;
    TRY(can_in_channel(ctx, ret_channel, PERM_CREATE_POST, &allowed));
    if (!allowed && str_eq(ret_channel->type, STR("O")))
        TRY(can_in_team(ctx, ret_channel->team_id, PERM_CREATE_POST_PUBLIC, &allowed));
    if (!allowed)
        return fail_right(ctx, PERM_CREATE_POST);
    if (ret_channel->delete_at != 0)
        return fail(ctx, ERR_API_POST_CREATE_POST_CAN_NOT_POST_TO_DELETED_ERROR);
    return OK;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* 1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit; not shaped like the name of a direct message. */
static bool is_channel_name(Str s)
{
    if (s.len == 0 || s.len > 64 || !is_name_char(s.ptr[0]))
        return false;
    size_t hex = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_name_char(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_')
            return false;
        hex += (s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f');
    }
    bool is_group_name = s.len == 40 && hex == 40;
    bool is_direct_name = s.len == 54 && s.ptr[26] == '_' && s.ptr[27] == '_';
    return !is_group_name && !is_direct_name;
}

Err channel_check(Ctx *ctx, const Channel *channel)
{
    if (!channel_is_direct(channel) && !is_channel_name(channel->name))
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_1_OR_MORE, "name=" STR_FMT,
                    STR_ARG(channel->name));
    if (str_rune_count(channel->display_name) > CHANNEL_NAME_RUNES)
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_DISPLAY_NAME);
    if (str_rune_count(channel->header) > CHANNEL_HEADER_RUNES)
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_HEADER);
    if (str_rune_count(channel->purpose) > CHANNEL_PURPOSE_RUNES)
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_PURPOSE);
    return OK;
}

Str channel_search_text(Ctx *ctx, const Channel *channel)
{
    return str_lower(ctx->arena,
                     str_printf(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(channel->display_name),
                                STR_ARG(channel->name)));
}

ChannelMember channel_member_new(const Channel *channel, Str user_id, int64_t now, bool is_admin)
{
    return (ChannelMember){
        .channel_id = channel->id,
        .user_id = user_id,
        .msg_count = channel->total_msg_count,
        .msg_count_root = channel->total_msg_count_root,
        .last_viewed_at = channel->last_post_at,
        .last_update_at = now,
        .notify_props = STR("{\"channel_auto_follow_threads\":\"off\",\"desktop\":\"default\","
                            "\"email\":\"default\","
                            "\"ignore_channel_mentions\":\"default\",\"mark_unread\":\"all\","
                            "\"push\":\"default\"}"),
        .scheme_user = true,
        .scheme_admin = is_admin,
    };
}

void channel_member_fill(Ctx *ctx, ChannelMember *m)
{
    m->roles = roles_of_member(ctx->arena, MEMBER_OF_CHANNEL, m->scheme_guest, m->scheme_user,
                               m->scheme_admin, m->explicit_roles);
    if (!str_eq(m->user_id, ctx->user_id))
        m->last_viewed_at = m->last_update_at = -1;
}

/* `channel` as it is inside the transaction: counters may have moved since it was read. */
static Err refresh(Ctx *ctx, DbTx *tx, const Channel *channel, Channel *ret_channel)
{
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel->id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    return OK;
}

static Err publish_added(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    for (int to_self = 0; to_self <= 1; to_self++) {
        Event *event = event_new(ctx->arena, "user_added");
        json_key(&event->data, "user_id");
        json_str(&event->data, user->id);
        json_key(&event->data, "team_id");
        json_str(&event->data, channel->team_id);
        event->channel_id = channel->id;
        if (to_self)
            event->user_id = user->id;
        else
            event->omit_users = &user->id, event->omit_count = 1;
        hub_publish_on_commit(tx, ctx->hub, event);
    }
    return OK;
}

Err channel_join_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder,
                    bool is_admin)
{
    ChannelMember old;
    Err err = store_channel_member_get(tx, ctx->arena, channel->id, user->id, &old);
    if (err != ERR_ABSENT)
        return err;
    Channel now;
    TRY(refresh(ctx, tx, channel, &now));
    ChannelMember member = channel_member_new(&now, user->id, ctx->now, is_admin);
    TRY(store_channel_member_insert(tx, &member));
    hub_membership_on_commit(tx, ctx->hub, HUB_CHANNEL, channel->id, user->id, true);
    TRY(publish_added(ctx, tx, channel, user));
    if (channel_is_direct(channel))
        return OK;
    return adder ? post_note_added_in(ctx, tx, &now, user, adder)
                 : post_note_joined_in(ctx, tx, &now, user);
}

static Err insert_channel(Ctx *ctx, DbTx *tx, Channel *channel)
{
    channel->create_at = channel->update_at = ctx->now;
    channel->search_text = channel_search_text(ctx, channel);
    TRY_UNIQUE(ctx, channel_insert_row(tx, channel), ERR_STORE_SQL_CHANNEL_SAVE_CHANNEL_EXISTS);
    return OK;
}

Err channel_create(Ctx *ctx, const Channel *draft, Channel *ret_channel)
{
    bool is_private = str_eq(draft->type, STR("P"));
    if (!is_private && !str_eq(draft->type, STR("O")))
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_TYPE, "type=" STR_FMT, STR_ARG(draft->type));
    TRY(need_in_team(ctx, draft->team_id,
                     is_private ? PERM_CREATE_PRIVATE_CHANNEL : PERM_CREATE_PUBLIC_CHANNEL));
    Channel channel = *draft;
    channel.id = ctx_id(ctx);
    channel.name = str_lower(ctx->arena, draft->name);
    channel.creator_id = ctx->user_id;
    TRY(channel_check(ctx, &channel));
    if (channel.display_name.len == 0)
        return fail_body(ctx, "display_name");

    DbTx *tx;
    Team team;
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, channel.team_id, &team), ERR_APP_TEAM_GET_FIND);
    if (team.delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_FIND, "archived");
    int64_t count;
    TRY(db_get_int(tx, &count, "SELECT count(*) FROM channels WHERE team_id = ? AND delete_at = 0",
                   channel.team_id));
    if (count >= ctx->settings->TeamSettings_MaxChannelsPerTeam)
        return fail(ctx, ERR_STORE_SQL_CHANNEL_SAVE_CHANNEL_LIMIT);
    TRY(insert_channel(ctx, tx, &channel));
    ChannelMember member = channel_member_new(&channel, ctx->user_id, ctx->now, true);
    TRY(store_channel_member_insert(tx, &member));
    hub_membership_on_commit(tx, ctx->hub, HUB_CHANNEL, channel.id, ctx->user_id, true);
    TRY(post_note_joined_in(ctx, tx, &channel, ctx->user));
    Event *event = event_new(ctx->arena, "channel_created");
    json_key(&event->data, "channel_id");
    json_str(&event->data, channel.id);
    json_key(&event->data, "team_id");
    json_str(&event->data, channel.team_id);
    event->user_id = ctx->user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(ctx_audit(ctx, tx, "channel.create",
                  str_printf(ctx->arena, "{\"channel_id\":\"" STR_FMT "\"}", STR_ARG(channel.id))));
    TRY(refresh(ctx, tx, &channel, ret_channel));
    return ctx_commit(ctx);
}

/* ---- direct messages ---- */
static Str direct_name(Arena *arena, Str a, Str b)
{
    bool in_order = str_cmp(a, b) <= 0;
    return str_printf(arena, STR_FMT "__" STR_FMT, STR_ARG(in_order ? a : b),
                      STR_ARG(in_order ? b : a));
}

static Err insert_direct(Ctx *ctx, DbTx *tx, Channel *channel, Str user_id, Str other_id)
{
    TRY(insert_channel(ctx, tx, channel));
    const Str ids[2] = {user_id, other_id};
    for (size_t i = 0; i < (str_eq(user_id, other_id) ? 1 : 2); i++) {
        ChannelMember member = channel_member_new(channel, ids[i], ctx->now, false);
        TRY(store_channel_member_insert(tx, &member));
        hub_membership_on_commit(tx, ctx->hub, HUB_CHANNEL, channel->id, ids[i], true);
    }
    Event *event = event_new(ctx->arena, "direct_added");
    json_key(&event->data, "creator_id");
    json_str(&event->data, user_id);
    json_key(&event->data, "teammate_id");
    json_str(&event->data, other_id);
    event->channel_id = channel->id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

Err channel_create_direct(Ctx *ctx, Str user_id, Str other_id, Channel *ret_channel)
{
    TRY(need(ctx, PERM_CREATE_DIRECT_CHANNEL));
    if (!str_eq(user_id, ctx->user_id) && !str_eq(other_id, ctx->user_id))
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    DbTx *tx;
    User user;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, other_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    Str name = direct_name(ctx->arena, user_id, other_id);
    Err err = store_channel_get_by_name(tx, ctx->arena, STR_EMPTY, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    TRY(ctx_write(ctx, &tx));
    err = store_channel_get_by_name(tx, ctx->arena, STR_EMPTY, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    Channel channel = {
        .id = ctx_id(ctx), .type = STR("D"), .name = name, .creator_id = ctx->user_id};
    TRY(insert_direct(ctx, tx, &channel, user_id, other_id));
    *ret_channel = channel;
    return ctx_commit(ctx);
}

/* ---- the default channels ---- */
static const struct DefaultChannel {
    const char *name, *text_id;
} DEFAULT_CHANNELS[] = {{"town-square", "channel.town_square"}, {"off-topic", "channel.off_topic"}};
enum { DEFAULT_CHANNEL_COUNT = 2 };

Err channels_create_default_in(Ctx *ctx, DbTx *tx, const Team *team)
{
    for (size_t i = 0; i < DEFAULT_CHANNEL_COUNT; i++) {
        Channel channel = {
            .id = ctx_id(ctx),
            .team_id = team->id,
            .type = STR("O"),
            .name = str_of(DEFAULT_CHANNELS[i].name),
            .display_name = text_get(str_of(DEFAULT_CHANNELS[i].text_id),
                                     ctx->settings->LocalizationSettings_DefaultServerLocale),
            .creator_id = STR_EMPTY,
        };
        TRY(insert_channel(ctx, tx, &channel));
    }
    return OK;
}

Err channels_join_default_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user,
                             const User *adder, bool is_admin)
{
    for (size_t i = 0; i < DEFAULT_CHANNEL_COUNT; i++) {
        Channel channel;
        Err err = store_channel_get_by_name(tx, ctx->arena, team->id,
                                            str_of(DEFAULT_CHANNELS[i].name), &channel);
        if (err == ERR_ABSENT || (err == OK && channel.delete_at != 0))
            continue;
        TRY(err);
        TRY(channel_join_in(ctx, tx, &channel, user, adder, is_admin));
    }
    return OK;
}

/* ---- reading ---- */
Err channel_view(Ctx *ctx, Str user_id, const Str *channel_ids, size_t count, int64_t *ret_times)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    Event *event = event_new(ctx->arena, "multiple_channels_viewed");
    json_key(&event->data, "channel_times");
    json_open(&event->data);
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        Channel channel;
        ret_times[i] = 0;
        Err err = store_channel_get(tx, ctx->arena, channel_ids[i], &channel);
        if (err == ERR_ABSENT)
            continue;
        TRY(err);
        int64_t touched;
        TRY(db_exec_count(tx, &touched,
                          "UPDATE channel_members SET msg_count = ?, msg_count_root = ?, "
                          "mention_count = 0, mention_count_root = 0, "
                          "urgent_mention_count = 0, last_viewed_at = CASE WHEN last_viewed_at > ? "
                          "THEN last_viewed_at ELSE ? END, "
                          "last_update_at = ? WHERE channel_id = ? AND user_id = ?",
                          channel.total_msg_count, channel.total_msg_count_root,
                          channel.last_post_at, channel.last_post_at, ctx->now, channel.id,
                          user_id));
        if (touched == 0)
            continue;
        TRY(db_get_int(
            tx, &ret_times[i],
            "SELECT last_viewed_at FROM channel_members WHERE channel_id = ? AND user_id = ?",
            channel.id, user_id));
        json_key_str(&event->data, channel.id);
        json_int(&event->data, ret_times[i]);
        any = true;
    }
    json_close(&event->data);
    event->user_id = user_id;
    if (any && ctx->settings->ServiceSettings_EnableChannelViewedMessages)
        hub_publish_on_commit(tx, ctx->hub, event);
    return ctx_commit(ctx);
}
