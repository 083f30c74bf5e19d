/* base/arena.h: memory that is freed all at once.
 *
 * Model    An arena hands out zeroed, aligned memory from chunks that grow; nothing is freed singly. A request's arena
 *          is emptied after the reply, a connection's when it closes.
 * Threads  One owner at a time; an arena moves whole with the thing that holds it.
 * Limits   Out of memory aborts: input is bounded at the edge.
 */
#pragma once
#include "base/str.h"

typedef struct Arena Arena;

Arena *arena_create(void);
/* For a few short texts: begins with 512 bytes instead of 8 KiB. */
Arena *arena_create_small(void);
void arena_free(Arena *arena); /* runs the deferred calls, last in first out */
/* Empties it, keeping its first chunk (unless that is large) for the next use. Runs the deferred calls. */
void arena_reset(Arena *arena);
/* Bytes handed out since the last reset. */
size_t arena_used_bytes(const Arena *arena);

/* Zeroed memory, aligned for any type; never NULL. */
void *arena_alloc(Arena *arena, size_t size_bytes);
#define arena_new(arena, Type, count) ((Type *)arena_alloc_array((arena), (count), sizeof(Type)))
void *arena_alloc_array(Arena *arena, size_t count, size_t size_bytes); /* checks the product */

/* Calls fn(arg) at the next reset or free: for things that are not memory. */
void arena_defer(Arena *arena, void (*fn)(void *arg), void *arg);

Str str_copy(Arena *arena, Str s);
/* A NUL-terminated copy, for C libraries. */
char *str_to_c(Arena *arena, Str s);
Str str_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_concat(Arena *arena, Str a, Str b);
/* ASCII letters made lower case. */
Str str_lower(Arena *arena, Str s);
