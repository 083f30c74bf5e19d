/* Uploads between the file store and the database: content is durable before the row that tells of it, whatever fails. */
#include "../unit.h"
#undef fail /* cmocka's; ours is of domain/ctx.h */
#include "base/clock.h"
#include "base/id.h"
#include "domain/app.h"
#include "domain/files.h"
#include "domain/roles.h"
#include "domain/sessions.h"
#include "ext/files.h"
#include "store/schema.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- a recorder of what is synced: these stand in for the C library's, SQLite's too ---- */
static char record[16384];
static const char *failing; /* syncing a file whose path has this in it fails */

static int sync_and_record(int fd, long number)
{
    char link[64], path[512] = "";
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    size_t len = strlen(record);
    (void)snprintf(record + len, sizeof record - len, "%s\n", path);
    if (failing && strstr(path, failing)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(number, fd);
}

int fsync(int fd)
{
    return sync_and_record(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_and_record(fd, SYS_fdatasync);
}

/* ---- a server without its wires: one person in one channel ---- */
typedef struct World {
    App app;
    Arena *arena;
    Ctx ctx;
    char dir[64];
    User user;
    Session session;
    Str channel_id;
} World;

static void begin(World *world)
{
    ctx_init(&world->ctx, &world->app, world->arena);
    world->ctx.session = &world->session;
    world->ctx.user = &world->user;
    world->ctx.user_id = world->user.id;
    permissions_add(&world->ctx.rights, PERM_UPLOAD_FILE);
}

static void end(World *world)
{
    ctx_deinit(&world->ctx);
}

static int open_world(void **state)
{
    World *world = calloc(1, sizeof *world);
    *state = world;
    world->arena = arena_create();
    record[0] = '\0';
    failing = NULL;
    (void)snprintf(world->dir, sizeof world->dir, "/tmp/anser-uploads-XXXXXX");
    assert_non_null(mkdtemp(world->dir));
    App *app = &world->app;
    Db *inner;
    app->roles = roles_new();
    app->sessions = session_cache_new();
    app->environment = (char *const[]){NULL};
    assert_int_equal(db_open(str_printf(world->arena, "sqlite:%s/anser.db", world->dir).ptr,
                             &(DbOptions){0}, &inner),
                     OK);
    assert_int_equal(schema_migrate(inner), OK);
    app->db = db_faulty_new(inner);
    assert_int_equal(app_prepare(app), OK);
    assert_int_equal(
        file_store_open_local(str_printf(world->arena, "%s/files", world->dir).ptr, &app->files),
        OK);
    world->user = (User){.id = id_make(world->arena, 1), .username = STR("romeo")};
    world->session = (Session){.id = id_make(world->arena, 1), .user_id = world->user.id};
    Channel channel = {.id = id_make(world->arena, 1), .type = STR("O"), .name = STR("verona")};
    world->channel_id = channel.id;
    begin(world);
    DbTx *tx;
    assert_int_equal(ctx_write(&world->ctx, &tx), OK);
    assert_int_equal(channel_insert_row(tx, &channel), OK);
    assert_int_equal(ctx_commit(&world->ctx), OK);
    end(world);
    return 0;
}

static int close_world(void **state)
{
    World *world = *state;
    App *app = &world->app;
    db_free(app->db);
    file_store_free(app->files);
    roles_free(app->roles);
    session_cache_free(app->sessions);
    settings_place_deinit(&app->settings);
    free((char *)app->facts.diagnostic_id.ptr);
    free((char *)app->public_link_salt.ptr);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", world->dir);
    int status = system(command);
    arena_free(world->arena);
    free(world);
    return status;
}

/* Two files, one of them from a spooled body. */
static Err upload(World *world)
{
    FileInfo *infos;
    Str path = str_printf(world->arena, "%s/spooled", world->dir);
    FILE *spooled = fopen(path.ptr, "w");
    assert_non_null(spooled);
    assert_true(fputs("second", spooled) >= 0);
    assert_int_equal(fclose(spooled), 0);
    FileDraft drafts[] = {{STR("a.txt"), STR("first"), NULL},
                          {STR("b.txt"), STR("second"), path.ptr}};
    begin(world);
    Err err = files_upload(&world->ctx, world->channel_id, drafts, 2, &infos);
    end(world);
    return err;
}

static int count_files(const char *dir)
{
    int count = 0;
    DIR *folder = opendir(dir);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char path[1024];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        count += entry->d_type == DT_DIR ? count_files(path) : 1;
    }
    if (folder)
        (void)closedir(folder);
    return count;
}

static int contents(const World *world)
{
    char dir[128];
    (void)snprintf(dir, sizeof dir, "%s/files", world->dir);
    return count_files(dir);
}

/* The rows; each must have its content. */
static int rows_with_content(World *world)
{
    FileInfo *infos;
    size_t count;
    DbTx *tx;
    begin(world);
    assert_int_equal(ctx_read(&world->ctx, &tx), OK);
    assert_int_equal(entity_list(tx, &file_info_entity, world->arena, &infos, &count,
                                 ENTITY_SQL(&file_info_entity, "SELECT $ FROM file_infos")),
                     OK);
    for (size_t i = 0; i < count; i++) {
        int fd;
        int64_t size;
        assert_int_equal(file_store_open(world->app.files, infos[i].path, &fd, &size), OK);
        assert_int_equal(size, infos[i].size);
        (void)close(fd);
    }
    end(world);
    return (int)count;
}

static void clear(World *world)
{
    DbTx *tx;
    begin(world);
    assert_int_equal(ctx_write(&world->ctx, &tx), OK);
    assert_int_equal(db_exec(tx, "DELETE FROM file_infos"), OK);
    assert_int_equal(ctx_commit(&world->ctx), OK);
    end(world);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s/files/attachments/*/*", world->dir);
    assert_int_equal(system(command), 0);
}

/* ---- tests ---- */
static void content_and_its_folder_are_synced_before_the_row(void **state)
{
    World *world = *state;
    record[0] = '\0';
    assert_int_equal(upload(world), OK);
    assert_int_equal(rows_with_content(world), 2);
    const char *bytes = strstr(record, "/files/tmp/"), *spooled = strstr(record, "/spooled\n");
    const char *folder = strstr(record, "/files/attachments/2"),
               *row = strstr(record, "anser.db-wal\n");
    assert_non_null(bytes);
    assert_non_null(spooled);
    assert_non_null(folder);
    assert_non_null(row);
    assert_true(bytes < row && spooled < row && folder < row);
    assert_true(strstr(spooled, "/files/attachments/2") <
                row); /* the folder once more, after the second file */
}

static void content_that_cannot_be_made_durable_has_no_row(void **state)
{
    World *world = *state;
    assert_int_equal(upload(world), OK); /* the folders are there */
    clear(world);
    static const char *const steps[] = {"/files/tmp/", "/spooled", "/files/attachments/"};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        failing = steps[i];
        assert_int_equal(upload(world), ERR_IO);
        failing = NULL;
        assert_int_equal(rows_with_content(world), 0);
        assert_int_equal(contents(world), 0);
    }
}

static void row_that_is_surely_lost_leaves_no_content(void **state)
{
    World *world = *state;
    for (int n = 1;; n++) {
        db_faulty_arm(world->app.db, n, ERR_RETRY, false);
        Err err = upload(world);
        db_faulty_arm(world->app.db, 0, OK, false);
        if (err == OK) {
            assert_true(n > 3);
            return;
        }
        assert_int_equal(err, ERR_RETRY);
        assert_int_equal(rows_with_content(world), 0);
        assert_int_equal(contents(world), 0);
    }
}

static void whatever_the_database_says_no_row_is_without_content(void **state)
{
    World *world = *state;
    for (int n = 1; n < 100; n++) {
        bool after = n % 2; /* the commit holds, though it says otherwise */
        db_faulty_arm(world->app.db, (n + 1) / 2, ERR_UNAVAILABLE, after);
        Err err = upload(world);
        db_faulty_arm(world->app.db, 0, OK, false);
        int rows = rows_with_content(world);
        assert_true(err != OK || rows == 2);
        clear(world);
    }
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(content_and_its_folder_are_synced_before_the_row),
        WITH_WORLD(content_that_cannot_be_made_durable_has_no_row),
        WITH_WORLD(row_that_is_surely_lost_leaves_no_content),
        WITH_WORLD(whatever_the_database_says_no_row_is_without_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
