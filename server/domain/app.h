/* domain/app.h: the things of one running server that all requests share; main.c makes it.
 *
 * Threads  Fields are set at start and do not change, except what has its own lock: settings (settings_current hands out
 *          a reference), roles and sessions (domain/roles.h, domain/sessions.h).
 */
#pragma once
#include "base/lock.h"
#include "domain/ctx.h"

typedef struct RoleCache RoleCache;       /* domain/roles.c */
typedef struct SessionCache SessionCache; /* domain/sessions.c */
typedef struct Presences Presences;       /* domain/statuses.c */
typedef struct KeywordCache KeywordCache; /* domain/keywords.c */
typedef struct FileStore FileStore;       /* ext/files.h */
typedef struct PasswordCost {
    uint32_t memory_kib, passes, lanes;
} PasswordCost;

struct App {
    Db *db;
    Hub *hub;                 /* NULL in the command line */
    SettingsPlace settings;   /* take a snapshot with settings_current */
    RoleCache *roles;
    SessionCache *sessions;
    Presences *presences;
    KeywordCache *keywords;
    FileStore *files;
    PasswordCost password_cost;
    ClientFacts facts;        /* texts live as long as the app */
    Str data_dir, media_helper; /* path of anser-media; empty: there is none */
    Str public_link_salt;     /* made once for this installation */
    char *const *environment;
    _Atomic bool is_ending;   /* set once, at the end: who waits for other machines gives up */
    /* Runs soon: something was put into the jobs table. Any thread. */
    void (*wake_jobs)(void *arg);
    void *wake_jobs_arg;
};

/* Reads the stored document and makes it current; tells hub and clients when the client config changed. */
Err app_load_settings(App *app, Ctx *ctx);

/* Fills an empty database with what every installation has (roles, diagnostic id) and loads the caches. */
Err app_prepare(App *app);

/* A Ctx for work without a request: the command line, jobs. Its arena is the caller's; ctx_deinit ends it. */
void ctx_init(Ctx *ctx, App *app, Arena *arena);
void ctx_deinit(Ctx *ctx);
