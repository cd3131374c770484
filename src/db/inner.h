/*
 * What the files of db/ share: the table that an engine fills, the pool of readers, the writer's
 * queue. Nobody outside db/ includes this.
 */
#pragma once

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/must.h"
#include "db/db.h"

/* One connection, used by one thread at a time; the beginning of each engine's own struct. */
struct conn {
    struct db *db;
    struct arena *home; /* holds the struct itself; closing frees it */
    bool writes;
    int64_t until_ms;  /* ticks at which what it reads must have come; 0: at any time */
    struct conn *next; /* the pool's */
};

#define ASKED_MAX 512 /* questions on the way at once */

/*
 * An engine. Unless said otherwise errors are those of tx_ask, and a connection is not shared.
 */
struct db_engine {
    /* db_create. */
    bool (*create)(struct str address, struct err *e);

    /* Claims the database before the first connection and lets go after the last: locks, threads.
     */
    bool (*start)(struct db *db, struct err *e);
    void (*stop)(struct db *db);
    /* After the migrations and the writer's connection: threads that need a whole database. */
    bool (*keep)(struct db *db, struct err *e);

    bool (*open)(struct db *db, bool writes, struct conn **ret_conn, struct err *e);
    void (*close)(struct conn **c);

    /* A snapshot, or for a connection that writes the right to write. Mends a lost connection. */
    bool (*begin)(struct conn *c, struct err *e);
    bool (*commit)(struct conn *c, struct err *e); /* ERR_UNKNOWN: perhaps it is stored */
    void (*rollback)(struct conn *c);
    /* False when the engine has thrown the transaction away as a whole. */
    bool (*in_transaction)(struct conn *c);

    /* Whether the connection itself is gone. NULL: it cannot be. */
    bool (*is_lost)(struct conn *c);

    /* A part of the transaction that can be undone alone. */
    bool (*job_begin)(struct conn *c, struct err *e);
    bool (*job_end)(struct conn *c, struct err *e);
    bool (*job_undo)(struct conn *c, struct err *e);

    bool (*run)(struct conn *c, int number, const struct db_value *in,
                const struct db_answer *answer, struct err *e);
    /*
     * Runs a statement that has a text for many (sql_together) with n_in values for each of n. The
     * error may come late. NULL where `ask` is.
     */
    bool (*run_together)(struct conn *c, int number, const struct db_value *values, size_t n,
                         struct err *e);

    /*
     * The same in two halves, for statements that give rows, so that many are on the way at once.
     * ask NULL: the engine answers without a way. ret_asked is false for what must be run instead.
     * collect waits for what the last n calls of ask asked, ASKED_MAX at most, in order; read gives
     * the rows and may be called again, drop frees them.
     */
    bool (*ask)(struct conn *c, int number, const struct db_value *in, bool *ret_asked,
                struct err *e);
    bool (*collect)(struct conn *c, void **ret_rows, size_t n, struct err *e);
    bool (*read)(struct conn *c, int number, void *rows, const struct db_answer *answer,
                 struct err *e);
    void (*drop)(void *rows);

    /* The number of the last migration, 0 for none; and a migration within a transaction. */
    bool (*version)(struct conn *c, int *ret_version, struct err *e);
    bool (*migrate)(struct conn *c, const struct db_migration *m, struct err *e);
    /* Around all migrations, outside of transactions. */
    bool (*migrating)(struct conn *c, bool on, struct err *e);

    /*
     * On the writer's thread after each batch and now and then while idle. Returns after how many
     * ms at most it wants to be called again.
     */
    int64_t (*between)(struct conn *c);
    /* True while what other processes commit cannot be heard. NULL: always heard. */
    bool (*is_deaf)(struct db *db);
    /* A connection to the replica, perhaps not connected yet; NULL: the engine knows none. */
    struct conn *(*open_near)(struct db *db);
    /* Whether it can be read there now: reachable, and with all that is known of here. */
    bool (*is_near_ready)(struct conn *c);
    bool (*backup)(struct db *db, struct str path, struct err *e);
    bool (*check)(struct db *db, struct err *e);
    bool (*check_statement)(struct conn *c, int number, struct err *e);
};

extern const struct db_engine db_sqlite;
extern const struct db_engine db_postgres;

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a connection came back, or the hold ended */
    struct conn *free;      /* the last one given back first: its cache is warm */
    size_t n, n_free;
    bool held; /* takers wait although connections are free */
};

#define CHANGES_MAX 440 /* as text they fit into one notice of PostgreSQL, 8000 bytes */

/* What a batch changes, for the other nodes. */
struct changes {
    uint64_t tags[CHANGES_MAX];
    size_t n;
    bool is_all; /* anything may have changed, or there are too many */
};

#define BATCH_MAX 512 /* jobs in one transaction */

/* The jobs of one transaction, in order. */
struct batch {
    struct db_write *first, *last;
    size_t n;
};

struct writer {
    pthread_t thread;
    bool is_running;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct db_write *first, *last;
    size_t length, longest;
    bool stopping, nudged;
    struct conn *conn;       /* the writer thread's, as the rest: */
    struct changes changes;  /* of the batch that runs */
    struct db_write *repeat; /* jobs of a batch whose COMMIT was not answered, in order */
};

struct db {
    struct db_options o;
    const char *address; /* o.address, NUL-terminated */
    struct arena *home;
    const struct db_engine *engine;
    void *engine_own;
    struct pool pool;
    struct pool near; /* of the replica; empty when there is none */
    struct writer writer;
    atomic_bool changed_elsewhere;
    _Atomic(const struct db_watch *) watch;
    atomic_uint_fast64_t scrubs_asked, scrubs_done;
    atomic_uint_fast64_t statements, commits, writes, writes_failed, scrubs, near_reads;
    atomic_uint_fast64_t answers_ahead, ahead_undone;
    atomic_int_fast64_t wal_bytes;
};

/* The answer to what a job asked ahead, in the job's arena. */
struct answer {
    int number; /* of the statement, */
    struct db_value *in;
    void *rows; /* the engine's; NULL: on the way */
    struct answer *next;
};

/* What is told of a job's end, in the job's arena; see tx_after. */
struct tx_told {
    void (*told)(void *context, bool ok);
    void *context;
    struct tx_told *next;
};

struct tx {
    struct db *db;
    struct conn *conn;
    struct arena *arena;
    int64_t now_s;
    uint64_t statements;
    enum db_role role;
    bool failed; /* a statement failed: so do all after it, with `first` */
    bool may_repeat, says_changes;
    uint64_t *tags; /* what it changes, in the arena */
    size_t n_tags, tags_capacity;
    struct tx_told *told, *last_told;
    struct err first;
    struct ahead *ahead;    /* those it asks ahead with; NULL: it runs alone */
    struct answer *answers; /* which it can still use */
    bool only_asks;         /* it is run to learn what it asks */
    bool has_changed, keeps_answers;
};

/* A transaction over a connection on which begin or job_begin succeeded. */
void tx_begin(struct tx *tx, struct conn *c, struct arena *arena);

/* Whether a transaction that reads has had its time (db_options' read_ms). */
bool conn_is_late(const struct conn *c);

/* The engine's functions, each a call that a test can make fail (see db_fault). */
bool conn_begin(struct conn *c, struct err *e);
bool conn_commit(struct conn *c, struct err *e);
bool conn_job_begin(struct conn *c, struct err *e);
bool conn_job_end(struct conn *c, struct err *e);
bool conn_job_undo(struct conn *c, struct err *e);
bool conn_run(struct conn *c, int number, const struct db_value *in, const struct db_answer *answer,
              struct err *e);
bool conn_run_together(struct conn *c, int number, const struct db_value *values, size_t n,
                       struct err *e);
bool conn_ask(struct conn *c, int number, const struct db_value *in, bool *ret_asked,
              struct err *e);
bool conn_collect(struct conn *c, void **ret_rows, size_t n, struct err *e);
bool conn_migrate(struct conn *c, const struct db_migration *m, struct err *e);

/* What a column holds does not fit its row in the table; fills e, returns false. */
bool column_refuse(const struct db_statement *s, size_t column, const char *what, struct err *e);

/* Opens all readers. Errors: those of the engine's open. */
bool pool_open(struct db *db, struct err *e);
void pool_close(struct db *db);
/* Waits up to busy_ms. Errors: ERR_BUSY. */
bool pool_take(struct db *db, struct conn **ret_conn, struct err *e);
void pool_give(struct pool *pool, struct conn *c);
/* Without waiting; NULL when all are taken. */
struct conn *pool_try(struct pool *pool);
/* Keeps new readers waiting until pool_release; false when some still read after wait_ms. */
bool pool_hold(struct db *db, int64_t wait_ms);
void pool_release(struct db *db);

/* The writer's thread. Errors: ERR_BROKEN (no thread). Stopping finishes what is queued. */
bool writer_start(struct db *db, struct err *e);
void writer_stop(struct db *db);
/* Has the writer's thread call the engine's `between` soon. */
void writer_nudge(struct db *db);

/* Takes the next job, if it asks ahead as told. Writer's thread only. */
struct db_write *writer_pop(struct writer *writer, bool only_ahead);
void batch_add(struct batch *batch, struct db_write *w);
/* Runs one job in a savepoint. Returns false when the whole transaction is lost, and why. */
bool job_run(struct conn *c, struct db_write *w, struct err *ret_lost);
/* What the job keeps in memory learns how it ended. */
void job_tell(struct db_write *w, bool ok);

/* ---- ahead.c ---- */

/*
 * Runs w and those behind it in the queue that ask ahead as well, all of them added to the batch,
 * of which w is the last. Returns as job_run.
 */
bool ahead_run(struct db *db, struct batch *batch, struct db_write *w, struct err *ret_lost);
/* The answer that came ahead to a statement with these values, or NULL. */
const struct answer *ahead_find(const struct tx *tx, int number, const struct db_value *in);
/* Asks it ahead. Always false, with ERR_BUSY: the answer comes later. */
bool ahead_ask(struct tx *tx, int number, const struct db_value *in, struct err *e);

/*
 * Runs a statement of a job that asked ahead: one that has a text for many waits for its like;
 * before any other those that wait are carried out.
 */
bool ahead_run_one(struct tx *tx, int number, const struct db_value *in,
                   const struct db_answer *answer, struct err *e);

/* ---- gather.c ---- */

/* Statements that wait to be carried out together; all zero: none. */
struct gather {
    struct arena *arena; /* holds them and their values; NULL while there are none */
    struct gathered *first;
};

/* Adds a run of a statement that has a text for many. Memory: copies the values. */
void gather_add(struct gather *g, const struct db_statement *s, int number,
                const struct db_value *in);
/*
 * Carries them out, in the order in which each statement came first, and forgets them. What may
 * wait for another of its like must not depend on the order in between.
 */
bool gather_run(struct gather *g, struct conn *c, struct err *e);
void gather_drop(struct gather *g);

/* Tells the watch, or raises the flag, that these tags (n 0: any) were changed elsewhere. */
void changes_tell(struct db *db, const uint64_t *tags, size_t n);
/* Adds what a job says it changes to those of its batch. */
void changes_add(struct changes *changes, const struct tx *tx);

/* Brings the schema up to date. Errors: ERR_CONFLICT (newer than we are), those of tx_ask. */
bool migrate(struct db *db, struct conn *c, struct err *e);

/* Locks and waiting on the clock that never goes back. */
void lock_init(pthread_mutex_t *lock, pthread_cond_t *changed);
void lock_free(pthread_mutex_t *lock, pthread_cond_t *changed);
void lock_take(pthread_mutex_t *lock);
void lock_give(pthread_mutex_t *lock);
int64_t ticks_ms(void);
/* Waits for a signal until that moment of ticks_ms; false when it has passed. */
bool lock_wait(pthread_cond_t *changed, pthread_mutex_t *lock, int64_t until_ms);
