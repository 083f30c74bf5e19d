/* tests/contract/lossy_vfs.h: a SQLite VFS that loses what was not synced, fills up and fails when told to.
 *
 * Model    Files are real; beside each database and log stands an image of what would be on the platter. A sync brings the
 *          image up to date. A power cut makes every later operation fail; power-on writes the images into the files.
 * Threads  Any.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Registers it (once) and forgets all images; returns its name for DbOptions.vfs. */
const char *lossy_vfs(void);

/* Power goes. seed 0: everything since the last sync is lost; else each 512-byte sector written
 * since then survives or not, by chance. */
void lossy_cut(unsigned seed);
/* Power comes back. All connections are closed. */
void lossy_power_on(void);

/* Writes beyond `bytes` more fail with SQLITE_FULL; -1: the disk is large again. */
void lossy_fill_after(int64_t bytes);
/* The next `n` syncs of logs fail. */
void lossy_fail_syncs(int n);
/* Writes of logs since their last sync; and syncs of logs so far. */
int64_t lossy_unsynced_log_writes(void);
int64_t lossy_log_syncs(void);
