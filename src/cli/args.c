#include "cli/args.h"

#include "cli/help.h"
#include "config/near.h"

static const struct command commands[] = {
#define COMMAND(id, name, arguments, least, most, function, about, details)                        \
    {name, arguments, least, most, function, about, details},
#include "cli/commands.def"
};

enum command_id {
#define COMMAND(id, ...) COMMAND_##id,
#include "cli/commands.def"
};

static const struct command_option options[] = {
#define OPTION(command, id, name, value, about)                                                    \
    {COMMAND_##command, CLI_OPTION_##id, name, value, about},
#include "cli/commands.def"
};

const struct command *cli_commands(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(commands);
    return commands;
}

const struct command_option *cli_command_options(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(options);
    return options;
}

/* How many words a name takes when the words begin with it; 0 when they do not. */
static size_t words_taken(const char *name, const struct str *words, size_t n)
{
    struct str rest = str_of(name), part;
    size_t k = 0;
    while (str_next(&rest, ' ', &part)) {
        if (k == n || !str_eq(part, words[k]))
            return 0;
        k++;
    }
    return k;
}

/* The command with the longest name that begins the words. *ret_words: how many it took. */
static const struct command *find_command(const struct str *words, size_t n, size_t *ret_words)
{
    const struct command *found = NULL;
    *ret_words = 0;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        size_t k = words_taken(commands[i].name, words, n);
        if (k > *ret_words) {
            found = &commands[i];
            *ret_words = k;
        }
    }
    return found;
}

/* "moderator" alone: the commands that begin with it, one after the other. */
static bool tell_second_words(struct arena *a, struct str first)
{
    struct str all = STR("");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        struct str name = str_of(commands[i].name), head, rest;
        if (str_cut(name, ' ', &head, &rest) && str_eq(head, first))
            all = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(all), all.n > 0 ? ", " : "",
                               STR_ARG(rest));
    }
    if (all.n > 0)
        cli_say(STR_FMT ": needs one of " STR_FMT " after it; see `aitys help " STR_FMT "`",
                STR_ARG(first), STR_ARG(all), STR_ARG(first));
    return all.n > 0;
}

static enum cli_end unknown_command(struct arena *a, const struct str *words, size_t n)
{
    /* "moderator ad" is compared as a whole, "pubilsh x.md" by its first word. */
    struct str both =
        n > 1 ? arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(words[0]), STR_ARG(words[1]))
              : words[0];
    const char *near = NULL;
    size_t best = SIZE_MAX;
    if (n == 1 && tell_second_words(a, words[0]))
        return CLI_USAGE;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        struct str name = str_of(commands[i].name);
        bool has_two = str_find_char(name, ' ') >= 0;
        struct str given = has_two ? both : words[0];
        size_t distance = near_distance(given, name);
        if (commands[i].about[0] && distance < best && near_is_slip(distance, given.n)) {
            best = distance;
            near = commands[i].name;
        }
    }
    if (near)
        cli_say(STR_FMT ": there is no such command; did you mean `aitys %s`?", STR_ARG(words[0]),
                near);
    else
        cli_say(STR_FMT ": there is no such command; `aitys help` lists them", STR_ARG(words[0]));
    return CLI_USAGE;
}

static const struct command_option *find_option(const struct cli *c, struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        if (&commands[options[i].command] == c->command && str_eq(name, str_of(options[i].name)))
            return &options[i];
    return NULL;
}

/* One option at *at of the words; moves behind it. */
static bool take_option(struct cli *c, const struct str *words, size_t n, size_t *at,
                        enum cli_end *ret_end)
{
    struct str name = words[*at], value = STR_NONE;
    bool has_value = str_cut(words[*at], '=', &name, &value);
    const struct command_option *option = find_option(c, name);
    if (!option) {
        *ret_end = cli_misused(c, STR_FMT ": there is no such option", STR_ARG(name));
        return false;
    }
    if (c->has[option->id]) {
        *ret_end = cli_misused(c, STR_FMT ": stands there twice", STR_ARG(name));
        return false;
    }
    if (option->value[0] && !has_value) {
        if (*at + 1 == n) {
            *ret_end = cli_misused(c, STR_FMT ": %s is missing", STR_ARG(name), option->value);
            return false;
        }
        value = words[++*at];
    } else if (!option->value[0] && has_value) {
        *ret_end = cli_misused(c, STR_FMT ": takes no value", STR_ARG(name));
        return false;
    }
    c->has[option->id] = true;
    c->values[option->id] = value;
    ++*at;
    return true;
}

static bool is_help(struct str word)
{
    return str_eq(word, STR("--help")) || str_eq(word, STR("-h"));
}

static bool take_words(struct cli *c, const struct str *words, size_t n, enum cli_end *ret_end)
{
    struct str *args = ARENA_ARRAY(c->arena, struct str, n);
    bool only_args = false;
    for (size_t i = 0; i < n;) {
        if (!only_args && str_eq(words[i], STR("--"))) {
            only_args = true;
            i++;
        } else if (!only_args && is_help(words[i])) {
            help_command(c->command);
            *ret_end = CLI_DONE;
            return false;
        } else if (!only_args && words[i].n > 1 && words[i].p[0] == '-') {
            if (!take_option(c, words, n, &i, ret_end))
                return false;
        } else {
            args[c->n_args++] = words[i++];
        }
    }
    c->args = args;
    if (c->n_args < c->command->least)
        *ret_end = cli_misused(c, "%s is missing", c->command->arguments);
    else if (c->n_args > c->command->most)
        *ret_end =
            cli_misused(c, STR_FMT ": one argument too many", STR_ARG(args[c->command->most]));
    else
        return true;
    return false;
}

bool args_parse(struct cli *c, int argc, char **argv, enum cli_end *ret_end)
{
    size_t n = argc > 1 ? (size_t)argc - 1 : 0, n_taken;
    struct str *words = ARENA_ARRAY(c->arena, struct str, n);
    for (size_t i = 0; i < n; i++)
        words[i] = str_of(argv[i + 1]);
    if (n == 0) {
        help_overview(stderr);
        *ret_end = CLI_USAGE;
        return false;
    }
    if (is_help(words[0])) {
        help_overview(stdout);
        *ret_end = CLI_DONE;
        return false;
    }
    if (str_eq(words[0], STR("--version")))
        words[0] = STR("version");
    c->command = find_command(words, n, &n_taken);
    if (!c->command) {
        *ret_end = unknown_command(c->arena, words, n);
        return false;
    }
    return take_words(c, words + n_taken, n - n_taken, ret_end);
}
