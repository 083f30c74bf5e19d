/* ops/commands.h: the commands of the `anser` program that are not the server itself. */
#pragma once
#include "ops/bootstrap.h"

/* Options that several commands share; what is left over stands in words. */
typedef struct CommandLine {
    BootOptions boot;
    const char *listen, *web_dir;
    const char *username, *email, *password;
    bool is_admin;
    const char **words;
    int word_count;
} CommandLine;

/* Reads argv after the command's name; says what is wrong and answers false. */
bool command_line_read(int argc, char **argv, CommandLine *ret_line);

/* Runs `version`, `check`, `user`, `backup`, `restore`, `help`: 0 done, 1 failed, 2 the words are off. */
int command_run(const char *name, CommandLine *line);

/* ---- each in its file ---- */
/* user create | password NAME | list: also while the server runs, through the database. */
int user_command(CommandLine *line);
/* A line for each thing that a server needs; 1 when one is missing. */
int check_command(CommandLine *line);
/* Into a new folder; a running server goes on meanwhile. */
int backup_command(CommandLine *line);
/* From such a folder into a data directory that is empty. */
int restore_command(CommandLine *line);
