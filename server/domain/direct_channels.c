#include "domain/direct_channels.h"
#include "base/id.h"
#include "domain/channel_members.h"
#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/team_store.h"
#include "store/user_store.h"

/* Guests only know people they share a channel with. */
static Err check_visible(Ctx *ctx, DbTx *tx, Str other_id)
{
    bool shared = true;
    if (!can(ctx, PERM_VIEW_MEMBERS) && !str_eq(other_id, ctx->user_id))
        TRY(store_channel_is_shared(tx, ctx->user_id, other_id, &shared));
    return shared ? OK : fail_right(ctx, PERM_VIEW_MEMBERS);
}

/* With RestrictDirectMessage "team", only people of a common team write to each other. */
static Err check_common_team(Ctx *ctx, DbTx *tx, Str a, Str b)
{
    if (!str_eq(ctx->settings->TeamSettings_RestrictDirectMessage, STR("team")) || str_eq(a, b) ||
        can(ctx, PERM_MANAGE_SYSTEM))
        return OK;
    bool common;
    TRY(store_team_is_common(tx, a, b, &common));
    return common ? OK
                  : fail(ctx, ERR_API_CHANNEL_CREATE_CHANNEL_DIRECT_CHANNEL_TEAM_RESTRICTED_ERROR);
}

static Err find(Ctx *ctx, DbTx *tx, Str name, Channel *ret_channel)
{
    return store_channel_get_by_name(tx, ctx->arena, STR_EMPTY, name, ret_channel);
}

/* The channel with its members, in the open transaction. */
static Err insert_in(Ctx *ctx, DbTx *tx, Channel *channel, const User *users, size_t count)
{
    Err err = channel_insert_in(ctx, tx, channel);
    if (err != OK) /* somebody made it at the same time: the next attempt finds it */
        return err == ERR_UNIQUE ? ERR_RETRY : err;
    for (size_t i = 0; i < count; i++)
        TRY(channel_enter_in(ctx, tx, channel, &users[i], false));
    return OK;
}

static void publish_direct(Ctx *ctx, DbTx *tx, const Channel *channel, Str user_id, Str other_id)
{
    Event *event = event_new(ctx->arena, "direct_added");
    json_key(&event->data, "creator_id");
    json_str(&event->data, user_id);
    json_key(&event->data, "teammate_id");
    json_str(&event->data, other_id);
    event->channel_id = channel->id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

static Str direct_name(Arena *arena, Str a, Str b)
{
    bool in_order = str_cmp(a, b) <= 0;
    return str_printf(arena, STR_FMT "__" STR_FMT, STR_ARG(in_order ? a : b),
                      STR_ARG(in_order ? b : a));
}

Err channel_create_direct(Ctx *ctx, Str user_id, Str other_id, Channel *ret_channel)
{
    TRY(need(ctx, PERM_CREATE_DIRECT_CHANNEL));
    if (!str_eq(user_id, ctx->user_id) && !str_eq(other_id, ctx->user_id))
        TRY(need(ctx, PERM_MANAGE_SYSTEM));
    DbTx *tx;
    User users[2];
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &users[0]),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, other_id, &users[1]),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    Str name = direct_name(ctx->arena, user_id, other_id);
    Err err = find(ctx, tx, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    TRY(check_visible(ctx, tx, user_id));
    TRY(check_visible(ctx, tx, other_id));
    TRY(check_common_team(ctx, tx, user_id, other_id));
    TRY(ctx_write(ctx, &tx));
    err = find(ctx, tx, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    Channel channel = {
        .id = ctx_id(ctx), .type = STR("D"), .name = name, .creator_id = ctx->user_id};
    TRY(insert_in(ctx, tx, &channel, users, str_eq(user_id, other_id) ? 1 : 2));
    publish_direct(ctx, tx, &channel, user_id, other_id);
    *ret_channel = channel;
    return ctx_commit(ctx);
}

/* ---- groups ---- */
static int by_id(const void *a, const void *b)
{
    return str_cmp(((const User *)a)->id, ((const User *)b)->id);
}
static int by_username(const void *a, const void *b)
{
    return str_cmp(((const User *)a)->username, ((const User *)b)->username);
}

static Str joined(Arena *arena, const User *users, size_t count, bool names)
{
    Str text = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        Str part = names ? users[i].username : users[i].id;
        text = i == 0 ? part
                      : str_printf(arena, STR_FMT "%s" STR_FMT, STR_ARG(text), names ? ", " : "",
                                   STR_ARG(part));
    }
    return text;
}

static void publish_group(Ctx *ctx, DbTx *tx, const Channel *channel, const User *users,
                          size_t count)
{
    Str ids[GROUP_MAX];
    for (size_t i = 0; i < count; i++)
        ids[i] = users[i].id;
    Buf list;
    buf_init(&list, 4096);
    json_strs(&list, ids, count);
    for (size_t i = 0; i < count; i++) {
        Event *event = event_new(ctx->arena, "group_added");
        json_key(&event->data, "teammate_ids");
        json_str(&event->data, buf_str(&list));
        event->user_id = ids[i];
        event->channel_id = channel->id;
        hub_publish_on_commit(tx, ctx->hub, event);
    }
    buf_deinit(&list);
}

/* The people by id, the one who asks among them. */
static Err load_group(Ctx *ctx, const StrVec *user_ids, User **ret_users, size_t *ret_count)
{
    StrVec ids = {0};
    DbTx *tx;
    for (size_t i = 0; i < user_ids->len; i++)
        if (!strvec_has(&ids, user_ids->items[i]))
            vec_push(ctx->arena, &ids, user_ids->items[i]);
    if (!strvec_has(&ids, ctx->user_id))
        vec_push(ctx->arena, &ids, ctx->user_id);
    if (ids.len < GROUP_MIN || ids.len > GROUP_MAX)
        return fail(ctx, ERR_API_CHANNEL_CREATE_GROUP_BAD_SIZE, "size=%zu", ids.len);
    TRY(ctx_read(ctx, &tx));
    TRY(store_user_list_by_ids(tx, ctx->arena, ids.items, ids.len, ret_users, ret_count));
    if (*ret_count != ids.len)
        return fail(ctx, ERR_API_CHANNEL_CREATE_GROUP_BAD_USER);
    for (size_t i = 0; i < ids.len; i++)
        TRY(check_visible(ctx, tx, ids.items[i]));
    return OK;
}

Err channel_create_group(Ctx *ctx, const StrVec *user_ids, Channel *ret_channel)
{
    User *users;
    size_t count;
    DbTx *tx;
    TRY(need(ctx, PERM_CREATE_GROUP_CHANNEL));
    TRY(load_group(ctx, user_ids, &users, &count));
    qsort(users, count, sizeof *users, by_id);
    Str name = sha1_hex(ctx->arena, joined(ctx->arena, users, count, false));
    TRY(ctx_read(ctx, &tx));
    Err err = find(ctx, tx, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    TRY(ctx_write(ctx, &tx));
    err = find(ctx, tx, name, ret_channel);
    if (err != ERR_ABSENT)
        return err;
    qsort(users, count, sizeof *users, by_username);
    Channel channel = {
        .id = ctx_id(ctx),
        .type = STR("G"),
        .name = name,
        .display_name = str_rune_prefix(joined(ctx->arena, users, count, true), CHANNEL_NAME_RUNES),
        .creator_id = ctx->user_id,
    };
    TRY(insert_in(ctx, tx, &channel, users, count));
    publish_group(ctx, tx, &channel, users, count);
    *ret_channel = channel;
    return ctx_commit(ctx);
}
