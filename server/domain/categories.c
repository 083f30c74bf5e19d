#include "domain/categories.h"
#include "base/map.h"
#include "base/vec.h"
#include "domain/channel_members.h"
#include "store/category_store.h"
#include "store/channel_store.h"
#include "store/team_store.h"

/* ---- a sidebar in memory ---- */
/* One category while it is worked on: its channels as a list. `shown` are those and the ones that nobody has put anywhere. */
typedef struct Work {
    SidebarCategory category;
    StrVec placed, shown;
} Work;

typedef struct Board {
    Str user_id, team_id;
    Work *items; /* room for one more than there are */
    size_t count;
    SidebarChannel *channels; /* all that the sidebar shows */
    size_t channel_count;
    bool is_stored; /* the three have rows */
} Board;

static const struct BuiltIn {
    const char *type, *sorting;
    int64_t sort_order;
} BUILT_IN[] = {
    /* their names: the text "category.<type>" */
    {"favorites", "", 0},
    {"channels", "", 10},
    {"direct_messages", "recent", 20},
};
enum { BUILT_IN_COUNT = 3 };

static bool is_type(const SidebarCategory *c, const char *type)
{
    return str_eq(c->type, str_of(type));
}

static Work *find(Board *board, Str category_id)
{
    for (size_t i = 0; i < board->count; i++)
        if (str_eq(board->items[i].category.id, category_id))
            return &board->items[i];
    return NULL;
}

static Work *find_type(Board *board, const char *type)
{
    for (size_t i = 0; i < board->count; i++)
        if (is_type(&board->items[i].category, type))
            return &board->items[i];
    return NULL;
}

static bool has_channel(const Board *board, Str id)
{
    for (size_t i = 0; i < board->channel_count; i++)
        if (str_eq(board->channels[i].id, id))
            return true;
    return false;
}

/* The three, where there are none yet; favourites that stand as preferences come in. */
static Err make_up(Ctx *ctx, DbTx *tx, Board *board)
{
    StrVec favorites;
    TRY(store_favorite_ids(tx, ctx->arena, board->user_id, &favorites));
    for (size_t i = 0; i < BUILT_IN_COUNT; i++) {
        const struct BuiltIn *b = &BUILT_IN[i];
        board->items[board->count++].category = (SidebarCategory){
            .id = str_printf(ctx->arena, "%s_" STR_FMT "_" STR_FMT, b->type,
                             STR_ARG(board->user_id), STR_ARG(board->team_id)),
            .user_id = board->user_id,
            .team_id = board->team_id,
            .type = str_of(b->type),
            .display_name = text_get(str_printf(ctx->arena, "category.%s", b->type), ctx->locale),
            .sorting = str_of(b->sorting),
            .sort_order = b->sort_order,
        };
    }
    for (size_t i = 0; i < favorites.len; i++)
        if (has_channel(board, favorites.items[i]))
            vec_push(ctx->arena, &board->items[0].placed, favorites.items[i]);
    return OK;
}

static Err read_placed(Ctx *ctx, DbTx *tx, Board *board)
{
    PlacedChannel *placed;
    size_t count;
    TRY(store_category_channels(tx, ctx->arena, board->user_id, board->team_id, &placed, &count));
    for (size_t i = 0; i < count; i++) {
        Work *work = find(board, placed[i].category_id);
        if (work)
            vec_push(ctx->arena, &work->placed, placed[i].channel_id);
    }
    return OK;
}

/* Deals the channels out: where somebody put them, the rest where new ones go; none twice, none that one has left. */
static void deal(Ctx *ctx, Board *board)
{
    Map waiting = {0};
    for (size_t i = 0; i < board->channel_count; i++)
        (void)map_set(&waiting, board->channels[i].id, &board->channels[i]);
    for (size_t i = 0; i < board->count; i++) {
        Work *work = &board->items[i];
        work->shown = (StrVec){0};
        for (size_t n = 0; n < work->placed.len; n++)
            if (map_remove(&waiting, work->placed.items[n]))
                vec_push(ctx->arena, &work->shown, work->placed.items[n]);
    }
    Work *channels = find_type(board, "channels"), *direct = find_type(board, "direct_messages");
    for (size_t i = 0; i < board->channel_count; i++)
        if (map_find(&waiting, board->channels[i].id))
            vec_push(ctx->arena, board->channels[i].is_direct ? &direct->shown : &channels->shown,
                     board->channels[i].id);
    map_deinit(&waiting);
}

static Err load(Ctx *ctx, DbTx *tx, Str user_id, Str team_id, Board **ret_board)
{
    Board *board = arena_new(ctx->arena, Board, 1);
    SidebarCategory *stored;
    size_t count;
    board->user_id = user_id;
    board->team_id = team_id;
    TRY(store_sidebar_channels(tx, ctx->arena, user_id, team_id, &board->channels,
                               &board->channel_count));
    TRY(store_category_list(tx, ctx->arena, user_id, team_id, &stored, &count));
    board->is_stored = count > 0;
    board->items = arena_new(ctx->arena, Work, count + BUILT_IN_COUNT + 1);
    for (size_t i = 0; i < count; i++)
        board->items[board->count++].category = stored[i];
    TRY(board->is_stored ? read_placed(ctx, tx, board) : make_up(ctx, tx, board));
    deal(ctx, board);
    *ret_board = board;
    return OK;
}

/* The category as clients see it. */
static SidebarCategory shown_category(Ctx *ctx, const Work *work)
{
    SidebarCategory category = work->category;
    Buf ids;
    buf_init(&ids, 1024 * 1024);
    json_strs(&ids, work->shown.items, work->shown.len);
    category.channel_ids = str_copy(ctx->arena, buf_str(&ids));
    buf_deinit(&ids);
    return category;
}

/* ---- reading ---- */
static Err need_rights(Ctx *ctx, Str user_id, Str team_id)
{
    TRY(need_self_or_edit(ctx, user_id));
    return need_in_team(ctx, team_id, PERM_VIEW_TEAM);
}

Err sidebar_load(Ctx *ctx, DbTx *tx, Str user_id, Str team_id, Sidebar *ret_sidebar)
{
    Board *board;
    TRY(load(ctx, tx, user_id, team_id, &board));
    SidebarCategory *items = arena_new(ctx->arena, SidebarCategory, board->count);
    for (size_t i = 0; i < board->count; i++)
        items[i] = shown_category(ctx, &board->items[i]);
    *ret_sidebar = (Sidebar){items, board->count};
    return OK;
}

Err sidebar_get(Ctx *ctx, Str user_id, Str team_id, Sidebar *ret_sidebar)
{
    DbTx *tx;
    TRY(need_rights(ctx, user_id, team_id));
    TRY(ctx_read(ctx, &tx));
    return sidebar_load(ctx, tx, user_id, team_id, ret_sidebar);
}

Err category_get(Ctx *ctx, Str user_id, Str team_id, Str category_id, SidebarCategory *ret_category)
{
    DbTx *tx;
    Board *board;
    TRY(need_rights(ctx, user_id, team_id));
    TRY(ctx_read(ctx, &tx));
    TRY(load(ctx, tx, user_id, team_id, &board));
    const Work *work = find(board, category_id);
    if (!work)
        return fail(ctx, ERR_APP_CHANNEL_SIDEBAR_CATEGORIES);
    *ret_category = shown_category(ctx, work);
    return OK;
}

void sidebar_write(const Sidebar *sidebar, Buf *out)
{
    json_open(out);
    json_key(out, "categories");
    json_open_array(out);
    for (size_t i = 0; i < sidebar->count; i++)
        sidebar_category_write_json(&sidebar->items[i], out);
    json_close_array(out);
    json_key(out, "order");
    json_open_array(out);
    for (size_t i = 0; i < sidebar->count; i++)
        json_str(out, sidebar->items[i].id);
    json_close_array(out);
    json_close(out);
}

/* ---- what every change goes through ---- */
/* Begins the writing transaction with the board in it, the three stored. */
static Err begin(Ctx *ctx, Str user_id, Str team_id, DbTx **ret_tx, Board **ret_board)
{
    TRY(need_rights(ctx, user_id, team_id));
    TRY(ctx_write(ctx, ret_tx));
    TRY(store_category_lock(*ret_tx, user_id, team_id));
    TRY(load(ctx, *ret_tx, user_id, team_id, ret_board));
    if ((*ret_board)->is_stored)
        return OK;
    for (size_t i = 0; i < (*ret_board)->count; i++) {
        const Work *work = &(*ret_board)->items[i];
        TRY(store_category_save(*ret_tx, &work->category));
        TRY(store_category_set_channels(*ret_tx, user_id, work->category.id, work->placed.items,
                                        work->placed.len));
    }
    return OK;
}

static Event *event_of(Ctx *ctx, const Board *board, const char *name)
{
    Event *event = event_new(ctx->arena, name);
    event->user_id = board->user_id;
    event->team_id = board->team_id;
    return event;
}

static void publish_category(Ctx *ctx, DbTx *tx, const Board *board, const char *name,
                             Str category_id)
{
    Event *event = event_of(ctx, board, name);
    json_key(&event->data, "category_id");
    json_str(&event->data, category_id);
    hub_publish_on_commit(tx, ctx->hub, event);
}

/* Ids of `json` (an array) that the sidebar shows, each once: what one has left meanwhile is passed over. */
static Err read_ids(Ctx *ctx, const Board *board, Str json, StrVec *ret_ids)
{
    json_t *list, *item;
    size_t i;
    StrVec ids = {0};
    if (json.len == 0) {
        *ret_ids = ids;
        return OK;
    }
    if (json_parse(ctx->arena, json, &list) != OK || !json_is_array(list))
        return fail_body(ctx, "category");
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return fail_body(ctx, "category");
        if (has_channel(board, json_text(item)) && !strvec_has(&ids, json_text(item)))
            vec_push(ctx->arena, &ids, json_text(item));
    }
    *ret_ids = ids;
    return OK;
}

static void drop(StrVec *from, Str id)
{
    size_t kept = 0;
    for (size_t i = 0; i < from->len; i++)
        if (!str_eq(from->items[i], id))
            from->items[kept++] = from->items[i];
    from->len = kept;
}

/* Puts these channels, and no others, into a category; they leave the other ones. */
static Err place_in(Ctx *ctx, DbTx *tx, Board *board, Work *work, const StrVec *ids)
{
    for (size_t i = 0; i < board->count; i++)
        for (size_t n = 0; n < ids->len; n++)
            drop(&board->items[i].placed, ids->items[n]);
    work->placed = (StrVec){0};
    for (size_t n = 0; n < ids->len; n++)
        vec_push(ctx->arena, &work->placed, ids->items[n]);
    TRY(store_category_take_out(tx, ctx->arena, board->user_id, board->team_id, work->category.id,
                                ids->items, ids->len));
    return store_category_set_channels(tx, board->user_id, work->category.id, ids->items, ids->len);
}

/* ---- favourites and mute follow the change ---- */
static void publish_preferences(Ctx *ctx, DbTx *tx, const char *name, Str user_id,
                                const StrVec *ids)
{
    if (ids->len == 0)
        return;
    Buf list;
    buf_init(&list, 1024 * 1024);
    json_open_array(&list);
    for (size_t i = 0; i < ids->len; i++) {
        Preference p = {.user_id = user_id,
                        .category = STR("favorite_channel"),
                        .name = ids->items[i],
                        .value = STR("true")};
        preference_write_json(&p, &list);
    }
    json_close_array(&list);
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "preferences");
    json_str(&event->data, buf_str(&list));
    event->user_id = user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    buf_deinit(&list);
}

static Err follow_in_team(Ctx *ctx, DbTx *tx, Str user_id, Str team_id, Str channel_id,
                          bool is_favorite);

/* Direct messages are in the sidebars of all teams, and favourites in all of them or in none. */
static Err follow_elsewhere_in(Ctx *ctx, DbTx *tx, Str user_id, Str but_team_id, Str channel_id,
                               bool is_favorite)
{
    TeamMember *teams;
    size_t count;
    TRY(store_team_member_list_of_user(tx, ctx->arena, user_id, &teams, &count));
    for (size_t i = 0; i < count; i++)
        if (!str_eq(teams[i].team_id, but_team_id))
            TRY(follow_in_team(ctx, tx, user_id, teams[i].team_id, channel_id, is_favorite));
    return OK;
}

/* Writes the preferences of what has become a favourite or has ceased to be one. */
static Err mirror_in(Ctx *ctx, DbTx *tx, const Board *board, const StrVec *before,
                     const StrVec *after)
{
    StrVec added = {0}, removed = {0};
    for (size_t i = 0; i < board->channel_count; i++) {
        const SidebarChannel *channel = &board->channels[i];
        bool was = strvec_has(before, channel->id), is = strvec_has(after, channel->id);
        if (was == is)
            continue;
        TRY(store_favorite_set(tx, board->user_id, channel->id, is));
        vec_push(ctx->arena, is ? &added : &removed, channel->id);
        if (channel->is_direct)
            TRY(follow_elsewhere_in(ctx, tx, board->user_id, board->team_id, channel->id, is));
    }
    publish_preferences(ctx, tx, "preferences_changed", board->user_id, &added);
    publish_preferences(ctx, tx, "preferences_deleted", board->user_id, &removed);
    return OK;
}

/* The ids in muted categories. */
static StrVec muted_ids(Ctx *ctx, const Board *board)
{
    StrVec ids = {0};
    for (size_t i = 0; i < board->count; i++)
        for (size_t n = 0; board->items[i].category.muted && n < board->items[i].shown.len; n++)
            vec_push(ctx->arena, &ids, board->items[i].shown.items[n]);
    return ids;
}

/* A channel in a muted category is muted, and unmuted when it comes out. */
static Err mute_in(Ctx *ctx, DbTx *tx, const Board *board, const StrVec *before,
                   const StrVec *after)
{
    for (size_t i = 0; i < board->channel_count; i++) {
        Str id = board->channels[i].id;
        bool was = strvec_has(before, id), is = strvec_has(after, id);
        if (was != is)
            TRY(channel_member_mute_in(ctx, tx, id, board->user_id, is));
    }
    return OK;
}

/* What a board looked like before a change, to see afterwards what follows from it. */
typedef struct Before {
    StrVec favorites, muted;
} Before;

static StrVec favorites_of(Ctx *ctx, Board *board)
{
    StrVec copy = {0};
    const Work *favorites = find_type(board, "favorites");
    for (size_t i = 0; favorites && i < favorites->shown.len; i++)
        vec_push(ctx->arena, &copy, favorites->shown.items[i]);
    return copy;
}

static Before remember(Ctx *ctx, Board *board)
{
    return (Before){favorites_of(ctx, board), muted_ids(ctx, board)};
}

static Err settle_in(Ctx *ctx, DbTx *tx, Board *board, const Before *before)
{
    deal(ctx, board);
    Before after = remember(ctx, board);
    TRY(mirror_in(ctx, tx, board, &before->favorites, &after.favorites));
    return mute_in(ctx, tx, board, &before->muted, &after.muted);
}

/* ---- acts ---- */
static Err check(Ctx *ctx, const SidebarCategory *c)
{
    static const char *const sortings[] = {"", "alpha", "recent", "manual"};
    bool is_sorting = false;
    for (size_t i = 0; i < sizeof sortings / sizeof *sortings; i++)
        is_sorting |= str_eq(c->sorting, str_of(sortings[i]));
    if (!is_sorting || str_trim(c->display_name).len == 0 ||
        str_rune_count(c->display_name) > CATEGORY_NAME_RUNES)
        return fail_body(ctx, "category");
    return OK;
}

/* Numbers the categories as they stand. */
static Err renumber_in(DbTx *tx, Board *board)
{
    for (size_t i = 0; i < board->count; i++)
        if (board->items[i].category.sort_order != (int64_t)i * 10) {
            board->items[i].category.sort_order = (int64_t)i * 10;
            TRY(store_category_save(tx, &board->items[i].category));
        }
    return OK;
}

Err category_create(Ctx *ctx, Str user_id, Str team_id, const SidebarCategory *draft,
                    SidebarCategory *ret_category)
{
    DbTx *tx;
    Board *board;
    StrVec ids;
    TRY(check(ctx, draft));
    TRY(begin(ctx, user_id, team_id, &tx, &board));
    if (board->count >= CATEGORIES_MAX)
        return fail_body(ctx, "category");
    TRY(read_ids(ctx, board, draft->channel_ids, &ids));
    Before before = remember(ctx, board);
    size_t at = is_type(&board->items[0].category, "favorites")
                    ? 1
                    : 0; /* first, but favourites stay above */
    memmove(&board->items[at + 1], &board->items[at], (board->count - at) * sizeof(Work));
    board->count++;
    Work *work = &board->items[at];
    *work = (Work){.category = *draft};
    work->category.id = ctx_id(ctx);
    work->category.user_id = user_id;
    work->category.team_id = team_id;
    work->category.type = STR("custom");
    work->category.sort_order = -1; /* so that renumber_in writes it */
    TRY(renumber_in(tx, board));
    TRY(place_in(ctx, tx, board, work, &ids));
    TRY(settle_in(ctx, tx, board, &before));
    publish_category(ctx, tx, board, "sidebar_category_created", work->category.id);
    *ret_category = shown_category(ctx, work);
    return ctx_commit(ctx);
}

/* The built-in ones keep their names. */
static Err update_one_in(Ctx *ctx, DbTx *tx, Board *board, const SidebarCategory *change)
{
    StrVec ids;
    Work *work = find(board, change->id);
    if (!work)
        return fail(ctx, ERR_APP_CHANNEL_SIDEBAR_CATEGORIES);
    SidebarCategory next = work->category;
    next.sorting = change->sorting;
    next.muted = change->muted;
    next.collapsed = change->collapsed;
    if (is_type(&next, "custom"))
        next.display_name = change->display_name;
    TRY(check(ctx, &next));
    TRY(read_ids(ctx, board, change->channel_ids, &ids));
    work->category = next;
    TRY(store_category_save(tx, &next));
    return place_in(ctx, tx, board, work, &ids);
}

static void publish_updated(Ctx *ctx, DbTx *tx, const Board *board, const SidebarCategory *items,
                            size_t count)
{
    Buf list;
    buf_init(&list, 4 * 1024 * 1024);
    json_open_array(&list);
    for (size_t i = 0; i < count; i++)
        sidebar_category_write_json(&items[i], &list);
    json_close_array(&list);
    Event *event = event_of(ctx, board, "sidebar_category_updated");
    json_key(&event->data, "updatedCategories");
    json_str(&event->data, buf_str(&list));
    hub_publish_on_commit(tx, ctx->hub, event);
    buf_deinit(&list);
}

Err categories_update(Ctx *ctx, Str user_id, Str team_id, const SidebarCategory *changes,
                      size_t count, SidebarCategory *ret_changed)
{
    DbTx *tx;
    Board *board;
    TRY(begin(ctx, user_id, team_id, &tx, &board));
    Before before = remember(ctx, board);
    for (size_t i = 0; i < count; i++)
        TRY(update_one_in(ctx, tx, board, &changes[i]));
    TRY(settle_in(ctx, tx, board, &before));
    for (size_t i = 0; i < count; i++)
        ret_changed[i] = shown_category(ctx, find(board, changes[i].id));
    publish_updated(ctx, tx, board, ret_changed, count);
    return ctx_commit(ctx);
}

Err category_delete(Ctx *ctx, Str user_id, Str team_id, Str category_id)
{
    DbTx *tx;
    Board *board;
    TRY(begin(ctx, user_id, team_id, &tx, &board));
    Work *work = find(board, category_id);
    if (!work)
        return fail(ctx, ERR_APP_CHANNEL_SIDEBAR_CATEGORIES);
    if (!is_type(&work->category, "custom"))
        return fail_url(ctx, "category_id");
    Before before = remember(ctx, board);
    TRY(store_category_delete(tx, category_id));
    memmove(work, work + 1, (size_t)(&board->items[board->count] - (work + 1)) * sizeof(Work));
    board->count--;
    TRY(settle_in(ctx, tx, board, &before));
    publish_category(ctx, tx, board, "sidebar_category_deleted", category_id);
    return ctx_commit(ctx);
}

Err sidebar_set_order(Ctx *ctx, Str user_id, Str team_id, const StrVec *order)
{
    DbTx *tx;
    Board *board;
    TRY(begin(ctx, user_id, team_id, &tx, &board));
    if (order->len != board->count)
        return fail_body(ctx, "category");
    for (size_t i = 0; i < order->len; i++) {
        Work *work = find(board, order->items[i]);
        if (!work)
            return fail_body(ctx, "category");
        work->category.sort_order = (int64_t)i * 10;
    }
    for (size_t i = 0; i < board->count; i++)
        TRY(store_category_save(tx, &board->items[i].category));
    Event *event = event_of(ctx, board, "sidebar_category_order_updated");
    json_key(&event->data, "order");
    json_strs(&event->data, order->items, order->len);
    hub_publish_on_commit(tx, ctx->hub, event);
    return ctx_commit(ctx);
}

/* ---- the preference came first ---- */
static Err follow_in_team(Ctx *ctx, DbTx *tx, Str user_id, Str team_id, Str channel_id,
                          bool is_favorite)
{
    Str category_id = str_printf(ctx->arena, "favorites_" STR_FMT "_" STR_FMT, STR_ARG(user_id),
                                 STR_ARG(team_id));
    int64_t exists, last;
    Err err = db_get_int(tx, &exists, "SELECT 1 FROM sidebar_categories WHERE id = ?", category_id);
    if (err != OK)
        return err == ERR_ABSENT ? OK
                                 : err; /* not stored yet: reading it looks at the preferences */
    if (!is_favorite)
        return db_exec(
            tx,
            "DELETE FROM sidebar_channels WHERE user_id = ? AND category_id = ? AND channel_id = ?",
            user_id, category_id, channel_id);
    TRY(store_category_take_out(tx, ctx->arena, user_id, team_id, category_id, &channel_id, 1));
    TRY(db_get_int(tx, &last,
                   "SELECT coalesce(max(sort_order), 0) FROM sidebar_channels WHERE user_id = ? "
                   "AND category_id = ?",
                   user_id, category_id));
    return store_category_add_channel(tx, user_id, category_id, channel_id, last + 10);
}

Err categories_follow_favorite_in(Ctx *ctx, DbTx *tx, Str user_id, Str channel_id, bool is_favorite)
{
    Channel channel;
    Err err = store_channel_get(tx, ctx->arena, channel_id, &channel);
    if (err != OK)
        return err == ERR_ABSENT
                   ? OK
                   : err; /* a preference of no channel of ours: kept, and nothing follows */
    TRY(channel.team_id.len
            ? follow_in_team(ctx, tx, user_id, channel.team_id, channel_id, is_favorite)
            : follow_elsewhere_in(ctx, tx, user_id, STR_EMPTY, channel_id, is_favorite));
    Event *event = event_new(ctx->arena, "sidebar_category_updated");
    event->user_id = user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
    return OK;
}
