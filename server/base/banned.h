/* base/banned.h: calls that are compile errors here. Forced into every file by meson (-include). */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef strcpy
#undef strcat
#undef strtok
#pragma GCC poison strcpy strcat strtok sprintf vsprintf gets atoi atol localtime gmtime asctime
