/*
 * Moves a whole newsroom from one database to another, whatever their engines: every row of every
 * table as it is. Knows tables and their keys, not what they mean.
 */
#pragma once

#include "db/db.h"

struct copy_told {
    /* One line for whoever waits, when a table is done. */
    void (*table)(void *context, const char *name, int64_t n_rows);
    void *context;
};

/*
 * Copies what is in `from` to `to`, in small transactions, table by table. Nothing else may write
 * to either meanwhile. Interrupted and run again it goes on where it was. In the end both are read
 * once more and compared by the number and the hash of each table's rows.
 * Errors  ERR_MISSING (from holds no newsroom), ERR_CONFLICT (to holds another newsroom, or one
 *         that is complete; or they differ in the end), ERR_BUSY, ERR_UNKNOWN (run it again),
 *         ERR_BROKEN
 */
MUST_USE bool copy_newsroom(struct db *from, struct db *to, const struct copy_told *told,
                            struct err *e);
