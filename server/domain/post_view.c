#include "domain/post_view.h"
#include "base/vec.h"
#include "domain/channels.h"
#include "domain/files.h"
#include "domain/mention_scan.h"
#include "domain/users.h"
#include "model/system_emoji.h"
#include "store/channel_store.h"
#include "store/post_store.h"
#include "store/reaction_store.h"
#include "store/team_store.h"
#include "store/thread_store.h"
#include "store/user_store.h"

static Str root_of(const Post *post)
{
    return post->root_id.len ? post->root_id : post->id;
}

/* ---- loading ---- */
static Err load_threads(Ctx *ctx, DbTx *tx, const Post *posts, size_t count,
                        const PostViewOptions *options, PostParts *parts)
{
    StrVec roots = {0};
    for (size_t i = 0; i < count; i++)
        if (roots.len == 0 || !str_eq(roots.items[roots.len - 1], root_of(&posts[i])))
            vec_push(ctx->arena, &roots, root_of(&posts[i]));
    TRY(store_thread_list(tx, ctx->arena, roots.items, roots.len, &parts->threads,
                          &parts->thread_count));
    if (options->collapsed_threads && !options->for_everybody)
        TRY(store_thread_member_list(tx, ctx->arena, ctx->user_id, roots.items, roots.len,
                                     &parts->follows, &parts->follow_count));
    return OK;
}

static Err load_files(Ctx *ctx, const Post *posts, size_t count, PostParts *parts)
{
    StrVec ids = {0};
    bool with_deleted = false;
    for (size_t i = 0; i < count; i++)
        if (posts[i].file_ids.len > 2) {
            vec_push(ctx->arena, &ids, posts[i].id);
            with_deleted |= posts[i].delete_at != 0;
        }
    return ids.len ? files_of_posts(ctx, ids.items, ids.len, with_deleted, &parts->files,
                                    &parts->file_count)
                   : OK;
}

static Err load_reactions(Ctx *ctx, DbTx *tx, const Post *posts, size_t count, PostParts *parts)
{
    StrVec ids = {0};
    for (size_t i = 0; i < count; i++)
        if (posts[i].has_reactions)
            vec_push(ctx->arena, &ids, posts[i].id);
    return ids.len ? store_reaction_list(tx, ctx->arena, ids.items, ids.len, &parts->reactions,
                                         &parts->reaction_count)
                   : OK;
}

static bool is_emoji_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+';
}

/* Collects each :name: of a text that is no standard emoji. */
static void emoji_names(Arena *arena, Str text, StrVec *names)
{
    enum { NAMES_MAX = 500 };
    for (size_t i = 0; i < text.len && names->len < NAMES_MAX; i++) {
        if (text.ptr[i] != ':')
            continue;
        size_t to = i + 1;
        while (to < text.len && is_emoji_char(text.ptr[to]))
            to++;
        if (to >= text.len || text.ptr[to] != ':' || to == i + 1 || to - i - 1 > 64)
            continue;
        Str name = str_slice(text, i + 1, to);
        if (!emoji_is_system(name) && !strvec_has(names, name))
            vec_push(arena, names, name);
        i = to - 1; /* the closing colon may open the next */
    }
}

static Err load_emojis(Ctx *ctx, DbTx *tx, const Post *posts, size_t count, PostParts *parts)
{
    StrVec names = {0};
    if (!ctx->settings->ServiceSettings_EnableCustomEmoji)
        return OK;
    for (size_t i = 0; i < count; i++)
        emoji_names(ctx->arena, posts[i].message, &names);
    for (size_t i = 0; i < parts->reaction_count; i++)
        if (!emoji_is_system(parts->reactions[i].emoji_name) &&
            !strvec_has(&names, parts->reactions[i].emoji_name))
            vec_push(ctx->arena, &names, parts->reactions[i].emoji_name);
    return names.len ? store_reaction_emojis(tx, ctx->arena, names.items, names.len, &parts->emojis,
                                             &parts->emoji_count)
                     : OK;
}

static Err load_participants(Ctx *ctx, DbTx *tx, const PostViewOptions *options, PostParts *parts)
{
    StrVec ids = {0};
    json_t *list, *id;
    size_t j;
    if (!options->collapsed_threads || !options->collapsed_threads_extended)
        return OK;
    for (size_t i = 0; i < parts->thread_count; i++)
        if (json_parse(ctx->arena, parts->threads[i].participants, &list) == OK)
            json_array_foreach(list, j, id) if (!strvec_has(&ids, json_text(id)))
                vec_push(ctx->arena, &ids, json_text(id));
    TRY(store_user_list_by_ids(tx, ctx->arena, ids.items, ids.len, &parts->participants,
                               &parts->participant_count));
    for (size_t i = 0; i < parts->participant_count; i++)
        user_sanitize_for_others(ctx, &parts->participants[i]);
    return OK;
}

Str post_permalink_id(const Ctx *ctx, Str link)
{
    Str site = ctx->settings->ServiceSettings_SiteURL;
    while (site.len && site.ptr[site.len - 1] == '/')
        site.len--;
    if (site.len == 0 || !str_starts_with(link, site))
        return STR_EMPTY;
    ptrdiff_t at = str_find(link, STR("/pl/"), site.len);
    Str id = at < 0 ? STR_EMPTY : str_slice(link, (size_t)at + 4, (size_t)at + 30);
    for (size_t i = 0; i < id.len; i++)
        if (!is_emoji_char(id.ptr[i]))
            return STR_EMPTY;
    return id.len == 26 ? id : STR_EMPTY;
}

static Err load_preview(Ctx *ctx, DbTx *tx, const Post *in, const PostViewOptions *options,
                        Str linked_id, PostPreview *ret_preview)
{
    Post *post = arena_new(ctx->arena, Post, 1);
    Channel *channel = arena_new(ctx->arena, Channel, 1);
    TRY(store_post_get(tx, ctx->arena, linked_id, post));
    if (post->delete_at != 0)
        return ERR_ABSENT;
    TRY(store_channel_get(tx, ctx->arena, post->channel_id, channel));
    bool allowed = str_eq(channel->id, in->channel_id);
    if (!allowed && !options->for_everybody)
        TRY(can_read_channel(ctx, channel, &allowed));
    if (!allowed)
        return ERR_ABSENT;
    Team team = {0};
    if (channel->team_id.len)
        TRY(store_team_get(tx, ctx->arena, channel->team_id, &team));
    *ret_preview = (PostPreview){post->id, in->id, post, channel, team.name};
    return OK;
}

static Err load_previews(Ctx *ctx, DbTx *tx, const Post *posts, size_t count,
                         const PostViewOptions *options, PostParts *parts)
{
    VEC(PostPreview) previews = {0};
    VEC(Post) linked = {0};
    if (!ctx->settings->ServiceSettings_EnablePermalinkPreviews ||
        ctx->settings->ServiceSettings_SiteURL.len == 0)
        return OK;
    for (size_t i = 0; i < count; i++) {
        PostPreview preview;
        if (!str_contains(posts[i].message, STR("/pl/")))
            continue;
        Str id = post_permalink_id(ctx, mention_first_link(ctx->arena, posts[i].message));
        Err err = id.len ? load_preview(ctx, tx, &posts[i], options, id, &preview) : ERR_ABSENT;
        if (err != OK && err != ERR_ABSENT)
            return err;
        if (err == OK) {
            vec_push(ctx->arena, &previews, preview);
            vec_push(ctx->arena, &linked, *preview.post);
        }
    }
    if (previews.len == 0)
        return OK;
    PostParts *of_linked = arena_new(ctx->arena, PostParts, 1);
    TRY(load_files(ctx, linked.items, linked.len,
                   of_linked)); /* a preview in a preview stays a link */
    TRY(load_emojis(ctx, tx, linked.items, linked.len, of_linked));
    parts->previews = previews.items;
    parts->preview_count = previews.len;
    parts->preview_parts = of_linked;
    return OK;
}

Err post_parts_load(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options,
                    PostParts *ret_parts)
{
    DbTx *tx;
    PostParts parts = {0};
    TRY(ctx_read(ctx, &tx));
    if (!options->is_new) {
        TRY(load_threads(ctx, tx, posts, count, options, &parts));
        TRY(load_files(ctx, posts, count, &parts));
        TRY(load_reactions(ctx, tx, posts, count, &parts));
    }
    TRY(load_emojis(ctx, tx, posts, count, &parts));
    TRY(load_participants(ctx, tx, options, &parts));
    TRY(load_previews(ctx, tx, posts, count, options, &parts));
    *ret_parts = parts;
    return OK;
}

/* ---- writing ---- */
static const Thread *thread_of(const PostParts *parts, const Post *post)
{
    for (size_t i = 0; i < parts->thread_count; i++)
        if (str_eq(parts->threads[i].post_id, root_of(post)))
            return &parts->threads[i];
    return NULL;
}

void thread_participants_write(Ctx *ctx, const Thread *thread, const User *known,
                               size_t known_count, Buf *out)
{
    json_t *list, *id;
    size_t i;
    json_open_array(out);
    if (thread->participants.len && json_parse(ctx->arena, thread->participants, &list) == OK)
        json_array_foreach(list, i, id)
        {
            User user = {.id = json_text(id)};
            for (size_t k = 0; k < known_count; k++)
                if (str_eq(known[k].id, user.id))
                    user = known[k];
            user_write_json(&user, out);
        }
    json_close_array(out);
}

static void write_threading(Ctx *ctx, const Post *post, const Thread *thread,
                            const PostParts *parts, const PostViewOptions *options, Buf *out)
{
    bool shows_thread = options->collapsed_threads && post->root_id.len == 0;
    json_key(out, "participants");
    if (shows_thread && thread)
        thread_participants_write(ctx, thread, parts->participants, parts->participant_count, out);
    else
        json_nil(out);
    if (!shows_thread || options->for_everybody)
        return;
    bool follows = false;
    for (size_t i = 0; i < parts->follow_count; i++)
        follows |= str_eq(parts->follows[i].post_id, post->id) && parts->follows[i].following;
    json_key(out, "is_following");
    json_bool(out, follows);
}

static void write_preview(Ctx *ctx, const PostPreview *preview, const PostParts *parts, Buf *out)
{
    json_open(out);
    json_key(out, "type");
    json_str(out, STR("permalink"));
    json_key(out, "data");
    json_open(out);
    json_key(out, "post_id");
    json_str(out, preview->post_id);
    json_key(out, "post");
    post_write(ctx, preview->post, parts->preview_parts, &(PostViewOptions){0}, out);
    json_key(out, "team_name");
    json_str(out, preview->team_name);
    json_key(out, "channel_display_name");
    json_str(out, preview->channel->display_name);
    json_key(out, "channel_type");
    json_str(out, preview->channel->type);
    json_key(out, "channel_id");
    json_str(out, preview->channel->id);
    json_close(out);
    json_close(out);
}

/* At most one: the attachments, else what the first link shows. */
static void write_embeds(Ctx *ctx, const Post *post, const PostParts *parts, Buf *out)
{
    bool has_attachments = str_contains(post->props, STR("\"attachments\":[{"));
    Str link = !has_attachments && str_contains(post->message, STR("://"))
                   ? mention_first_link(ctx->arena, post->message)
                   : STR_EMPTY;
    if (!has_attachments && link.len == 0)
        return;
    json_key(out, "embeds");
    json_open_array(out);
    for (size_t i = 0; i < parts->preview_count && !has_attachments; i++)
        if (str_eq(parts->previews[i].in_post_id, post->id)) {
            write_preview(ctx, &parts->previews[i], parts, out);
            json_close_array(out);
            return;
        }
    if (has_attachments || ctx->settings->ServiceSettings_EnableLinkPreviews) {
        json_open(out);
        json_key(out, "type");
        json_str(out, has_attachments ? STR("message_attachment") : STR("link"));
        if (!has_attachments) {
            json_key(out, "url");
            json_str(out, link);
        }
        json_close(out);
    }
    json_close_array(out);
}

static void write_emojis(Ctx *ctx, const Post *post, const PostParts *parts, Buf *out)
{
    StrVec names = {0};
    if (parts->emoji_count == 0)
        return;
    emoji_names(ctx->arena, post->message, &names);
    for (size_t i = 0; i < parts->reaction_count; i++)
        if (str_eq(parts->reactions[i].post_id, post->id))
            vec_push(ctx->arena, &names, parts->reactions[i].emoji_name);
    json_key(out, "emojis");
    json_open_array(out);
    for (size_t i = 0; i < parts->emoji_count; i++)
        if (strvec_has(&names, parts->emojis[i].name))
            emoji_write_json(&parts->emojis[i], out);
    json_close_array(out);
}

static void write_files(const Post *post, const PostParts *parts, Buf *out)
{
    bool any = false;
    for (size_t i = 0; i < parts->file_count; i++) {
        const FileInfo *file = &parts->files[i];
        if (!str_eq(file->post_id, post->id) || (file->delete_at != 0 && post->delete_at == 0))
            continue;
        if (!any) {
            json_key(out, "files");
            json_open_array(out);
            any = true;
        }
        file_info_write(file, out);
    }
    if (any)
        json_close_array(out);
}

static void write_reactions(const Post *post, const PostParts *parts, Buf *out)
{
    bool any = false;
    for (size_t i = 0; i < parts->reaction_count; i++) {
        if (!str_eq(parts->reactions[i].post_id, post->id))
            continue;
        if (!any) {
            json_key(out, "reactions");
            json_open_array(out);
            any = true;
        }
        reaction_write_json(&parts->reactions[i], out);
    }
    if (any)
        json_close_array(out);
}

static void write_priority(const Post *post, Buf *out)
{
    if (post->priority.len == 0)
        return;
    json_key(out, "priority");
    json_open(out);
    json_key(out, "priority");
    json_str(out, post->priority);
    json_key(out, "requested_ack");
    json_bool(out, false);
    json_key(out, "persistent_notifications");
    json_bool(out, false);
    json_close(out);
}

void post_write(Ctx *ctx, const Post *post, const PostParts *parts, const PostViewOptions *options,
                Buf *out)
{
    Post shown = *post;
    const Thread *thread = thread_of(parts, post);
    shown.reply_count = thread ? thread->reply_count : 0;
    shown.last_reply_at =
        thread && options->collapsed_threads && post->root_id.len == 0 ? thread->last_reply_at : 0;
    json_open(out);
    entity_write_fields(&post_entity, &shown, out);
    write_threading(ctx, post, thread, parts, options, out);
    json_key(out, "metadata");
    json_open(out);
    write_embeds(ctx, post, parts, out);
    write_emojis(ctx, post, parts, out);
    write_files(post, parts, out);
    write_reactions(post, parts, out);
    write_priority(post, out);
    json_close(out);
    json_close(out);
}

Err post_view_write(Ctx *ctx, const Post *post, const PostViewOptions *options, Buf *out)
{
    PostParts parts;
    TRY(post_parts_load(ctx, post, 1, options, &parts));
    post_write(ctx, post, &parts, options, out);
    return OK;
}

Err post_view_text(Ctx *ctx, const Post *post, const PostViewOptions *options, Str *ret_json)
{
    PostParts parts;
    TRY(post_parts_load(ctx, post, 1, options, &parts));
    *ret_json = post_text(ctx, post, &parts, options);
    return OK;
}

Str post_text(Ctx *ctx, const Post *post, const PostParts *parts, const PostViewOptions *options)
{
    Buf out;
    buf_init(&out, 16 * 1024 * 1024);
    post_write(ctx, post, parts, options, &out);
    Str text = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

Err post_view_write_all(Ctx *ctx, const Post *posts, size_t count, const PostViewOptions *options,
                        Buf *out)
{
    PostParts parts;
    TRY(post_parts_load(ctx, posts, count, options, &parts));
    json_open_array(out);
    for (size_t i = 0; i < count; i++)
        post_write(ctx, &posts[i], &parts, options, out);
    json_close_array(out);
    return OK;
}

/* Both kinds together, so that each part is read once. */
static Post *all_posts(Arena *arena, const PostList *list)
{
    Post *all = arena_new(arena, Post, list->count + list->other_count);
    if (list->count)
        memcpy(all, list->posts, list->count * sizeof *all);
    if (list->other_count)
        memcpy(all + list->count, list->others, list->other_count * sizeof *all);
    return all;
}

Err post_list_write(Ctx *ctx, const PostList *list, const PostViewOptions *options, Buf *out)
{
    PostParts parts;
    size_t count = list->count + list->other_count;
    const Post *all = all_posts(ctx->arena, list);
    TRY(post_parts_load(ctx, all, count, options, &parts));
    json_open(out);
    json_key(out, "order");
    json_open_array(out);
    for (size_t i = 0; i < list->count; i++)
        json_str(out, list->posts[i].id);
    json_close_array(out);
    json_key(out, "posts");
    json_open(out);
    for (size_t i = 0; i < count; i++) {
        json_key_str(out, all[i].id);
        post_write(ctx, &all[i], &parts, options, out);
    }
    json_close(out);
    json_key(out, "next_post_id");
    json_str(out, list->next_post_id);
    json_key(out, "prev_post_id");
    json_str(out, list->prev_post_id);
    if (list->shows_has_next && list->has_next) {
        json_key(out, "has_next");
        json_bool(out, true);
    }
    json_key(out, "first_inaccessible_post_time");
    json_int(out, 0);
    if (list->shows_matches) {
        json_key(out, "matches");
        json_nil(out);
    }
    json_close(out);
    return OK;
}
