/* domain/initials.h: the picture of somebody who has none: initials on a colour of their own, 128 × 128, PNG. */
#pragma once
#include "base/buf.h"
#include "model/user.h"

/* The same user name and id give the same bytes. */
void initials_draw(Arena *arena, Str user_id, Str username, Buf *out);
