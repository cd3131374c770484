/*
 * Stands in for serve.c in a tree without the web layer.
 */
#include "cli/cli.h"

enum cli_end command_serve(struct cli *c)
{
    (void)c;
    cli_say("serve: this build has no server");
    return CLI_FAILED;
}
