/*
 * How many writes a second are acknowledged with 1, 8 and 64 writers that each wait for their
 * answer, against one transaction for each row and against as many rows in each transaction by
 * SQLite alone. Each side has a file of its own; rounds take turns, every other one backwards, and
 * begin when the checkpoints of the one before are done. Prints medians; a ratio is taken within
 * each round first, since a disk shared with others changes its pace from second to second.
 */
#include <sqlite3.h>

#include "tests/unit/db/fixture.h"

#define ROUNDS 9
#define ROUND_MS 300
#define SIDES 6 /* 1, 8 and 64 writers, each beside as many rows in a transaction */
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

/* SQLite alone, open all the time: closing would delete its log, and a new one is slow to sync. */
struct plain {
    struct fixture f;
    sqlite3 *handle;
    sqlite3_stmt *add;
};

static void plain_open(struct plain *plain)
{
    fixture_open(&plain->f);
    db_close(&plain->f.db);
    if (fixture_is_postgres())
        return;
    assert_int_equal(sqlite3_open(plain->f.address, &plain->handle), SQLITE_OK);
    sql(plain->handle, "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                       "PRAGMA cache_size=-4096");
    (void)sqlite3_prepare_v2(plain->handle,
                             "INSERT INTO note (id, name, words) VALUES ($1, $2, $3)", -1,
                             &plain->add, NULL);
}

static void plain_close(struct plain *plain)
{
    (void)sqlite3_finalize(plain->add);
    (void)sqlite3_close(plain->handle);
    fixture_close(&plain->f);
}

/* The same rows, `each` of them in a transaction. */
static double alone(struct plain *plain, int each)
{
    char name[32];
    int64_t start_us = now_us(), n = 0;
    while (now_us() < start_us + ROUND_MS * 1000) {
        sql(plain->handle, "BEGIN IMMEDIATE");
        for (int i = 0; i < each; i++, n++) {
            (void)snprintf(name, sizeof name, "n%lld", (long long)next_id);
            (void)sqlite3_bind_int64(plain->add, 1, next_id++);
            (void)sqlite3_bind_text(plain->add, 2, name, -1, SQLITE_STATIC);
            (void)sqlite3_bind_text(plain->add, 3, words, sizeof words, SQLITE_STATIC);
            assert_int_equal(sqlite3_step(plain->add), SQLITE_DONE);
            (void)sqlite3_reset(plain->add);
        }
        sql(plain->handle, "COMMIT");
    }
    return (double)n / ((double)(now_us() - start_us) / 1e6);
}

static int in_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Until the background checkpoint of the last round is over. */
static void settle(void)
{
    (void)nanosleep(&(struct timespec){1, 300000000}, NULL);
}

/*
 * Until the log has grown to its full size and is written from its beginning again, as it is in
 * a server that has run for a while: a file that grows is slower to sync.
 */
static void warm(struct fixture *f)
{
    struct db_counts counts;
    int64_t last = 0;
    for (int i = 0; i < 100; i++) {
        (void)grouped(f, WRITERS_MAX);
        db_count(f->db, &counts);
        if (counts.wal_bytes < last)
            return;
        last = counts.wal_bytes;
    }
}

static const int sizes[] = {1, 8, 64};

/* Even sides are ours, odd ones SQLite alone. */
static double side_run(struct fixture *ours, struct plain *plain, int side)
{
    settle();
    return side % 2 ? alone(plain, sizes[side / 2]) : grouped(ours, sizes[side / 2]);
}

static double median(const double *values)
{
    double sorted[ROUNDS];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof(double), in_order);
    return sorted[ROUNDS / 2];
}

static double ratio(const double *a, const double *b)
{
    double ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        ratios[i] = a[i] / b[i];
    return median(ratios);
}

static void figures_print(double rates[SIDES][ROUNDS])
{
    for (int i = 0; i < 3; i++) {
        printf("figure db_write%d %.0f rows/s\n", sizes[i], median(rates[2 * i]));
        if (fixture_is_postgres())
            continue;
        printf("figure db_write%d_vs_single %.2f ratio\n", sizes[i], ratio(rates[2 * i], rates[1]));
        printf("figure db_write%d_vs_ceiling %.2f ratio\n", sizes[i],
               ratio(rates[2 * i], rates[2 * i + 1]));
    }
    if (!fixture_is_postgres())
        printf("figure db_single %.0f rows/s\n", median(rates[1]));
}

int main(void)
{
    static double rates[SIDES][ROUNDS];
    int step = fixture_is_postgres() ? 2 : 1;
    struct fixture ours;
    static struct plain plain;
    memset(words, 'w', sizeof words);
    fixture_open(&ours);
    plain_open(&plain);
    if (!fixture_is_postgres()) {
        warm(&ours);
        for (int i = 0; i < 5; i++)
            (void)alone(&plain, WRITERS_MAX);
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIDES; i += step) {
            int side = round % 2 && step == 1 ? SIDES - 1 - i : i;
            rates[side][round] = side_run(&ours, &plain, side);
        }
    }
    figures_print(rates);
    plain_close(&plain);
    fixture_close(&ours);
    return 0;
}
