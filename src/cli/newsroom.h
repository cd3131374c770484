/*
 * A newsroom as commands open it: settings, database, domain, in this order.
 */
#pragma once

#include "base/log.h"
#include "cli/cli.h"
#include "config/settings.h"
#include "db/db.h"
#include "domain/domain.h"

struct newsroom {
    struct settings settings;
    struct settings_report report;
    struct log log;
    struct db *db;
    struct domain domain;
};

enum newsroom_use {
    NEWSROOM_BESIDE, /* a command, beside a server */
    NEWSROOM_ALONE,  /* the server: only one may */
};

/*
 * Loads the settings of a folder into n (and nothing else). Tells every fault on standard error
 * and returns false when there is one. Memory: the command's arena.
 */
MUST_USE bool newsroom_load(struct cli *c, struct str dir, struct newsroom *n);

/* The options with which newsroom_open opens the database; for those who open it themselves. */
struct db_options newsroom_db_options(struct cli *c, const struct newsroom *n,
                                      enum newsroom_use use);

/*
 * Opens the database and the domain of a newsroom whose settings are loaded. Tells errors on
 * standard error and returns false. The caller calls newsroom_close also after a failure.
 */
MUST_USE bool newsroom_connect(struct cli *c, enum newsroom_use use, struct newsroom *n);

/* Both. Memory: the command's arena; the caller calls newsroom_close also after a failure. */
MUST_USE bool newsroom_open(struct cli *c, struct str dir, enum newsroom_use use,
                            struct newsroom *n);

/*
 * Opens the search index of an open newsroom, for the server: a file beside the database, with
 * ".search" behind its name, or on a server a schema. One that is missing is made; a file that
 * cannot be used is made anew: it holds nothing that the database does not. Closed with db_close.
 * Errors: those of db_open.
 */
MUST_USE bool newsroom_search_open(struct cli *c, const struct newsroom *n, struct db **ret_index,
                                   struct err *e);

/*
 * Opens it as it is, for a command; *ret_index is NULL when the settings do without, or no server
 * has made it yet. Closed with db_close. Errors: those of db_open.
 */
MUST_USE bool newsroom_search_look(struct cli *c, const struct newsroom *n, struct db **ret_index,
                                   struct err *e);

/* Every fault of a list on standard error. */
void newsroom_tell(const struct faults *faults);

/* Closes what is open; n may be zeroed. */
void newsroom_close(struct newsroom *n);

/* Whether settings.database is a server's address and not a file's path. */
PURE bool newsroom_is_on_server(const struct settings *s);
