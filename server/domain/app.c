#include "domain/app.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "domain/roles.h"

/* "11.6.0.<build>.<config hash>.false": clients compare it to notice changes. */
static void write_version_id(const App *app, Settings *settings)
{
    settings->version_id =
        str_printf(settings->arena, STR_FMT "." STR_FMT "." STR_FMT ".false",
                   STR_ARG(app->facts.version), STR_ARG(app->facts.build_number),
                   STR_ARG(settings_client_config_hash(settings, &app->facts, settings->arena)));
}

Err app_load_settings(App *app, Ctx *ctx)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    json_t *stored = NULL;
    int64_t version = 0;
    CLEANUP(db_rows_end) DbRows rows = {0};
    TRY(db_query(tx, &rows, "SELECT value, version FROM settings WHERE name = 'config'"));
    if (db_next(&rows)) {
        version = db_int(&rows, 1);
        TRY(json_parse(ctx->arena, str_copy(ctx->arena, db_text(&rows, 0)), &stored));
    }
    TRY(db_rows_error(&rows));
    Settings *fresh;
    Str bad = STR_EMPTY;
    Err err = settings_make(stored, version, app->environment, &fresh, ctx->arena, &bad);
    if (err != OK) {
        log_error("a setting has a value of the wrong type", "key=" STR_FMT, STR_ARG(bad));
        return err;
    }
    write_version_id(app, fresh);
    if (app->hub)
        hub_set_version(app->hub, fresh->version_id);
    settings_replace(&app->settings, fresh);
    return OK;
}

/* A value every installation makes once, kept in `settings`. */
static Err named_secret(Ctx *ctx, DbTx *tx, const char *name, Str *ret_value)
{
    Err err = db_get_text(tx, ctx->arena, ret_value, "SELECT value FROM settings WHERE name = ?",
                          str_of(name));
    if (err != ERR_ABSENT)
        return err;
    *ret_value = secret_make(ctx->arena);
    return db_exec(tx, "INSERT INTO settings (name, value, version, update_at) VALUES (?, ?, 1, ?)",
                   str_of(name), *ret_value, ctx->now);
}

/* For as long as the process. */
static Str keep(Str text)
{
    return (Str){strndup(text.ptr, text.len), text.len};
}

Err app_prepare(App *app)
{
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, app, arena);
    DbTx *tx;
    Str diagnostic_id = STR_EMPTY, public_link_salt = STR_EMPTY;
    int64_t role_count = 0;
    Err err = ctx_write(&ctx, &tx);
    if (err == OK)
        err = named_secret(&ctx, tx, "diagnostic_id", &diagnostic_id);
    if (err == OK)
        err = named_secret(&ctx, tx, "public_link_salt", &public_link_salt);
    if (err == OK)
        err = db_get_int(tx, &role_count, "SELECT count(*) FROM roles");
    if (err == OK && role_count == 0)
        err = roles_install(&ctx, tx);
    if (err == OK)
        err = ctx_commit(&ctx);
    if (err == OK)
        err = roles_load(app, &ctx);
    if (err == OK) {
        app->facts.diagnostic_id = keep(diagnostic_id);
        app->public_link_salt = keep(public_link_salt);
    }
    if (err == OK)
        err = app_load_settings(app, &ctx);
    ctx_deinit(&ctx);
    arena_free(arena);
    return err;
}

void ctx_init(Ctx *ctx, App *app, Arena *arena)
{
    *ctx = (Ctx){
        .app = app,
        .arena = arena,
        .db = app->db,
        .hub = app->hub,
        .now = clock_now_ms(),
        .settings = settings_current(&app->settings),
        .locale = STR("en"),
    };
}

void ctx_deinit(Ctx *ctx)
{
    ctx_end(ctx);
    settings_unref((Settings *)ctx->settings);
    ctx->settings = NULL;
}
