/* base/vec.h: a growing array in an arena.
 *
 *     VEC(Str) names = {0};
 *     vec_push(arena, &names, name);
 *     for (size_t i = 0; i < names.len; i++) use(names.items[i]);
 *
 * Growing leaves the old block in the arena; vectors of one request are small.
 */
#pragma once
#include "base/arena.h"

#define VEC(Type)                                                                                  \
    struct {                                                                                       \
        Type *items;                                                                               \
        size_t len, cap;                                                                           \
    }

#define vec_push(arena, vec, ...)                                                                  \
    do {                                                                                           \
        if ((vec)->len == (vec)->cap)                                                              \
            (vec)->items = vec_grow((arena), (vec)->items, &(vec)->cap, (vec)->len,                \
                                    sizeof *(vec)->items);                                         \
        (vec)->items[(vec)->len++] = (__VA_ARGS__);                                                \
    } while (0)

void *vec_grow(Arena *arena, void *items, size_t *cap, size_t len, size_t size_bytes);

/* A list of texts, common enough to have a name. */
typedef struct StrVec {
    Str *items;
    size_t len, cap;
} StrVec;
bool strvec_has(const StrVec *vec, Str s);
