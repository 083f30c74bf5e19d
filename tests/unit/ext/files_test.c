/* The file store with a recorder between it and the kernel: what is synced when, and what remains when a step fails. */
#include "../unit.h"
#include "base/id.h"
#include "ext/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- the recorder: these stand in for the C library's ---- */
static char record[8192];
static int fail_at, step; /* the fail_at-th step fails; 0: none */
static int fail_error;

static bool is_failing(const char *name, const char *path)
{
    size_t len = strlen(record);
    const char *last = strrchr(path, '/');
    (void)snprintf(record + len, sizeof record - len, "%s %s\n", name, last ? last + 1 : path);
    if (++step != fail_at)
        return false;
    errno = fail_error;
    return true;
}

static bool is_temporary(const char *path)
{
    return strncmp(path, "tmp/", 4) == 0;
}

int fsync(int fd)
{
    char link[64], path[512] = "";
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    const char *name = strrchr(path, '/');
    bool is_half = name && strlen(name) == 1 + 24 && strspn(name + 1, "0123456789abcdef") == 24;
    return is_failing("sync", is_half ? "half-written" : path) ? -1 : (int)syscall(SYS_fsync, fd);
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    return is_failing(is_temporary(from) ? "name" : "rename", to)
               ? -1
               : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, 0);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    return is_failing("link", to) ? -1 : (int)syscall(SYS_linkat, from_fd, from, to_fd, to, flags);
}

static void record_from_here(int failing_step, int error)
{
    record[0] = '\0';
    step = 0;
    fail_at = failing_step;
    fail_error = error;
}

/* ---- the store ---- */
typedef struct World {
    Arena *arena;
    char dir[64];
    FileStore *store;
} World;

static int open_world(void **state)
{
    World *world = calloc(1, sizeof *world);
    world->arena = arena_create();
    (void)snprintf(world->dir, sizeof world->dir, "/tmp/anser-files-XXXXXX");
    *state = world;
    record_from_here(0, 0);
    return mkdtemp(world->dir) && file_store_open_local(world->dir, &world->store) == OK ? 0 : -1;
}

static int close_world(void **state)
{
    World *world = *state;
    char command[128];
    file_store_free(world->store);
    arena_free(world->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", world->dir);
    int status = system(command);
    free(world);
    return status;
}

static Str key_of(World *world, const char *kind)
{
    return file_key(world->arena, kind, id_make(world->arena, 1700000000000), 1700000000000);
}

static Str content_of(World *world, Str key)
{
    Str bytes;
    assert_int_equal(file_store_map(world->store, key, world->arena, &bytes), OK);
    return bytes;
}

/* Files below the folder, all of them. */
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

static const char *write_file(World *world, const char *name, const char *text)
{
    Str path = str_printf(world->arena, "%s/%s", world->dir, name);
    FILE *file = fopen(path.ptr, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path.ptr;
}

/* ---- order ---- */
static void bytes_are_synced_before_they_have_a_name_and_the_folder_after(void **state)
{
    World *world = *state;
    Str key = str_of("attachments/2023-11-14/one");
    assert_int_equal(
        file_store_put_bytes(world->store, str_of("attachments/2023-11-14/zero"), STR("0")), OK);
    record_from_here(0, 0);
    assert_int_equal(file_store_put_bytes(world->store, key, STR("content")), OK);
    assert_string_equal(record, "sync half-written\nname one\nsync 2023-11-14\n");
    assert_str(content_of(world, key), "content");
}

static void new_folder_is_synced_into_the_one_above(void **state)
{
    World *world = *state;
    assert_int_equal(file_store_put_bytes(world->store, str_of("emoji/2023-11-14/one"), STR("x")),
                     OK);
    const char *root = strrchr(world->dir, '/') + 1;
    Str expected = str_printf(
        world->arena, "sync %s\nsync emoji\nsync half-written\nname one\nsync 2023-11-14\n", root);
    assert_string_equal(strstr(record, "sync emoji") - strlen(root) - 6, expected.ptr);
}

static void file_that_is_taken_over_is_synced_before_it_has_its_name(void **state)
{
    World *world = *state;
    const char *path = write_file(world, "spooled", "a long body");
    Str key = str_of("attachments/2023-11-14/one");
    assert_int_equal(
        file_store_put_bytes(world->store, str_of("attachments/2023-11-14/zero"), STR("0")), OK);
    record_from_here(0, 0);
    FileSource source = {.path = path};
    assert_int_equal(file_store_put(world->store, &(FilePut){key, &source, 1}, 1), OK);
    assert_string_equal(record, "sync spooled\nlink one\nsync 2023-11-14\n");
    assert_str(content_of(world, key), "a long body");
    assert_int_equal(access(path, R_OK), 0); /* a handler that must run again finds it */
    assert_int_equal(file_store_put(world->store, &(FilePut){key, &source, 1}, 1), OK);
}

static void file_that_cannot_be_linked_is_copied(void **state)
{
    World *world = *state;
    Str key = key_of(world, "attachments");
    FileSource source = {.path = write_file(world, "spooled", "far away")};
    assert_int_equal(file_store_put_bytes(world->store, key, STR("0")), OK);
    record_from_here(2, EXDEV);
    assert_int_equal(file_store_put(world->store, &(FilePut){key, &source, 1}, 1), OK);
    assert_str(content_of(world, key), "far away");
}

static void whatever_step_fails_nothing_is_left_and_the_error_is_told(void **state)
{
    World *world = *state;
    Str first = key_of(world, "attachments"), second = key_of(world, "attachments");
    FileSource sources[] = {{.bytes = STR("one")}, {.bytes = STR("two")}};
    FilePut puts[] = {{first, &sources[0], 1}, {second, sources, 2}};
    assert_int_equal(file_store_put(world->store, puts, 2), OK); /* the folders are there */
    file_store_remove(world->store, first);
    file_store_remove(world->store, second);
    for (int n = 1;; n++) {
        record_from_here(n, n % 2 ? EIO : ENOSPC);
        Err err = file_store_put(world->store, puts, 2);
        if (err == OK) {
            assert_true(n > 5); /* two syncs, two names, a folder */
            break;
        }
        assert_int_equal(err, n % 2 ? ERR_IO : ERR_NO_SPACE);
        assert_int_equal(count_files(world->dir), 0);
    }
    assert_int_equal(count_files(world->dir), 2);
    assert_str(content_of(world, second), "onetwo");
}

/* ---- contents ---- */
static void parts_become_one_content(void **state)
{
    World *world = *state;
    Str a = key_of(world, "upload-parts"), whole = key_of(world, "attachments");
    assert_int_equal(file_store_put_bytes(world->store, a, STR("first ")), OK);
    FileSource sources[] = {
        {.key = a}, {.path = write_file(world, "body", "second ")}, {.bytes = STR("third")}};
    assert_int_equal(file_store_put(world->store, &(FilePut){whole, sources, 3}, 1), OK);
    assert_str(content_of(world, whole), "first second third");
    assert_str(content_of(world, a), "first ");
}

static void empty_content_is_a_content(void **state)
{
    World *world = *state;
    int fd;
    int64_t size = -1;
    Str key = key_of(world, "attachments");
    assert_int_equal(file_store_put_bytes(world->store, key, STR_EMPTY), OK);
    assert_str(content_of(world, key), "");
    assert_int_equal(file_store_open(world->store, key, &fd, &size), OK);
    assert_int_equal(size, 0);
    (void)close(fd);
}

static void what_is_not_there_is_absent(void **state)
{
    World *world = *state;
    int fd;
    int64_t size;
    Str key = key_of(world, "attachments");
    assert_int_equal(file_store_open(world->store, key, &fd, &size), ERR_ABSENT);
    assert_int_equal(file_store_put_bytes(world->store, key, STR("x")), OK);
    file_store_remove(world->store, key);
    file_store_remove(world->store, key);
    file_store_remove(world->store, STR_EMPTY);
    assert_int_equal(file_store_open(world->store, key, &fd, &size), ERR_ABSENT);
}

static void key_that_leads_elsewhere_opens_nothing(void **state)
{
    World *world = *state;
    int fd;
    int64_t size;
    static const char *const keys[] = {
        "/etc/passwd", "../etc/passwd", "a/../../etc/passwd", "a b", "tmp", "书", ""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(file_store_open(world->store, str_of(keys[i]), &fd, &size), ERR_ABSENT);
    assert_int_equal(symlink("/etc/passwd", str_printf(world->arena, "%s/link", world->dir).ptr),
                     0);
    assert_true(file_store_open(world->store, STR("link"), &fd, &size) != OK);
}

static void old_half_written_files_go_at_the_next_start(void **state)
{
    World *world = *state;
    Str old = str_printf(world->arena, "%s/tmp/%s", world->dir, "aaaaaaaaaaaaaaaaaaaaaaaa");
    Str fresh = str_printf(world->arena, "%s/tmp/%s", world->dir, "bbbbbbbbbbbbbbbbbbbbbbbb");
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    (void)write_file(world, "tmp/aaaaaaaaaaaaaaaaaaaaaaaa", "half");
    (void)write_file(world, "tmp/bbbbbbbbbbbbbbbbbbbbbbbb", "another node's");
    assert_int_equal(utimensat(AT_FDCWD, old.ptr, times, 0), 0);
    file_store_free(world->store);
    assert_int_equal(file_store_open_local(world->dir, &world->store), OK);
    assert_int_equal(access(old.ptr, F_OK), -1);
    assert_int_equal(access(fresh.ptr, F_OK), 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(bytes_are_synced_before_they_have_a_name_and_the_folder_after),
        WITH_WORLD(new_folder_is_synced_into_the_one_above),
        WITH_WORLD(file_that_is_taken_over_is_synced_before_it_has_its_name),
        WITH_WORLD(file_that_cannot_be_linked_is_copied),
        WITH_WORLD(whatever_step_fails_nothing_is_left_and_the_error_is_told),
        WITH_WORLD(parts_become_one_content),
        WITH_WORLD(empty_content_is_a_content),
        WITH_WORLD(what_is_not_there_is_absent),
        WITH_WORLD(key_that_leads_elsewhere_opens_nothing),
        WITH_WORLD(old_half_written_files_go_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
