#include "ops/bootstrap.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/keywords.h"
#include "domain/roles.h"
#include "domain/sessions.h"
#include "domain/statuses.h"
#include "ext/files.h"
#include "store/schema.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

/* ANSER_NAME, else MM_NAME. */
static const char *environment_value(Arena *arena, const char *name)
{
    const char *value = getenv(str_printf(arena, "ANSER_%s", name).ptr);
    return value ? value : getenv(str_printf(arena, "MM_%s", name).ptr);
}

static bool complain(const char *what, const char *path)
{
    fprintf(stderr, "anser: %s: %s: %s\n", path, what, strerror(errno));
    return false;
}

static bool read_file(Arena *arena, const char *path, Str *ret_text)
{
    enum { CONFIG_LIMIT_BYTES = 1024 * 1024 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char *text = arena_alloc(arena, CONFIG_LIMIT_BYTES);
    ssize_t len = read(fd, text, CONFIG_LIMIT_BYTES);
    (void)close(fd); /* only read from */
    if (len < 0)
        return false;
    *ret_text = str_make(text, (size_t)len);
    return true;
}

static bool load_config(Boot *boot, const char *path, bool is_required, json_t **ret_config)
{
    Str text;
    *ret_config = NULL;
    if (!read_file(boot->arena, path, &text))
        return !is_required && errno == ENOENT ? true
                                               : complain("cannot read the configuration", path);
    if (json_parse(boot->arena, text, ret_config) != OK || !json_is_object(*ret_config)) {
        fprintf(stderr, "anser: %s: not a JSON object\n", path);
        return false;
    }
    return true;
}

/* A bootstrap key by the precedence of the header; NULL when nobody says. */
static const char *bootstrap_key(Boot *boot, const json_t *config, const char *section,
                                 const char *key, const char *env)
{
    const char *value = environment_value(boot->arena, env);
    if (value)
        return value;
    Str text = json_text(json_find(json_find(config, section), key));
    return text.len ? str_to_c(boot->arena, text) : NULL;
}

static bool take_lock(Boot *boot)
{
    Str path = str_printf(boot->arena, "%s/anser.lock", boot->data_dir);
    boot->lock_fd = open(path.ptr, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (boot->lock_fd < 0)
        return complain("cannot open the lock", path.ptr);
    if (flock(boot->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    fprintf(stderr, "anser: %s is in use by another process\n", boot->data_dir);
    return false;
}

static bool make_dirs(Boot *boot)
{
    if (mkdir(boot->data_dir, 0700) != 0 && errno != EEXIST)
        return complain("cannot make the data directory", boot->data_dir);
    static const char *const parts[] = {"files", "spool"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        Str path = str_printf(boot->arena, "%s/%s", boot->data_dir, parts[i]);
        if (mkdir(path.ptr, 0700) != 0 && errno != EEXIST)
            return complain("cannot make the directory", path.ptr);
    }
    return true;
}

static void fill_facts(App *app)
{
    app->facts = (ClientFacts){
        .version = STR("11.6.0"),
        .build_number = STR("anser-" ANSER_VERSION),
        .build_hash = STR(ANSER_VERSION),
        .build_date = STR(""),
        .build_time_s = clock_now_ms() / 1000,
    };
    app->password_cost =
        (PasswordCost){.memory_kib = 19 * 1024, .passes = 2, .lanes = 1}; /* OWASP's first choice */
}

static bool open_database(Boot *boot, int connections)
{
    DbOptions options = {.connections = connections};
    Err err = db_open(boot->data_source, &options, &boot->app.db);
    if (err == OK)
        err = schema_migrate(boot->app.db);
    if (err == OK)
        err = app_prepare(&boot->app);
    if (err != OK)
        fprintf(stderr, "anser: the database cannot be used (%s); the log says more\n",
                err_name(err));
    return err == OK;
}

static bool open_files(Boot *boot)
{
    Str dir = str_printf(boot->arena, "%s/files", boot->data_dir);
    Err err = file_store_open_local(dir.ptr, &boot->app.files);
    if (err != OK)
        fprintf(stderr, "anser: %s: cannot keep files there; the log says more\n", dir.ptr);
    return err == OK;
}

/* The helper lies beside the program. */
static Str find_media_helper(Arena *arena)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    while (len > 0 && self[len - 1] != '/')
        len--;
    Str path = str_printf(arena, STR_FMT "anser-media", (int)(len > 0 ? len : 0), self);
    return access(path.ptr, X_OK) == 0 ? path : STR_EMPTY;
}

bool boot_read(const BootOptions *options, Boot *boot)
{
    *boot = (Boot){.arena = arena_create(), .lock_fd = -1};
    settings_place_init(&boot->app.settings, NULL);
    boot->data_dir = options->data_dir ? options->data_dir : "data";
    json_t *config;
    const char *path = options->config_file
                           ? options->config_file
                           : str_printf(boot->arena, "%s/anser.json", boot->data_dir).ptr;
    if (!load_config(boot, path, options->config_file != NULL, &config)) {
        boot_down(boot);
        return false;
    }
    boot->listen = bootstrap_key(boot, config, "ServiceSettings", "ListenAddress",
                                 "SERVICESETTINGS_LISTENADDRESS");
    boot->tls_cert = bootstrap_key(boot, config, "ServiceSettings", "TLSCertFile",
                                   "SERVICESETTINGS_TLSCERTFILE");
    boot->tls_key =
        bootstrap_key(boot, config, "ServiceSettings", "TLSKeyFile", "SERVICESETTINGS_TLSKEYFILE");
    boot->trusted_proxies = bootstrap_key(boot, config, "ServiceSettings", "TrustedProxies",
                                          "SERVICESETTINGS_TRUSTEDPROXIES");
    boot->data_source =
        bootstrap_key(boot, config, "SqlSettings", "DataSource", "SQLSETTINGS_DATASOURCE");
    if (!boot->data_source)
        boot->data_source = str_printf(boot->arena, "sqlite:%s/anser.db", boot->data_dir).ptr;
    return true;
}

bool boot_up(const BootOptions *options, Boot *boot)
{
    if (!boot_read(options, boot))
        return false;
    if (!make_dirs(boot) || (options->takes_lock && !take_lock(boot))) {
        boot_down(boot);
        return false;
    }
    App *app = &boot->app;
    app->environment = environ;
    app->roles = roles_new();
    app->sessions = session_cache_new();
    app->presences = presences_new();
    app->keywords = keywords_new();
    app->data_dir = str_of(boot->data_dir);
    app->media_helper = find_media_helper(boot->arena);
    fill_facts(app);
    if (open_files(boot) && open_database(boot, options->connections))
        return true;
    boot_down(boot);
    return false;
}

void boot_down(Boot *boot)
{
    App *app = &boot->app;
    db_free(app->db);
    roles_free(app->roles);
    session_cache_free(app->sessions);
    presences_free(app->presences);
    keywords_free(app->keywords);
    settings_place_deinit(&app->settings);
    file_store_free(app->files);
    free((char *)app->facts.diagnostic_id.ptr);
    free((char *)app->public_link_salt.ptr);
    if (boot->lock_fd >= 0)
        (void)close(boot->lock_fd); /* gives the lock back */
    arena_free(boot->arena);
    *boot = (Boot){.lock_fd = -1};
}
