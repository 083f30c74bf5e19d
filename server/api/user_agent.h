/* api/user_agent.h: which program a person signs in with, told from the User-Agent header: for the list of sessions. */
#pragma once
#include "domain/sessions.h"

/* Fills in platform, os, browser and is_mobile; the texts are in the arena. */
void user_agent_read(Arena *arena, Str header, SignIn *how);
