#include "domain/mentions.h"
#include "base/map.h"
#include "domain/channels.h"
#include "domain/keywords.h"
#include "domain/mention_scan.h"
#include "store/channel_store.h"
#include "store/member_store.h"
#include "store/post_store.h"
#include "store/thread_store.h"
#include "store/user_store.h"

enum { NAMES_MAX = 1000 };

/* ---- the texts ---- */
static void push_text(Arena *arena, StrVec *texts, Str markdown)
{
    if (markdown.len)
        vec_push(arena, texts, mention_plain_text(arena, markdown));
}

void mentions_texts(Arena *arena, const Post *post, StrVec *texts)
{
    json_t *props, *attachment, *field;
    size_t i, j;
    push_text(arena, texts, post->message);
    if (!str_contains(post->props, STR("\"attachments\"")) ||
        json_parse(arena, post->props, &props) != OK)
        return;
    json_array_foreach(json_find(props, "attachments"), i, attachment)
    {
        push_text(arena, texts, json_text(json_find(attachment, "pretext")));
        push_text(arena, texts, json_text(json_find(attachment, "text")));
        json_array_foreach(json_find(attachment, "fields"), j, field)
            push_text(arena, texts, json_text(json_find(field, "value")));
    }
}

/* ---- which forms there are ---- */
typedef struct Forms {
    Arena *arena;
    Map seen;
    StrVec all, names; /* every form as written; user names without their @, lower case */
    bool has_wide;
} Forms;

static bool is_wide(Str form)
{
    return str_eq_nocase(form, STR("@here")) || str_eq_nocase(form, STR("@channel")) ||
           str_eq_nocase(form, STR("@all"));
}

static bool collect_form(void *arg, Str form)
{
    Forms *forms = arg;
    if (map_set(&forms->seen, form, forms))
        return false;
    vec_push(forms->arena, &forms->all, form);
    if (is_wide(form))
        forms->has_wide = true;
    else if (form.ptr[0] == '@' && form.len > 1 && form.len <= 65 && forms->names.len < NAMES_MAX)
        vec_push(forms->arena, &forms->names,
                 str_lower(forms->arena, str_slice(form, 1, form.len)));
    return false;
}

/* ---- whom they mean ---- */
typedef struct Targets {
    Arena *arena;
    Map by_word, by_first_name; /* → StrVec of user ids: members only */
    bool may_call_all;
    Str author; /* never mentioned; empty: everybody may be */
    Mentions *mentions;
} Targets;

static void add_target(Targets *t, Map *map, Str word, Str user_id)
{
    StrVec *ids = map_find(map, word);
    if (!ids) {
        ids = arena_new(t->arena, StrVec, 1);
        (void)map_set(map, word, ids);
    }
    vec_push(t->arena, ids, user_id);
}

static void mention(Targets *t, Str user_id)
{
    if (!str_eq(user_id, t->author) && !strvec_has(&t->mentions->user_ids, user_id))
        vec_push(t->arena, &t->mentions->user_ids, user_id);
}

static bool mention_all_of(Targets *t, const StrVec *ids)
{
    for (size_t i = 0; ids && i < ids->len; i++)
        mention(t, ids->items[i]);
    return ids != NULL;
}

static bool match_form(void *arg, Str form)
{
    Targets *t = arg;
    if (is_wide(form)) {
        if (!t->may_call_all)
            return true; /* taken, so that nobody of that name is looked for */
        t->mentions->is_here |= str_eq_nocase(form, STR("@here"));
        t->mentions->is_channel |= str_eq_nocase(form, STR("@channel"));
        t->mentions->is_all |= str_eq_nocase(form, STR("@all"));
        return true;
    }
    bool hit = mention_all_of(t, map_find(&t->by_word, mention_fold(t->arena, form)));
    return mention_all_of(t, map_find(&t->by_first_name, form)) || hit;
}

static Err add_named(DbTx *tx, const Channel *channel, const Forms *forms, Targets *t)
{
    MemberName *members;
    size_t count;
    TRY(store_member_list_by_names(tx, t->arena, channel->id, forms->names.items, forms->names.len,
                                   &members, &count));
    for (size_t i = 0; i < count; i++)
        add_target(t, &t->by_word, str_concat(t->arena, STR("@"), members[i].username),
                   members[i].user_id);
    return OK;
}

static Err add_keywords(DbTx *tx, const Channel *channel, const KeywordVec *keywords, Targets *t)
{
    StrVec asked = {0}, members = {0};
    for (size_t i = 0; i < keywords->len; i++)
        vec_push(t->arena, &asked, keywords->items[i].user_id);
    TRY(store_member_among(tx, t->arena, channel->id, asked.items, asked.len, &members));
    Map is_member = {0};
    for (size_t i = 0; i < members.len; i++)
        (void)map_set(&is_member, members.items[i], t);
    for (size_t i = 0; i < keywords->len; i++) {
        const Keyword *k = &keywords->items[i];
        if (map_find(&is_member, k->user_id))
            add_target(t, k->is_first_name ? &t->by_first_name : &t->by_word, k->word, k->user_id);
    }
    map_deinit(&is_member);
    return OK;
}

/* Keywords of scripts without word borders are found anywhere in the text. */
static void match_multibyte(Targets *t, const KeywordVec *keywords, Str folded)
{
    for (size_t i = 0; i < keywords->len; i++) {
        const Keyword *k = &keywords->items[i];
        if (mention_is_multibyte(k->word) && str_contains(folded, mention_fold(t->arena, k->word)))
            (void)mention_all_of(
                t, map_find(k->is_first_name ? &t->by_first_name : &t->by_word, k->word));
    }
}

/* May the author call the whole channel, and is it small enough? */
static Err check_wide(Ctx *ctx, DbTx *tx, const Channel *channel, const Post *post, Targets *t)
{
    bool allowed = true;
    int64_t count;
    if (str_eq(post->type, STR("system_header_change")) ||
        str_eq(post->type, STR("system_purpose_change")))
        return OK;
    if (str_eq(post->user_id, ctx->user_id))
        TRY(can_in_channel(ctx, channel, PERM_USE_CHANNEL_MENTIONS, &allowed));
    t->mentions->is_wide_refused = !allowed;
    if (!allowed)
        return OK;
    int64_t limit = ctx->settings->TeamSettings_MaxNotificationsPerChannel;
    TRY(db_get_int(tx, &count,
                   "SELECT count(*) FROM (SELECT user_id FROM channel_members WHERE channel_id = ? "
                   "LIMIT ?) AS counted",
                   channel->id, limit));
    t->mentions->is_wide_too_many = count >= limit;
    t->may_call_all = !t->mentions->is_wide_too_many;
    return OK;
}

/* @channel and @all: those who want to hear it. @here: of them those who are online. */
static Err mention_everybody(DbTx *tx, const Channel *channel, Targets *t)
{
    bool only_online = !t->mentions->is_channel && !t->mentions->is_all;
    StrVec ids = {0};
    TRY(store_member_list_called(tx, t->arena, channel->id, only_online, &ids));
    (void)mention_all_of(t, &ids);
    return OK;
}

static Err mention_members(DbTx *tx, const Channel *channel, Targets *t)
{
    Str *ids;
    size_t count;
    TRY(store_channel_member_ids(tx, t->arena, channel->id, &ids, &count));
    for (size_t i = 0; i < count; i++)
        mention(t, ids[i]);
    return OK;
}

static Str join_folded(Arena *arena, const StrVec *texts)
{
    Str whole = STR_EMPTY;
    for (size_t i = 0; i < texts->len; i++)
        whole =
            i ? str_printf(arena, STR_FMT "\n" STR_FMT, STR_ARG(whole), STR_ARG(texts->items[i]))
              : texts->items[i];
    return mention_fold(arena, whole);
}

static Err find(Ctx *ctx, const Channel *channel, const Post *post, Forms *forms, Targets *t)
{
    StrVec texts = {0};
    KeywordVec keywords;
    DbTx *tx;
    mentions_texts(ctx->arena, post, &texts);
    for (size_t i = 0; i < texts.len; i++)
        mention_scan(ctx->arena, texts.items[i], collect_form, forms, NULL);
    Str folded = join_folded(ctx->arena, &texts);
    TRY(keywords_find(ctx, &forms->all, folded, &keywords));
    TRY(ctx_read(ctx, &tx));
    if (channel_is_direct(channel))
        TRY(mention_members(tx, channel, t));
    if (forms->names.len)
        TRY(add_named(tx, channel, forms, t));
    if (keywords.len)
        TRY(add_keywords(tx, channel, &keywords, t));
    if (forms->has_wide)
        TRY(check_wide(ctx, tx, channel, post, t));
    for (size_t i = 0; i < texts.len; i++)
        mention_scan(ctx->arena, texts.items[i], match_form, t, &t->mentions->others);
    match_multibyte(t, &keywords, folded);
    t->mentions->personal_count = t->mentions->user_ids.len;
    if (t->mentions->is_here || t->mentions->is_channel || t->mentions->is_all)
        TRY(mention_everybody(tx, channel, t));
    return OK;
}

Err mentions_find(Ctx *ctx, const Channel *channel, const Post *post, Mentions *ret_mentions)
{
    *ret_mentions = (Mentions){0};
    bool by_webhook = str_contains(post->props, STR("\"from_webhook\":\"true\""));
    Forms forms = {.arena = ctx->arena};
    Targets targets = {.arena = ctx->arena,
                       .mentions = ret_mentions,
                       .author = by_webhook ? STR_EMPTY : post->user_id};
    Err err = find(ctx, channel, post, &forms, &targets);
    map_deinit(&forms.seen);
    map_deinit(&targets.by_word);
    map_deinit(&targets.by_first_name);
    return err;
}

Err mentions_add_thread(Ctx *ctx, DbTx *tx, const Post *root, const Post *reply, Mentions *mentions)
{
    Targets targets = {.arena = ctx->arena, .mentions = mentions, .author = reply->user_id};
    Thread thread = {0};
    json_t *list, *id;
    size_t i, count;
    StrVec ids = {0};
    if (str_eq(ctx->settings->ServiceSettings_CollapsedThreads, STR("always_on")))
        return OK;
    vec_push(ctx->arena, &ids, root->user_id);
    Err err = store_thread_get(tx, ctx->arena, root->id, &thread);
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (thread.participants.len && json_parse(ctx->arena, thread.participants, &list) == OK)
        json_array_foreach(list, i, id) vec_push(ctx->arena, &ids, json_text(id));
    User *users;
    TRY(store_user_list_by_ids(tx, ctx->arena, ids.items, ids.len, &users, &count));
    for (i = 0; i < count; i++) {
        bool of_root = str_contains(users[i].notify_props, STR("\"comments\":\"root\"")) &&
                       str_eq(users[i].id, root->user_id);
        bool collapsed;
        if (!of_root && !str_contains(users[i].notify_props, STR("\"comments\":\"any\"")))
            continue;
        TRY(threads_are_collapsed(ctx, tx, users[i].id, &collapsed));
        if (!collapsed)
            mention(&targets, users[i].id);
    }
    return OK;
}

/* ---- one user's mentions in what is there already ---- */
typedef struct OneUser {
    Arena *arena;
    Str at_name;
    KeywordVec keywords;
    bool is_called_by_all, is_hit;
} OneUser;

static bool match_one(void *arg, Str form)
{
    OneUser *one = arg;
    Str lower = mention_fold(one->arena, form);
    one->is_hit |= str_eq(lower, one->at_name) || (is_wide(form) && one->is_called_by_all);
    for (size_t i = 0; i < one->keywords.len; i++)
        one->is_hit |= str_eq(one->keywords.items[i].is_first_name ? form : lower,
                              one->keywords.items[i].word);
    return one->is_hit;
}

static bool calls(OneUser *one, const Post *post)
{
    StrVec texts = {0};
    one->is_hit = false;
    mentions_texts(one->arena, post, &texts);
    for (size_t i = 0; i < texts.len && !one->is_hit; i++)
        mention_scan(one->arena, texts.items[i], match_one, one, NULL);
    Str folded = one->is_hit ? STR_EMPTY : join_folded(one->arena, &texts);
    for (size_t i = 0; i < one->keywords.len && !one->is_hit; i++)
        one->is_hit = mention_is_multibyte(one->keywords.items[i].word) &&
                      str_contains(folded, mention_fold(one->arena, one->keywords.items[i].word));
    return one->is_hit;
}

static Err count_direct(DbTx *tx, const Channel *channel, Str root_id, Str user_id, int64_t since,
                        int64_t *ret_all, int64_t *ret_root)
{
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(
        tx, &rows,
        "SELECT count(*), COALESCE(sum(CASE WHEN root_id = '' THEN 1 ELSE 0 END), 0) FROM posts "
        "WHERE channel_id = ? "
        "AND create_at >= ? AND delete_at = 0 AND user_id <> ? AND (? = '' OR root_id = ?)",
        channel->id, since, user_id, root_id, root_id));
    if (db_next(&rows)) {
        *ret_all = db_int(&rows, 0);
        *ret_root = db_int(&rows, 1);
    }
    return db_rows_error(&rows);
}

static Err count_named(Ctx *ctx, DbTx *tx, const Channel *channel, Str root_id, Str user_id,
                       int64_t since, int64_t *ret_all, int64_t *ret_root)
{
    enum { BATCH = 500 };
    User user;
    ChannelMember member;
    TRY(store_user_get(tx, ctx->arena, user_id, &user));
    TRY(store_channel_member_get(tx, ctx->arena, channel->id, user_id, &member));
    OneUser one = {.arena = ctx->arena,
                   .at_name = str_concat(ctx->arena, STR("@"), user.username),
                   .is_called_by_all = member_hears_all(member.notify_props, user.notify_props)};
    keywords_of_user(ctx->arena, &user, &one.keywords);
    for (size_t count = BATCH; count == BATCH;) {
        Post *posts;
        TRY(store_post_list_from(tx, ctx->arena, channel->id, root_id, since, BATCH, &posts,
                                 &count));
        one.arena = arena_create();
        for (size_t i = 0; i < count; i++) {
            since = posts[i].create_at + 1;
            if (str_eq(posts[i].user_id, user_id) || !calls(&one, &posts[i]))
                continue;
            (*ret_all)++;
            *ret_root += posts[i].root_id.len == 0;
        }
        arena_free(one.arena);
    }
    return OK;
}

Err mentions_count_since(Ctx *ctx, DbTx *tx, const Channel *channel, Str root_id, Str user_id,
                         int64_t since, int64_t *ret_all, int64_t *ret_root)
{
    int64_t all = 0, roots = 0;
    Err err = channel_is_direct(channel)
                  ? count_direct(tx, channel, root_id, user_id, since, &all, &roots)
                  : count_named(ctx, tx, channel, root_id, user_id, since, &all, &roots);
    if (err != OK && err != ERR_ABSENT) /* no member: nobody is called */
        return err;
    *ret_all = all;
    if (ret_root)
        *ret_root = roots;
    return OK;
}

Err threads_are_collapsed(Ctx *ctx, DbTx *tx, Str user_id, bool *ret_collapsed)
{
    Str setting = ctx->settings->ServiceSettings_CollapsedThreads, chosen;
    *ret_collapsed = !str_eq(setting, STR("disabled")) && !str_eq(setting, STR("default_off"));
    if (str_eq(setting, STR("always_on")) || str_eq(setting, STR("disabled")))
        return OK;
    Err err = db_get_text(
        tx, ctx->arena, &chosen,
        "SELECT value FROM preferences WHERE user_id = ? AND category = 'display_settings' AND "
        "name = 'collapsed_reply_threads'",
        user_id);
    if (err == OK)
        *ret_collapsed = str_eq(chosen, STR("on"));
    return err == ERR_ABSENT ? OK : err;
}
