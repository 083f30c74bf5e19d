/* domain/timezones.h: the names of time zones, and which one somebody lives by. */
#pragma once
#include "base/arena.h"

extern const char *const TIMEZONES[]; /* ends with NULL */
/* Of users.timezone (JSON): the one chosen by hand, or the one the client found; empty when there is none. */
Str timezone_of_user(Arena *arena, Str json);
