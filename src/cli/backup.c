/*
 * aitys backup: the database, copied while it is in use.
 */
#include "cli/newsroom.h"

enum cli_end command_backup(struct cli *c)
{
    struct newsroom n = {0};
    struct err e;
    enum cli_end end = CLI_FAILED;
    if (newsroom_open(c, cli_dir(c, false), NEWSROOM_BESIDE, &n)) {
        if (db_backup(n.db, c->args[0], &e)) {
            cli_print("backed up to " STR_FMT, STR_ARG(c->args[0]));
            end = CLI_DONE;
        } else if (e.kind == ERR_CONFLICT) {
            cli_say(STR_FMT ": exists already; name a new file", STR_ARG(c->args[0]));
        } else {
            end = cli_fail(&e);
        }
    }
    newsroom_close(&n);
    return end;
}
