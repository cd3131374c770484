/*
 * Help, printed from the table of commands.
 */
#pragma once

#include "cli/cli.h"

/* All commands, a line each. */
void help_overview(FILE *out);
/* One command with its options. */
void help_command(const struct command *command);
