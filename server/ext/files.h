/* ext/files.h: where the content of files lies: a local folder now; other drivers (S3) come behind the same header.
 *
 * Model    A key names a content: "attachments/2026-11-24/<id>", made by file_key from our own words and ids, never from
 *          anything a client sent. A content is written once and never changed, so readers need no lock.
 * Durable  When file_store_put returns OK, every content of it and the folders that name it are synced: they survive
 *          kill -9 and power loss. So put first, then commit the row that tells of it: a row without content never
 *          exists. A content without a row may be left behind by a crash between the two, and is only space.
 * Threads  Any.
 * Errors   ERR_NO_SPACE, ERR_ABSENT (no such content), ERR_IO for the rest, which is logged.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"

typedef struct FileStore FileStore;

/* Opens the folder `dir` (made when it is not there) and removes what an earlier process left half written. */
Err file_store_open_local(const char *dir, FileStore **ret_store);
void file_store_free(FileStore *store); /* NULL is fine */

/* A key for something new: `kind` is one of our words. `id` is an id of ours. */
Str file_key(Arena *arena, const char *kind, Str id, int64_t now);

/* Where bytes come from: exactly one of the three. */
typedef struct FileSource {
    Str bytes;
    const char *path; /* a complete file of ours that nobody writes any more, such as a spooled request body */
    Str key;          /* a content that is in the store */
} FileSource;
typedef struct FilePut {
    Str key;
    const FileSource *sources; /* one after the other */
    size_t source_count;
} FilePut;
/* Stores all of them, or (best effort) none. A single source that is a file is taken over without copying its bytes where
 * the file system can; the file itself stays. Replaces what is there. */
Err file_store_put(FileStore *store, const FilePut *puts, size_t count);
/* The same for one that is in memory. */
Err file_store_put_bytes(FileStore *store, Str key, Str bytes);

/* A descriptor for reading, the caller's, and how many bytes there are. */
Err file_store_open(FileStore *store, Str key, int *ret_fd, int64_t *ret_size_bytes);
/* All of it as memory, as long as the arena lives. */
Err file_store_map(FileStore *store, Str key, Arena *arena, Str *ret_bytes);
/* Best effort: what cannot be removed is logged. An empty key and one that is not there are fine. */
void file_store_remove(FileStore *store, Str key);
