#include "cli/help.h"

#include "config/near.h"

/* Characters a terminal shows for UTF-8 without combining marks: enough for our own tables. */
static int columns(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static void pad(FILE *out, int width, int used)
{
    (void)fprintf(out, "%*s", used < width ? width - used : 1, "");
}

void help_overview(FILE *out)
{
    size_t n;
    const struct command *commands = cli_commands(&n);
    (void)fprintf(out,
                  "aitys: a newsroom's server\n\nUsage: aitys COMMAND [OPTION…] [ARGUMENT…]\n\n");
    for (size_t i = 0; i < n; i++) {
        if (!commands[i].about[0])
            continue;
        (void)fprintf(out, "  %s %s", commands[i].name, commands[i].arguments);
        pad(out, 28, columns(commands[i].name) + 1 + columns(commands[i].arguments));
        (void)fprintf(out, "%s\n", commands[i].about);
    }
    (void)fprintf(out,
                  "\n`aitys help COMMAND` says more. The newsroom's folder is --dir, AITYS_DIR "
                  "or the current one.\n");
}

void help_command(const struct command *command)
{
    size_t n_commands, n_options;
    const struct command *commands = cli_commands(&n_commands);
    const struct command_option *options = cli_command_options(&n_options);
    size_t index = (size_t)(command - commands), n_own = 0;
    for (size_t i = 0; i < n_options; i++)
        n_own += options[i].command == index;
    (void)printf("Usage: aitys %s%s%s%s\n", command->name, n_own > 0 ? " [OPTION…]" : "",
                 command->arguments[0] ? " " : "", command->arguments);
    if (command->about[0])
        (void)printf("\n%s\n", command->about);
    if (command->details[0])
        (void)printf("%s", command->details);
    if (n_own > 0)
        (void)printf("\n");
    for (size_t i = 0; i < n_options; i++) {
        if (options[i].command != index)
            continue;
        (void)printf("  %s%s%s", options[i].name, options[i].value[0] ? " " : "", options[i].value);
        pad(stdout, 22, columns(options[i].name) + 1 + columns(options[i].value));
        (void)printf("%s\n", options[i].about);
    }
}

enum cli_end command_help(struct cli *c)
{
    if (c->n_args == 0) {
        help_overview(stdout);
        return CLI_DONE;
    }
    struct str name = c->args[0];
    if (c->n_args == 2)
        name = arena_printf(c->arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(c->args[1]));
    size_t n, n_shown = 0;
    const struct command *commands = cli_commands(&n);
    struct str group = arena_printf(c->arena, STR_FMT " ", STR_ARG(name));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(str_of(commands[i].name), name) && !str_begins(str_of(commands[i].name), group))
            continue;
        if (n_shown++ > 0)
            (void)printf("\n");
        help_command(&commands[i]);
    }
    if (n_shown > 0)
        return CLI_DONE;
    cli_say(STR_FMT ": there is no such command; `aitys help` lists them", STR_ARG(name));
    return CLI_USAGE;
}

enum cli_end command_version(struct cli *c)
{
    (void)c;
    (void)printf("aitys %s\n", AITYS_VERSION);
    return CLI_DONE;
}
