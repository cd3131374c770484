/*
 * Passwords at the command line: read from standard input.
 */
#pragma once

#include "cli/cli.h"

/*
 * The first line of standard input.
 * Errors  ERR_INVALID (empty, or over 200 bytes), ERR_BROKEN
 */
MUST_USE bool password_read(struct arena *a, struct str *ret_password, struct err *e);
