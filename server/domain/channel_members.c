#include "domain/channel_members.h"
#include "domain/guests.h"
#include "domain/post_notes.h"
#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

/* ---- memberships ---- */
ChannelMember channel_member_new(const Channel *channel, const User *user, int64_t now,
                                 bool is_admin)
{
    bool is_guest = user_is_guest(user);
    return (ChannelMember){
        .channel_id = channel->id,
        .user_id = user->id,
        .msg_count = channel->total_msg_count,
        .msg_count_root = channel->total_msg_count_root,
        .last_viewed_at = channel->last_post_at,
        .last_update_at = now,
        .notify_props = STR("{\"channel_auto_follow_threads\":\"off\",\"desktop\":\"default\","
                            "\"email\":\"default\","
                            "\"ignore_channel_mentions\":\"default\",\"mark_unread\":\"all\","
                            "\"push\":\"default\"}"),
        .scheme_guest = is_guest,
        .scheme_user = !is_guest,
        .scheme_admin = is_admin && !is_guest,
    };
}

static void fill_roles(Arena *arena, ChannelMember *m)
{
    m->roles = roles_of_member(arena, MEMBER_OF_CHANNEL, m->scheme_guest, m->scheme_user,
                               m->scheme_admin, m->explicit_roles);
}

void channel_member_fill(Ctx *ctx, ChannelMember *m)
{
    fill_roles(ctx->arena, m);
    if (!str_eq(m->user_id, ctx->user_id))
        m->last_viewed_at = m->last_update_at = -1;
}

void channel_members_fill(Ctx *ctx, ChannelMember *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        channel_member_fill(ctx, &members[i]);
}

/* ---- coming and going, inside a transaction ---- */
static void put(Event *event, const char *key, Str value)
{
    json_key(&event->data, key);
    json_str(&event->data, value);
}

/* Once to the channel and once to the newcomer, whose sockets may not listen to it yet. */
static void publish_added(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user)
{
    for (int to_self = 0; to_self <= 1; to_self++) {
        Event *event = event_new(ctx->arena, "user_added");
        put(event, "user_id", user->id);
        put(event, "team_id", channel->team_id);
        event->channel_id = channel->id;
        if (to_self)
            event->user_id = user->id;
        else
            event_omit(event, ctx->arena, user->id);
        hub_publish_on_commit(tx, ctx->hub, event);
    }
}

Err channel_enter_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, bool is_admin)
{
    ChannelMember member = channel_member_new(channel, user, ctx->now, is_admin);
    TRY(store_channel_member_insert(tx, &member));
    hub_membership_on_commit(tx, ctx->hub, HUB_CHANNEL, channel->id, user->id, true);
    if (!channel_is_direct(channel))
        publish_added(ctx, tx, channel, user);
    return OK;
}

/* ERR_UNIQUE would end the transaction, so whether somebody is in is asked first. */
static Err is_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, bool *ret_in)
{
    ChannelMember member;
    Err err = store_channel_member_get(tx, ctx->arena, channel_id, user_id, &member);
    *ret_in = err == OK;
    return err == ERR_ABSENT ? OK : err;
}

static Err note_joined_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user,
                          const User *adder)
{
    return adder ? post_note_added_in(ctx, tx, channel, user, adder)
                 : post_note_joined_in(ctx, tx, channel, user);
}

Err channel_join_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user, const User *adder,
                    bool is_admin)
{
    bool already;
    Channel now;
    TRY(is_in(ctx, tx, channel->id, user->id, &already));
    if (already)
        return OK;
    TRY(channel_lock_in(ctx, tx, channel->id,
                        &now)); /* its counters may have moved since it was read */
    TRY(channel_enter_in(ctx, tx, &now, user, is_admin));
    return channel_is_direct(channel) ? OK : note_joined_in(ctx, tx, &now, user, adder);
}

Err channel_leave_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, Str remover_id)
{
    TRY(store_channel_member_remove(tx, channel_id, user_id, ctx->now));
    hub_membership_on_commit(tx, ctx->hub, HUB_CHANNEL, channel_id, user_id, false);
    Event *to_channel = event_new(ctx->arena, "user_removed");
    put(to_channel, "user_id", user_id);
    put(to_channel, "remover_id", remover_id);
    to_channel->channel_id = channel_id;
    hub_publish_on_commit(tx, ctx->hub, to_channel);
    Event *to_user = event_new(ctx->arena, "user_removed");
    put(to_user, "channel_id", channel_id);
    put(to_user, "remover_id", remover_id);
    to_user->user_id = user_id;
    hub_publish_on_commit(tx, ctx->hub, to_user);
    return OK;
}

/* In town-square one reads of the team, in the others of the channel. */
static Err note_default_in(Ctx *ctx, DbTx *tx, const Channel *channel, const User *user,
                           const User *adder)
{
    if (!channel_is_town_square(channel))
        return note_joined_in(ctx, tx, channel, user, adder);
    if (!ctx->settings->ServiceSettings_ExperimentalEnableDefaultChannelLeaveJoinMessages)
        return OK;
    return adder ? post_note_team_added_in(ctx, tx, channel, user, adder)
                 : post_note_team_joined_in(ctx, tx, channel, user);
}

Err channels_join_default_in(Ctx *ctx, DbTx *tx, const Team *team, const User *user,
                             const User *adder, bool is_admin)
{
    if (user_is_guest(user))
        return OK; /* guests are only in the channels they are asked into */
    StrVec names = channel_default_names(ctx);
    for (size_t i = 0; i < names.len; i++) {
        Channel channel;
        bool already;
        Err err = store_channel_get_by_name(tx, ctx->arena, team->id, names.items[i], &channel);
        if (err == ERR_ABSENT ||
            (err == OK && (channel.delete_at != 0 || !str_eq(channel.type, STR("O")))))
            continue;
        TRY(err);
        TRY(is_in(ctx, tx, channel.id, user->id, &already));
        if (already)
            continue;
        TRY(channel_lock_in(ctx, tx, channel.id, &channel));
        TRY(channel_enter_in(ctx, tx, &channel, user, is_admin));
        TRY(note_default_in(ctx, tx, &channel, user, adder));
    }
    return OK;
}

/* ---- adding ---- */
static Permission manage_members(const Channel *channel)
{
    return str_eq(channel->type, STR("O")) ? PERM_MANAGE_PUBLIC_CHANNEL_MEMBERS
                                           : PERM_MANAGE_PRIVATE_CHANNEL_MEMBERS;
}

/* May the one who asks bring this user in? `rights` are hers in the channel. */
static Err check_may_add(Ctx *ctx, const Channel *channel, const PermissionSet *rights, Str user_id)
{
    bool is_self = str_eq(user_id, ctx->user_id), is_public = str_eq(channel->type, STR("O"));
    if (is_self && is_public && permissions_has(rights, PERM_JOIN_PUBLIC_CHANNELS))
        return OK;
    return permissions_has(rights, manage_members(channel))
               ? OK
               : fail_right(ctx, manage_members(channel));
}

/* Only people of the team who are not deactivated. */
static Err check_candidate(Ctx *ctx, DbTx *tx, const Channel *channel, Str user_id, User *ret_user)
{
    TeamMember in_team;
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, ret_user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    if (ret_user->delete_at != 0)
        return fail(ctx, ERR_APP_CHANNEL_ADD_MEMBER_DELETED_USER);
    TRY_ABSENT(ctx, store_team_member_get(tx, ctx->arena, channel->team_id, user_id, &in_team),
               ERR_APP_TEAM_GET_MEMBER_MISSING);
    return in_team.delete_at != 0 ? fail(ctx, ERR_APP_TEAM_GET_MEMBER_MISSING, "has left") : OK;
}

/* The ones who can be added; when there is none, the error of the last who cannot. */
static Err sort_out(Ctx *ctx, const Channel *channel, const StrVec *user_ids, User *ret_users,
                    size_t *ret_count)
{
    DbTx *tx;
    PermissionSet rights;
    Err last = OK;
    size_t count = 0;
    TRY(ctx_read(ctx, &tx));
    TRY(rights_in_channel(ctx, channel, &rights));
    for (size_t i = 0; i < user_ids->len; i++) {
        Err err = check_may_add(ctx, channel, &rights, user_ids->items[i]);
        if (err == OK)
            err = check_candidate(ctx, tx, channel, user_ids->items[i], &ret_users[count]);
        if (err != OK && err < ERR_WIRE_FIRST)
            return err;
        count += err == OK;
        last = err == OK ? last : err;
        if (err != OK && (count > 0 || i + 1 < user_ids->len))
            ctx->failure = (Failure){0}; /* the others go on */
    }
    *ret_count = count;
    return count ? OK : last;
}

/* The thread people are asked to must be one of this channel. */
static Err check_root(Ctx *ctx, const Channel *channel, Str root_id)
{
    if (root_id.len == 0)
        return OK;
    DbTx *tx;
    Post root;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, root_id, &root);
    if (err == ERR_ABSENT || (err == OK && (!str_eq(root.channel_id, channel->id) ||
                                            root.root_id.len || root.delete_at != 0)))
        return fail_body(ctx, "post_root_id");
    return err;
}

/* They follow the thread, so that it stands in their list of threads. */
static Err follow_in(Ctx *ctx, DbTx *tx, Str root_id, Str user_id)
{
    static const DbUpsert UPSERT = {
        "thread_members", "post_id, user_id, following, last_viewed, last_updated, unread_mentions",
        "post_id, user_id", "following, last_updated"};
    return root_id.len ? db_upsert(tx, &UPSERT, root_id, user_id, true, 0, ctx->now, 0) : OK;
}

Err channel_add_members(Ctx *ctx, Str channel_id, const StrVec *user_ids, Str root_id,
                        ChannelMember **ret_members, size_t *ret_count)
{
    Channel channel;
    DbTx *tx;
    User *users = arena_new(ctx->arena, User, user_ids->len);
    size_t count;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, &channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    if (channel_is_direct(&channel))
        return fail(ctx, ERR_API_CHANNEL_ADD_USER_TO_CHANNEL_TYPE);
    TRY(sort_out(ctx, &channel, user_ids, users, &count));
    TRY(check_root(ctx, &channel, root_id));

    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_CHANNEL_ADD_USER_TO_CHANNEL_FAILED_DELETED);
    ChannelMember *members = arena_new(ctx->arena, ChannelMember, count);
    for (size_t i = 0; i < count; i++) {
        bool is_self = str_eq(users[i].id, ctx->user_id);
        TRY(channel_join_in(ctx, tx, &channel, &users[i], is_self ? NULL : ctx->user, false));
        TRY(follow_in(ctx, tx, root_id, users[i].id));
        TRY(store_channel_member_get(tx, ctx->arena, channel_id, users[i].id, &members[i]));
    }
    channel_members_fill(ctx, members, count);
    *ret_members = members;
    *ret_count = count;
    return ctx_commit(ctx);
}

/* ---- removing ---- */
static Err member_get(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, ChannelMember *ret_member)
{
    TRY_ABSENT(ctx, store_channel_member_get(tx, ctx->arena, channel_id, user_id, ret_member),
               ERR_APP_CHANNEL_GET_MEMBER_MISSING);
    return OK;
}

/* `channel` with the rights of the one who asks to take `user_id` out of it. */
static Err load_to_remove(Ctx *ctx, Str channel_id, Str user_id, Channel *ret_channel)
{
    if (str_eq(user_id, ctx->user_id)) {
        DbTx *tx;
        TRY(ctx_read(ctx, &tx));
        TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, ret_channel),
                   ERR_APP_CHANNEL_GET_EXISTING);
    } else
        TRY(channel_to_see(ctx, channel_id, ret_channel));
    if (channel_is_direct(ret_channel))
        return fail(ctx, ERR_API_CHANNEL_REMOVE_CHANNEL_MEMBER_TYPE);
    if (!str_eq(user_id, ctx->user_id))
        TRY(need_in_channel(ctx, ret_channel, manage_members(ret_channel)));
    return OK;
}

Err channel_remove_member(Ctx *ctx, Str channel_id, Str user_id)
{
    Channel channel;
    ChannelMember member;
    User user;
    DbTx *tx;
    bool is_self = str_eq(user_id, ctx->user_id);
    TRY(load_to_remove(ctx, channel_id, user_id, &channel));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    if (channel_is_town_square(&channel) && !user_is_guest(&user))
        return fail(ctx, ERR_API_CHANNEL_REMOVE_DEFAULT);

    TRY(ctx_write(ctx, &tx));
    TRY(channel_lock_in(ctx, tx, channel_id, &channel));
    TRY(member_get(ctx, tx, channel_id, user_id, &member));
    TRY(channel_leave_in(ctx, tx, channel_id, user_id, ctx->user_id));
    TRY(is_self ? post_note_left_in(ctx, tx, &channel, &user)
                : post_note_removed_in(ctx, tx, &channel, &user, ctx->user));
    if (!is_self)
        TRY(channel_audit(ctx, tx, "channel.remove_member", channel_id));
    return ctx_commit(ctx);
}

/* ---- one membership ---- */
Err channel_member_to_read(Ctx *ctx, Str channel_id, Str user_id, ChannelMember *ret_member)
{
    Channel channel;
    DbTx *tx;
    TRY(channel_to_inspect(ctx, channel_id, &channel));
    TRY(ctx_read(ctx, &tx));
    TRY(member_get(ctx, tx, channel_id, user_id, ret_member));
    channel_member_fill(ctx, ret_member);
    return OK;
}

static Err save_in(Ctx *ctx, DbTx *tx, ChannelMember *member)
{
    member->last_update_at = ctx->now;
    TRY(store_channel_member_update(tx, member));
    fill_roles(ctx->arena, member);
    Event *event = event_new(ctx->arena, "channel_member_updated");
    put(event, "channelMember", entity_to_json(ctx->arena, &channel_member_entity, member));
    event->user_id = member->user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}

static Err need_to_set_roles(Ctx *ctx, Str channel_id)
{
    Channel channel;
    TRY(channel_to_see(ctx, channel_id, &channel));
    return need_in_channel(ctx, &channel, PERM_MANAGE_CHANNEL_ROLES);
}

Err channel_member_set_roles(Ctx *ctx, Str channel_id, Str user_id, Str names)
{
    ChannelMember member;
    MemberRoles roles;
    DbTx *tx;
    TRY(need_to_set_roles(ctx, channel_id));
    TRY(ctx_write(ctx, &tx));
    TRY(member_get(ctx, tx, channel_id, user_id, &member));
    TRY(member_roles_parse(ctx, MEMBER_OF_CHANNEL, names, member.scheme_guest, &roles));
    member.scheme_guest = roles.is_guest;
    member.scheme_user = roles.is_user;
    member.scheme_admin = roles.is_admin;
    member.explicit_roles = roles.explicit_roles;
    TRY(save_in(ctx, tx, &member));
    TRY(channel_audit(ctx, tx, "channel.member_roles", channel_id));
    return ctx_commit(ctx);
}

Err channel_member_set_scheme(Ctx *ctx, Str channel_id, Str user_id, const SchemeRoles *wanted)
{
    ChannelMember member;
    DbTx *tx;
    TRY(need_to_set_roles(ctx, channel_id));
    TRY(ctx_write(ctx, &tx));
    TRY(member_get(ctx, tx, channel_id, user_id, &member));
    TRY(member_roles_check_scheme(ctx, MEMBER_OF_CHANNEL, wanted, member.scheme_guest));
    member.scheme_user = wanted->user;
    member.scheme_admin = wanted->admin;
    TRY(save_in(ctx, tx, &member));
    TRY(channel_audit(ctx, tx, "channel.member_roles", channel_id));
    return ctx_commit(ctx);
}

/* ---- notifications ---- */
static const struct NotifyProp {
    const char *name, *values; /* space-separated; "" any text up to 64 bytes */
    Err refusal;
} NOTIFY_PROPS[] = {
    {"desktop", "default all mention none", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_NOTIFY_LEVEL},
    {"desktop_threads", "default all mention none", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_NOTIFY_LEVEL},
    {"push", "default all mention none", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_PUSH_LEVEL},
    {"push_threads", "default all mention none", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_PUSH_LEVEL},
    {"email", "default true false all mention none", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_EMAIL_VALUE},
    {"mark_unread", "all mention", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_UNREAD_LEVEL},
    {"ignore_channel_mentions", "default on off",
     ERR_MODEL_CHANNEL_MEMBER_IS_VALID_IGNORE_CHANNEL_MENTIONS_VALUE},
    {"channel_auto_follow_threads", "on off",
     ERR_MODEL_CHANNEL_MEMBER_IS_VALID_CHANNEL_AUTO_FOLLOW_THREADS_VALUE},
    {"desktop_sound", "default on off", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_NOTIFY_PROPS},
    {"desktop_notification_sound", "", ERR_MODEL_CHANNEL_MEMBER_IS_VALID_NOTIFY_PROPS},
};

/* Sets in `props` what `change` has of the known keys; others are left out, as v4 does. */
static Err merge_notify(Ctx *ctx, json_t *props, const json_t *change)
{
    for (size_t i = 0; i < sizeof NOTIFY_PROPS / sizeof *NOTIFY_PROPS; i++) {
        const struct NotifyProp *prop = &NOTIFY_PROPS[i];
        json_t *value = json_object_get(change, prop->name);
        if (!value)
            continue;
        if (!json_is_string(value))
            return fail_body(ctx, "notify_props");
        Str text = json_text(value);
        bool is_fine = *prop->values ? text.len > 0 && str_find_char(text, ' ') < 0 &&
                                           roles_has(str_of(prop->values), text)
                                     : text.len <= 64;
        if (!is_fine)
            return fail(ctx, prop->refusal, "%s=" STR_FMT, prop->name, STR_ARG(text));
        ENSURE(json_object_set(props, prop->name, value) == 0);
    }
    return OK;
}

static Err set_notify_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, const json_t *change)
{
    ChannelMember member;
    json_t *props;
    TRY(member_get(ctx, tx, channel_id, user_id, &member));
    if (json_parse(ctx->arena, member.notify_props, &props) != OK || !json_is_object(props))
        TRY(json_parse(ctx->arena, STR("{}"), &props));
    TRY(merge_notify(ctx, props, change));
    member.notify_props = json_dump(ctx->arena, props);
    return save_in(ctx, tx, &member);
}

Err channel_member_set_notify(Ctx *ctx, Str channel_id, Str user_id, const json_t *change)
{
    Channel channel;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, channel_id, &channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    if (!json_is_object(change))
        return fail_body(ctx, "notify_props");
    TRY(ctx_write(ctx, &tx));
    TRY(set_notify_in(ctx, tx, channel_id, user_id, change));
    return ctx_commit(ctx);
}

Err channel_member_mute_in(Ctx *ctx, DbTx *tx, Str channel_id, Str user_id, bool is_muted)
{
    json_t *change;
    TRY(json_parse(ctx->arena,
                   is_muted ? STR("{\"mark_unread\":\"mention\"}")
                            : STR("{\"mark_unread\":\"all\"}"),
                   &change));
    return set_notify_in(ctx, tx, channel_id, user_id, change);
}
