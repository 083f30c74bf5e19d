/* domain/post_props.c: what a message may say, and what the server adds to it. */
#include "base/id.h"
#include "domain/channels.h"
#include "domain/mention_scan.h"
#include "domain/posts.h"
#include "store/in_list.h"

bool post_is_membership_note(Str type)
{
    static const char *const types[] = {
        "system_join_channel",        "system_leave_channel",      "system_add_to_channel",
        "system_remove_from_channel", "system_join_team",          "system_leave_team",
        "system_add_to_team",         "system_remove_from_team",   "system_join_leave",
        "system_add_remove",          "system_guest_join_channel", "system_add_guest_to_chan"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, str_of(types[i])))
            return true;
    return false;
}

bool post_is_system(Str type)
{
    return str_starts_with(type, STR("system_"));
}

static bool is_users_type(Str type)
{
    return type.len == 0 || str_eq(type, STR("me")) || str_eq(type, STR("slack_attachment")) ||
           str_eq(type, STR("reminder")) || str_eq(type, STR("add_bot_teams_channels")) ||
           (str_starts_with(type, STR("custom_")) && type.len <= 26);
}

Err post_check(Ctx *ctx, const Post *post)
{
    if (str_rune_count(post->message) > POST_MESSAGE_RUNES)
        return fail(ctx, ERR_MODEL_POST_IS_VALID_MESSAGE_LENGTH);
    if (post->props.len > POST_PROPS_RUNES && str_rune_count(post->props) > POST_PROPS_RUNES)
        return fail(ctx, ERR_MODEL_POST_IS_VALID_PROPS);
    if (post_is_system(post->type) && !str_eq(post->type, STR("system_ephemeral")))
        return fail_body(ctx, "type");
    if (!is_users_type(post->type) && !post_is_system(post->type))
        return fail(ctx, ERR_MODEL_POST_IS_VALID_TYPE, "type=" STR_FMT, STR_ARG(post->type));
    if (post->pending_post_id.len > POST_PENDING_ID_MAX)
        return fail_body(ctx, "pending_post_id");
    if (post->root_id.len && !id_is_valid(post->root_id))
        return fail(ctx, ERR_MODEL_POST_IS_VALID_ROOT_ID);
    if (post->priority.len && !str_eq(post->priority, STR("important")) &&
        !str_eq(post->priority, STR("urgent")))
        return fail_body(ctx, "priority");
    StrVec ids;
    return post_file_ids(ctx, post, &ids);
}

/* ---- props ---- */
/* What only the server says of a message. */
static const char *const SERVERS_OWN[] = {"add_channel_member",
                                          "channel_mentions",
                                          "deleteBy",
                                          "from_bot",
                                          "from_oauth_app",
                                          "from_plugin",
                                          "mentionHighlightDisabled",
                                          "disable_group_highlight",
                                          "previewed_post"};
/* In hardened mode only integrations may say these. */
static const char *const INTEGRATIONS_OWN[] = {"from_webhook", "override_username",
                                               "override_icon_url", "override_icon_emoji",
                                               "webhook_display_name"};

static Err list_channels(Ctx *ctx, Str team_id, const StrVec *names, Channel **ret_channels,
                         size_t *ret_count)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    *ret_count = 0;
    if (names->len == 0)
        return OK;
    InList in = in_list_of(ctx->arena, names->items, names->len, 0, 1);
    in.args[0] = db_arg_text(team_id);
    Str sql = in_list_sql(ctx->arena, &in, "SELECT $ FROM channels WHERE team_id = ? AND name IN (",
                          ") AND type = 'O' AND delete_at = 0");
    return entity_list_text(tx, &channel_entity, ctx->arena, (void **)ret_channels, ret_count, sql,
                            in.args, in.count);
}

/* ~name of public channels of the team: so that clients can make links of them. */
static Err add_channel_mentions(Ctx *ctx, const Channel *channel, const StrVec *texts,
                                json_t *props)
{
    StrVec names = {0};
    Channel *channels;
    size_t count;
    for (size_t i = 0; i < texts->len; i++)
        mention_channel_names(ctx->arena, texts->items[i], &names);
    if (names.len == 0 || channel->team_id.len == 0)
        return OK;
    TRY(list_channels(ctx, channel->team_id, &names, &channels, &count));
    if (count == 0)
        return OK;
    Str team_name;
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(db_get_text(tx, ctx->arena, &team_name, "SELECT name FROM teams WHERE id = ?",
                    channel->team_id));
    json_t *found = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object();
        json_object_set_new(
            one, "display_name",
            json_stringn(channels[i].display_name.ptr, channels[i].display_name.len));
        json_object_set_new(one, "team_name", json_stringn(team_name.ptr, team_name.len));
        json_object_set_new(one, "id", json_stringn(channels[i].id.ptr, channels[i].id.len));
        json_object_set_new(found, str_to_c(ctx->arena, channels[i].name), one);
    }
    json_object_set_new(props, "channel_mentions", found);
    return OK;
}

static Err check_hardened(Ctx *ctx, const json_t *props)
{
    if (!ctx->settings->ServiceSettings_ExperimentalEnableHardenedMode)
        return OK;
    for (size_t i = 0; i < sizeof INTEGRATIONS_OWN / sizeof *INTEGRATIONS_OWN; i++)
        if (json_object_get(props, INTEGRATIONS_OWN[i]))
            return fail_body(ctx, "post");
    return OK;
}

static Err fill(Ctx *ctx, const Channel *channel, const PostHow *how, const Mentions *mentions,
                const Post *post, json_t *props)
{
    const User *author = how->author ? how->author : ctx->user;
    StrVec texts = {0};
    for (size_t i = 0; i < sizeof SERVERS_OWN / sizeof *SERVERS_OWN; i++)
        json_object_del(props, SERVERS_OWN[i]);
    if (!how->is_integration)
        TRY(check_hardened(ctx, props));
    if (author->is_bot)
        json_object_set_new(props, "from_bot", json_string("true"));
    if (ctx->session && ctx->session->is_oauth && !how->author)
        json_object_set_new(props, "from_oauth_app", json_string("true"));
    if (mentions->is_wide_refused)
        json_object_set_new(props, "mentionHighlightDisabled", json_true());
    mentions_texts(ctx->arena, post, &texts);
    TRY(add_channel_mentions(ctx, channel, &texts, props));
    if (ctx->settings->ServiceSettings_EnablePermalinkPreviews &&
        str_contains(post->message, STR("/pl/"))) {
        Str linked = post_permalink_id(ctx, mention_first_link(ctx->arena, post->message));
        if (linked.len)
            json_object_set_new(props, "previewed_post", json_stringn(linked.ptr, linked.len));
    }
    return OK;
}

Err post_fill_props(Ctx *ctx, const Channel *channel, const PostHow *how, const Mentions *mentions,
                    Post *post)
{
    json_t *props = NULL;
    if (post->props.len > 2 && json_parse(ctx->arena, post->props, &props) != OK)
        return fail(ctx, ERR_MODEL_POST_IS_VALID_PROPS);
    if (!props)
        TRY(json_parse(ctx->arena, STR("{}"), &props));
    TRY(fill(ctx, channel, how, mentions, post, props));
    post->props = json_object_size(props) ? json_dump(ctx->arena, props) : STR_EMPTY;
    return OK;
}

Err post_fill_hashtags(Ctx *ctx, Post *post)
{
    enum { HASHTAG_RUNES = 1000 };
    post->hashtags =
        str_contains(post->message, STR("#"))
            ? mention_hashtags(ctx->arena, mention_plain_text(ctx->arena, post->message),
                               ctx->settings->ServiceSettings_MinimumHashtagLength)
            : STR_EMPTY;
    while (str_rune_count(post->hashtags) > HASHTAG_RUNES) { /* whole tags only */
        while (post->hashtags.len && post->hashtags.ptr[post->hashtags.len - 1] != ' ')
            post->hashtags.len--;
        post->hashtags = str_trim(post->hashtags);
    }
    return OK;
}

/* ---- files ---- */
Err post_file_ids(Ctx *ctx, const Post *post, StrVec *ret_ids)
{
    json_t *list, *id;
    size_t i;
    StrVec ids = {0};
    if (post->file_ids.len > 2) {
        if (json_parse(ctx->arena, post->file_ids, &list) != OK)
            return fail(ctx, ERR_MODEL_POST_IS_VALID_FILE_IDS);
        json_array_foreach(list, i, id)
        {
            Str text = json_text(id);
            if (!id_is_valid(text))
                return fail(ctx, ERR_MODEL_POST_IS_VALID_FILE_IDS, "id=" STR_FMT, STR_ARG(text));
            if (!strvec_has(&ids, text))
                vec_push(ctx->arena, &ids, text);
            if (ids.len > POST_FILES_MAX)
                return fail(ctx, ERR_MODEL_POST_IS_VALID_FILE_IDS, "more than %d", POST_FILES_MAX);
        }
    }
    *ret_ids = ids;
    return OK;
}

Str post_ids_json(Arena *arena, const Str *ids, size_t count)
{
    Buf out;
    if (count == 0)
        return STR_EMPTY;
    buf_init(&out, count * 32 + 16);
    json_strs(&out, ids, count);
    Str text = str_copy(arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

Err post_files_free(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *ids, FileInfo **ret_files,
                    size_t *ret_count)
{
    FileInfo *found, *files = arena_new(ctx->arena, FileInfo, ids->len);
    size_t found_count, count = 0;
    TRY(in_list_entities(tx, &file_info_entity, ctx->arena, (void **)&found, &found_count,
                         "SELECT $ FROM file_infos WHERE id IN (",
                         ") AND post_id = '' AND delete_at = 0", ids->items, ids->len));
    for (size_t i = 0; i < ids->len; i++)
        for (size_t k = 0; k < found_count; k++)
            if (str_eq(found[k].id, ids->items[i]) && str_eq(found[k].user_id, post->user_id) &&
                str_eq(found[k].channel_id, post->channel_id))
                files[count++] = found[k];
    *ret_files = files;
    *ret_count = count;
    return OK;
}

Err post_files_attach_in(Ctx *ctx, DbTx *tx, const Post *post, const StrVec *ids)
{
    for (size_t i = 0; i < ids->len; i++) {
        int64_t touched;
        TRY(db_exec_count(tx, &touched,
                          "UPDATE file_infos SET post_id = ?, update_at = ? WHERE id = ? AND "
                          "post_id = '' AND delete_at = 0",
                          post->id, ctx->now, ids->items[i]));
        if (touched == 0)
            return ERR_RETRY; /* taken by another post meanwhile: the next run leaves it out */
    }
    return OK;
}
