/* ops/commands.h: the commands of the `anser` program that are not the server itself. */
#pragma once
#include "ops/bootstrap.h"

/* Options that several commands share: --data, --config, …; what is left over stands in words. */
typedef struct CommandLine {
    BootOptions boot;
    const char *listen, *web_dir;
    const char **words;
    int word_count;
} CommandLine;

/* Reads argv after the command's name; says what is wrong and answers false. */
bool command_line_read(int argc, char **argv, CommandLine *ret_line);

/* Runs `version`, `check`, `user`, `backup`, `restore`, `help`: 0 done, 1 failed, 2 the words are off. */
int command_run(const char *name, CommandLine *line);
