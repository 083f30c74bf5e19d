/* base/embedded.h: files built into the program by tools/embed. Each list ends with a row whose name is NULL. */
#pragma once
#include "base/str.h"

typedef struct EmbeddedFile {
    const char *name; /* without its folder */
    Str text;         /* followed by a NUL that its length does not count */
} EmbeddedFile;

extern const EmbeddedFile embedded_migrations[], embedded_texts[];
