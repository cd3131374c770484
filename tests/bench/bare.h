/*
 * The store's statements on a bare SQLite connection, without the program's threads, pool or
 * transactions: for filling a database fast, and as the control of what SQLite itself can do.
 * Whatever fails ends the process with a sentence.
 */
#pragma once

#include <sqlite3.h>

#include "model/ids.h"
#include "store/statements.h"

#define BARE_SITE 1 /* SITE_FIRST of domain.c */

struct bare {
    sqlite3 *handle;
    struct bare_ready {
        sqlite3_stmt *stmt;
        int index[DB_VALUES_MAX];
    } * ready; /* one for each of the schema's statements */
};

void bare_open(struct bare *b, const char *path);
void bare_close(struct bare *b);

/* SQL of one's own; the answer's first number, 0 when there is none. */
int64_t bare_number(struct bare *b, const char *sql);

/* Runs a statement with its generated struct; returns the first column of the first row, or 0. */
int64_t bare_put(struct bare *b, int statement, const void *in);

/* Bytes as a str. */
struct str bare_bytes(const void *p, size_t n);
