/*
 * The command line: what every command gets, and the table of them made from commands.def.
 * A command tells its errors itself, on standard error, as "aitys: where: what; what to do", and
 * returns how it ended.
 */
#pragma once

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* What the process ends with. */
enum cli_end { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

enum cli_option {
    CLI_OPTION_DIR,
    CLI_OPTION_DEMO,
    CLI_OPTION_DATABASE,
    CLI_OPTION_FROM,
    CLI_OPTION_TO,
    CLI_OPTION_ROLE,
    CLI_OPTION_HEAD,
    CLI_OPTION_KEY,
    CLI_OPTION_PASSWORD_STDIN,
    CLI_OPTIONS
};

struct command;

/* One run of the program. */
struct cli {
    struct arena *arena; /* lives as long as the command */
    const struct command *command;
    const struct str *args; /* without options */
    size_t n_args;
    bool has[CLI_OPTIONS];
    struct str values[CLI_OPTIONS]; /* of options that have one */
    char *const *environment;
};

typedef enum cli_end command_run(struct cli *c);

struct command {
    const char *name;
    const char *arguments;
    size_t least, most; /* arguments */
    command_run *run;
    const char *about; /* empty: hidden */
    const char *details;
};

struct command_option {
    size_t command; /* index in the table */
    enum cli_option id;
    const char *name;
    const char *value; /* empty: none */
    const char *about;
};

/* The tables, in the order of commands.def. */
const struct command *cli_commands(size_t *ret_n);
const struct command_option *cli_command_options(size_t *ret_n);

#define COMMAND(id, name, arguments, least, most, function, about, details) command_run function;
/* Each command's function; its file has its name. */
#include "cli/commands.def"

/* The newsroom's folder: a first argument (when dir_is_argument), --dir, AITYS_DIR, or ".". */
struct str cli_dir(const struct cli *c, bool dir_is_argument);

/* An environment variable, or the empty str. Borrows. */
struct str cli_environment(const struct cli *c, const char *name);

/* "aitys: " and a sentence on standard error; control bytes are written as \xNN. */
PRINTF_LIKE(1, 2) void cli_say(const char *format, ...);

/* An error on standard error; returns CLI_FAILED. */
enum cli_end cli_fail(const struct err *e);

/* A mistake in how the command was called, and how it is called; returns CLI_USAGE. */
PRINTF_LIKE(2, 3) enum cli_end cli_misused(const struct cli *c, const char *format, ...);

/* A line on standard output; control bytes in it are written as \xNN. */
PRINTF_LIKE(1, 2) void cli_print(const char *format, ...);
