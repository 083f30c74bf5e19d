#include "domain/timezones.h"
#include "base/json.h"
#include "model/timezone_list.h"

#define TIMEZONE_NAME(name) name,
const char *const TIMEZONES[] = {TIMEZONE_LIST(TIMEZONE_NAME) NULL};

Str timezone_of_user(Arena *arena, Str json)
{
    json_t *value;
    if (json_parse(arena, json, &value) != OK || !json_is_object(value))
        return STR_EMPTY;
    bool is_automatic = !str_eq(json_text(json_find(value, "useAutomaticTimezone")), STR("false"));
    return json_text(json_find(value, is_automatic ? "automaticTimezone" : "manualTimezone"));
}
