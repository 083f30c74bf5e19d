#include "base/map.h"
#include "base/err.h"
#include <stdlib.h>

static size_t slot_of(const Map *map, Str key, uint64_t hash)
{
    size_t i = hash & (map->cap - 1);
    while (map->slots[i].key.ptr && !(map->slots[i].hash == hash && str_eq(map->slots[i].key, key)))
        i = (i + 1) & (map->cap - 1);
    return i;
}

static void grow(Map *map)
{
    Map old = *map;
    map->cap = old.cap ? old.cap * 2 : 16;
    map->slots = calloc(map->cap, sizeof *map->slots);
    ENSURE(map->slots != NULL);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].key.ptr)
            map->slots[slot_of(map, old.slots[i].key, old.slots[i].hash)] = old.slots[i];
    free(old.slots);
}

void map_deinit(Map *map)
{
    for (size_t i = 0; i < map->cap; i++)
        free((char *)map->slots[i].key.ptr);
    free(map->slots);
    *map = (Map){0};
}

void *map_find(const Map *map, Str key)
{
    if (map->count == 0)
        return NULL;
    return map->slots[slot_of(map, key, str_hash(key))].value;
}

void *map_set(Map *map, Str key, void *value)
{
    ENSURE(value != NULL);
    if ((map->count + 1) * 4 > map->cap * 3)
        grow(map);
    uint64_t hash = str_hash(key);
    MapSlot *slot = &map->slots[slot_of(map, key, hash)];
    if (slot->key.ptr) {
        void *old = slot->value;
        slot->value = value;
        return old;
    }
    char *copy = malloc(key.len + 1);
    ENSURE(copy != NULL);
    memcpy(copy, key.len ? key.ptr : "", key.len);
    copy[key.len] = 0;
    *slot = (MapSlot){{copy, key.len}, value, hash};
    map->count++;
    return NULL;
}

void *map_remove(Map *map, Str key)
{
    if (map->count == 0)
        return NULL;
    size_t hole = slot_of(map, key, str_hash(key));
    if (!map->slots[hole].key.ptr)
        return NULL;
    void *value = map->slots[hole].value;
    free((char *)map->slots[hole].key.ptr);
    map->slots[hole] = (MapSlot){0};
    map->count--;
    /* Move back what the hole would hide: every later slot of the run whose home is not after the
     * hole. */
    size_t mask = map->cap - 1;
    for (size_t i = (hole + 1) & mask; map->slots[i].key.ptr; i = (i + 1) & mask) {
        size_t home = map->slots[i].hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slots[hole] = map->slots[i];
            map->slots[i] = (MapSlot){0};
            hole = i;
        }
    }
    return value;
}

MapSlot *map_next(const Map *map, size_t *at)
{
    while (*at < map->cap) {
        MapSlot *slot = &map->slots[(*at)++];
        if (slot->key.ptr)
            return slot;
    }
    return NULL;
}
