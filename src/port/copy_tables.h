/*
 * Which tables a newsroom is, in the order in which they are copied, and the statements that move
 * each. Knows nothing of how a copy goes on.
 */
#pragma once

#include "db/db.h"

#define COPY_KEY_MAX 4
#define COPY_NO_STATEMENT (-1)

/* A table: who reads, writes, finds its last row and empties it; the key's columns; rows at once.
 */
struct copy_table {
    const char *name;
    int get, put;
    int last; /* COPY_NO_STATEMENT: where it ended cannot be known, so it is begun anew */
    int drop; /* COPY_NO_STATEMENT: its rows are never changed or removed */
    size_t n_key;
    int64_t n_batch;
};

/* All of them; their number is the same as long as the program runs. */
const struct copy_table *copy_tables(size_t *ret_n);

/*
 * Whether every column of every table that the database itself knows of is copied, or is left out
 * on purpose.
 * Errors  ERR_INVALID (names the first one that is neither), ERR_BUSY, ERR_BROKEN
 */
MUST_USE bool copy_tables_check(struct db *db, struct err *e);
