#include "ops/commands.h"
#include "base/log.h"
#include "domain/users.h"

static const char USAGE[] =
    "usage: anser COMMAND [OPTIONS]\n"
    "  serve [--data DIR] [--listen HOST:PORT] [--config FILE] [--web DIR]   run the server\n"
    "  version                                                              say which version this "
    "is\n";

bool command_line_read(int argc, char **argv, CommandLine *line)
{
    static const char *words[32];
    *line = (CommandLine){.words = words};
    struct {
        const char *name, **value;
    } options[] = {
        {"--data", &line->boot.data_dir},
        {"--config", &line->boot.config_file},
        {"--listen", &line->listen},
        {"--web", &line->web_dir},
    };
    for (int i = 0; i < argc; i++) {
        bool is_option = false;
        for (size_t o = 0; o < sizeof options / sizeof *options; o++) {
            if (!str_eq(str_of(argv[i]), str_of(options[o].name)))
                continue;
            if (++i == argc) {
                fprintf(stderr, "anser: %s wants a value\n", options[o].name);
                return false;
            }
            *options[o].value = argv[i];
            is_option = true;
            break;
        }
        if (is_option)
            continue;
        if (argv[i][0] == '-' && argv[i][1] == '-') {
            fprintf(stderr, "anser: no option is called %s\n%s", argv[i], USAGE);
            return false;
        }
        if (line->word_count < 32)
            words[line->word_count++] = argv[i];
    }
    return true;
}

int command_run(const char *name, CommandLine *line)
{
    (void)line;
    Str command = str_of(name);
    if (str_eq(command, STR("version"))) {
        puts("anser " ANSER_VERSION);
        return 0;
    }
    fputs(USAGE, str_eq(command, STR("help")) ? stdout : stderr);
    return str_eq(command, STR("help")) ? 0 : 2;
}
