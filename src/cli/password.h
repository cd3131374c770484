/*
 * Passwords at the command line: read from standard input, or made.
 */
#pragma once

#include "cli/cli.h"

/* A new one: 6 groups of 4 easily read letters and digits, 120 bits. Memory: the arena's. */
struct str password_make(struct arena *a);

/*
 * The first line of standard input.
 * Errors  ERR_INVALID (empty, or over 200 bytes), ERR_BROKEN
 */
MUST_USE bool password_read(struct arena *a, struct str *ret_password, struct err *e);
