/*
 * A database of its own for each test: a SQLite file in a temporary folder, or, with
 * AITYS_TEST_DATABASE=postgresql://…, a fresh database on that server.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"
#include "tests/lib/unit.h"
#include "tests/unit/db/test_statements.h"

struct fixture {
    char address[400];
    char folder[64]; /* empty on PostgreSQL */
    struct db *db;   /* open, but in tests that open it themselves */
    struct arena *arena;
    struct db_fault fault;
    struct log log;
    struct db_options options;
};

/* Whether the tests run on PostgreSQL. */
bool fixture_is_postgres(void);

/* An empty database, not open; and one that is open. */
void fixture_make(struct fixture *f);
void fixture_open(struct fixture *f);
/* Closes and removes all. */
void fixture_close(struct fixture *f);

/* The file's content, with "-wal" and the like behind its name, on the arena. SQLite only. */
struct str fixture_file(struct fixture *f, const char *ending);

/* Adds a note of that number (name "n<number>") and waits; fails the test when it cannot. */
void note_must_add(struct fixture *f, int64_t id);
bool note_add(struct fixture *f, int64_t id, const char *name, struct err *e);
/* How many notes there are. */
int64_t note_total(struct fixture *f);

/* Many writes queued behind a gate, so that they fall into one batch. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_open;
    bool refuses; /* its own job fails, once it is open */
    int waiting;  /* jobs at the gate */
    int done;
    struct db_write w;
    struct arena *arena;
};
/* The writer's thread stands still in a job of its own until gate_lift. */
void gate_shut(struct gate *gate, struct db *db);
void gate_lift(struct gate *gate);
