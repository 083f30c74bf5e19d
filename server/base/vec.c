#include "base/vec.h"

void *vec_grow(Arena *arena, void *items, size_t *cap, size_t len, size_t size_bytes)
{
    *cap = *cap ? *cap * 2 : 8;
    void *grown = arena_alloc_array(arena, *cap, size_bytes);
    if (len)
        memcpy(grown, items, len * size_bytes);
    return grown;
}

bool strvec_has(const StrVec *vec, Str s)
{
    for (size_t i = 0; i < vec->len; i++)
        if (str_eq(vec->items[i], s))
            return true;
    return false;
}
