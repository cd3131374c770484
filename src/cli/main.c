/*
 * aitys: finds the command in the table, checks how it was called, runs it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cli.h"

/* A core dump would hold readers' words and addresses. */
static void forbid_core_dumps(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
}

int main(int argc, char **argv)
{
    forbid_core_dumps();
    (void)signal(SIGPIPE, SIG_IGN); /* a write to one who left is an error like any other */
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct cli c = {.arena = a, .environment = environ};
    enum cli_end end = CLI_DONE;
    if (args_parse(&c, argc, argv, &end))
        end = c.command->run(&c);
    /* What was printed and could not be stored (a full disk) must not look like success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno != EPIPE)
            cli_say("standard output: %s", strerrordesc_np(errno));
        end = end == CLI_DONE ? CLI_FAILED : end;
    }
    return (int)end;
}
