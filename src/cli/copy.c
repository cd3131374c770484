/*
 * aitys copy: a whole newsroom from one database to another.
 */
#include <inttypes.h>

#include "cli/newsroom.h"
#include "config/file.h"
#include "port/copy.h"
#include "store/statements.h"

static bool is_server(struct str address)
{
    return str_begins(address, STR("postgresql://")) || str_begins(address, STR("postgres://"));
}

static void on_table(UNUSED void *context, const char *name, int64_t n_rows, int64_t n_sent)
{
    if (n_sent == n_rows)
        cli_print("%-16s %10" PRId64 " rows, the same", name, n_rows);
    else
        cli_print("%-16s %10" PRId64 " rows, the same; %" PRId64 " sent this time", name, n_rows,
                  n_sent);
    (void)fflush(stdout);
}

static void on_anew(UNUSED void *context, const char *name)
{
    cli_print("%-16s written to since it was copied: copied anew", name);
    (void)fflush(stdout);
}

/* Whoever else has the file open is told apart by its lock; of a server nobody can tell. */
static bool open_one(struct cli *c, struct newsroom *n, struct str address, struct db **ret_db)
{
    struct db_options options = newsroom_db_options(c, n, NEWSROOM_ALONE);
    struct err e;
    options.address = is_server(address) ? address : file_path(c->arena, STR("."), address);
    options.replica = STR_NONE;
    options.readers = 1;
    options.read_ms = 0; /* a batch of large rows is not given up for being slow */
    if (db_open(&options, ret_db, &e))
        return true;
    if (!is_server(address))
        (void)err_where(&e, STR_FMT, STR_ARG(address));
    (void)cli_fail(&e);
    return false;
}

/* A target that is there already is looked at when it is open. */
static bool make_target(struct cli *c, struct str address)
{
    struct err e;
    struct str made = is_server(address) ? address : file_path(c->arena, STR("."), address);
    if (db_create(made, &e) || e.kind == ERR_CONFLICT)
        return true;
    return cli_fail(&e) == CLI_DONE;
}

enum cli_end command_copy(struct cli *c)
{
    struct newsroom n = {0};
    struct db *from = NULL, *to = NULL;
    const struct copy_told told = {.table = on_table, .anew = on_anew};
    struct str source = c->values[CLI_OPTION_FROM], target = c->values[CLI_OPTION_TO];
    struct err e;
    if (source.n == 0 || target.n == 0)
        return cli_misused(c, "both --from and --to are needed");
    if (!newsroom_load(c, cli_dir(c, false), &n))
        return CLI_FAILED;
    bool ok =
        open_one(c, &n, source, &from) && make_target(c, target) && open_one(c, &n, target, &to);
    if (ok && !copy_newsroom(from, to, &told, &e))
        ok = cli_fail(&e) == CLI_DONE;
    if (to)
        db_close(&to);
    if (from)
        db_close(&from);
    if (!ok)
        return CLI_FAILED;
    cli_print("copied; now set `database` to the new address and serve from there");
    return CLI_DONE;
}
