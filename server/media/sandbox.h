/* media/sandbox.h: from here on the program can compute, read its input and write its answer, and nothing else: no files,
 * no network, no other programs, bounded time and memory. */
#pragma once
#include <stdbool.h>

bool sandbox_enter(void);
