/* tests/fuzz/replay.c: runs a fuzz target once over the files of a folder, so that the corpus is a
 * plain test too. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 1;
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data =
        malloc(size > 0 ? (size_t)size
                        : 1); /* exactly as long, so that a sanitizer sees one byte more read */
    size_t got = fread(data, 1, (size_t)size, file);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, got);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        (void)fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    int failed = LLVMFuzzerTestOneInput((const uint8_t *)"", 0), count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        failed |= replay(path);
        count++;
    }
    (void)closedir(folder);
    (void)printf("%d files\n", count);
    return failed;
}
