/*
 * Moves a whole newsroom from one database to another, whatever their engines: every row of every
 * table as it is. Knows tables and their keys, not what they mean.
 */
#pragma once

#include "db/db.h"

/* What is to be done with a target that is of no use. */
#define COPY_EMPTY_FIRST                                                                           \
    "empty the target first (remove the file, or dropdb and createdb) and run this again"

struct copy_told {
    /* For whoever waits: a table is the same now; so many of its rows were sent in this run. */
    void (*table)(void *context, const char *name, int64_t n_rows, int64_t n_sent);
    /* It was written to since an interrupted copy read it, and is copied anew. */
    void (*anew)(void *context, const char *name);
    void *context;
};

/*
 * Copies what is in `from` to `to`, in small transactions, table by table. Nothing else may write
 * to either meanwhile: each batch is a snapshot of its own, and what is seen to differ in the end,
 * when both are read once more and compared by the number and the hash of each table's rows, is an
 * error. Interrupted and run again it goes on where it was; a table that was written to in between
 * is copied anew.
 * Errors  ERR_MISSING (from holds no newsroom), ERR_INVALID (from holds a table or column that is
 *         not known), ERR_CONFLICT (to holds another newsroom, or one that is complete; or they
 *         differ in the end), ERR_BUSY, ERR_UNKNOWN (run it again), ERR_BROKEN
 */
MUST_USE bool copy_newsroom(struct db *from, struct db *to, const struct copy_told *told,
                            struct err *e);
