/* base/map.h: from Str to pointer, open addressing.
 *
 * Owner    The map copies its keys and owns the copies; values belong to the caller. Memory comes from malloc.
 * Threads  None of its own: whoever owns the map guards it.
 */
#pragma once
#include "base/str.h"

typedef struct MapSlot {
    Str key; /* owned; ptr NULL: empty */
    void *value;
    uint64_t hash;
} MapSlot;

typedef struct Map {
    MapSlot *slots;
    size_t count, cap;
} Map;

void map_deinit(Map *map); /* a zeroed Map is an empty one */
/* The value, or NULL. */
void *map_find(const Map *map, Str key);
/* Sets, replacing; returns the value that was there, or NULL. `value` is not NULL. */
void *map_set(Map *map, Str key, void *value);
/* Removes; returns the value that was there, or NULL. */
void *map_remove(Map *map, Str key);
/* Walks: for (size_t i = 0; (slot = map_next(map, &i));) … ; do not change the map meanwhile. */
MapSlot *map_next(const Map *map, size_t *at);
