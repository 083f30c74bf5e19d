#include "domain/boot.h"
#include "base/id.h"
#include "domain/channel_members.h"
#include "domain/preferences.h"
#include "domain/statuses.h"
#include "domain/team_members.h"
#include "domain/users.h"
#include "store/channel_member_store.h"
#include "store/channel_store.h"
#include "store/query.h"
#include "store/team_store.h"
#include "store/user_store.h"

enum { POSTS_BEFORE = 30, POSTS_AFTER = 30, PARTNERS_MAX = 200 };
const PostViewOptions BOOT_POST_VIEW = {.collapsed_threads = true};

/* ---- which team ---- */
static const Team *find_team(const Boot *boot, Str id_or_name)
{
    for (size_t i = 0; i < boot->team_count && id_or_name.len; i++)
        if (str_eq(boot->teams[i].id, id_or_name) || str_eq(boot->teams[i].name, id_or_name))
            return &boot->teams[i];
    return NULL;
}

/* The team of the channel that was read last, of those one is in. */
static Err last_team(Ctx *ctx, DbTx *tx, Str *ret_team_id)
{
    Err err = db_get_text(
        tx, ctx->arena, ret_team_id,
        "SELECT c.team_id FROM channel_members m JOIN channels c ON c.id = m.channel_id "
        "JOIN teams t ON t.id = c.team_id WHERE m.user_id = ? AND c.delete_at = 0 AND t.delete_at "
        "= 0 "
        "ORDER BY m.last_viewed_at DESC LIMIT 1",
        ctx->user_id);
    if (err == ERR_ABSENT)
        *ret_team_id = STR_EMPTY;
    return err == ERR_ABSENT ? OK : err;
}

static Err choose_team(Ctx *ctx, DbTx *tx, const BootAsk *ask, Boot *boot)
{
    Str id = STR_EMPTY;
    const Team *team = find_team(boot, ask->team);
    if (!team && id_is_valid(ask->channel)) {
        Channel channel;
        Err err = store_channel_get(tx, ctx->arena, ask->channel, &channel);
        if (err != OK && err != ERR_ABSENT)
            return err;
        team = err == OK ? find_team(boot, channel.team_id) : NULL;
    }
    if (!team && boot->team_count > 1) {
        TRY(last_team(ctx, tx, &id));
        team = find_team(boot, id);
    }
    if (!team && boot->team_count)
        team = &boot->teams[0];
    boot->team_id = team ? team->id : STR_EMPTY;
    return OK;
}

/* ---- which channel ---- */
static const Channel *find_channel(const Boot *boot, Str id_or_name)
{
    for (size_t i = 0; i < boot->channel_count && id_or_name.len; i++)
        if (str_eq(boot->channels[i].id, id_or_name) || str_eq(boot->channels[i].name, id_or_name))
            return &boot->channels[i];
    return NULL;
}

/* "@juliet": the direct channel with her, where there is one. */
static Err find_direct(Ctx *ctx, DbTx *tx, const Boot *boot, Str username,
                       const Channel **ret_channel)
{
    User user;
    *ret_channel = NULL;
    Err err = store_user_get_by_username(tx, ctx->arena, str_lower(ctx->arena, username), &user);
    if (err != OK)
        return err == ERR_ABSENT ? OK : err;
    bool is_first = str_cmp(user.id, ctx->user_id) <= 0;
    Str name =
        str_printf(ctx->arena, STR_FMT "__" STR_FMT, STR_ARG(is_first ? user.id : ctx->user_id),
                   STR_ARG(is_first ? ctx->user_id : user.id));
    *ret_channel = find_channel(boot, name);
    return OK;
}

static const ChannelMember *member_of(const Boot *boot, const Channel *channel)
{
    for (size_t i = 0; channel && i < boot->member_count; i++)
        if (str_eq(boot->members[i].channel_id, channel->id))
            return &boot->members[i];
    return NULL;
}

/* Who joins a channel has its posts so far as read: a membership that is no newer than that of the default channel came with
 * joining the team, and tells nothing of where one was. */
static const Channel *last_channel(const Boot *boot)
{
    const Channel *square = find_channel(boot, STR("town-square"));
    const ChannelMember *last = NULL, *home = member_of(boot, square);
    for (size_t i = 0; i < boot->member_count; i++)
        if (!last || boot->members[i].last_viewed_at > last->last_viewed_at)
            last = &boot->members[i];
    if (home && last->last_update_at <= home->last_update_at)
        return square;
    return last ? find_channel(boot, last->channel_id) : NULL;
}

static Err choose_channel(Ctx *ctx, DbTx *tx, const BootAsk *ask, Boot *boot,
                          const Channel **ret_channel)
{
    const Channel *channel = NULL;
    if (str_starts_with(ask->channel, STR("@")))
        TRY(find_direct(ctx, tx, boot, str_slice(ask->channel, 1, ask->channel.len), &channel));
    else
        channel = find_channel(boot, ask->channel);
    if (!channel)
        channel = last_channel(boot);
    if (!channel)
        channel = find_channel(boot, STR("town-square"));
    boot->channel_id = channel ? channel->id : STR_EMPTY;
    *ret_channel = channel;
    return OK;
}

/* ---- roles ---- */
static void add_names(Ctx *ctx, StrVec *names, Str roles)
{
    for (Str rest = roles; rest.ptr;) {
        Str name = str_split(&rest, ' ');
        if (name.len && !strvec_has(names, name))
            vec_push(ctx->arena, names, name);
    }
}

static Err load_roles(Ctx *ctx, DbTx *tx, Boot *boot)
{
    StrVec names = {0};
    Str before = STR_EMPTY;
    add_names(ctx, &names, ctx->user->roles);
    for (size_t i = 0; i < boot->team_member_count; i++)
        add_names(ctx, &names, boot->team_members[i].roles);
    for (size_t i = 0; i < boot->member_count; i++) /* mostly the same ones */
        if (!str_eq(boot->members[i].roles, before))
            add_names(ctx, &names, before = boot->members[i].roles);
    CLEANUP(query_deinit) Query q;
    query_init(&q, ctx->arena, "SELECT $ FROM roles WHERE delete_at = 0 AND name IN");
    query_in(&q, names.items, names.len);
    query_add(&q, " ORDER BY name");
    return query_list(&q, tx, &role_entity, &boot->roles, &boot->role_count);
}

/* ---- people ---- */
static int latest_first(const void *a, const void *b)
{
    int64_t x = (*(const Channel *const *)a)->last_post_at,
            y = (*(const Channel *const *)b)->last_post_at;
    return (x < y) - (x > y);
}

/* The direct and group messages written in last. */
static size_t recent_direct(Ctx *ctx, const Boot *boot, const Channel ***ret_channels)
{
    const Channel **found = arena_new(ctx->arena, const Channel *, boot->channel_count);
    size_t count = 0;
    for (size_t i = 0; i < boot->channel_count; i++)
        if (channel_is_direct(&boot->channels[i]))
            found[count++] = &boot->channels[i];
    qsort(found, count, sizeof *found, latest_first);
    *ret_channels = found;
    return count < PARTNERS_MAX ? count : PARTNERS_MAX;
}

static Err add_group_people(Ctx *ctx, DbTx *tx, const StrVec *groups, StrVec *ids)
{
    StrVec found;
    if (groups->len == 0)
        return OK;
    CLEANUP(query_deinit) Query q;
    query_init(&q, ctx->arena, "SELECT DISTINCT user_id FROM channel_members WHERE channel_id IN");
    query_in(&q, groups->items, groups->len);
    TRY(query_texts(&q, tx, &found));
    for (size_t i = 0; i < found.len; i++)
        vec_push(ctx->arena, ids, found.items[i]);
    return OK;
}

/* Ids, some maybe twice: the query does not mind. */
static Err people_ids(Ctx *ctx, DbTx *tx, const Boot *boot, StrVec *ret_ids)
{
    const Channel **direct;
    StrVec ids = {0}, groups = {0};
    size_t count = recent_direct(ctx, boot, &direct);
    for (size_t i = 0; i < count; i++) {
        Str name = direct[i]->name; /* "<id>__<id>" */
        if (str_eq(direct[i]->type, STR("G"))) {
            vec_push(ctx->arena, &groups, direct[i]->id);
            continue;
        }
        vec_push(ctx->arena, &ids, str_slice(name, 0, ID_LEN));
        vec_push(ctx->arena, &ids, str_slice(name, ID_LEN + 2, name.len));
    }
    TRY(add_group_people(ctx, tx, &groups, &ids));
    for (size_t i = 0; boot->has_posts && i < boot->posts.count; i++)
        vec_push(ctx->arena, &ids, boot->posts.posts[i].user_id);
    for (size_t i = 0; boot->has_posts && i < boot->posts.other_count; i++)
        vec_push(ctx->arena, &ids, boot->posts.others[i].user_id);
    *ret_ids = ids;
    return OK;
}

static Err load_people(Ctx *ctx, DbTx *tx, Boot *boot)
{
    StrVec ids, known = {0};
    TRY(people_ids(ctx, tx, boot, &ids));
    TRY(store_user_list_by_ids(tx, ctx->arena, ids.items, ids.len, &boot->users,
                               &boot->user_count));
    vec_push(ctx->arena, &known, ctx->user_id);
    for (size_t i = 0; i < boot->user_count; i++) {
        user_sanitize(ctx, &boot->users[i]);
        if (!str_eq(boot->users[i].id, ctx->user_id))
            vec_push(ctx->arena, &known, boot->users[i].id);
    }
    boot->status_count = known.len;
    return status_list(ctx, known.items, known.len, &boot->statuses);
}

/* ---- all of it ---- */
static Err load_teams(Ctx *ctx, DbTx *tx, Boot *boot)
{
    TRY(store_team_list_of_user(tx, ctx->arena, ctx->user_id, &boot->teams, &boot->team_count));
    TRY(store_team_member_list_of_user(tx, ctx->arena, ctx->user_id, &boot->team_members,
                                       &boot->team_member_count));
    team_members_fill(ctx->arena, boot->team_members, boot->team_member_count);
    TRY(teams_sanitize_as(ctx, boot->teams, boot->team_count, boot->team_members,
                          boot->team_member_count));
    return unread_of_teams(ctx, ctx->user_id, STR_EMPTY, true, &boot->unreads, &boot->unread_count);
}

static Err load_channels(Ctx *ctx, DbTx *tx, Boot *boot)
{
    TRY(store_channel_list_for_sidebar(tx, ctx->arena, ctx->user_id, boot->team_id, &boot->channels,
                                       &boot->channel_count));
    TRY(store_channel_member_list_of_user_in_team(tx, ctx->arena, ctx->user_id, boot->team_id,
                                                  &boot->members, &boot->member_count));
    channel_members_fill(ctx, boot->members, boot->member_count);
    if (boot->team_id.len == 0)
        return OK;
    ThreadQuery query = {.user_id = ctx->user_id, .team_id = boot->team_id};
    TRY(store_thread_totals(tx, &query, &boot->threads));
    return sidebar_load(ctx, tx, ctx->user_id, boot->team_id, &boot->sidebar);
}

static Err load_posts(Ctx *ctx, const Channel *channel, Boot *boot)
{
    const PostListQuery query = {.view = BOOT_POST_VIEW};
    boot->has_posts = channel != NULL;
    if (!channel)
        return OK;
    int64_t viewed_at;
    TRY(post_unread_place(ctx, channel, ctx->user_id, &viewed_at));
    return post_list_around_unread(ctx, channel, viewed_at, POSTS_BEFORE, POSTS_AFTER, &query,
                                   &boot->posts);
}

Err boot_load(Ctx *ctx, const BootAsk *ask, Boot *ret_boot)
{
    DbTx *tx;
    const Channel *channel;
    *ret_boot = (Boot){0};
    TRY(ctx_read(ctx, &tx));
    TRY(preference_list(ctx, ctx->user_id, &ret_boot->preferences, &ret_boot->preference_count));
    TRY(load_teams(ctx, tx, ret_boot));
    TRY(choose_team(ctx, tx, ask, ret_boot));
    TRY(load_channels(ctx, tx, ret_boot));
    TRY(load_roles(ctx, tx, ret_boot));
    TRY(choose_channel(ctx, tx, ask, ret_boot, &channel));
    TRY(load_posts(ctx, channel, ret_boot));
    return load_people(ctx, tx, ret_boot);
}
