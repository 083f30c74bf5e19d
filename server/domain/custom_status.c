#include "domain/custom_status.h"
#include "base/clock.h"
#include "domain/preferences.h"
#include "domain/profiles.h"
#include "model/system_emoji.h"

enum { TEXT_RUNES = 100, RECENT = 5 };
#define NEVER "0001-01-01T00:00:00Z"

static bool is_duration(Str s)
{
    static const Str known[] = {{"thirty_minutes", 14}, {"one_hour", 8},  {"four_hours", 10},
                                {"today", 5},           {"this_week", 9}, {"date_and_time", 13}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, known[i]))
            return true;
    return false;
}

static Err check_emoji(Ctx *ctx, Str name)
{
    int64_t found;
    DbTx *tx;
    if (emoji_is_system(name))
        return OK;
    TRY(ctx_read(ctx, &tx));
    TRY(db_get_int(tx, &found, "SELECT count(*) FROM emojis WHERE name = ? AND delete_at = 0",
                   name));
    return found ? OK : fail(ctx, ERR_API_CUSTOM_STATUS_SET_CUSTOM_STATUSES_EMOJI_NOT_FOUND);
}

/* Its form that is kept; or the error of the first rule that it breaks. */
static Err clean(Ctx *ctx, const CustomStatus *draft, CustomStatus *ret_status)
{
    CustomStatus s = *draft;
    int64_t end = 0;
    bool never_ends = s.expires_at.len == 0 || str_eq(s.expires_at, STR(NEVER));
    if (s.emoji.len == 0 && s.text.len == 0)
        return fail_body(ctx, "custom_status");
    if (!never_ends && !clock_parse_rfc3339(s.expires_at, &end))
        return fail_body(ctx, "custom_status");
    if ((!never_ends && end < ctx->now) ||
        (s.duration.len && (!is_duration(s.duration) || never_ends)))
        return fail_body(ctx, "custom_status");
    if (s.emoji.len == 0)
        s.emoji = STR("speech_balloon");
    if (s.duration.len == 0 && !never_ends)
        s.duration = STR("date_and_time");
    if (never_ends)
        s.expires_at = STR(NEVER);
    s.text = str_rune_prefix(s.text, TEXT_RUNES);
    TRY(check_emoji(ctx, s.emoji));
    *ret_status = s;
    return OK;
}

static void write(const CustomStatus *s, Buf *out)
{
    json_open(out);
    json_key(out, "emoji");
    json_str(out, s->emoji);
    json_key(out, "text");
    json_str(out, s->text);
    json_key(out, "duration");
    json_str(out, s->duration);
    json_key(out, "expires_at");
    json_str(out, s->expires_at);
    json_close(out);
}

static CustomStatus read_one(const json_t *json)
{
    return (CustomStatus){json_text(json_find(json, "emoji")), json_text(json_find(json, "text")),
                          json_text(json_find(json, "duration")),
                          json_text(json_find(json, "expires_at"))};
}

static bool is_same(const CustomStatus *a, const CustomStatus *b)
{
    return str_eq(a->emoji, b->emoji) && str_eq(a->text, b->text) &&
           str_eq(a->duration, b->duration);
}

/* The recent ones without `gone`, with `fresh` (may be NULL) in front. *ret_found: `gone` was among them. */
static Err recent(Ctx *ctx, DbTx *tx, Str user_id, const CustomStatus *gone,
                  const CustomStatus *fresh, Str *ret_list, bool *ret_found)
{
    Str stored = STR("[]");
    json_t *list, *item;
    size_t i, count = 0;
    Err err = db_get_text(tx, ctx->arena, &stored,
                          "SELECT value FROM preferences WHERE user_id = ? AND category = "
                          "'custom_status' AND name = 'recent_custom_statuses'",
                          user_id);
    if (err != OK && err != ERR_ABSENT)
        return err;
    if (err == ERR_ABSENT || json_parse(ctx->arena, stored, &list) != OK)
        TRY(json_parse(ctx->arena, STR("[]"), &list));
    Buf *out = buf_new(ctx->arena, 64 * 1024);
    *ret_found = false;
    json_open_array(out);
    if (fresh)
        write(fresh, out), count++;
    json_array_foreach(list, i, item)
    {
        CustomStatus one = read_one(item);
        bool is_gone = is_same(&one, gone);
        *ret_found |= is_gone;
        if (!is_gone && count < RECENT)
            write(&one, out), count++;
    }
    json_close_array(out);
    *ret_list = buf_str(out);
    return OK;
}

static Err save_recent(Ctx *ctx, DbTx *tx, Str user_id, Str list)
{
    Preference p = {user_id, STR("custom_status"), STR("recent_custom_statuses"), list};
    return preferences_save_in(ctx, tx, user_id, &p, 1);
}

static Err need_feature(Ctx *ctx)
{
    return ctx->settings->TeamSettings_EnableCustomUserStatuses
               ? OK
               : fail(ctx, ERR_API_CUSTOM_STATUS_DISABLED);
}

Err custom_status_set(Ctx *ctx, Str user_id, const CustomStatus *draft)
{
    CustomStatus status;
    User user;
    DbTx *tx;
    Str list;
    bool unused;
    TRY(need_feature(ctx));
    TRY(clean(ctx, draft, &status));
    Buf *text = buf_new(ctx->arena, 64 * 1024);
    write(&status, text);
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    user.props = json_with_text(ctx->arena, user.props, "customStatus", buf_str(text));
    TRY(user_save_in(ctx, tx, &user));
    TRY(recent(ctx, tx, user_id, &status, &status, &list, &unused));
    TRY(save_recent(ctx, tx, user_id, list));
    return ctx_commit(ctx);
}

Err custom_status_clear(Ctx *ctx, Str user_id)
{
    User user;
    DbTx *tx;
    TRY(need_feature(ctx));
    TRY(ctx_write(ctx, &tx));
    TRY(user_lock_in(ctx, tx, user_id, &user));
    user.props = json_with_text(ctx->arena, user.props, "customStatus", STR_EMPTY);
    TRY(user_save_in(ctx, tx, &user));
    return ctx_commit(ctx);
}

Err custom_status_forget(Ctx *ctx, Str user_id, const CustomStatus *status)
{
    DbTx *tx;
    Str list;
    bool found;
    TRY(need_feature(ctx));
    if (status->emoji.len == 0 && status->text.len == 0)
        return fail_body(ctx, "recent_custom_status");
    TRY(ctx_write(ctx, &tx));
    TRY(recent(ctx, tx, user_id, status, NULL, &list, &found));
    if (!found)
        return fail(ctx, ERR_API_CUSTOM_STATUS_RECENT_CUSTOM_STATUSES_DELETE);
    TRY(save_recent(ctx, tx, user_id, list));
    return ctx_commit(ctx);
}
