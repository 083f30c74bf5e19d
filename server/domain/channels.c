#include "domain/channels.h"
#include "domain/channel_members.h"
#include "domain/names.h"
#include "domain/post_notes.h"
#include "store/channel_store.h"
#include "store/team_store.h"

bool channel_is_direct(const Channel *channel)
{
    return str_eq(channel->type, STR("D")) || str_eq(channel->type, STR("G"));
}

bool channel_is_town_square(const Channel *channel)
{
    return str_eq(channel->name, STR("town-square"));
}

static bool is_public(const Channel *channel)
{
    return str_eq(channel->type, STR("O"));
}

/* ---- doors ---- */
static Err load(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    return OK;
}

static Err can_see(Ctx *ctx, const Channel *channel, bool *ret_can)
{
    PermissionSet rights;
    TRY(rights_in_channel(ctx, channel, &rights));
    *ret_can = permissions_has(&rights, PERM_READ_CHANNEL) ||
               (is_public(channel) && permissions_has(&rights, PERM_READ_PUBLIC_CHANNEL));
    return OK;
}

Err channel_to_see(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    bool allowed;
    TRY(load(ctx, channel_id, ret_channel));
    TRY(can_see(ctx, ret_channel, &allowed));
    return allowed ? OK : fail_right(ctx, PERM_READ_CHANNEL);
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
    if (!allowed && is_public(ret_channel))
        TRY(can_in_team(ctx, ret_channel->team_id, PERM_CREATE_POST_PUBLIC, &allowed));
    if (!allowed)
        return fail_right(ctx, PERM_CREATE_POST);
    if (ret_channel->delete_at != 0)
        return fail(ctx, ERR_API_POST_CREATE_POST_CAN_NOT_POST_TO_DELETED_ERROR);
    return OK;
}

Err channel_to_inspect(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    TRY(load(ctx, channel_id, ret_channel));
    return need_in_channel(ctx, ret_channel, PERM_READ_CHANNEL);
}

Err channel_by_name(Ctx *ctx, Str team_id, Str name, bool with_archived, Channel *ret_channel)
{
    DbTx *tx;
    bool allowed;
    TRY(ctx_read(ctx, &tx));
    Str lower = str_lower(ctx->arena, name);
    TRY_ABSENT(ctx, store_channel_get_by_name(tx, ctx->arena, team_id, lower, ret_channel),
               ERR_APP_CHANNEL_GET_BY_NAME_MISSING);
    if (ret_channel->delete_at != 0 && !with_archived)
        return fail(ctx, ERR_APP_CHANNEL_GET_BY_NAME_MISSING, "archived");
    TRY(can_see(ctx, ret_channel, &allowed));
    if (allowed)
        return OK;
    return is_public(ret_channel) ? fail_right(ctx, PERM_READ_PUBLIC_CHANNEL)
                                  : fail(ctx, ERR_APP_CHANNEL_GET_BY_NAME_MISSING, "hidden");
}

/* ---- rules ---- */
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
    if (!channel_is_direct(channel) && str_trim(channel->display_name).len == 0)
        return fail_body(ctx, "display_name");
    if (str_rune_count(channel->header) > CHANNEL_HEADER_RUNES)
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_HEADER);
    if (str_rune_count(channel->purpose) > CHANNEL_PURPOSE_RUNES)
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_PURPOSE);
    return OK;
}

Str channel_search_text(Ctx *ctx, const Channel *channel)
{
    if (str_eq(channel->type, STR("D")))
        return STR_EMPTY; /* found by the other person's names */
    return name_fold(ctx->arena, str_printf(ctx->arena, STR_FMT " " STR_FMT " " STR_FMT,
                                            STR_ARG(channel->display_name), STR_ARG(channel->name),
                                            STR_ARG(channel->purpose)));
}

/* ---- inside a transaction ---- */
Err channel_lock_in(Ctx *ctx, DbTx *tx, Str channel_id, Channel *ret_channel)
{
    ChannelTick tick;
    TRY_ABSENT(ctx, store_channel_tick(tx, channel_id, ctx->now, &tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    return OK;
}

Err channel_insert_in(Ctx *ctx, DbTx *tx, Channel *channel)
{
    channel->create_at = channel->update_at = ctx->now;
    channel->search_text = channel_search_text(ctx, channel);
    return entity_insert_now(tx, &channel_entity, channel);
}

Err channel_audit(Ctx *ctx, DbTx *tx, const char *action, Str channel_id)
{
    return ctx_audit(
        ctx, tx, action,
        str_printf(ctx->arena, "{\"channel_id\":\"" STR_FMT "\"}", STR_ARG(channel_id)));
}

static Event *event_of(Ctx *ctx, const char *name, const Channel *channel)
{
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "channel_id");
    json_str(&event->data, channel->id);
    return event;
}

/* Those who see the channel in a list: the team of a public one, else its members. */
static void to_readers(Event *event, const Channel *channel)
{
    if (is_public(channel))
        event->team_id = channel->team_id;
    else
        event->channel_id = channel->id;
}

static void publish_updated(Ctx *ctx, DbTx *tx, const Channel *channel)
{
    Event *event = event_new(ctx->arena, "channel_updated");
    json_key(&event->data, "channel");
    json_str(&event->data, entity_to_json(ctx->arena, &channel_entity, channel));
    event->channel_id = channel->id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

/* Writes the changed row; the name may have been taken meanwhile. */
static Err save_in(Ctx *ctx, DbTx *tx, Channel *channel)
{
    channel->update_at = ctx->now;
    channel->search_text = channel_search_text(ctx, channel);
    TRY_UNIQUE(ctx, entity_update_now(tx, &channel_entity, channel),
               ERR_STORE_SQL_CHANNEL_UPDATE_EXISTS);
    return OK;
}

/* As it is now: notes have moved its counters. */
static Err reload_in(Ctx *ctx, DbTx *tx, Str id, Channel *ret_channel)
{
    return store_channel_get(tx, ctx->arena, id, ret_channel);
}

/* Room for one more channel in a team that is not archived. */
static Err check_room_in(Ctx *ctx, DbTx *tx, Str team_id)
{
    Team team;
    int64_t count;
    TRY_ABSENT(ctx, store_team_get(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    if (team.delete_at != 0)
        return fail(ctx, ERR_APP_TEAM_GET_FIND, "archived");
    TRY(db_get_int(tx, &count, "SELECT count(*) FROM channels WHERE team_id = ? AND delete_at = 0",
                   team_id));
    if (count >= ctx->settings->TeamSettings_MaxChannelsPerTeam)
        return fail(ctx, ERR_STORE_SQL_CHANNEL_SAVE_CHANNEL_LIMIT);
    return OK;
}

/* ---- acts ---- */
Err channel_create(Ctx *ctx, const Channel *draft, Channel *ret_channel)
{
    bool is_private = str_eq(draft->type, STR("P"));
    if (str_eq(draft->type, STR("D")) || str_eq(draft->type, STR("G")))
        return fail(ctx, ERR_API_CHANNEL_CREATE_CHANNEL_DIRECT_CHANNEL);
    if (!is_private && !is_public(draft))
        return fail(ctx, ERR_MODEL_CHANNEL_IS_VALID_TYPE, "type=" STR_FMT, STR_ARG(draft->type));
    TRY(need_in_team(ctx, draft->team_id,
                     is_private ? PERM_CREATE_PRIVATE_CHANNEL : PERM_CREATE_PUBLIC_CHANNEL));
    Channel channel = *draft;
    channel.id = ctx_id(ctx);
    channel.display_name = str_trim(draft->display_name);
    channel.creator_id = ctx->user_id;
    TRY(channel_check(ctx, &channel));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(check_room_in(ctx, tx, channel.team_id));
    TRY_UNIQUE(ctx, channel_insert_in(ctx, tx, &channel),
               ERR_STORE_SQL_CHANNEL_SAVE_CHANNEL_EXISTS);
    TRY(channel_enter_in(ctx, tx, &channel, ctx->user, true));
    TRY(post_note_joined_in(ctx, tx, &channel, ctx->user));
    Event *event = event_of(ctx, "channel_created", &channel);
    json_key(&event->data, "team_id");
    json_str(&event->data, channel.team_id);
    event->user_id = ctx->user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(channel_audit(ctx, tx, "channel.create", channel.id));
    TRY(reload_in(ctx, tx, channel.id, ret_channel));
    return ctx_commit(ctx);
}

/* Who may change its names, header and purpose. */
static Err need_properties_right(Ctx *ctx, const Channel *channel)
{
    if (!channel_is_direct(channel))
        return need_in_channel(ctx, channel,
                               is_public(channel) ? PERM_MANAGE_PUBLIC_CHANNEL_PROPERTIES
                                                  : PERM_MANAGE_PRIVATE_CHANNEL_PROPERTIES);
    ChannelMember member;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_member_get(tx, ctx->arena, channel->id, ctx->user_id, &member),
               ERR_API_CHANNEL_PATCH_UPDATE_CHANNEL_FORBIDDEN);
    return OK;
}

static Err check_update(Ctx *ctx, const Channel *old, const Channel *fresh)
{
    if (old->delete_at != 0)
        return fail(ctx, ERR_API_CHANNEL_UPDATE_CHANNEL_DELETED);
    bool is_renamed = !str_eq(old->name, fresh->name);
    if (is_renamed && channel_is_town_square(old))
        return fail(ctx, ERR_API_CHANNEL_UPDATE_CHANNEL_TRIED);
    if (channel_is_direct(old) && (is_renamed || !str_eq(old->display_name, fresh->display_name) ||
                                   !str_eq(old->purpose, fresh->purpose)))
        return fail(
            ctx, ERR_API_CHANNEL_PATCH_UPDATE_CHANNEL_UPDATE_DIRECT_OR_GROUP_MESSAGES_NOT_ALLOWED);
    return channel_check(ctx, fresh);
}

static Err note_changes_in(Ctx *ctx, DbTx *tx, const Channel *old, const Channel *fresh)
{
    if (!str_eq(old->header, fresh->header))
        TRY(post_note_header_in(ctx, tx, fresh, old->header, ctx->user));
    if (!str_eq(old->purpose, fresh->purpose))
        TRY(post_note_purpose_in(ctx, tx, fresh, old->purpose, ctx->user));
    if (!str_eq(old->display_name, fresh->display_name))
        TRY(post_note_display_name_in(ctx, tx, fresh, old->display_name, ctx->user));
    return OK;
}

Err channel_update(Ctx *ctx, Str channel_id, const Channel *change, FieldMask mask,
                   Channel *ret_channel)
{
    Channel old, fresh;
    TRY(load(ctx, channel_id, &old));
    TRY(need_properties_right(ctx, &old));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &old));
    fresh = old;
    entity_merge(&channel_entity, mask, change, &fresh);
    TRY(check_update(ctx, &old, &fresh));
    TRY(save_in(ctx, tx, &fresh));
    TRY(note_changes_in(ctx, tx, &old, &fresh));
    TRY(channel_audit(ctx, tx, "channel.update", channel_id));
    TRY(reload_in(ctx, tx, channel_id, ret_channel));
    publish_updated(ctx, tx, ret_channel);
    return ctx_commit(ctx);
}

Err channel_set_privacy(Ctx *ctx, Str channel_id, Str type, Channel *ret_channel)
{
    Channel channel;
    bool to_public = str_eq(type, STR("O"));
    if (!to_public && !str_eq(type, STR("P")))
        return fail_body(ctx, "privacy");
    TRY(load(ctx, channel_id, &channel));
    TRY(need_in_channel(ctx, &channel,
                        to_public ? PERM_CONVERT_PRIVATE_CHANNEL_TO_PUBLIC
                                  : PERM_CONVERT_PUBLIC_CHANNEL_TO_PRIVATE));
    if (channel_is_direct(&channel))
        return fail_body(ctx, "privacy");
    if (channel_is_town_square(&channel) && !to_public)
        return fail(ctx, ERR_API_CHANNEL_UPDATE_CHANNEL_PRIVACY_DEFAULT_CHANNEL_ERROR);

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_CHANNEL_UPDATE_CHANNEL_DELETED);
    if (!str_eq(channel.type, type)) {
        channel.type = type;
        TRY(save_in(ctx, tx, &channel));
        TRY(post_note_privacy_in(ctx, tx, &channel, ctx->user));
        Event *event = event_of(ctx, "channel_converted", &channel);
        event->team_id = channel.team_id;
        hub_publish_on_commit(tx, ctx->hub, event);
        TRY(channel_audit(ctx, tx, "channel.privacy", channel_id));
    }
    TRY(reload_in(ctx, tx, channel_id, ret_channel));
    publish_updated(ctx, tx, ret_channel);
    return ctx_commit(ctx);
}

/* Loads it and checks that the one who asks may archive (or destroy) it. */
static Err load_to_archive(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    TRY(load(ctx, channel_id, ret_channel));
    if (channel_is_direct(ret_channel)) {
        bool allowed; /* whoever may not see it does not learn of what kind it is */
        TRY(can_see(ctx, ret_channel, &allowed));
        return allowed ? fail(ctx, ERR_API_CHANNEL_DELETE_CHANNEL_TYPE_INVALID)
                       : fail_right(ctx, PERM_DELETE_PRIVATE_CHANNEL);
    }
    TRY(need_in_channel(ctx, ret_channel,
                        is_public(ret_channel) ? PERM_DELETE_PUBLIC_CHANNEL
                                               : PERM_DELETE_PRIVATE_CHANNEL));
    return channel_is_town_square(ret_channel) ? fail(ctx, ERR_API_CHANNEL_DELETE_CHANNEL_CANNOT)
                                               : OK;
}

static void publish_deleted(Ctx *ctx, DbTx *tx, const Channel *channel)
{
    Event *event = event_of(ctx, "channel_deleted", channel);
    json_key(&event->data, "delete_at");
    json_int(&event->data, channel->delete_at);
    to_readers(event, channel);
    hub_publish_on_commit(tx, ctx->hub, event);
}

Err channel_archive(Ctx *ctx, Str channel_id)
{
    Channel channel;
    TRY(load_to_archive(ctx, channel_id, &channel));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_CHANNEL_DELETE_CHANNEL_DELETED);
    TRY(post_note_archived_in(ctx, tx, &channel, ctx->user));
    TRY(reload_in(ctx, tx, channel_id, &channel));
    channel.delete_at = ctx->now;
    TRY(save_in(ctx, tx, &channel));
    publish_deleted(ctx, tx, &channel);
    TRY(channel_audit(ctx, tx, "channel.archive", channel_id));
    return ctx_commit(ctx);
}

Err channel_restore(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    Channel channel;
    TRY(load(ctx, channel_id, &channel));
    if (!can(ctx, PERM_SYSCONSOLE_WRITE_USER_MANAGEMENT_CHANNELS))
        TRY(need_in_team(ctx, channel.team_id, PERM_MANAGE_TEAM));

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    if (channel.delete_at == 0)
        return fail(ctx, ERR_API_CHANNEL_RESTORE_CHANNEL_RESTORED);
    TRY(check_room_in(ctx, tx, channel.team_id));
    channel.delete_at = 0;
    TRY(save_in(ctx, tx, &channel));
    TRY(post_note_restored_in(ctx, tx, &channel, ctx->user));
    Event *event = event_of(ctx, "channel_restored", &channel);
    to_readers(event, &channel);
    hub_publish_on_commit(tx, ctx->hub, event);
    TRY(channel_audit(ctx, tx, "channel.restore", channel_id));
    TRY(reload_in(ctx, tx, channel_id, ret_channel));
    return ctx_commit(ctx);
}

Err channel_destroy(Ctx *ctx, Str channel_id)
{
    Channel channel;
    TRY(load_to_archive(ctx, channel_id, &channel));
    if (!ctx->settings->ServiceSettings_EnableAPIChannelDeletion)
        return fail(ctx, can(ctx, PERM_MANAGE_SYSTEM)
                             ? ERR_API_USER_DELETE_CHANNEL_NOT_ENABLED_FOR_ADMIN
                             : ERR_API_USER_DELETE_CHANNEL_NOT_ENABLED);
    TRY(need(ctx,
             PERM_MANAGE_SYSTEM)); /* what cannot be undone is not for everybody who may archive */

    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    TRY(store_channel_destroy(tx, channel_id, ctx->now));
    channel.delete_at = ctx->now;
    publish_deleted(ctx, tx, &channel);
    TRY(channel_audit(ctx, tx, "channel.destroy", channel_id));
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
        TRY(channel_insert_in(ctx, tx, &channel));
    }
    return OK;
}

StrVec channel_default_names(const Ctx *ctx)
{
    StrVec names = {0},
           chosen =
               settings_list(ctx->arena, ctx->settings->TeamSettings_ExperimentalDefaultChannels);
    vec_push(ctx->arena, &names, STR("town-square"));
    if (chosen.len == 0)
        vec_push(ctx->arena, &names, STR("off-topic"));
    for (size_t i = 0; i < chosen.len; i++)
        if (!strvec_has(&names, chosen.items[i]))
            vec_push(ctx->arena, &names, chosen.items[i]);
    return names;
}
