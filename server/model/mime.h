/* model/mime.h: what kind of file a name promises. */
#pragma once
#include "base/arena.h"

/* The part after the last dot, lower case, in the arena; empty when there is none or it is longer than 64 bytes. */
Str extension_of(Arena *arena, Str name);
/* "image/png" for "png"; application/octet-stream for what nobody knows. */
Str mime_of_extension(Str extension);
/* May a browser show it in its own window? Pictures, sound and video; everything else is for downloading. */
bool mime_is_inline(Str mime);
/* Could a browser run something of it? Then it is never sent under its own type. */
bool mime_is_active(Str mime);
