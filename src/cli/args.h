/*
 * Arguments and options, read by the table of commands.
 */
#pragma once

#include "cli/cli.h"

/*
 * Finds the command and fills c. Returns false when there is nothing to run: help was shown, or
 * the call was wrong and that was said; *ret_end is how the program ends then.
 */
MUST_USE bool args_parse(struct cli *c, int argc, char **argv, enum cli_end *ret_end);
