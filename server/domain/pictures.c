#include "domain/pictures.h"
#include "domain/app.h"
#include "domain/teams.h"
#include "domain/users.h"
#include "ext/files.h"
#include "ext/media.h"
#include "store/team_store.h"
#include "store/user_store.h"

/* What a square picture is refused with. */
typedef struct SquareErrors {
    Err is_none, is_too_large;
} SquareErrors;

/* Without the helper nothing may be shown as a picture, so nothing can be set. */
static Err make_square(Ctx *ctx, Str bytes, SquareErrors errors, Str *ret_png)
{
    MediaResult picture;
    MediaLimits limits = {.pixels = ctx->settings->FileSettings_MaxImageResolution};
    if (!media_is_picture(bytes))
        return fail(ctx, errors.is_none);
    TRY(media_read(ctx->app->media_helper, MEDIA_SQUARE, limits, bytes, ctx->arena, &picture));
    if (picture.status == MEDIA_TOO_LARGE)
        return fail(ctx, errors.is_too_large);
    if (picture.status != MEDIA_OK)
        return fail(ctx, errors.is_none);
    *ret_png = picture.parts[0];
    return OK;
}

/* After a commit whose outcome is known: the picture that nobody shows any more goes. */
static Err commit_and_clean(Ctx *ctx, Str new_key, Str old_key)
{
    Err err = ctx_commit(ctx);
    if (err == OK)
        file_store_remove(ctx->app->files, old_key);
    else if (err == ERR_RETRY)
        file_store_remove(ctx->app->files, new_key);
    return err;
}

/* ---- people ---- */
Err user_picture(Ctx *ctx, Str user_id, User *ret_user, Content *ret_content)
{
    TRY(user_to_read(ctx, user_id, ret_user));
    *ret_content = (Content){
        .key = ret_user->picture_path,
        .mime = STR("image/png"),
        .name = str_printf(ctx->arena, STR_FMT ".png", STR_ARG(ret_user->username)),
        .tag = str_printf(ctx->arena, STR_FMT ".%lld." STR_FMT, STR_ARG(ret_user->id),
                          (long long)ret_user->last_picture_update, STR_ARG(ret_user->username)),
        .modified_at = ret_user->last_picture_update,
    };
    return OK;
}

Err user_picture_to_change(Ctx *ctx, Str user_id)
{
    User user;
    DbTx *tx;
    TRY(need_self_or_edit(ctx, user_id));
    TRY(ctx_read(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    return OK;
}

static Err save_user_picture(Ctx *ctx, Str user_id, Str key)
{
    User user;
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_user_get(tx, ctx->arena, user_id, &user),
               ERR_APP_USER_MISSING_ACCOUNT_CONST);
    Str old_key = user.picture_path;
    user.picture_path = key;
    user.last_picture_update = user.update_at = ctx->now;
    TRY(db_exec(
        tx,
        "UPDATE users SET picture_path = ?, last_picture_update = ?, update_at = ? WHERE id = ?",
        key, ctx->now, ctx->now, user_id));
    TRY(user_changed_in(ctx, tx, &user));
    TRY(ctx_audit(ctx, tx, key.len ? "user.picture_set" : "user.picture_reset",
                  str_printf(ctx->arena, "{\"user_id\":\"" STR_FMT "\"}", STR_ARG(user_id))));
    return commit_and_clean(ctx, key, old_key);
}

Err user_picture_set(Ctx *ctx, Str user_id, Str bytes)
{
    static const SquareErrors errors = {ERR_API_USER_UPLOAD_PROFILE_USER_DECODE,
                                        ERR_API_USER_UPLOAD_PROFILE_USER_CHECK_IMAGE_LIMITS};
    Str png;
    TRY(user_picture_to_change(ctx, user_id));
    ctx_end(ctx);
    TRY(make_square(ctx, bytes, errors, &png));
    Str key = file_key(ctx->arena, "faces", ctx_id(ctx), ctx->now);
    TRY(file_store_put_bytes(ctx->app->files, key, png));
    return save_user_picture(ctx, user_id, key);
}

Err user_picture_reset(Ctx *ctx, Str user_id)
{
    TRY(user_picture_to_change(ctx, user_id));
    return save_user_picture(ctx, user_id, STR_EMPTY);
}

/* ---- teams ---- */
/* Follows from the row, so that no column is needed. */
static Str icon_key(Ctx *ctx, const Team *team)
{
    return team->last_team_icon_update
               ? str_printf(ctx->arena, "team-icons/" STR_FMT "/%lld", STR_ARG(team->id),
                            (long long)team->last_team_icon_update)
               : STR_EMPTY;
}

Err team_icon(Ctx *ctx, Str team_id, Content *ret_content)
{
    Team team;
    TRY(team_to_read(ctx, team_id, &team));
    if (team.last_team_icon_update == 0)
        return fail(ctx, ERR_API_TEAM_GET_TEAM_ICON_READ_FILE);
    *ret_content = (Content){
        .key = icon_key(ctx, &team),
        .mime = STR("image/png"),
        .name = str_printf(ctx->arena, STR_FMT ".png", STR_ARG(team.name)),
        .tag = str_printf(ctx->arena, STR_FMT ".%lld", STR_ARG(team.id),
                          (long long)team.last_team_icon_update),
        .modified_at = team.last_team_icon_update,
    };
    return OK;
}

static Err save_team_icon(Ctx *ctx, Str team_id, int64_t updated_at)
{
    Team team;
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY_ABSENT(ctx, store_team_lock(tx, ctx->arena, team_id, &team), ERR_APP_TEAM_GET_FIND);
    Str old_key = icon_key(ctx, &team);
    team.last_team_icon_update = updated_at;
    team.update_at = ctx->now;
    TRY(team_update_row(tx, &team));
    team_publish(ctx, tx, "update_team", &team);
    TRY(team_audit(ctx, tx, updated_at ? "team.icon_set" : "team.icon_reset", team_id));
    Str new_key = icon_key(ctx, &team);
    return commit_and_clean(ctx, new_key, str_eq(old_key, new_key) ? STR_EMPTY : old_key);
}

Err team_icon_set(Ctx *ctx, Str team_id, Str bytes)
{
    static const SquareErrors errors = {ERR_API_TEAM_SET_TEAM_ICON_DECODE,
                                        ERR_API_TEAM_SET_TEAM_ICON_CHECK_IMAGE_LIMITS};
    Str png;
    Team team;
    TRY(team_to_manage(ctx, team_id, &team));
    ctx_end(ctx);
    TRY(make_square(ctx, bytes, errors, &png));
    team.last_team_icon_update = ctx->now;
    TRY(file_store_put_bytes(ctx->app->files, icon_key(ctx, &team), png));
    return save_team_icon(ctx, team_id, ctx->now);
}

Err team_icon_reset(Ctx *ctx, Str team_id)
{
    Team team;
    TRY(team_to_manage(ctx, team_id, &team));
    return save_team_icon(ctx, team_id, 0);
}
