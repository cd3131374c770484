/*
 * aitys explain: every setting, what it means and what is in force.
 */
#include <unistd.h>

#include "cli/newsroom.h"
#include "config/file.h"

/* Where a value came from, in words. */
static struct str origin_of(struct cli *c, const struct newsroom *n, size_t row, bool has_file)
{
    size_t n_rows;
    const struct setting_about *rows = settings_about(&n_rows);
    if (!has_file)
        return STR("the default; there is no aitys.yaml here");
    switch (n->report.origins[row]) {
    case SETTING_STANDARD:
        return STR("the default");
    case SETTING_FILE:
        return arena_printf(c->arena, STR_FMT "/" SETTINGS_FILE ":%zu", STR_ARG(n->settings.dir),
                            n->report.lines[row]);
    case SETTING_ENVIRONMENT:
        return arena_printf(c->arena, "the environment, " STR_FMT,
                            STR_ARG(setting_environment(c->arena, &rows[row])));
    }
    return STR("nowhere");
}

static void explain_row(struct cli *c, const struct newsroom *n, size_t row, bool has_file)
{
    size_t n_rows;
    const struct setting_about *about = &settings_about(&n_rows)[row];
    struct str value = settings_print(c->arena, &n->settings, str_of(about->name));
    cli_print("%s", about->name);
    cli_print("    %s", about->about);
    if (value.n > 0)
        cli_print("    value        " STR_FMT, STR_ARG(value));
    else
        cli_print("    value        (none)");
    cli_print("    from         " STR_FMT, STR_ARG(origin_of(c, n, row, has_file)));
    cli_print("    default      %s", about->standard[0] ? about->standard : "(none)");
    cli_print("    may be       " STR_FMT, STR_ARG(setting_range(c->arena, about)));
    cli_print("    environment  " STR_FMT, STR_ARG(setting_environment(c->arena, about)));
}

enum cli_end command_explain(struct cli *c)
{
    size_t n_rows;
    const struct setting_about *rows = settings_about(&n_rows), *one = NULL;
    if (c->n_args == 1) {
        const char *near;
        one = settings_find(c->args[0], &near);
        if (!one && near)
            cli_say(STR_FMT ": there is no such setting; did you mean %s?", STR_ARG(c->args[0]),
                    near);
        else if (!one)
            cli_say(STR_FMT ": there is no such setting; `aitys explain` lists them all",
                    STR_ARG(c->args[0]));
        if (!one)
            return CLI_USAGE;
    }
    /* Without a newsroom it explains all the same; a folder that was named must be one. */
    struct str dir = cli_dir(c, false);
    bool is_named = !str_eq(dir, STR("."));
    const char *path = file_path(c->arena, dir, STR(SETTINGS_FILE)).p;
    bool has_file = is_named || access(path, F_OK) == 0;
    struct newsroom n = {0};
    if (!has_file)
        settings_standard(c->arena, &n.settings);
    else if (!newsroom_load(c, dir, &n))
        return CLI_FAILED;
    for (size_t i = 0; i < n_rows; i++) {
        if (one && one != &rows[i])
            continue;
        if (!one && i > 0)
            cli_print("%s", "");
        explain_row(c, &n, i, has_file);
    }
    return CLI_DONE;
}
