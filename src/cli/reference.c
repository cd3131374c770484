/*
 * aitys reference man: the manual pages, printed from the tables. tools/make-man keeps docs/man.
 */
#include "base/buf.h"
#include "cli/newsroom.h"

/* roff: a backslash, a hyphen, and a dot or apostrophe that begins a line mean something. */
static void put_text(const char *text)
{
    bool at_start = true;
    for (const char *p = text; *p; p++) {
        if (at_start && (*p == '.' || *p == '\''))
            (void)fputs("\\&", stdout);
        if (*p == '\\')
            (void)fputs("\\e", stdout);
        else if (*p == '-')
            (void)fputs("\\-", stdout);
        else
            (void)putchar(*p);
        at_start = *p == '\n';
    }
}

static void put_line(const char *macro, const char *text)
{
    (void)fputs(macro, stdout);
    put_text(text);
    (void)putchar('\n');
}

static void man_command(size_t index)
{
    size_t n_commands, n_options;
    const struct command *command = &cli_commands(&n_commands)[index];
    const struct command_option *options = cli_command_options(&n_options);
    (void)printf(".TP\n.B ");
    put_line("", command->name);
    if (command->arguments[0])
        put_line(".I ", command->arguments);
    put_line(".br\n", command->about);
    if (command->details[0])
        put_text(command->details);
    for (size_t i = 0; i < n_options; i++) {
        if (options[i].command != index)
            continue;
        (void)printf(".RS\n.TP\n.B ");
        put_line("", options[i].name);
        if (options[i].value[0])
            put_line(".I ", options[i].value);
        put_line(".br\n", options[i].about);
        (void)printf(".RE\n");
    }
}

static void man_commands(void)
{
    (void)printf(".TH AITYS 1 \"\" \"aitys %s\" \"User Commands\"\n", AITYS_VERSION);
    (void)printf(
        ".SH NAME\naitys \\- a newsroom's server: articles and the readers' conversation\n"
        ".SH SYNOPSIS\n.B aitys\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
        ".SH DESCRIPTION\n"
        "Aitys publishes a newsroom's articles and hosts the readers' conversation beneath\n"
        "each one. A newsroom is a folder: its settings (aitys.yaml) and its database.\n"
        "Commands may run beside a server of the same newsroom.\n.SH COMMANDS\n");
    size_t n;
    const struct command *commands = cli_commands(&n);
    for (size_t i = 0; i < n; i++)
        if (commands[i].about[0])
            man_command(i);
    (void)printf(".SH ENVIRONMENT\n.TP\n.B AITYS_DIR\nThe newsroom's folder, where no option names "
                 "it.\n.TP\n.B AITYS_\\fISETTING\\fR\nOverrides a setting; see\n"
                 ".BR aitys.yaml (5).\n"
                 ".SH EXIT STATUS\n0: done. 1: failed; standard error says where, what and what to "
                 "do. 2: called wrongly.\n.SH SEE ALSO\n.BR aitys.yaml (5)\n");
}

static void man_setting(struct arena *a, const struct setting_about *row)
{
    struct str text = setting_environment(a, row);
    (void)printf(".TP\n.B ");
    put_line("", row->name);
    put_line("", row->about);
    (void)printf(".br\nDefault: ");
    put_line("", row->standard[0] ? row->standard : "none");
    (void)printf(".br\nMay be ");
    put_text(arena_cstr(a, setting_range(a, row)));
    (void)printf(".\n.br\nEnvironment: ");
    put_line("", arena_cstr(a, text));
}

static void man_settings(struct arena *a)
{
    (void)printf(".TH AITYS.YAML 5 \"\" \"aitys %s\" \"File Formats\"\n", AITYS_VERSION);
    (void)printf(
        ".SH NAME\naitys.yaml \\- the settings of a newsroom\n.SH DESCRIPTION\n"
        "A YAML file in the newsroom's folder. A name with a dot is written in two lines:\n"
        ".PP\n.nf\n.RS\nsite:\n  name: The Steppe Post\n  languages: [kk, ru]\n.RE\n.fi\n"
        ".PP\nEvery setting has a default. The environment overrides the file; lists are "
        "separated by commas there.\n"
        ".B aitys check\ntells every fault with its line,\n.B aitys explain\nwhat is in "
        "force and why.\n.SH SETTINGS\n");
    size_t n;
    const struct setting_about *rows = settings_about(&n);
    for (size_t i = 0; i < n; i++)
        man_setting(a, &rows[i]);
    (void)printf(".SH SEE ALSO\n.BR aitys (1)\n");
}

enum cli_end command_reference_man(struct cli *c)
{
    if (str_eq(c->args[0], STR("aitys.1")))
        man_commands();
    else if (str_eq(c->args[0], STR("aitys.yaml.5")))
        man_settings(c->arena);
    else
        return cli_misused(c, STR_FMT ": there is no such page, write aitys.1 or aitys.yaml.5",
                           STR_ARG(c->args[0]));
    return CLI_DONE;
}
