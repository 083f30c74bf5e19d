#include "domain/emojis.h"
#include "base/id.h"
#include "domain/app.h"
#include "ext/files.h"
#include "ext/media.h"
#include "model/system_emoji.h"
#include "store/emoji_store.h"
#include "store/team_store.h"

enum { SEARCH_LIMIT = 100 };

bool emoji_name_is_valid(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '-' || c == '_';
        if (!is_fine)
            return false;
    }
    return name.len > 0 && name.len <= EMOJI_NAME_LIMIT_BYTES;
}

/* ---- rights ---- */
static Err need_enabled(Ctx *ctx)
{
    return ctx->settings->ServiceSettings_EnableCustomEmoji ? OK
                                                            : fail(ctx, ERR_API_EMOJI_DISABLED);
}

/* Emoji belong to no team: a right in any of one's teams is enough. */
static Err need_somewhere(Ctx *ctx, Permission p)
{
    Team *teams;
    size_t count;
    DbTx *tx;
    bool allowed = can(ctx, p);
    if (allowed)
        return OK;
    TRY(ctx_read(ctx, &tx));
    TRY(store_team_list_of_user(tx, ctx->arena, ctx->user_id, &teams, &count));
    for (size_t i = 0; i < count && !allowed; i++)
        TRY(can_in_team(ctx, teams[i].id, p, &allowed));
    return allowed ? OK : fail_right(ctx, p);
}

/* ---- making ---- */
static Err check_name(Ctx *ctx, Str name)
{
    if (!emoji_name_is_valid(name))
        return fail(ctx, ERR_MODEL_EMOJI_NAME);
    return emoji_is_system(name) ? fail(ctx, ERR_MODEL_EMOJI_SYSTEM_EMOJI_NAME) : OK;
}

static Err check_is_free(Ctx *ctx, DbTx *tx, Str name)
{
    Emoji other;
    Err err = store_emoji_get_by_name(tx, ctx->arena, name, &other);
    if (err == OK)
        return fail(ctx, ERR_API_EMOJI_CREATE_DUPLICATE);
    return err == ERR_ABSENT ? OK : err;
}

/* One that moves and is small already keeps its bytes. */
static Err read_picture(Ctx *ctx, Str bytes, Emoji *emoji, Str *ret_bytes)
{
    MediaResult picture;
    MediaLimits limits = {.pixels = (int64_t)EMOJI_SIDE_LIMIT * EMOJI_SIDE_LIMIT,
                          .side = EMOJI_SIDE_LIMIT};
    if (!media_is_picture(bytes))
        return fail(ctx, ERR_API_EMOJI_UPLOAD_IMAGE);
    TRY(media_read(ctx->app->media_helper, MEDIA_EMOJI, limits, bytes, ctx->arena, &picture));
    bool is_gif = picture.format == MEDIA_GIF && picture.is_moving;
    switch (picture.status) {
    case MEDIA_OK: break;
    case MEDIA_UNKNOWN: return fail(ctx, ERR_API_EMOJI_UPLOAD_IMAGE);
    case MEDIA_TOO_LARGE: return fail(ctx, ERR_API_EMOJI_UPLOAD_LARGE_IMAGE_TOO_LARGE);
    case MEDIA_BROKEN:
        return fail(ctx, is_gif ? ERR_API_EMOJI_UPLOAD_LARGE_IMAGE_GIF_DECODE_ERROR
                                : ERR_API_EMOJI_UPLOAD_LARGE_IMAGE_DECODE_ERROR);
    }
    emoji->mime_type = is_gif ? STR("image/gif") : STR("image/png");
    *ret_bytes = picture.parts[0].len ? picture.parts[0] : bytes;
    return OK;
}

static Err insert(Ctx *ctx, const Emoji *emoji)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(check_is_free(ctx, tx, emoji->name));
    TRY_UNIQUE(ctx, emoji_insert_row(tx, emoji), ERR_API_EMOJI_CREATE_DUPLICATE);
    Event *event = event_new(ctx->arena, "emoji_added");
    json_key(&event->data, "emoji");
    json_str(&event->data, entity_to_json(ctx->arena, &emoji_entity, emoji));
    hub_publish_on_commit(tx, ctx->hub, event);
    return ctx_audit(ctx, tx, "emoji.create",
                     str_printf(ctx->arena, "{\"emoji_id\":\"" STR_FMT "\"}", STR_ARG(emoji->id)));
}

Err emoji_create(Ctx *ctx, Str name, Str creator_id, Str picture, Emoji *ret_emoji)
{
    DbTx *tx;
    Str bytes;
    Emoji emoji = {.id = ctx_id(ctx),
                   .create_at = ctx->now,
                   .update_at = ctx->now,
                   .creator_id = ctx->user_id,
                   .name = name};
    TRY(need_enabled(ctx));
    TRY(need_somewhere(ctx, PERM_CREATE_EMOJIS));
    if (!str_eq(creator_id, ctx->user_id))
        return fail(ctx, ERR_API_EMOJI_CREATE_OTHER_USER);
    TRY(check_name(ctx, name));
    TRY(ctx_read(ctx, &tx));
    TRY(check_is_free(ctx, tx, name));
    ctx_end(ctx);
    TRY(read_picture(ctx, picture, &emoji, &bytes));
    emoji.path = file_key(ctx->arena, "emoji", emoji.id, ctx->now);
    TRY(file_store_put_bytes(ctx->app->files, emoji.path, bytes));
    Err err = insert(ctx, &emoji);
    bool is_rolled_back = err != OK;
    if (err == OK) {
        err = ctx_commit(ctx);
        is_rolled_back =
            err == ERR_RETRY; /* after other errors of a commit nobody knows: the picture stays */
    }
    ctx_end(ctx);
    if (is_rolled_back)
        file_store_remove(ctx->app->files, emoji.path);
    *ret_emoji = emoji;
    return err;
}

Err emoji_delete(Ctx *ctx, Str emoji_id)
{
    Emoji emoji;
    DbTx *tx;
    TRY(emoji_get(ctx, emoji_id, &emoji));
    TRY(need_somewhere(ctx, PERM_DELETE_EMOJIS));
    if (!str_eq(emoji.creator_id, ctx->user_id))
        TRY(need_somewhere(ctx, PERM_DELETE_OTHERS_EMOJIS));
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_emoji_delete(tx, emoji_id, ctx->now), ERR_APP_EMOJI_GET_NO_RESULT);
    TRY(ctx_audit(ctx, tx, "emoji.delete",
                  str_printf(ctx->arena, "{\"emoji_id\":\"" STR_FMT "\"}", STR_ARG(emoji_id))));
    TRY(job_add_in(ctx, tx, "emoji_gone", 0,
                   str_printf(ctx->arena, "{\"name\":\"" STR_FMT "\",\"until\":%lld}",
                              STR_ARG(emoji.name), (long long)ctx->now)));
    TRY(ctx_commit(ctx));
    file_store_remove(ctx->app->files, emoji.path);
    return OK;
}

Err emoji_gone_job_run(Ctx *ctx, const Job *job)
{
    enum { BATCH = 200 };
    json_t *data;
    Reaction *reactions;
    size_t count;
    DbTx *tx;
    TRY(json_parse(ctx->arena, job->data, &data));
    Str name = json_text(json_find(data, "name"));
    int64_t until = json_integer_value(json_find(data, "until"));
    do {
        TRY(ctx_write(ctx, &tx));
        TRY(store_emoji_reactions(tx, ctx->arena, name, until, BATCH, &reactions, &count));
        for (size_t i = 0; i < count; i++)
            TRY(store_emoji_reaction_delete(tx, &reactions[i]));
        TRY(ctx_commit(ctx));
    } while (count == BATCH);
    return OK;
}

/* ---- finding ---- */
Err emoji_get(Ctx *ctx, Str emoji_id, Emoji *ret_emoji)
{
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_emoji_get(tx, ctx->arena, emoji_id, ret_emoji),
               ERR_APP_EMOJI_GET_NO_RESULT);
    return OK;
}

Err emoji_get_by_name(Ctx *ctx, Str name, Emoji *ret_emoji)
{
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_emoji_get_by_name(tx, ctx->arena, name, ret_emoji),
               ERR_APP_EMOJI_GET_BY_NAME_NO_RESULT);
    return OK;
}

Err emojis_by_names(Ctx *ctx, const Str *names, size_t count, Emoji **ret_emojis, size_t *ret_count)
{
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(ctx_read(ctx, &tx));
    return store_emoji_list_by_names(tx, ctx->arena, names, count, ret_emojis, ret_count);
}

Err emojis_list(Ctx *ctx, bool by_name, int64_t limit, int64_t offset, Emoji **ret_emojis,
                size_t *ret_count)
{
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(ctx_read(ctx, &tx));
    return store_emoji_list(tx, ctx->arena, by_name, limit, offset, ret_emojis, ret_count);
}

Err emojis_search(Ctx *ctx, Str term, bool prefix_only, Emoji **ret_emojis, size_t *ret_count)
{
    DbTx *tx;
    TRY(need_enabled(ctx));
    TRY(ctx_read(ctx, &tx));
    return store_emoji_search(tx, ctx->arena, term, prefix_only, SEARCH_LIMIT, ret_emojis,
                              ret_count);
}

Err emoji_content(Ctx *ctx, Str emoji_id, Content *ret_content)
{
    Emoji emoji;
    TRY(emoji_get(ctx, emoji_id, &emoji));
    *ret_content = (Content){.key = emoji.path,
                             .mime = emoji.mime_type,
                             .name = emoji.name,
                             .tag = emoji.id,
                             .modified_at = emoji.create_at};
    return OK;
}
