#include "base/arena.h"
#include "base/err.h"
#include <stdarg.h>
#include <stdlib.h>

typedef struct Chunk {
    struct Chunk *next;
    size_t cap, used;
    _Alignas(16) char bytes[];
} Chunk;

typedef struct Deferred {
    struct Deferred *next;
    void (*fn)(void *arg);
    void *arg;
} Deferred;

struct Arena {
    Chunk *head; /* the chunk in use; older ones follow */
    Deferred *deferred;
    size_t used, first_bytes;
};

/* A first chunk made for something large is not kept: idle connections hold one arena each. */
enum {
    SMALL_CHUNK_BYTES = 512,
    FIRST_CHUNK_BYTES = 8 * 1024,
    KEEP_CHUNK_BYTES = 64 * 1024,
    MAX_CHUNK_BYTES = 1024 * 1024
};

static Chunk *chunk_new(size_t cap)
{
    Chunk *chunk = malloc(sizeof(Chunk) + cap);
    ENSURE(chunk != NULL);
    chunk->next = NULL;
    chunk->cap = cap;
    chunk->used = 0;
    return chunk;
}

Arena *arena_create(void)
{
    Arena *arena = calloc(1, sizeof *arena);
    ENSURE(arena != NULL);
    arena->first_bytes = FIRST_CHUNK_BYTES;
    return arena;
}

Arena *arena_create_small(void)
{
    Arena *arena = arena_create();
    arena->first_bytes = SMALL_CHUNK_BYTES;
    return arena;
}

static void run_deferred(Arena *arena)
{
    while (arena->deferred) {
        Deferred *one = arena->deferred;
        arena->deferred = one->next;
        one->fn(one->arg);
    }
}

void arena_reset(Arena *arena)
{
    run_deferred(arena);
    while (arena->head && (arena->head->next || arena->head->cap > KEEP_CHUNK_BYTES)) {
        Chunk *chunk = arena->head;
        arena->head = chunk->next;
        free(chunk);
    }
    if (arena->head)
        arena->head->used = 0;
    arena->used = 0;
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    free(arena->head);
    free(arena);
}

size_t arena_used_bytes(const Arena *arena)
{
    return arena->used;
}

void *arena_alloc(Arena *arena, size_t size_bytes)
{
    ENSURE(size_bytes < SIZE_MAX / 2);
    size_t size = (size_bytes + 15) & ~(size_t)15;
    Chunk *chunk = arena->head;
    if (!chunk || chunk->cap - chunk->used < size) {
        size_t cap = chunk ? chunk->cap * 2 : arena->first_bytes;
        if (cap > MAX_CHUNK_BYTES)
            cap = MAX_CHUNK_BYTES;
        if (cap < size)
            cap = size;
        chunk = chunk_new(cap);
        chunk->next = arena->head;
        arena->head = chunk;
    }
    void *at = chunk->bytes + chunk->used;
    chunk->used += size;
    arena->used += size;
    return memset(at, 0, size);
}

void *arena_alloc_array(Arena *arena, size_t count, size_t size_bytes)
{
    size_t total;
    ENSURE(!__builtin_mul_overflow(count, size_bytes, &total));
    return arena_alloc(arena, total ? total : 1);
}

void arena_defer(Arena *arena, void (*fn)(void *arg), void *arg)
{
    Deferred *one = arena_new(arena, Deferred, 1);
    *one = (Deferred){arena->deferred, fn, arg};
    arena->deferred = one;
}

char *str_to_c(Arena *arena, Str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

Str str_copy(Arena *arena, Str s)
{
    return (Str){str_to_c(arena, s), s.len};
}

Str str_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ENSURE(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (Str){text, (size_t)len};
}

Str str_concat(Arena *arena, Str a, Str b)
{
    char *text = arena_alloc(arena, a.len + b.len + 1);
    if (a.len)
        memcpy(text, a.ptr, a.len);
    if (b.len)
        memcpy(text + a.len, b.ptr, b.len);
    return (Str){text, a.len + b.len};
}

Str str_lower(Arena *arena, Str s)
{
    char *text = str_to_c(arena, s);
    for (size_t i = 0; i < s.len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] + 32);
    return (Str){text, s.len};
}
