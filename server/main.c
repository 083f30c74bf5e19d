/* main.c: the wiring, read it first: config → db → hub → routes → event loops; and down again in the other order. */
#include "api/dispatch.h"
#include "base/log.h"
#include "domain/statuses.h"
#include "ops/commands.h"
#include "ops/jobs.h"
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DRAIN_MS = 10 * 1000 };

static int core_count(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (int)n : 1;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* The web app lies beside the program: ../web in a build folder, ../share/anser/web when installed. */
static const char *find_web(Arena *arena, const char *given)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self);
    if (given || len <= 0)
        return given;
    Str dir = str_make(self, (size_t)len);
    while (dir.len && dir.ptr[dir.len - 1] != '/')
        dir.len--;
    static const char *const places[] = {"../web", "../share/anser/web"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Str path = str_printf(arena, STR_FMT "%s", STR_ARG(dir), places[i]);
        if (access(path.ptr, R_OK) == 0)
            return path.ptr;
    }
    return NULL;
}

/* Waits for a signal to stop; SIGHUP reads the certificates again. */
static void wait_for_end(Net *net, const sigset_t *signals)
{
    for (;;) {
        int signal = 0;
        if (sigwait(signals, &signal) != 0)
            continue;
        if (signal != SIGHUP)
            return;
        Err err = net_reload_tls(net);
        if (err != OK)
            log_error("the certificates could not be read; the old ones stay", "err=%s",
                      err_name(err));
        else
            log_info("certificates read again");
    }
}

static bool load_statuses(App *app)
{
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, app, arena);
    Err err = statuses_load(&ctx);
    ctx_deinit(&ctx);
    arena_free(arena);
    if (err != OK)
        fprintf(stderr, "anser: the statuses cannot be read (%s)\n", err_name(err));
    return err == OK;
}

/* Each connection takes a descriptor; shells and systemd give 1,024 unless asked for what they allow. */
static void raise_file_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* else it stays as it is: `anser check` tells */
    }
}

/* Large blocks go back to the kernel when they are freed. By itself glibc learns from the 19 MiB of the first password hash
 * to keep blocks of that size, and would hold them for good. Few arenas: what a thread frees, others use. */
static void set_up_memory(int cores)
{
    enum { LARGE_BYTES = 512 * 1024 };
    (void)mallopt(M_MMAP_THRESHOLD,
                  LARGE_BYTES); /* 0 says that it has no effect: not wrong, only larger */
    (void)mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
    (void)mallopt(M_ARENA_MAX, clamp(cores, 2, 8));
}

static int serve(CommandLine *line)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals,
                    NULL); /* before any thread starts, so that all inherit it */
    raise_file_limit();
    int cores = core_count();
    set_up_memory(cores);
    int workers = clamp(2 * cores, 4, 16);
    Boot boot;
    line->boot.takes_lock = true;
    line->boot.connections = workers + 6;
    if (!boot_up(&line->boot, &boot))
        return 1;
    if (!load_statuses(&boot.app)) {
        boot_down(&boot);
        return 1;
    }

    const char *web_dir = find_web(boot.arena, line->web_dir);
    StaticFiles *web = NULL;
    if (web_dir && static_files_load(web_dir, &web) != OK)
        log_warn("the web app could not be loaded", "dir=%s", web_dir);
    PoolOptions lanes = {
        .threads = {[LANE_MAIN] = workers, [LANE_SLOW] = 2, [LANE_HASH] = clamp(cores / 2, 1, 4)}};
    Pool *pool = pool_new(&lanes);
    Api *api = api_new(&(ApiOptions){.app = &boot.app, .pool = pool, .web = web});
    NetHandlers handlers = api_handlers(api);
    NetOptions options = {
        .listen = line->listen  ? line->listen
                  : boot.listen ? boot.listen
                                : ":8065",
        .loops = (size_t)cores,
        .tls_cert = boot.tls_cert,
        .tls_key = boot.tls_key,
        .trusted_proxies = boot.trusted_proxies,
        .spool_dir = str_printf(boot.arena, "%s/spool", boot.data_dir).ptr,
    };
    Net *net = NULL;
    int status = 1;
    if (net_new(&options, &handlers, &net) == OK) {
        HubSockets sockets = api_hub_sockets(api);
        char host_name[256] = "";
        (void)gethostname(host_name, sizeof host_name - 1); /* empty is fine */
        boot.app.hub = hub_new(net_loop_count(net), &sockets, boot.app.settings.current->version_id,
                               str_of(host_name));
        api_attach_net(api, net);
        Jobs *jobs = jobs_new(&boot.app);
        net_run(net);
        log_info("listening", "port=%d data=%s database=%s", net_port(net), boot.data_dir,
                 db_name(boot.app.db));
        wait_for_end(net, &signals);
        log_info("stopping");
        net_stop(net, DRAIN_MS);
        pool_stop(pool); /* its requests may still wake the jobs */
        jobs_free(jobs);
        status = 0;
    } else {
        fprintf(stderr, "anser: cannot listen on %s\n", options.listen);
    }
    pool_stop(pool);
    net_free(net); /* replies and upgrades that came late still ask the hub */
    hub_free(boot.app.hub);
    api_free(api);
    pool_free(pool);
    static_files_free(web);
    boot_down(&boot);
    return status;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    CommandLine line;
    if (!command_line_read(argc - 2 > 0 ? argc - 2 : 0, argv + 2, &line))
        return 2;
    return str_eq(str_of(name), STR("serve")) ? serve(&line) : command_run(name, &line);
}
