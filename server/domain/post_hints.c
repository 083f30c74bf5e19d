#include "domain/post_hints.h"
#include "domain/channels.h"
#include "store/in_list.h"

enum { OUTSIDERS_MAX = 100 };

typedef struct Outsiders {
    StrVec ids, names;
} Outsiders;

static Err find_outsiders(Ctx *ctx, DbTx *tx, const Channel *channel, const StrVec *others,
                          Outsiders *ret_outsiders)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    StrVec names = {0};
    for (size_t i = 0; i < others->len && i < OUTSIDERS_MAX; i++)
        vec_push(ctx->arena, &names, str_lower(ctx->arena, others->items[i]));
    InList in = in_list_of(ctx->arena, names.items, names.len, 0, 1);
    in.args[0] = db_arg_text(channel->team_id);
    in_list_push(&in, db_arg_text(channel->id));
    Str sql = in_list_sql(ctx->arena, &in,
                          "SELECT u.id, u.username FROM users u JOIN team_members t ON t.user_id = "
                          "u.id AND t.delete_at = 0 "
                          "WHERE t.team_id = ? AND u.username IN (",
                          ") AND u.delete_at = 0 AND NOT EXISTS (SELECT 1 FROM channel_members m "
                          "WHERE m.channel_id = ? "
                          "AND m.user_id = u.id) ORDER BY u.username");
    TRY(db_query_text(tx, &rows, sql, in.args, in.count));
    while (db_next(&rows)) {
        vec_push(ctx->arena, &ret_outsiders->ids, str_copy(ctx->arena, db_text(&rows, 0)));
        vec_push(ctx->arena, &ret_outsiders->names, str_copy(ctx->arena, db_text(&rows, 1)));
    }
    return db_rows_error(&rows);
}

static void put_list(Buf *out, const char *name, const StrVec *items)
{
    json_key(out, name);
    json_strs(out, items->items, items->len);
}

static Str hint_props(Ctx *ctx, const Outsiders *who, Str post_id)
{
    Buf out;
    buf_init(&out, 64 * 1024);
    json_open(&out);
    json_key(&out, "add_channel_member");
    json_open(&out);
    json_key(&out, "post_id");
    json_str(&out, post_id);
    put_list(&out, "usernames", &who->names);
    put_list(&out, "not_in_channel_usernames", &who->names);
    put_list(&out, "user_ids", &who->ids);
    put_list(&out, "not_in_channel_user_ids", &who->ids);
    put_list(&out, "not_in_groups_usernames", &(StrVec){0});
    put_list(&out, "not_in_groups_user_ids", &(StrVec){0});
    json_close(&out);
    json_close(&out);
    Str text = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

static Str hint_text(Ctx *ctx, const Outsiders *who)
{
    Str list = STR_EMPTY;
    if (who->names.len == 1)
        return text_fill(ctx->arena, text_get(STR("post.not_in_channel.one"), ctx->locale),
                         &STR("username"), who->names.items, 1);
    for (size_t i = 0; i < who->names.len; i++)
        list = str_printf(ctx->arena, STR_FMT "%s@" STR_FMT, STR_ARG(list), i ? ", " : "",
                          STR_ARG(who->names.items[i]));
    return text_fill(ctx->arena, text_get(STR("post.not_in_channel.many"), ctx->locale),
                     &STR("usernames"), &list, 1);
}

Err post_hint_outsiders(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *post,
                        const Mentions *mentions, Event **ret_event)
{
    Outsiders who = {0};
    *ret_event = NULL;
    if (mentions->others.len == 0 || channel_is_direct(channel) ||
        !str_eq(post->user_id, ctx->user_id))
        return OK;
    TRY(find_outsiders(ctx, tx, channel, &mentions->others, &who));
    if (who.ids.len == 0)
        return OK;
    Post hint = {
        .id = ctx_id(ctx),
        .create_at = ctx->now + 1, /* stands below the message */
        .update_at = ctx->now + 1,
        .user_id = post->user_id,
        .channel_id = post->channel_id,
        .root_id = post->root_id,
        .type = STR("system_ephemeral"),
        .message = hint_text(ctx, &who),
        .props = hint_props(ctx, &who, post->id),
    };
    Str json = post_text(ctx, &hint, &(PostParts){0}, &(PostViewOptions){.for_everybody = true});
    *ret_event = post_event_new(ctx, "ephemeral_message", post->channel_id, json);
    (*ret_event)->user_id = post->user_id;
    return OK;
}
