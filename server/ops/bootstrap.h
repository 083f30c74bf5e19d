/* ops/bootstrap.h: from the command line's words to an App with its database: what every command needs first.
 *
 * Bootstrap keys come from the command line, else the environment (ANSER_SQLSETTINGS_DATASOURCE, else MM_…), else
 * DATA/anser.json or the file given, else defaults. All other settings stand in the database.
 */
#pragma once
#include "domain/app.h"

typedef struct BootOptions {
    const char *data_dir;    /* NULL: ./data */
    const char *config_file; /* NULL: DATA/anser.json when it is there */
    bool takes_lock;         /* the server: refuses when another process has the data directory */
    int connections;         /* of the database */
} BootOptions;

typedef struct Boot {
    App app;
    Arena *arena;
    const char *data_dir, *listen, *data_source;
    const char *tls_cert, *tls_key, *trusted_proxies;
    int lock_fd;
} Boot;

/* Only the bootstrap keys: touches nothing. On failure says why and answers false; boot_down either way ends it. */
bool boot_read(const BootOptions *options, Boot *ret_boot);
/* Opens and migrates the database, loads settings and roles. On failure says why on standard error and answers false. */
bool boot_up(const BootOptions *options, Boot *ret_boot);
void boot_down(Boot *boot);
