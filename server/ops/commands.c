#include "ops/commands.h"
#include "base/vec.h"

static const char USAGE[] =
    "usage: anser COMMAND [OPTIONS]\n"
    "  serve [--listen HOST:PORT] [--web DIR]        run the server\n"
    "  check                                         look whether a server can run here\n"
    "  user create --username NAME --email ADDRESS [--password WORD] [--admin]\n"
    "                                                make an account; asks for the password\n"
    "  user password NAME [--password WORD]          set a password; asks for it\n"
    "  user list                                     show all accounts\n"
    "  backup FOLDER                                 copy database, files and configuration into a "
    "new folder\n"
    "  restore FOLDER                                bring them back into an empty data directory\n"
    "  version                                       say which version this is\n"
    "every command: [--data DIR] (./data) [--config FILE] (DIR/anser.json)\n";

typedef struct Option {
    const char *name, **value; /* value NULL: a flag */
    bool *flag;
} Option;

/* 0: not an option; 1: taken; -1: wrong. */
static int take_option(const Option *options, size_t count, int argc, char **argv, int *at)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(str_of(argv[*at]), str_of(options[i].name)))
            continue;
        if (options[i].flag) {
            *options[i].flag = true;
            return 1;
        }
        if (*at + 1 == argc) {
            fprintf(stderr, "anser: %s wants a value\n", options[i].name);
            return -1;
        }
        *options[i].value = argv[++*at];
        return 1;
    }
    if (argv[*at][0] != '-' || argv[*at][1] != '-')
        return 0;
    fprintf(stderr, "anser: no option is called %s\n%s", argv[*at], USAGE);
    return -1;
}

bool command_line_read(int argc, char **argv, CommandLine *line)
{
    enum { WORD_LIMIT = 32 };
    static const char *words[WORD_LIMIT];
    *line = (CommandLine){.words = words};
    const Option options[] = {
        {"--data", &line->boot.data_dir, NULL}, {"--config", &line->boot.config_file, NULL},
        {"--listen", &line->listen, NULL},      {"--web", &line->web_dir, NULL},
        {"--username", &line->username, NULL},  {"--email", &line->email, NULL},
        {"--password", &line->password, NULL},  {"--admin", NULL, &line->is_admin},
    };
    for (int i = 0; i < argc; i++) {
        int taken = take_option(options, sizeof options / sizeof *options, argc, argv, &i);
        if (taken < 0)
            return false;
        if (taken == 0 && line->word_count < WORD_LIMIT)
            words[line->word_count++] = argv[i];
    }
    return true;
}

static int version_command(CommandLine *line)
{
    (void)line;
    puts("anser " ANSER_VERSION);
    return 0;
}

static int help_command(CommandLine *line)
{
    (void)line;
    fputs(USAGE, stdout);
    return 0;
}

int command_run(const char *name, CommandLine *line)
{
    static const struct {
        const char *name;
        int (*run)(CommandLine *line);
    } commands[] = {
        {"version", version_command}, {"help", help_command},     {"check", check_command},
        {"user", user_command},       {"backup", backup_command}, {"restore", restore_command},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (str_eq(str_of(name), str_of(commands[i].name))) {
            int status = commands[i].run(line);
            if (status == 2)
                fputs(USAGE, stderr);
            return status;
        }
    fputs(USAGE, stderr);
    return 2;
}
