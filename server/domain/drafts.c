#include "domain/drafts.h"
#include "base/id.h"
#include "domain/channels.h"
#include "domain/files.h"
#include "store/channel_store.h"
#include "store/in_list.h"

static Err check_enabled(Ctx *ctx)
{
    return ctx->settings->ServiceSettings_AllowSyncedDrafts ? OK
                                                            : fail(ctx, ERR_API_DRAFTS_DISABLED);
}

static Err check(Ctx *ctx, const Draft *draft)
{
    enum { PRIORITY_RUNES = 2000 };
    const Post as_post = {.file_ids = draft->file_ids};
    StrVec ids;
    if (!id_is_valid(draft->channel_id))
        return fail(ctx, ERR_MODEL_DRAFT_IS_VALID_CHANNEL_ID);
    if (draft->root_id.len && !id_is_valid(draft->root_id))
        return fail(ctx, ERR_MODEL_DRAFT_IS_VALID_ROOT_ID);
    if (str_rune_count(draft->message) > POST_MESSAGE_RUNES)
        return fail(ctx, ERR_MODEL_DRAFT_IS_VALID_MESSAGE_LENGTH);
    if (draft->props.len > POST_PROPS_RUNES && str_rune_count(draft->props) > POST_PROPS_RUNES)
        return fail(ctx, ERR_MODEL_DRAFT_IS_VALID_PROPS);
    if (str_rune_count(draft->priority) > PRIORITY_RUNES)
        return fail(ctx, ERR_MODEL_DRAFT_IS_VALID_PRIORITY);
    if (draft->type.len > 26)
        return fail_body(ctx, "type");
    return post_file_ids(ctx, &as_post, &ids) == OK ? OK
                                                    : fail(ctx, ERR_MODEL_DRAFT_IS_VALID_FILE_IDS);
}

/* To all connections of the user but the one that caused it. */
static void publish(Ctx *ctx, DbTx *tx, const char *name, const Draft *draft, const FileInfo *files,
                    size_t file_count)
{
    Buf text;
    buf_init(&text, 4 * 1024 * 1024);
    draft_write(draft, files, file_count, &text);
    Event *event = event_new(ctx->arena, name);
    json_key(&event->data, "draft");
    json_str(&event->data, buf_str(&text));
    buf_deinit(&text);
    event->user_id = draft->user_id;
    event->channel_id = draft->channel_id;
    event->omit_connection_id = ctx->connection_id;
    hub_publish_on_commit(tx, ctx->hub, event);
}

static Err find(Ctx *ctx, DbTx *tx, Str channel_id, Str root_id, Draft *ret_draft)
{
    return entity_get(
        tx, &draft_entity, ctx->arena, ret_draft,
        ENTITY_SQL(&draft_entity,
                   "SELECT $ FROM drafts WHERE user_id = ? AND channel_id = ? AND root_id = ?"),
        ctx->user_id, channel_id, root_id);
}

Err draft_delete(Ctx *ctx, Str channel_id, Str root_id)
{
    Draft old;
    DbTx *tx;
    TRY(check_enabled(ctx));
    TRY(ctx_write(ctx, &tx));
    Err err = find(ctx, tx, channel_id, root_id, &old);
    if (err != OK)
        return err == ERR_ABSENT ? OK : err; /* gone already, as it should be */
    TRY(db_exec(tx, "DELETE FROM drafts WHERE user_id = ? AND channel_id = ? AND root_id = ?",
                ctx->user_id, channel_id, root_id));
    publish(ctx, tx, "draft_deleted", &old, NULL, 0);
    return ctx_commit(ctx);
}

Err draft_files(Ctx *ctx, const Draft *drafts, size_t count, FileInfo **ret_files,
                size_t *ret_count)
{
    StrVec all = {0}, ids;
    DbTx *tx;
    for (size_t i = 0; i < count; i++) {
        const Post as_post = {.file_ids = drafts[i].file_ids};
        TRY(post_file_ids(ctx, &as_post, &ids));
        for (size_t k = 0; k < ids.len; k++)
            vec_push(ctx->arena, &all, ids.items[k]);
    }
    TRY(ctx_read(ctx, &tx));
    return in_list_entities(tx, &file_info_entity, ctx->arena, (void **)ret_files, ret_count,
                            "SELECT $ FROM file_infos WHERE id IN (", ") AND delete_at = 0",
                            all.items, all.len);
}

void draft_write(const Draft *draft, const FileInfo *files, size_t file_count, Buf *out)
{
    json_open(out);
    entity_write_fields(&draft_entity, draft, out);
    json_key(out, "metadata");
    json_open(out);
    bool any = false;
    for (size_t i = 0; i < file_count; i++) {
        if (!str_eq(files[i].user_id, draft->user_id) ||
            !str_contains(draft->file_ids, files[i].id))
            continue;
        if (!any) {
            json_key(out, "files");
            json_open_array(out);
        }
        any = true;
        file_info_write(&files[i], out);
    }
    if (any)
        json_close_array(out);
    json_close(out);
    json_close(out);
}

/* Where one may write; an archived channel is refused with an error of its own. */
static Err channel_to_draft(Ctx *ctx, Str channel_id, Channel *ret_channel)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Err err = store_channel_get(tx, ctx->arena, channel_id, ret_channel);
    if (err == OK && ret_channel->delete_at != 0) {
        TRY(need_in_channel(ctx, ret_channel, PERM_CREATE_POST));
        return fail(ctx, ERR_API_DRAFT_CREATE_DRAFT_CAN_NOT_DRAFT_TO_DELETED_ERROR);
    }
    return channel_to_write(ctx, channel_id, ret_channel);
}

Err draft_save(Ctx *ctx, const Draft *draft, Draft *ret_draft, bool *ret_kept)
{
    static const DbUpsert UPSERT = {"drafts",
                                    "create_at, update_at, user_id, channel_id, root_id, message, "
                                    "type, props, file_ids, priority",
                                    "user_id, channel_id, root_id",
                                    "update_at, message, type, props, file_ids, priority"};
    Channel channel;
    Draft saved = *draft, old;
    FileInfo *files;
    size_t file_count;
    DbTx *tx;
    TRY(check_enabled(ctx));
    TRY(check(ctx, draft));
    TRY(channel_to_draft(ctx, draft->channel_id, &channel));
    *ret_kept = draft->message.len > 0 || draft->file_ids.len > 2;
    if (!*ret_kept) {
        ctx_end(ctx);
        return draft_delete(ctx, draft->channel_id, draft->root_id);
    }
    saved.user_id = ctx->user_id;
    TRY(draft_files(ctx, &saved, 1, &files, &file_count));
    TRY(ctx_write(ctx, &tx));
    Err err = find(ctx, tx, saved.channel_id, saved.root_id, &old);
    if (err != OK && err != ERR_ABSENT)
        return err;
    saved.create_at = err == OK ? old.create_at : ctx->now;
    saved.update_at = ctx->now;
    TRY(db_upsert(tx, &UPSERT, saved.create_at, saved.update_at, saved.user_id, saved.channel_id,
                  saved.root_id, saved.message, saved.type, saved.props, saved.file_ids,
                  saved.priority));
    publish(ctx, tx, "draft_created", &saved, files, file_count);
    *ret_draft = saved;
    return ctx_commit(ctx);
}

Err drafts_list(Ctx *ctx, Str team_id, Buf *out)
{
    Draft *drafts;
    FileInfo *files;
    size_t count, file_count;
    DbTx *tx;
    TRY(check_enabled(ctx));
    TRY(need_in_team(ctx, team_id, PERM_VIEW_TEAM));
    TRY(ctx_read(ctx, &tx));
    TRY(entity_list(tx, &draft_entity, ctx->arena, &drafts, &count,
                    ENTITY_SQL(&draft_entity, "SELECT $d. FROM drafts d JOIN channels c ON c.id = "
                                              "d.channel_id JOIN channel_members m "
                                              "ON m.channel_id = d.channel_id AND m.user_id = "
                                              "d.user_id WHERE d.user_id = ? AND c.delete_at = 0 "
                                              "AND (c.team_id = ? OR c.team_id = '') ORDER BY "
                                              "d.update_at DESC, d.channel_id, d.root_id"),
                    ctx->user_id, team_id));
    TRY(draft_files(ctx, drafts, count, &files, &file_count));
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        draft_write(&drafts[i], files, file_count, out);
    json_close_array(out);
    return OK;
}
