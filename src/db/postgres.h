/*
 * What the postgres*.c files share. Nobody else includes this or libpq-fe.h.
 *
 * A connection is always in pipeline mode: what needs no answer (BEGIN, SAVEPOINT, RELEASE,
 * statements whose errors may come late) is sent along with the next that does.
 */
#pragma once

#include <libpq-fe.h>

#include "db/inner.h"

/* Statements that do not come from the store. */
enum pg_fixed {
    PG_BEGIN_READ,
    PG_BEGIN_WRITE,
    PG_COMMIT,
    PG_ROLLBACK,
    PG_SAVEPOINT,
    PG_RELEASE,
    PG_UNDO,
    PG_NOTIFY,
    PG_FIXED,
};

struct pg_conn {
    struct conn base;
    PGconn *pg;        /* NULL: lost, begin connects anew */
    bool *is_prepared; /* for each of the schema's statements */
    bool is_begun;
    size_t n_late;    /* statements of this job whose answers were not read */
    size_t n_syncs;   /* of earlier transactions, whose answers were not read */
    bool was_warned;  /* the server warned during the last exchange */
    int64_t retry_ms; /* when to try to connect again, */
    int64_t pause_ms; /* and the back-off */
};

/* What is kept beside the connections: the struct behind db's engine_own. */
struct pg_keeper {
    pthread_t thread;
    bool is_running;
    int stop_fd;           /* an eventfd that becomes readable */
    atomic_int writer_pid; /* the server's process behind the writer's connection */
};

/* The engine's own struct around a connection. */
static inline struct pg_conn *pg_of(struct conn *c)
{
    return (struct pg_conn *)c;
}

/* ---- postgres_talk.c ---- */

/* Fills e from a failed result; returns false. Says nothing of the values. */
bool pg_fail(const PGresult *r, const char *what, struct err *e);
/* The connection is gone or of no use: closes it, fills e with ERR_BUSY, returns false. */
bool pg_lost(struct pg_conn *c, const char *what, struct err *e);

/* Puts one of ours on the way. False when the connection is lost. */
bool pg_send_fixed(struct pg_conn *c, enum pg_fixed which, struct err *e);
/*
 * Waits for the answers to all that is on the way; the first error is the one told. ret_last (may
 * be NULL) takes the last command's result, which the caller clears.
 */
bool pg_exchange(struct pg_conn *c, const char *what, PGresult **ret_last, struct err *e);
/* The engine's `run` and `check_statement`. */
bool pg_run(struct conn *base, int number, const struct db_value *in,
            const struct db_answer *answer, struct err *e);
bool pg_check_statement(struct conn *base, int number, struct err *e);

/* ---- postgres_connect.c ---- */

/* A connection with our settings, not yet in pipeline mode. Errors: ERR_BUSY, ERR_BROKEN. */
bool pg_connect(const char *address, int64_t busy_ms, PGconn **ret_pg, struct err *e);
/* Connects and makes ready; waits out the back-off by failing with ERR_BUSY. */
bool pg_reconnect(struct pg_conn *c, struct err *e);
/* Whether the server has hung up since. Looks without waiting. */
bool pg_has_gone(struct pg_conn *c);
/* SQL of our own outside of pipelines that gives at most one number. */
bool pg_number(PGconn *pg, const char *sql, int64_t *ret_n, struct err *e);

/* ---- postgres_keep.c: migrations, checks, listening to other nodes ---- */

/* The engine's functions of these names. */
bool pg_create(struct str address, struct err *e);
bool pg_start(struct db *db, struct err *e);
bool pg_keep(struct db *db, struct err *e);
void pg_stop(struct db *db);
int64_t pg_between(struct conn *base);
bool pg_version(struct conn *base, int *ret_version, struct err *e);
bool pg_migrate(struct conn *base, const struct db_migration *m, struct err *e);
bool pg_migrating(struct conn *base, bool on, struct err *e);
bool pg_backup(struct db *db, struct str path, struct err *e);
bool pg_check(struct db *db, struct err *e);
