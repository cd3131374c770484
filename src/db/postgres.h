/*
 * What the postgres*.c files share. Nobody else includes this or libpq-fe.h.
 *
 * A connection is always in pipeline mode: what needs no answer (BEGIN, SAVEPOINT, RELEASE,
 * statements whose errors may come late) is sent along with the next that does.
 */
#pragma once

#include "base/buf.h"
#include "db/inner.h"
#include "db/postgres_libpq.h"

/* Statements that do not come from the store. */
enum pg_fixed {
    PG_BEGIN_READ,
    PG_BEGIN_WRITE,
    PG_COMMIT,
    PG_ROLLBACK,
    PG_SAVEPOINT,
    PG_RELEASE,
    PG_UNDO,
    PG_NOTIFY, /* with the text */
    PG_TURN,   /* waits for the one node that writes */
    PG_PLACE,  /* how far the server's log goes */
    PG_REPLAY, /* how far a standby has followed it */
    PG_FIXED,
};

#define PG_NOTIFY_NAME "fixed7"
_Static_assert(PG_NOTIFY == 7, "its name");

/* The texts of a statement that a connection may have prepared. */
enum pg_text { PG_ALONE, PG_TOGETHER, PG_TEXTS };

#define PG_NAME_BYTES 24

struct pg_conn {
    struct conn base;
    PGconn *pg;        /* NULL: lost, begin connects anew */
    bool is_near;      /* to the replica */
    bool *is_prepared; /* for each text of each of the schema's statements */
    bool is_begun;
    int64_t statement_ms; /* how long the server lets one take; 0: as long as it likes */
    size_t n_late;        /* statements of this job whose answers were not read */
    size_t n_syncs;       /* of earlier transactions, whose answers were not read */
    bool was_warned;      /* the server warned during the last exchange */
    uint64_t mark;        /* of the writer's connection, another one each time; 0: not that */
    int64_t failed_ms;    /* when connecting failed last */
    int64_t retry_ms;     /* when to try to connect again, */
    int64_t pause_ms;     /* and the back-off */
};

/* How far the log must be followed by whoever reads for us, when nobody can tell. */
#define PG_PLACE_UNKNOWN INT64_MAX

/* What is kept beside the connections: the struct behind db's engine_own. */
struct pg_keeper {
    pthread_t thread;
    bool is_running;
    int stop_fd;                  /* an eventfd that becomes readable */
    _Atomic uint64_t writer_mark; /* what the writer's connection signs its notices with */
    /* Places in the server's log: behind all that was stored here, and all that was heard of. */
    atomic_int_fast64_t place_own, place_heard;
    atomic_int_fast64_t back_ms;       /* when somebody last connected to the primary */
    atomic_int_fast64_t near_retry_ms; /* when the replica may be tried again */
    /* Ticks when the listener was lost; 0: it listens, or nobody can write. */
    atomic_int_fast64_t since;
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
/*
 * Prepares a text of a statement, unless it is, in an exchange of its own, so that it is known
 * whether the server has it.
 */
bool pg_prepare(struct pg_conn *c, int number, enum pg_text which, struct err *e);
/* The name by which the server knows it, NUL-terminated. */
void pg_statement_name(int number, enum pg_text which, char ret_name[static PG_NAME_BYTES]);
/* The type by which the server knows ours. */
Oid pg_oid_of(enum db_type type);
/* The engine's functions of these names. */
bool pg_ask(struct conn *base, int number, const struct db_value *in, bool *ret_asked,
            struct err *e);
bool pg_collect(struct conn *base, void **ret_rows, size_t n, struct err *e);
bool pg_read(struct conn *base, int number, void *rows, const struct db_answer *answer,
             struct err *e);
void pg_drop(void *rows);
bool pg_run(struct conn *base, int number, const struct db_value *in,
            const struct db_answer *answer, struct err *e);
bool pg_check_statement(struct conn *base, int number, struct err *e);

/* ---- postgres_wait.c ---- */

/*
 * Waits until an answer can be taken without waiting. False: the connection broke, or the server
 * was silent for longer than a statement may take; of a writer whose server others still hear,
 * longer than a COMMIT may wait for those that follow.
 */
bool pg_await(struct pg_conn *c);

/* ---- postgres_together.c ---- */

/* The engine's function of this name. */
bool pg_run_together(struct conn *base, int number, const struct db_value *values, size_t n,
                     struct err *e);

/* ---- postgres_connect.c ---- */

struct pg_target {
    const char *address;
    const char *beside;   /* the schema; empty or NULL: the address's own */
    int64_t busy_ms;      /* for the connection */
    int64_t statement_ms; /* for each statement on it */
    bool only_reads;      /* a standby will do */
};

/*
 * A connection with our settings, not yet in pipeline mode. Errors: ERR_INVALID (the address cannot
 * be read), ERR_MISSING (every server of the address says itself that it does not serve: it is
 * down, begins, ends, or only reads), ERR_BUSY, ERR_BROKEN.
 */
bool pg_connect(const struct pg_target *to, PGconn **ret_pg, struct err *e);
/* The database's own server, which takes writes. */
struct pg_target pg_primary(const struct db *db);
/* Connects and makes ready; waits out the back-off by failing with ERR_BUSY. */
bool pg_reconnect(struct pg_conn *c, struct err *e);
/* A connection that is not made yet; its arena is its home. */
struct pg_conn *pg_conn_new(struct db *db);
/* Whether the server has hung up since. Looks without waiting. */
bool pg_has_gone(struct pg_conn *c);
/* SQL of our own outside of pipelines that gives at most one number. */
bool pg_number(PGconn *pg, const char *sql, int64_t *ret_n, struct err *e);

/* ---- postgres_near.c: reading from a standby ---- */

/* The engine's functions of these names. */
struct conn *pg_open_near(struct db *db);
bool pg_is_near_ready(struct conn *base);
/* After a COMMIT: notes how far a standby must have followed to be read for us. */
void pg_note_place(struct pg_conn *c);
/* After a COMMIT that may be stored: nobody can tell, so none is read. */
void pg_forget_place(struct db *db);
/* Between transactions: tries to find out, if nobody can tell. */
void pg_find_place(struct pg_conn *c);

/* ---- postgres_listen.c: telling other nodes and hearing them ---- */

/* Sends along what the batch changes, before COMMIT. False when the connection is lost. */
bool pg_send_changes(struct pg_conn *c, const struct changes *changes, struct err *e);
/* The engine's functions of these names. */
bool pg_start(struct db *db, struct err *e);
bool pg_keep(struct db *db, struct err *e);
void pg_stop(struct db *db);
bool pg_is_deaf(struct db *db);

/* ---- postgres_keep.c: migrations, checks ---- */

/* The engine's functions of these names. */
bool pg_create(struct str address, struct err *e);
int64_t pg_between(struct conn *base);
bool pg_version(struct conn *base, int *ret_version, struct err *e);
bool pg_migrate(struct conn *base, const struct db_migration *m, struct err *e);
bool pg_migrating(struct conn *base, bool on, struct err *e);
bool pg_backup(struct db *db, struct str path, struct err *e);
bool pg_check(struct db *db, struct err *e);
