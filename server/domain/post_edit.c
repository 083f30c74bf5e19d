#include "domain/post_edit.h"
#include "domain/channels.h"
#include "store/channel_store.h"
#include "store/in_list.h"
#include "store/post_store.h"

/* ---- the door ---- */
static Err post_to_edit(Ctx *ctx, Str post_id, Post *ret_post, Channel *ret_channel)
{
    DbTx *tx;
    bool allowed;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, ret_post);
    if (err == ERR_ABSENT)
        return fail_right(ctx, PERM_EDIT_POST); /* so that nobody learns which posts there are */
    TRY(err);
    TRY_ABSENT(ctx, store_channel_get(tx, ctx->arena, ret_post->channel_id, ret_channel),
               ERR_APP_CHANNEL_GET_EXISTING);
    TRY(need_in_channel(ctx, ret_channel, PERM_EDIT_POST));
    if (!str_eq(ret_post->user_id, ctx->user_id))
        TRY(need_in_channel(ctx, ret_channel, PERM_EDIT_OTHERS_POSTS));
    TRY(can_in_channel(ctx, ret_channel, PERM_CREATE_POST, &allowed));
    if (!allowed && str_eq(ret_channel->type, STR("O")))
        TRY(can_in_team(ctx, ret_channel->team_id, PERM_CREATE_POST_PUBLIC, &allowed));
    if (!allowed)
        return fail_right(ctx, PERM_CREATE_POST);
    if (ret_post->delete_at != 0)
        return fail_right(ctx, PERM_EDIT_POST);
    if (post_is_system(ret_post->type))
        return fail(ctx, ERR_API_POST_UPDATE_POST_SYSTEM_MESSAGE);
    if (ret_channel->delete_at != 0)
        return fail(ctx, ERR_API_POST_UPDATE_POST_CAN_NOT_UPDATE_POST_IN_DELETED_ERROR);
    return OK;
}

static Err check_time(Ctx *ctx, const Post *post)
{
    int64_t limit_s = ctx->settings->ServiceSettings_PostEditTimeLimit;
    if (limit_s >= 0 && ctx->now > post->create_at + limit_s * 1000)
        return fail(ctx, ERR_API_POST_UPDATE_POST_PERMISSIONS_TIME_LIMIT, "limit_s=%lld",
                    (long long)limit_s);
    return OK;
}

/* ---- editing ---- */
typedef struct Edit {
    Post old, post;
    Channel channel;
    StrVec added, removed,
        returned; /* files: newly uploaded, no longer there, of an earlier version */
    bool is_text_changed, are_files_changed;
} Edit;

static bool is_among(const StrVec *ids, Str id)
{
    return strvec_has(ids, id);
}

/* Which files come and go. Files of former versions may come back. */
static Err plan_files(Ctx *ctx, DbTx *tx, Edit *edit)
{
    StrVec old, new, kept = {0}, fresh = {0};
    FileInfo *files;
    size_t count;
    TRY(post_file_ids(ctx, &edit->old, &old));
    TRY(post_file_ids(ctx, &edit->post, &new));
    for (size_t i = 0; i < new.len; i++)
        if (!is_among(&old, new.items[i]))
            vec_push(ctx->arena, &fresh, new.items[i]);
    for (size_t i = 0; i < old.len; i++)
        if (!is_among(&new, old.items[i]))
            vec_push(ctx->arena, &edit->removed, old.items[i]);
    if (fresh.len) {
        TRY(need_in_channel(ctx, &edit->channel, PERM_UPLOAD_FILE));
        TRY(post_files_free(ctx, tx, &edit->post, &fresh, &files, &count));
        for (size_t i = 0; i < count; i++)
            vec_push(ctx->arena, &edit->added, files[i].id);
        TRY(in_list_entities(tx, &file_info_entity, ctx->arena, (void **)&files, &count,
                             "SELECT $ FROM file_infos WHERE id IN (", ")", fresh.items,
                             fresh.len));
        for (size_t i = 0; i < count; i++)
            if (str_eq(files[i].post_id, edit->post.id))
                vec_push(ctx->arena, &edit->returned, files[i].id);
    }
    for (size_t i = 0; i < new.len; i++)
        if (is_among(&old, new.items[i]) || is_among(&edit->added, new.items[i]) ||
            is_among(&edit->returned, new.items[i]))
            vec_push(ctx->arena, &kept, new.items[i]);
    edit->post.file_ids = post_ids_json(ctx->arena, kept.items, kept.len);
    edit->are_files_changed = edit->added.len || edit->removed.len || edit->returned.len;
    return OK;
}

static Err change_files_in(Ctx *ctx, DbTx *tx, const Edit *edit)
{
    const DbArg gone[] = {db_arg_int(ctx->now), db_arg_int(ctx->now), db_arg_text(edit->post.id)};
    const DbArg back[] = {db_arg_int(0), db_arg_int(ctx->now), db_arg_text(edit->post.id)};
    TRY(post_files_attach_in(ctx, tx, &edit->post, &edit->added));
    static const char SET[] =
        "UPDATE file_infos SET delete_at = ?, update_at = ? WHERE post_id = ? AND id IN (";
    TRY(in_list_exec(tx, ctx->arena, SET, ")", gone, 3, edit->removed.items, edit->removed.len));
    return in_list_exec(tx, ctx->arena, SET, ")", back, 3, edit->returned.items,
                        edit->returned.len);
}

static Err save_version_in(Ctx *ctx, DbTx *tx, const Post *old, int64_t time)
{
    Post version = *old;
    version.id = ctx_id(ctx);
    version.original_id = old->id;
    version.delete_at = version.update_at = time;
    version.edit_at = old->edit_at;
    return db_exec(tx,
                   "INSERT INTO post_versions (id, create_at, update_at, edit_at, delete_at, "
                   "is_pinned, user_id, channel_id, root_id, "
                   "original_id, message, type, props, hashtags, file_ids, pending_post_id, "
                   "has_reactions, delete_by, priority) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   version.id, version.create_at, version.update_at, version.edit_at,
                   version.delete_at, version.is_pinned, version.user_id, version.channel_id,
                   version.root_id, version.original_id, version.message, version.type,
                   version.props, version.hashtags, version.file_ids, version.pending_post_id,
                   version.has_reactions, version.delete_by, version.priority);
}

static Err tick(Ctx *ctx, DbTx *tx, Str channel_id, ChannelTick *ret_tick)
{
    TRY_ABSENT(ctx, store_channel_tick(tx, channel_id, ctx->now, ret_tick),
               ERR_APP_CHANNEL_GET_EXISTING);
    return OK;
}

/* Writes the edit, unless somebody changed the post since it was read: then the handler runs again. */
static Err write_edit(Ctx *ctx, Edit *edit, Str *ret_json)
{
    DbTx *tx;
    ChannelTick now;
    Post *post = &edit->post;
    int64_t touched;
    TRY(ctx_write(ctx, &tx));
    TRY(tick(ctx, tx, post->channel_id, &now));
    if (now.delete_at != 0)
        return fail(ctx, ERR_API_POST_UPDATE_POST_CAN_NOT_UPDATE_POST_IN_DELETED_ERROR);
    post->update_at = now.time;
    if (edit->is_text_changed || edit->are_files_changed) {
        post->edit_at = now.time;
        TRY(save_version_in(ctx, tx, &edit->old, now.time));
    }
    TRY(change_files_in(ctx, tx, edit));
    TRY(db_exec_count(tx, &touched,
                      "UPDATE posts SET update_at = ?, edit_at = ?, is_pinned = ?, message = ?, "
                      "props = ?, hashtags = ?, file_ids = ? "
                      "WHERE id = ? AND delete_at = 0 AND edit_at = ?",
                      post->update_at, post->edit_at, post->is_pinned, post->message,
                      post->props.len ? post->props : STR("{}"), post->hashtags,
                      post->file_ids.len ? post->file_ids : STR("[]"), post->id,
                      edit->old.edit_at));
    if (touched == 0)
        return ERR_RETRY;
    Str shared;
    TRY(post_view_text(ctx, post, &(PostViewOptions){.for_everybody = true}, &shared));
    hub_publish_on_commit(tx, ctx->hub,
                          post_event_new(ctx, "post_edited", post->channel_id, shared));
    if (!str_eq(post->user_id, ctx->user_id))
        TRY(ctx_audit(ctx, tx, "post.edit_others",
                      str_printf(ctx->arena, "{\"post_id\":\"" STR_FMT "\"}", STR_ARG(post->id))));
    TRY(ctx_commit(ctx));
    return ret_json ? post_view_text(ctx, post, &(PostViewOptions){0}, ret_json) : OK;
}

static Err prepare(Ctx *ctx, Edit *edit)
{
    Mentions mentions;
    DbTx *tx;
    Post *post = &edit->post;
    edit->is_text_changed = !str_eq(edit->old.message, post->message);
    if (edit->is_text_changed || !str_eq(edit->old.file_ids, post->file_ids))
        TRY(check_time(ctx, post));
    TRY(post_check(ctx, post));
    TRY(mentions_find(ctx, &edit->channel, post, &mentions));
    TRY(ctx_read(ctx, &tx));
    bool is_integration = str_contains(edit->old.props, STR("\"from_webhook\":\"true\""));
    TRY(post_fill_props(ctx, &edit->channel, &(PostHow){.is_integration = is_integration},
                        &mentions, post));
    TRY(post_fill_hashtags(ctx, post));
    return plan_files(ctx, tx, edit);
}

Err post_edit(Ctx *ctx, Str post_id, const Post *patch, FieldMask mask, Str *ret_json)
{
    Edit edit = {0};
    TRY(post_to_edit(ctx, post_id, &edit.old, &edit.channel));
    edit.post = edit.old;
    entity_merge(&post_entity, mask, patch, &edit.post);
    TRY(prepare(ctx, &edit));
    return write_edit(ctx, &edit, ret_json);
}

Err post_set_pinned(Ctx *ctx, Str post_id, bool is_pinned)
{
    Post post;
    Channel channel;
    DbTx *tx;
    ChannelTick now;
    TRY(ctx_read(ctx, &tx));
    Err err = store_post_get(tx, ctx->arena, post_id, &post);
    if (err == ERR_ABSENT || (err == OK && post.delete_at != 0))
        return fail_right(ctx, PERM_READ_CHANNEL_CONTENT);
    TRY(err);
    TRY(channel_to_read(ctx, post.channel_id, &channel));
    if (channel.delete_at != 0)
        return fail(ctx, ERR_API_POST_PATCH_POST_CAN_NOT_UPDATE_POST_IN_DELETED_ERROR);
    if (post_is_system(post.type) && is_pinned)
        return fail(ctx, ERR_API_POST_UPDATE_POST_SYSTEM_MESSAGE);
    if (post.is_pinned == is_pinned)
        return OK;
    TRY(ctx_write(ctx, &tx));
    TRY(tick(ctx, tx, channel.id, &now));
    post.is_pinned = is_pinned;
    post.update_at = now.time;
    TRY(db_exec(tx, "UPDATE posts SET is_pinned = ?, update_at = ? WHERE id = ? AND delete_at = 0",
                is_pinned, now.time, post.id));
    Str shared;
    TRY(post_view_text(ctx, &post, &(PostViewOptions){.for_everybody = true}, &shared));
    hub_publish_on_commit(tx, ctx->hub,
                          post_event_new(ctx, "post_edited", post.channel_id, shared));
    return ctx_commit(ctx);
}

/* ---- history ---- */
static Err load_versions(Ctx *ctx, DbTx *tx, Str post_id, Post **ret_versions, size_t *ret_count)
{
    return entity_list(
        tx, &post_entity, ctx->arena, ret_versions, ret_count,
        ENTITY_SQL(
            &post_entity,
            "SELECT $ FROM post_versions WHERE original_id = ? ORDER BY edit_at DESC, id DESC"),
        post_id);
}

/* A version's files are those of its post, deleted ones too. */
static void write_version(Ctx *ctx, const Post *version, const FileInfo *files, size_t count,
                          Buf *out)
{
    PostParts parts = {.files = arena_new(ctx->arena, FileInfo, count)};
    for (size_t i = 0; i < count; i++)
        if (str_contains(version->file_ids, files[i].id)) {
            parts.files[parts.file_count] = files[i];
            parts.files[parts.file_count++].post_id = version->id;
        }
    post_write(ctx, version, &parts, &(PostViewOptions){0}, out);
}

Err post_history(Ctx *ctx, Str post_id, Buf *out)
{
    Post post, *versions;
    Channel channel;
    FileInfo *files;
    size_t count, file_count;
    DbTx *tx;
    TRY(post_to_read(ctx, post_id, &post, &channel));
    TRY(need_in_channel(ctx, &channel, PERM_EDIT_POST));
    if (!str_eq(post.user_id, ctx->user_id))
        return fail_right(ctx, PERM_EDIT_POST);
    TRY(ctx_read(ctx, &tx));
    TRY(load_versions(ctx, tx, post_id, &versions, &count));
    if (count == 0)
        return fail(ctx, ERR_APP_POST_GET, "never edited");
    TRY(entity_list(tx, &file_info_entity, ctx->arena, &files, &file_count,
                    ENTITY_SQL(&file_info_entity, "SELECT $ FROM file_infos WHERE post_id = ?"),
                    post_id));
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        write_version(ctx, &versions[i], files, file_count, out);
    json_close_array(out);
    return OK;
}

Err post_restore_version(Ctx *ctx, Str post_id, Str version_id, Str *ret_json)
{
    Edit edit = {0};
    Post version;
    DbTx *tx;
    int64_t is_post;
    TRY(post_to_edit(ctx, post_id, &edit.old, &edit.channel));
    TRY(ctx_read(ctx, &tx));
    Err err = entity_get(tx, &post_entity, ctx->arena, &version,
                         ENTITY_SQL(&post_entity, "SELECT $ FROM post_versions WHERE id = ?"),
                         version_id);
    if (err == ERR_ABSENT) {
        TRY(db_get_int(tx, &is_post, "SELECT count(*) FROM posts WHERE id = ?", version_id));
        return fail(ctx, is_post ? ERR_APP_POST_RESTORE_POST_VERSION_NOT_AN_HISTORY_ITEM
                                 : ERR_APP_POST_GET);
    }
    TRY(err);
    if (!str_eq(version.original_id, post_id))
        return fail(ctx, ERR_APP_POST_RESTORE_POST_VERSION_NOT_VALID_POST_HISTORY_ITEM);
    if (!str_eq(edit.old.user_id, ctx->user_id))
        return fail(ctx, ERR_APP_POST_RESTORE_POST_VERSION_NOT_ALLOWED);
    edit.post = edit.old;
    edit.post.message = version.message;
    edit.post.file_ids = version.file_ids;
    TRY(prepare(ctx, &edit));
    return write_edit(ctx, &edit, ret_json);
}
