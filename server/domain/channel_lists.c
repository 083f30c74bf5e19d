#include "domain/channel_lists.h"
#include "domain/names.h"
#include "domain/teams.h"
#include "store/channel_store.h"
#include "store/team_store.h"

static Err search(Ctx *ctx, const ChannelSearch *what, ChannelList *ret_list)
{
    DbTx *tx;
    ChannelSearch folded = *what;
    folded.term = name_fold(ctx->arena, what->term);
    TRY(ctx_read(ctx, &tx));
    return store_channel_search(tx, ctx->arena, &folded, &ret_list->items, &ret_list->count);
}

static bool shows_archived(const Ctx *ctx)
{
    return ctx->settings->TeamSettings_ExperimentalViewArchivedChannels;
}

/* ---- of a team ---- */
Err channels_public(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list)
{
    TRY(need_in_team(ctx, team_id, PERM_LIST_TEAM_CHANNELS));
    ChannelSearch what = {.team_id = team_id, .is_public = true, .limit = limit, .offset = offset};
    return search(ctx, &what, ret_list);
}

Err channels_private(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list)
{
    TRY(need(ctx, PERM_MANAGE_SYSTEM));
    ChannelSearch what = {.team_id = team_id, .is_private = true, .limit = limit, .offset = offset};
    return search(ctx, &what, ret_list);
}

Err channels_archived(Ctx *ctx, Str team_id, int64_t limit, int64_t offset, ChannelList *ret_list)
{
    TRY(need_in_team(ctx, team_id, PERM_LIST_TEAM_CHANNELS));
    bool sees_all = can(ctx, PERM_MANAGE_SYSTEM);
    ChannelSearch what = {
        .team_id = team_id,
        .only_archived = true,
        .member_id = sees_all ? STR_EMPTY : ctx->user_id,
        .or_public = true,
        .limit = limit,
        .offset = offset,
    };
    return search(ctx, &what, ret_list);
}

Err channels_by_ids(Ctx *ctx, Str team_id, const StrVec *ids, ChannelList *ret_list)
{
    DbTx *tx;
    Channel *found;
    size_t count, kept = 0;
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    TRY(store_channel_list_by_ids(tx, ctx->arena, ids->items, ids->len, &found, &count));
    for (size_t i = 0; i < count; i++)
        if (str_eq(found[i].team_id, team_id) && str_eq(found[i].type, STR("O")) &&
            found[i].delete_at == 0)
            found[kept++] = found[i];
    *ret_list = (ChannelList){found, kept};
    return OK;
}

/* ---- by words ---- */
Err channels_search(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list)
{
    bool sees_public;
    TRY(can_in_team(ctx, team_id, PERM_LIST_TEAM_CHANNELS, &sees_public));
    if (!sees_public)
        TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM)); /* guests find what they are in */
    ChannelSearch what = {
        .team_id = team_id,
        .term = term,
        .is_public = true,
        .is_private = !sees_public,
        .member_id = sees_public ? STR_EMPTY : ctx->user_id,
        .with_archived = shows_archived(ctx),
        .limit = CHANNELS_FOUND_MAX,
    };
    return search(ctx, &what, ret_list);
}

Err channels_complete(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list)
{
    bool sees_public;
    TRY(can_in_team(ctx, team_id, PERM_LIST_TEAM_CHANNELS, &sees_public));
    if (!sees_public)
        TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    ChannelSearch what = {
        .team_id = team_id,
        .term = term,
        .member_id = ctx->user_id,
        .or_public = sees_public,
        .with_archived = shows_archived(ctx),
        .limit = CHANNELS_FOUND_MAX,
    };
    return search(ctx, &what, ret_list);
}

Err channels_complete_own(Ctx *ctx, Str team_id, Str term, ChannelList *ret_list)
{
    DbTx *tx;
    ChannelList own, groups, direct;
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    ChannelSearch what = {
        .team_id = team_id,
        .term = term,
        .member_id = ctx->user_id,
        .with_archived = shows_archived(ctx),
        .limit = CHANNELS_FOUND_MAX,
    };
    TRY(search(ctx, &what, &own));
    TRY(channels_search_groups(ctx, term, &groups));
    TRY(ctx_read(ctx, &tx));
    TRY(store_channel_search_direct(tx, ctx->arena, ctx->user_id, name_fold(ctx->arena, term),
                                    CHANNELS_FOUND_MAX, &direct.items, &direct.count));
    Channel *all = arena_new(ctx->arena, Channel, own.count + groups.count + direct.count);
    size_t n = 0;
    const ChannelList parts[] = {own, direct, groups};
    for (size_t p = 0; p < 3; p++)
        for (size_t i = 0; i < parts[p].count && n < CHANNELS_FOUND_MAX; i++)
            all[n++] = parts[p].items[i];
    *ret_list = (ChannelList){all, n};
    return OK;
}

Err channels_search_teams(Ctx *ctx, Str term, ChannelList *ret_list)
{
    DbTx *tx;
    TeamMember *members;
    size_t count;
    TRY(ctx_read(ctx, &tx));
    TRY(store_team_member_list_of_user(tx, ctx->arena, ctx->user_id, &members, &count));
    bool is_guest = !can(ctx, PERM_VIEW_MEMBERS);
    ChannelSearch what = {
        .term = term,
        .member_id = ctx->user_id,
        .or_public = !is_guest,
        .with_archived = shows_archived(ctx),
        .limit = CHANNELS_FOUND_MAX,
    };
    for (size_t i = 0; i < count; i++)
        vec_push(ctx->arena, &what.team_ids, members[i].team_id);
    if (count == 0) {
        *ret_list = (ChannelList){0};
        return OK;
    }
    return search(ctx, &what, ret_list);
}

Err channels_search_groups(Ctx *ctx, Str term, ChannelList *ret_list)
{
    ChannelSearch what = {
        .term = term, .is_group = true, .member_id = ctx->user_id, .limit = CHANNELS_FOUND_MAX};
    return search(ctx, &what, ret_list);
}

/* ---- for the console ---- */
Err channels_of_server(Ctx *ctx, const ChannelSearch *what, ChannelList *ret_list,
                       int64_t *ret_total)
{
    DbTx *tx;
    TRY(need(ctx, PERM_SYSCONSOLE_READ_USER_MANAGEMENT_CHANNELS));
    ChannelSearch folded = *what;
    folded.term = name_fold(ctx->arena, what->term);
    TRY(search(ctx, &folded, ret_list));
    TRY(ctx_read(ctx, &tx));
    return store_channel_search_count(tx, ctx->arena, &folded, ret_total);
}

/* ---- of a user ---- */
Err channels_of_user_in_team(Ctx *ctx, Str user_id, Str team_id, bool with_archived,
                             ChannelList *ret_list)
{
    DbTx *tx;
    ChannelList of_team, direct;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    TRY(store_channel_list_of_user(tx, ctx->arena, user_id, team_id, with_archived, &of_team.items,
                                   &of_team.count));
    TRY(store_channel_list_of_user(tx, ctx->arena, user_id, STR_EMPTY, with_archived, &direct.items,
                                   &direct.count));
    Channel *all = arena_new(ctx->arena, Channel, of_team.count + direct.count);
    size_t n = 0;
    for (size_t i = 0; i < of_team.count; i++)
        all[n++] = of_team.items[i];
    for (size_t i = 0; i < direct.count; i++)
        all[n++] = direct.items[i];
    *ret_list = (ChannelList){all, n};
    return OK;
}

Err channels_of_user(Ctx *ctx, Str user_id, bool with_archived, int64_t since,
                     ChannelList *ret_list)
{
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    return store_channel_list_of_user_everywhere(tx, ctx->arena, user_id, with_archived, since,
                                                 &ret_list->items, &ret_list->count);
}

/* ---- beside ---- */
Err channel_common_teams(Ctx *ctx, Str channel_id, Team **ret_teams, size_t *ret_count)
{
    Channel channel;
    DbTx *tx;
    TRY(channel_to_inspect(ctx, channel_id, &channel));
    if (!channel_is_direct(&channel))
        return fail(ctx, ERR_APP_CHANNEL_GET_COMMON_TEAMS_INCORRECT_CHANNEL_TYPE);
    TRY(ctx_read(ctx, &tx));
    TRY(store_team_list_common(tx, ctx->arena, channel_id, ret_teams, ret_count));
    return teams_sanitize(ctx, *ret_teams, *ret_count);
}
