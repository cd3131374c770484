/*
 * Databases behind one table of functions. Everything above speaks of statements by number; only
 * sqlite.c and postgres.c know an engine. Knows no tables: store/ does.
 */
#pragma once

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

enum db_type { DB_INT, DB_TEXT, DB_BLOB };

/* One value on its way in or out. is_null goes with any type. */
struct db_value {
    enum db_type type;
    bool is_null;
    int64_t n;    /* DB_INT */
    struct str s; /* DB_TEXT, DB_BLOB */
};

enum db_rows { DB_NO_ROWS, DB_ONE_ROW, DB_MAYBE_ROW, DB_MANY_ROWS };

/* Who may at least cause a statement, from the weakest to the strongest. */
enum db_role { DB_READER, DB_MODERATOR, DB_SENIOR, DB_EDITOR, DB_ADMINISTRATOR, DB_SYSTEM };

/* A value of a statement, and its place in the generated struct. */
struct db_column {
    const char *name;
    enum db_type type;
    bool may_be_null;
    size_t offset;
};

#define DB_VALUES_MAX 32 /* values in, and columns out, of one statement */

/* One numbered statement; the table of all is made from store/sql by tools/gen_sql. */
struct db_statement {
    const char *name;
    const char *sql;          /* with $1 … $n */
    const char *sql_postgres; /* where the engines differ; NULL: the same */
    const char
        *sql_together; /* PostgreSQL, many runs as one: takes a list of each value; or NULL */
    enum db_role least;
    enum db_rows rows;
    bool writes;
    bool errors_late; /* PostgreSQL need not be waited for: the job's end reports the error */
    const struct db_column *in;
    size_t n_in;
    const struct db_column *out;
    size_t n_out;
    size_t out_bytes; /* of the struct of a row */
};

struct db_migration {
    int number; /* 1, 2, … */
    const char *name;
    const char *sql;          /* several statements */
    const char *sql_postgres; /* NULL: the same */
};

/* All that a database is to this program. */
struct db_schema {
    const struct db_statement *statements;
    size_t n_statements;
    const struct db_migration *migrations;
    size_t n_migrations;
};

/*
 * For tests: the call that brings calls_left from 1 to 0 fails instead of reaching the engine. A
 * call is a statement, BEGIN, SAVEPOINT, its end, COMMIT. 0: none fails any more.
 */
struct db_fault {
    _Atomic int64_t calls_left;
    _Atomic uint64_t struck; /* how many calls it has made fail */
    enum err_kind kind;      /* what they fail with; ERR_NONE: ERR_BROKEN */
    bool lasts;              /* calls_left stays at 1: all that follow fail as well */
    bool is_late;            /* only COMMITs of writes count, and reach the engine before */
};

struct db_options {
    struct str address; /* a file's path, or postgresql://… */
    struct str replica; /* a standby of the same server, which may be away; empty: none */
    /* PostgreSQL: this schema within the address's database, made when it is missing, for what is
     * derived from the rest; a simple name. Its commits are not told to other nodes, and statements
     * are planned by their values. Empty: the address's own. SQLite: a file is one database. */
    struct str beside;
    const struct db_schema *schema;
    bool exclusive;         /* the server: a second one gets ERR_CONFLICT (SQLite only) */
    struct db_fault *fault; /* NULL but in tests; outlives the database */
    size_t readers;         /* read-only connections */
    size_t queue_max;       /* write jobs that may wait; beyond it ERR_BUSY */
    int64_t busy_ms;        /* how long to wait for a lock, a connection, an answer */
    int64_t read_ms;        /* how long db_read may take until its last statement; 0: no limit, as
                             * for what reads all there is; more: for serving, see postgres_connect.c */
    int64_t cache_bytes;    /* page cache of one connection */
    const struct log *log;
    const struct clock *clock;
};

struct db;

/*
 * A transaction as its user sees it. Not shared between threads; rows live in the arena.
 */
struct tx;

/* Where a transaction's rows live. */
struct arena *tx_arena(struct tx *tx);
/* The time that all of a transaction takes as now, Unix seconds. */
int64_t tx_now_s(const struct tx *tx);

/*
 * From here on statements of a stronger role than this fail with ERR_DENIED in this transaction.
 * A transaction begins as DB_SYSTEM; a role can only be given up, not regained.
 */
void tx_limit_to(struct tx *tx, enum db_role role);

/*
 * What of the rendered pages this job changes, as tags: other nodes are told so after the commit.
 * n may be 0: nothing. Adds to what was said before. A job that never says is taken to change
 * everything.
 */
void tx_changes(struct tx *tx, const uint64_t *tags, size_t n);

/*
 * Has something told, on the writer's thread and before anybody's done, when what this job stores
 * is durable (ok), or when it is not, or not for certain: for what is kept in memory besides. In
 * the order of the calls; each is called exactly once. Of a job that is run a second time the first
 * run's are told that it is not. Of a transaction that only reads nothing is told.
 */
void tx_after(struct tx *tx, void (*told)(void *context, bool ok), void *context);

/*
 * This job may be run a second time: what it stores has a key of its own, by which it finds what
 * the first run stored. Without this a connection lost in COMMIT ends as ERR_UNKNOWN. It must lock
 * a row before it looks, so that it waits for a first run that the server has not ended yet.
 */
void tx_may_repeat(struct tx *tx);

/*
 * For jobs that ask ahead (struct db_write); for all others these change nothing.
 *
 * All has been asked that must be known before anything is changed, here or in memory. Fails with
 * ERR_BUSY when the job is only run to learn what it asks.
 */
MUST_USE bool tx_begin_changes(struct tx *tx, struct err *e);
/*
 * What this job stores changes no answer that others were given at the same time, or they find that
 * out by themselves (tx_others). Of a job that does not say so the answers are asked for anew.
 */
void tx_keeps_answers(struct tx *tx);
/* What was asked ahead may be out of date for this job: it asks for itself from here on. */
void tx_ask_anew(struct tx *tx);
/*
 * A pointer of the user's, shared by the jobs that asked at the same time and NULL at first, by
 * which one finds what those before it have stored since. It may point into the arenas of jobs.
 * NULL: there are no others.
 */
void **tx_others(struct tx *tx);

/*
 * Opens the database and brings its schema up to date (each migration in a transaction; a newer
 * schema than this program knows is refused). Makes the readers and the writer's thread. Several
 * processes may have the database open and write; of those that are exclusive, only one.
 * Memory  copies the address; borrows schema, log, clock and fault until db_close
 * Errors  ERR_MISSING (no such file; no libpq), ERR_BUSY (no such server, or it is away),
 * ERR_CONFLICT (newer schema, not a database of this program, or another exclusive opener has it),
 *         ERR_BROKEN
 */
MUST_USE bool db_open(const struct db_options *options, struct db **ret_db, struct err *e);

/*
 * Makes an empty database file for db_open; of a server, looks whether its database is free.
 * Errors  ERR_CONFLICT (it exists; a newsroom's schema is there), ERR_INVALID (others' tables are
 *         there, or the address cannot be read), ERR_MISSING and ERR_BUSY (no such server),
 *         ERR_BROKEN
 */
MUST_USE bool db_create(struct str address, struct err *e);

/* Finishes what is queued, checkpoints, closes. */
void db_close(struct db **db);

/*
 * Reads in one snapshot on a connection of the pool; callable from any thread but the writer's.
 * work returns false with e filled to fail; once a statement has failed the read has failed with
 * that error, whatever work makes of it. Rows live in arena. A snapshot that is kept for long keeps
 * the write-ahead log, or dead rows, from being cleared away: after read_ms the statement that runs
 * is ended, and later ones fail, with ERR_BUSY.
 */
typedef bool db_work(struct tx *tx, void *context, struct err *e);
MUST_USE bool db_read(struct db *db, struct arena *arena, db_work *work, void *context,
                      struct err *e);

/*
 * The same, perhaps on the replica: when there is one, it can be reached, and it has all that this
 * node has stored and all that other nodes have told it. Otherwise as db_read. work may run a
 * second time after it has failed with ERR_BUSY.
 */
MUST_USE bool db_read_near(struct db *db, struct arena *arena, db_work *work, void *context,
                           struct err *e);

/*
 * Queues a write. work runs once (see tx_may_repeat), on the writer's thread, in a savepoint of a
 * transaction shared with whatever else waits; when it fails only its own changes are rolled back.
 * done is called on
 * the writer's thread after the transaction is durable (or failed): ok is false and e filled then.
 * done may free w; it must not wait for the writer.
 * Once a statement has failed the job has failed: its later statements fail with the same error,
 * and so does the job even if work returns true. What may meet a row that is there already
 * says ON CONFLICT DO NOTHING and looks at ret_changed.
 * Errors of the whole batch: ERR_BUSY (disk full, lock, server away: nothing is stored),
 * ERR_UNKNOWN (the connection was lost during COMMIT and the job may not be repeated, or could not
 * be within 30 s), ERR_BROKEN.
 * A job that asks ahead may be run several times before it counts, until it has all its answers: so
 * a server is asked by all that wait at once, and not by one after the other. Until
 * tx_begin_changes or its first statement that writes it must change nothing but its own memory and
 * arena. Returns false at once with ERR_BUSY when the queue is full or the database is closing;
 * done is not called in that case.
 */
struct db_write {
    db_work *work;
    void (*done)(void *context, bool ok, const struct err *e);
    void *context;
    struct arena *arena;    /* for work's rows; untouched by others until done */
    bool asks_ahead;        /* see above */
    struct db_write *next;  /* the queue's */
    struct tx_told *told;   /* the writer's, as the rest: tx_after */
    struct answer *answers; /* to what it asked ahead, in its arena */
    bool ok;
    bool may_repeat, is_repeated;
    struct err err;
};
MUST_USE bool db_write_later(struct db *db, struct db_write *w, struct err *e);

/* Queues a write and waits for it: for commands. Not from the writer's thread or a loop's. */
MUST_USE bool db_write_now(struct db *db, struct arena *arena, db_work *work, void *context,
                           struct err *e);

/*
 * Words were deleted: they must leave the write-ahead log as well. Asks for that and returns at
 * once; it happens after the commit that is under way, and is tried again until it is done, within
 * 30 s. Callable from any thread, best from done. On PostgreSQL it counts as done at once: the
 * server vacuums dead rows at its next round, as the schema asks it to; its log leaves with its
 * archive.
 */
void db_scrub(struct db *db);

/* Whether a scrub that was asked for is still to be done. */
bool db_is_scrubbing(const struct db *db);

/*
 * Whether another process has committed since the last call, or may have. Reads a flag; what is
 * told is at most a second old. Callable from any thread.
 */
bool db_changed_elsewhere(struct db *db);

/*
 * Whether other nodes may commit what this one cannot hear of, so that nothing it remembers may be
 * shown: true from 0.6 seconds after its server fell silent until it hears again. Never on SQLite.
 * Reads a clock and a flag; callable from any thread.
 */
bool db_is_deaf(struct db *db);

/*
 * Who is told at once what other nodes commit (PostgreSQL only; on SQLite and without a watch the
 * flag of db_changed_elsewhere is raised). n is 0: anything may have changed. Called on a thread of
 * the database's until db_close; must be short.
 */
struct db_watch {
    void (*changed)(void *context, const uint64_t *tags, size_t n);
    void *context;
};
/* Sets the watch, borrowed until db_close, and tells it once that anything may have changed. */
void db_watch(struct db *db, const struct db_watch *watch);

/*
 * A consistent copy of the database while it is in use, to a new file (SQLite's online backup).
 * Until it is whole its name ends in ".part"; what a killed backup left there is taken over.
 * Errors  ERR_CONFLICT (the file exists), ERR_BUSY (another backup to it is under way),
 *         ERR_INVALID (PostgreSQL: use pg_dump), ERR_BROKEN (among others: something else is in the
 *         part's place)
 */
MUST_USE bool db_backup(struct db *db, struct str path, struct err *e);

/* The engine's own integrity check. Errors: ERR_BROKEN with what it found first. */
MUST_USE bool db_check(struct db *db, struct err *e);

/*
 * Prepares every statement of the schema and compares what goes in and comes out with its row.
 * Errors  ERR_BROKEN with the first statement that does not fit
 */
MUST_USE bool db_check_statements(struct db *db, struct err *e);

/* Counters for metrics and tests. */
struct db_counts {
    uint64_t statements, commits, writes, writes_failed, queue_length, queue_longest;
    uint64_t scrubs;   /* done */
    uint64_t near;     /* reads that the replica did */
    uint64_t ahead;    /* answers that were asked for ahead, */
    uint64_t alone;    /* and how often those that asked together had to run one by one after all */
    int64_t wal_bytes; /* of the write-ahead log's used part after the last commit */
};
void db_count(const struct db *db, struct db_counts *ret_counts);

/* Where the answer to a statement goes. */
typedef bool db_on_row(void *context, const struct db_value *values, struct err *e);
struct db_answer {
    db_on_row *row;       /* called for each row; values live until it returns; NULL: none come */
    void *context;        /* row's */
    int64_t *ret_changed; /* takes the number of rows changed; NULL: not asked for */
};

/*
 * Runs statement `number` with its values. `row` returns false with e filled to fail.
 * Errors  ERR_CONFLICT (a UNIQUE, FOREIGN KEY or CHECK constraint), ERR_INVALID (a NUL byte in
 *         text, or too long for the engine), ERR_DENIED (see tx_limit_to), ERR_BUSY, ERR_BROKEN
 */
MUST_USE bool tx_ask(struct tx *tx, int number, const struct db_value *in,
                     const struct db_answer *answer, struct err *e);

/* Statements run in this transaction so far: for tests and benches that bound them. */
uint64_t tx_statements(const struct tx *tx);

/*
 * What the generated functions of store/ are made of: values come from the struct `in` by the
 * offsets in the statement's row and go to structs of out_bytes each, their text to the arena.
 * Text and blobs with p NULL are NULL where the row allows it, else empty; what comes out has p
 * NULL for NULL only. Errors: as tx_ask; tx_one besides ERR_MISSING (no row).
 */
MUST_USE bool tx_none(struct tx *tx, int number, const void *in, int64_t *ret_changed,
                      struct err *e);
MUST_USE bool tx_one(struct tx *tx, int number, const void *in, void *ret_row, struct err *e);
MUST_USE bool tx_maybe(struct tx *tx, int number, const void *in, void *ret_row, bool *ret_found,
                       struct err *e);
MUST_USE bool tx_many(struct tx *tx, int number, const void *in, void **ret_rows, size_t *ret_n,
                      struct err *e);
