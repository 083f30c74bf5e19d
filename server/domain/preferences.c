#include "domain/preferences.h"
#include "base/id.h"
#include "domain/categories.h"
#include "domain/posts.h"

enum { CATEGORY_BYTES = 32, NAME_BYTES = 32, EVENT_LIMIT_BYTES = 16 * 1024 * 1024 };

static const DbUpsert UPSERT = {"preferences", "user_id, category, name, value",
                                "user_id, category, name", "value"};

Err preference_list(Ctx *ctx, Str user_id, Preference **ret_items, size_t *ret_count)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    return entity_list(
        tx, &preference_entity, ctx->arena, ret_items, ret_count,
        ENTITY_SQL(&preference_entity,
                   "SELECT $ FROM preferences WHERE user_id = ? ORDER BY category, name"),
        user_id);
}

Err preference_list_category(Ctx *ctx, Str user_id, Str category, Preference **ret_items,
                             size_t *ret_count)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(entity_list(
        tx, &preference_entity, ctx->arena, ret_items, ret_count,
        ENTITY_SQL(&preference_entity,
                   "SELECT $ FROM preferences WHERE user_id = ? AND category = ? ORDER BY name"),
        user_id, category));
    return *ret_count ? OK : fail(ctx, ERR_API_PREFERENCE_PREFERENCES_CATEGORY_GET);
}

Err preference_get(Ctx *ctx, Str user_id, Str category, Str name, Preference *ret_preference)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(
        ctx,
        entity_get(
            tx, &preference_entity, ctx->arena, ret_preference,
            ENTITY_SQL(&preference_entity,
                       "SELECT $ FROM preferences WHERE user_id = ? AND category = ? AND name = ?"),
            user_id, category, name),
        ERR_APP_PREFERENCE_GET);
    return OK;
}

static bool is_colour(Str s)
{
    if ((s.len != 4 && s.len != 7) || s.ptr[0] != '#')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!strchr("0123456789abcdefABCDEF", s.ptr[i]) || !s.ptr[i])
            return false;
    return true;
}

/* A theme goes into style sheets of clients: what is no colour becomes white. */
static Err clean_theme(Ctx *ctx, Preference *p)
{
    json_t *theme, *value;
    const char *key;
    if (json_parse(ctx->arena, p->value, &theme) != OK || !json_is_object(theme))
        return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_THEME);
    Buf *out = buf_new(ctx->arena, 128 * 1024);
    json_open(out);
    json_object_foreach(theme, key, value)
    {
        Str name = str_of(key);
        bool is_free = str_eq(name, STR("image")) || str_eq(name, STR("type")) ||
                       str_eq(name, STR("codeTheme"));
        if (!json_is_string(value))
            return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_THEME, "key=%s", key);
        json_key_str(out, name);
        json_str(out, is_free || is_colour(json_text(value)) ? json_text(value) : STR("#ffffff"));
    }
    json_close(out);
    p->value = buf_str(out);
    return OK;
}

static Err check(Ctx *ctx, Str user_id, Preference *p)
{
    if (!str_eq(p->user_id, user_id))
        return fail(ctx, ERR_API_PREFERENCE_UPDATE_PREFERENCES_SET);
    if (p->category.len == 0 || p->category.len > CATEGORY_BYTES)
        return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_CATEGORY);
    if (p->name.len > NAME_BYTES)
        return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_NAME);
    if (str_rune_count(p->value) > PREFERENCE_VALUE_RUNES)
        return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_VALUE);
    if (str_eq(p->category, STR("sidebar_settings")) &&
        str_eq(p->name, STR("limit_visible_dms_gms"))) {
        int64_t limit = 0;
        if (!str_to_int(p->value, &limit) || limit < 1 || limit > 40)
            return fail(ctx, ERR_MODEL_PREFERENCE_IS_VALID_LIMIT_VISIBLE_DMS_GMS);
    }
    if (str_eq(p->category, STR("flagged_post"))) {
        Post post;
        Channel channel;
        if (!id_is_valid(p->name))
            return fail_body(ctx, "preference.name");
        TRY(post_to_read(ctx, p->name, &post, &channel));
    }
    return str_eq(p->category, STR("theme")) ? clean_theme(ctx, p) : OK;
}

static void publish_in(Ctx *ctx, DbTx *tx, const char *name, Str user_id, const Preference *items,
                       size_t count)
{
    Buf *list = buf_new(ctx->arena, EVENT_LIMIT_BYTES);
    json_open_array(list);
    for (size_t i = 0; i < count; i++)
        preference_write_json(&items[i], list);
    json_close_array(list);
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "preferences");
    json_str(&event->data, buf_str(list));
    event->user_id = user_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

Err preferences_save_in(Ctx *ctx, DbTx *tx, Str user_id, const Preference *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(db_upsert(tx, &UPSERT, user_id, items[i].category, items[i].name, items[i].value));
    publish_in(ctx, tx, "preferences_changed", user_id, items, count);
    return OK;
}

/* Favourites are in the sidebar, too. */
static Err follow_favorites_in(Ctx *ctx, DbTx *tx, Str user_id, const Preference *items,
                               size_t count, bool is_kept)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(items[i].category, STR("favorite_channel")))
            TRY(categories_follow_favorite_in(ctx, tx, user_id, items[i].name,
                                              is_kept && str_eq(items[i].value, STR("true"))));
    return OK;
}

Err preferences_save(Ctx *ctx, Str user_id, Preference *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(check(ctx, user_id, &items[i]));
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(preferences_save_in(ctx, tx, user_id, items, count));
    TRY(follow_favorites_in(ctx, tx, user_id, items, count, true));
    return ctx_commit(ctx);
}

Err preferences_delete(Ctx *ctx, Str user_id, const Preference *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!str_eq(items[i].user_id, user_id))
            return fail(ctx, ERR_API_PREFERENCE_DELETE_PREFERENCES_DELETE);
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    for (size_t i = 0; i < count; i++)
        TRY(db_exec(tx, "DELETE FROM preferences WHERE user_id = ? AND category = ? AND name = ?",
                    user_id, items[i].category, items[i].name));
    publish_in(ctx, tx, "preferences_deleted", user_id, items, count);
    TRY(follow_favorites_in(ctx, tx, user_id, items, count, false));
    return ctx_commit(ctx);
}
