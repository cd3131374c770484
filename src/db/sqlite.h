/*
 * What the sqlite*.c files share. Nobody else includes this or sqlite3.h.
 */
#pragma once

#include <sqlite3.h>

#include "db/inner.h"

/* The file's application_id: "Aity". */
#define SQLITE_OUR_ID 0x41697479

/* Statements that do not come from the store. */
enum sqlite_fixed {
    FIXED_BEGIN,
    FIXED_BEGIN_IMMEDIATE,
    FIXED_COMMIT,
    FIXED_SAVEPOINT,
    FIXED_RELEASE,
    FIXED_UNDO,
    FIXED_DATA_VERSION,
    FIXED_STATEMENTS,
};

/* A statement made ready; `index` maps $n to SQLite's own numbering. */
struct sqlite_ready {
    sqlite3_stmt *stmt;
    uint8_t index[DB_VALUES_MAX];
};

struct sqlite_conn {
    struct conn base;
    sqlite3 *handle;
    struct sqlite_ready *ready; /* one for each of the schema's, made when first needed */
    sqlite3_stmt *fixed[FIXED_STATEMENTS];
    bool has_job;             /* one has begun in this transaction */
    bool is_bare;             /* the last one is the transaction itself, without a savepoint */
    bool is_suspect;          /* a COMMIT failed on input or output: begin opens the file anew */
    int64_t data_version;     /* the writer's: as last seen */
    int64_t looked_ms;        /* when that was */
    int64_t scrub_ms;         /* when to try the next scrub, */
    int64_t scrub_since_ms;   /* and since when one is wanted; 0: none is */
    int64_t restart_ms;       /* when the write-ahead log may be restarted next */
    int64_t restart_pause_ms; /* the back-off */
};

/* The engine's own struct around a connection. */
static inline struct sqlite_conn *sqlite_of(struct conn *c)
{
    return (struct sqlite_conn *)c;
}

/* Fills e from a result code and the connection's sentence; returns false. */
bool sqlite_fail(sqlite3 *handle, int rc, const char *what, struct err *e);

/* What is kept beside the connections (sqlite_keep.c): the struct behind db's engine_own. */
struct sqlite_keeper;
/* The name of the file layer that clears what is unused; for whoever writes a file. */
const char *sqlite_vfs_name(const struct db *db);

/* sqlite_vfs.c: registers a file layer that lives in home. Errors: ERR_BROKEN. */
bool sqlite_vfs_add(struct arena *home, sqlite3_vfs **ret_vfs, struct err *e);

/* Opens a file with our settings; flags are sqlite3_open_v2's. Errors: ERR_MISSING, ERR_BROKEN. */
bool sqlite_handle_open(struct db *db, int flags, sqlite3 **ret_handle, struct err *e);
/* Closes it; all its statements must be finalised. Takes the address, accepts NULL. */
void sqlite_handle_close(sqlite3 **handle);

/* Runs SQL of our own that gives at most one number, which ret_n (may be NULL) takes. */
bool sqlite_number(sqlite3 *handle, const char *sql, int64_t *ret_n, struct err *e);

/* A store's statement, made ready if it is not yet. */
bool sqlite_prepare(struct sqlite_conn *c, int number, struct sqlite_ready **ret_ready,
                    struct err *e);
/* One of ours: stepped once and reset; its first column's number goes to ret_n (may be NULL). */
bool sqlite_fixed(struct sqlite_conn *c, enum sqlite_fixed which, int64_t *ret_n, struct err *e);
/* The engine's `run`. */
bool sqlite_run(struct conn *base, int number, const struct db_value *in,
                const struct db_answer *answer, struct err *e);

/* sqlite_keep.c: the lock, the checkpoints, scrubbing, what other processes did. */
bool sqlite_start(struct db *db, struct err *e);
bool sqlite_keep(struct db *db, struct err *e);
void sqlite_stop(struct db *db);
int64_t sqlite_between(struct conn *base);
/* Has the writer's commits counted, so that checkpoints come in time. */
void sqlite_watch_commits(struct sqlite_conn *c);

/* sqlite_copy.c: a new file, a copy, a check. */
bool sqlite_create(struct str address, struct err *e);
bool sqlite_backup(struct db *db, struct str path, struct err *e);
bool sqlite_check(struct db *db, struct err *e);
bool sqlite_check_statement(struct conn *base, int number, struct err *e);
