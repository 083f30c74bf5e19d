#include "domain/sessions.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/map.h"
#include "base/vec.h"
#include "domain/access.h"
#include "domain/access_tokens.h"
#include "domain/keywords.h"
#include "domain/roles.h"
#include "store/user_store.h"
#include <stdlib.h>

enum {
    ENTRY_LIVES_MS = 30 * 1000,
    ENTRY_LIMIT = 20000,
    TOKEN_MAX = 50,
    SESSION_LIMIT = 500,
    TOUCH_MS = 5 * 60 * 1000
};

typedef struct Entry {
    Arena *arena;
    Session session;
    User user;
    int64_t read_at_ms; /* monotonic */
} Entry;

/* Guarded by its lock. Readers copy what they need while holding it: a few hundred bytes. */
struct SessionCache {
    Lock lock;
    Map by_token;        /* token hash → Entry */
    uint64_t generation; /* moves with every invalidation */
};

SessionCache *session_cache_new(void)
{
    SessionCache *cache = calloc(1, sizeof *cache);
    ENSURE(cache != NULL);
    lock_init(&cache->lock, LOCK_CACHE);
    return cache;
}

static void entry_free(Entry *entry)
{
    if (entry)
        arena_free(entry->arena);
}

void session_cache_free(SessionCache *cache)
{
    if (!cache)
        return;
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&cache->by_token, &i));)
        entry_free(slot->value);
    map_deinit(&cache->by_token);
    lock_deinit(&cache->lock);
    free(cache);
}

/* Copies every text of an entity into `arena`. */
static void copy_texts(const Entity *e, void *obj, Arena *arena)
{
    for (size_t i = 0; i < e->count; i++) {
        FieldKind kind = e->fields[i].kind;
        if (kind == KIND_ID || kind == KIND_TEXT || kind == KIND_OBJECT || kind == KIND_ARRAY) {
            Str *text = (Str *)((char *)obj + e->fields[i].offset);
            *text = str_copy(arena, *text);
        }
    }
}

static bool cache_get(SessionCache *cache, Str hash, Arena *arena, Session *ret_session,
                      User *ret_user, uint64_t *ret_generation)
{
    lock_take(&cache->lock);
    Entry *entry = map_find(&cache->by_token, hash);
    bool found = entry && clock_monotonic_ms() - entry->read_at_ms < ENTRY_LIVES_MS;
    if (found) {
        *ret_session = entry->session;
        *ret_user = entry->user;
        copy_texts(&session_entity, ret_session, arena);
        copy_texts(&user_entity, ret_user, arena);
    }
    *ret_generation = cache->generation;
    lock_release(&cache->lock);
    return found;
}

/* `generation` is what it was before the rows were read: a change meanwhile makes this fill void. */
static void cache_put(SessionCache *cache, Str hash, const Session *session, const User *user,
                      uint64_t generation)
{
    Arena *arena = arena_create_small();
    Entry *entry = arena_new(arena, Entry, 1);
    *entry = (Entry){arena, *session, *user, clock_monotonic_ms()};
    copy_texts(&session_entity, &entry->session, arena);
    copy_texts(&user_entity, &entry->user, arena);
    lock_take(&cache->lock);
    if (cache->generation == generation) {
        if (cache->by_token.count >= ENTRY_LIMIT) {
            MapSlot *slot;
            for (size_t i = 0; (slot = map_next(&cache->by_token, &i));)
                entry_free(slot->value);
            map_deinit(&cache->by_token);
        }
        entry_free(map_set(&cache->by_token, hash, entry));
        entry = NULL;
    }
    lock_release(&cache->lock);
    entry_free(entry);
}

typedef struct Forget {
    SessionCache *cache;
    KeywordCache *keywords;
    Str user_id;
} Forget;

static void forget_now(void *arg)
{
    Forget *forget = arg;
    SessionCache *cache = forget->cache;
    keywords_forget(forget->keywords, forget->user_id);
    lock_take(&cache->lock);
    cache->generation++;
    MapSlot *slot;
    for (size_t i = 0; (slot = map_next(&cache->by_token, &i));) {
        Entry *entry = slot->value;
        if (str_eq(entry->user.id, forget->user_id))
            entry->read_at_ms = INT64_MIN / 2; /* read again at the next use */
    }
    lock_release(&cache->lock);
}

uint64_t session_generation(const App *app)
{
    lock_take(&app->sessions->lock);
    uint64_t generation = app->sessions->generation;
    lock_release(&app->sessions->lock);
    return generation;
}

void session_forget_on_commit(Ctx *ctx, DbTx *tx, Str user_id)
{
    Forget *forget = arena_new(db_arena(tx), Forget, 1);
    *forget = (Forget){ctx->app->sessions, ctx->app->keywords, str_copy(db_arena(tx), user_id)};
    db_on_commit(tx, forget_now, forget);
}

/* Its time is over, or it was left alone for too long. */
static bool has_ended(const Ctx *ctx, const Session *session)
{
    if (session->expires_at == 0)
        return false;
    int64_t idle_ms = ctx->settings->ServiceSettings_SessionIdleTimeoutInMinutes * 60 * 1000;
    bool is_idle = idle_ms > 0 && !ctx->settings->ServiceSettings_ExtendSessionLengthWithActivity &&
                   session->device_id.len == 0 && ctx->now - session->last_activity_at > idle_ms;
    return session->expires_at <= ctx->now || is_idle;
}

static Err sign_in(Ctx *ctx, const Session *session, const User *user)
{
    bool is_token_off = !ctx->settings->ServiceSettings_EnableUserAccessTokens && !user->is_bot &&
                        str_contains(session->props, STR("\"user_access_token_id\""));
    if (has_ended(ctx, session) || user->delete_at != 0 || is_token_off)
        return ERR_ABSENT;
    ctx->session = session;
    ctx->user = user;
    ctx->user_id = user->id;
    ctx->rights = roles_permissions(ctx->app, user->roles);
    if (user->locale.len)
        ctx->locale = user->locale;
    return OK;
}

Err session_authenticate(Ctx *ctx, Str token)
{
    Str hash = sha256_hex(ctx->arena, str_slice(token, 0, TOKEN_MAX));
    Session *session = arena_new(ctx->arena, Session, 1);
    User *user = arena_new(ctx->arena, User, 1);
    uint64_t generation;
    if (!cache_get(ctx->app->sessions, hash, ctx->arena, session, user, &generation)) {
        DbTx *tx;
        TRY(ctx_read(ctx, &tx));
        Err err = store_session_get_by_token(tx, ctx->arena, hash, session);
        if (err == ERR_ABSENT) {
            TRY(access_token_open_session(ctx, hash, session));
            TRY(ctx_read(ctx, &tx));
        } else {
            TRY(err);
        }
        TRY(store_user_get(tx, ctx->arena, session->user_id, user));
        cache_put(ctx->app->sessions, hash, session, user, generation);
    }
    return sign_in(ctx, session, user);
}

Err session_resume(Ctx *ctx, Str user_id, Str session_id)
{
    Session *session = arena_new(ctx->arena, Session, 1);
    User *user = arena_new(ctx->arena, User, 1);
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    TRY(entity_get(
        tx, &session_entity, ctx->arena, session,
        ENTITY_SQL(&session_entity, "SELECT $ FROM sessions WHERE id = ? AND user_id = ?"),
        session_id, user_id));
    TRY(store_user_get(tx, ctx->arena, user_id, user));
    return sign_in(ctx, session, user);
}

static int64_t length_ms(const Ctx *ctx, bool is_mobile)
{
    int64_t hours = is_mobile ? ctx->settings->ServiceSettings_SessionLengthMobileInHours
                              : ctx->settings->ServiceSettings_SessionLengthWebInHours;
    return hours * 3600 * 1000;
}

static Str props_json(Ctx *ctx, const SignIn *how)
{
    Buf out;
    buf_init(&out, 4096);
    json_open(&out);
    json_key(&out, "csrf");
    json_str(&out, secret_make(ctx->arena));
    json_key(&out, "platform");
    json_str(&out, how->platform);
    json_key(&out, "os");
    json_str(&out, how->os);
    json_key(&out, "browser");
    json_str(&out, how->browser);
    json_key(&out, "isMobile");
    json_str(&out, how->is_mobile ? STR("true") : STR("false"));
    json_close(&out);
    Str text = str_copy(ctx->arena, buf_str(&out));
    buf_deinit(&out);
    return text;
}

Err session_create_in(Ctx *ctx, DbTx *tx, const User *user, const SignIn *how, Session *ret_session,
                      Str *ret_token)
{
    Session *all;
    size_t count;
    TRY(store_session_list(tx, ctx->arena, user->id, &all, &count));
    for (size_t i = SESSION_LIMIT - 1; i < count; i++)
        TRY(session_revoke_in(ctx, tx, &all[i]));
    *ret_token = secret_make(ctx->arena);
    *ret_session = (Session){
        .id = ctx_id(ctx),
        .token_hash = sha256_hex(ctx->arena, *ret_token),
        .create_at = ctx->now,
        .expires_at = ctx->now + length_ms(ctx, how->is_mobile),
        .last_activity_at = ctx->now,
        .user_id = user->id,
        .device_id = how->device_id,
        .roles = user->roles,
        .props = props_json(ctx, how),
    };
    return session_insert_row(tx, ret_session);
}

Err session_revoke_in(Ctx *ctx, DbTx *tx, const Session *session)
{
    TRY(store_session_delete(tx, session->id));
    session_forget_on_commit(ctx, tx, session->user_id);
    hub_disconnect_on_commit(tx, ctx->hub, session->user_id, session->id);
    return OK;
}

Err session_revoke_all_in(Ctx *ctx, DbTx *tx, Str user_id)
{
    TRY(db_exec(tx, "DELETE FROM sessions WHERE user_id = ?", user_id));
    session_forget_on_commit(ctx, tx, user_id);
    hub_disconnect_on_commit(tx, ctx->hub, user_id, STR_EMPTY);
    return OK;
}

Err session_revoke_others_in(Ctx *ctx, DbTx *tx, Str user_id, Str kept_id)
{
    Session *all;
    size_t count;
    TRY(store_session_list(tx, ctx->arena, user_id, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (!str_eq(all[i].id, kept_id))
            TRY(session_revoke_in(ctx, tx, &all[i]));
    return OK;
}

Err sessions_revoke_everywhere(Ctx *ctx)
{
    DbTx *tx;
    StrVec users = {0};
    TRY(need(ctx, PERM_MANAGE_SYSTEM));
    TRY(ctx_write(ctx, &tx));
    {
        CLEANUP(db_rows_end) DbRows rows = {0};
        TRY(db_query(tx, &rows, "SELECT DISTINCT user_id FROM sessions"));
        while (db_next(&rows))
            vec_push(ctx->arena, &users, str_copy(ctx->arena, db_text(&rows, 0)));
        TRY(db_rows_error(&rows));
    }
    for (size_t i = 0; i < users.len; i++)
        TRY(session_revoke_all_in(ctx, tx, users.items[i]));
    TRY(ctx_audit(ctx, tx, "sessions.revoke_everywhere", STR_EMPTY));
    return ctx_commit(ctx);
}

Err session_attach_device(Ctx *ctx, Str device_id, const json_t *props)
{
    const Session *own = ctx->session;
    json_t *all, *value;
    const char *key;
    Session *others;
    size_t count;
    DbTx *tx;
    if (json_parse(ctx->arena, own->props, &all) != OK || !json_is_object(all))
        return ERR_INTERNAL;
    json_object_foreach((json_t *)props, key, value) ENSURE(json_object_set(all, key, value) == 0);
    TRY(ctx_write(ctx, &tx));
    TRY(store_session_list(tx, ctx->arena, own->user_id, &others, &count));
    for (size_t i = 0; i < count; i++)
        if (device_id.len && str_eq(others[i].device_id, device_id) &&
            !str_eq(others[i].id, own->id))
            TRY(session_revoke_in(ctx, tx, &others[i]));
    bool becomes_mobile = device_id.len && own->expires_at != 0;
    TRY(db_exec(tx, "UPDATE sessions SET device_id = ?, expires_at = ?, props = ? WHERE id = ?",
                device_id.len ? device_id : own->device_id,
                becomes_mobile ? ctx->now + length_ms(ctx, true) : own->expires_at,
                json_dump(ctx->arena, all), own->id));
    session_forget_on_commit(ctx, tx, own->user_id);
    return ctx_commit(ctx);
}

Err sessions_expire(Ctx *ctx)
{
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx, "DELETE FROM sessions WHERE expires_at > 0 AND expires_at < ?", ctx->now));
    return ctx_commit(ctx);
}

Str session_csrf(Ctx *ctx, const Session *session)
{
    json_t *props;
    if (json_parse(ctx->arena, session->props, &props) != OK)
        return STR_EMPTY;
    return json_text(json_find(props, "csrf"));
}

Err session_touch(Ctx *ctx)
{
    const Session *s = ctx->session;
    if (!s || ctx->now - s->last_activity_at < TOUCH_MS)
        return OK;
    int64_t expires_at = s->expires_at;
    bool is_mobile = s->device_id.len > 0;
    if (expires_at != 0 && ctx->settings->ServiceSettings_ExtendSessionLengthWithActivity)
        expires_at = ctx->now + length_ms(ctx, is_mobile);
    DbTx *tx;
    TRY(ctx_write(ctx, &tx));
    TRY(db_exec(tx, "UPDATE sessions SET last_activity_at = ?, expires_at = ? WHERE id = ?",
                ctx->now, expires_at, s->id));
    session_forget_on_commit(ctx, tx, s->user_id);
    return ctx_commit(ctx);
}
