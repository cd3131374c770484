/*
 * How many writes a second are acknowledged with 1, 8 and 64 writers that each wait for their
 * answer, against one transaction for each row and against rows without waiting, in rounds that
 * take turns. Prints figures.
 */
#include <sqlite3.h>

#include "tests/unit/db/fixture.h"

#define ROUNDS 3
#define ROUND_MS 1000
#define WRITERS_MAX 64

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static char words[600];
static int64_t next_id; /* used by one thread at a time */

struct writer_state {
    struct db_write w;
    struct fixture *f;
    struct arena *arena;
    int64_t until_us;
    atomic_int *n_left;
    int64_t n;
};

static bool add_work(struct tx *tx, void *context, struct err *e)
{
    (void)context;
    struct note_add_in in = {.id = next_id++, .words = {words, sizeof words}};
    in.name = arena_printf(tx_arena(tx), "n%lld", (long long)in.id);
    return t_note_add(tx, &in, NULL, e);
}

static void add_done(void *context, bool ok, const struct err *e)
{
    struct writer_state *state = context;
    struct err busy;
    if (!ok)
        fail_msg("write: %s", e->why);
    state->n++;
    arena_reset(state->arena);
    if (now_us() >= state->until_us || !db_write_later(state->f->db, &state->w, &busy))
        atomic_fetch_sub(state->n_left, 1);
}

static double grouped(struct fixture *f, int n_writers)
{
    struct writer_state states[WRITERS_MAX];
    atomic_int n_left = n_writers;
    int64_t start_us = now_us(), n = 0;
    struct err e;
    for (int i = 0; i < n_writers; i++) {
        states[i] = (struct writer_state){.f = f, .arena = arena_new(0), .n_left = &n_left};
        states[i].until_us = start_us + ROUND_MS * 1000;
        states[i].w = (struct db_write){
            .work = add_work, .done = add_done, .context = &states[i], .arena = states[i].arena};
    }
    for (int i = 0; i < n_writers; i++)
        assert_true(db_write_later(f->db, &states[i].w, &e));
    while (atomic_load(&n_left) > 0)
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    double seconds = (double)(now_us() - start_us) / 1e6;
    for (int i = 0; i < n_writers; i++) {
        n += states[i].n;
        arena_free(&states[i].arena);
    }
    return (double)n / seconds;
}

static void sql(sqlite3 *handle, const char *text)
{
    if (sqlite3_exec(handle, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(handle));
}

/* The same rows by SQLite alone, `each` of them in a transaction. */
static double alone(struct fixture *f, int each)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *add = NULL;
    char name[32];
    int64_t start_us = now_us(), n = 0;
    assert_int_equal(sqlite3_open(f->address, &handle), SQLITE_OK);
    sql(handle, "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4096");
    (void)sqlite3_busy_timeout(handle, 1000);
    (void)sqlite3_prepare_v2(handle, "INSERT INTO note (id, name, words) VALUES ($1, $2, $3)", -1,
                             &add, NULL);
    while (now_us() < start_us + ROUND_MS * 1000) {
        sql(handle, "BEGIN IMMEDIATE");
        for (int i = 0; i < each; i++, n++) {
            (void)snprintf(name, sizeof name, "n%lld", (long long)next_id);
            (void)sqlite3_bind_int64(add, 1, next_id++);
            (void)sqlite3_bind_text(add, 2, name, -1, SQLITE_STATIC);
            (void)sqlite3_bind_text(add, 3, words, sizeof words, SQLITE_STATIC);
            assert_int_equal(sqlite3_step(add), SQLITE_DONE);
            (void)sqlite3_reset(add);
        }
        sql(handle, "COMMIT");
    }
    double seconds = (double)(now_us() - start_us) / 1e6;
    (void)sqlite3_finalize(add);
    (void)sqlite3_close(handle);
    return (double)n / seconds;
}

int main(void)
{
    static const int writers[] = {1, 8, 64};
    double group[3] = {0}, single = 0, ceiling[3] = {0};
    struct fixture f;
    memset(words, 'w', sizeof words);
    fixture_open(&f);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 3; i++) {
            group[i] += grouped(&f, writers[i]) / ROUNDS;
            if (!fixture_is_postgres())
                ceiling[i] += alone(&f, writers[i]) / ROUNDS;
        }
        if (!fixture_is_postgres())
            single += alone(&f, 1) / ROUNDS;
    }
    for (int i = 0; i < 3; i++) {
        printf("figure db_write%d %.0f rows/s\n", writers[i], group[i]);
        if (fixture_is_postgres())
            continue;
        printf("figure db_write%d_vs_single %.2f ratio\n", writers[i], group[i] / single);
        printf("figure db_write%d_vs_ceiling %.2f ratio\n", writers[i], group[i] / ceiling[i]);
    }
    fixture_close(&f);
    return 0;
}
