/*
 * The control of writing: the rows that a posted comment leaves (commenter, comment, network,
 * counters), put into the same schema by SQLite alone, so many in one transaction. No reading, no
 * rules, no sockets, no other thread. WAL, synchronous=FULL; a checkpoint at 64 MiB, as rare as
 * ours at most.
 * Usage: ceiling DATABASE ROWS-IN-A-TRANSACTION SECONDS SEED
 * Prints rows a second.
 */
#include <err.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/rand.h"
#include "domain/comments.h"
#include "domain/path.h"
#include "tests/bench/bare.h"
#include "tests/bench/words.h"

#define TEXTS 4096
#define WARMING_ROWS 5000
#define THREADS 20 /* as post.c is given */

struct text {
    char words[WORDS_BYTES_MAX], name[WORDS_BYTES_MAX];
    size_t words_n, name_n;
    const char *lang;
};

struct ceiling {
    struct bare db;
    struct arena *arena;
    struct text *texts;
    int64_t next[THREADS + 1]; /* number of the next comment of the threads 1, 2 … */
    int64_t rows;
};

static void texts_make(struct ceiling *c, uint64_t seed)
{
    struct words w = {seed};
    c->texts = calloc(TEXTS, sizeof *c->texts);
    MUST(c->texts != NULL);
    for (size_t i = 0; i < TEXTS; i++) {
        struct text *t = &c->texts[i];
        t->words_n = words_text(&w, i, t->words, &t->lang);
        t->name_n = words_name(&w, t->name);
    }
}

static void row_put(struct ceiling *c, int64_t now_s)
{
    const struct text *t = &c->texts[c->rows % TEXTS];
    struct thread_id thread = {1 + c->rows % THREADS};
    int64_t number = c->next[thread.v]++;
    uint8_t random[64 + NETWORK_BYTES];
    rand_bytes(random, sizeof random);
    struct commenter_id id = commenter_id_new(now_s);
    struct commenter_new_in who = {BARE_SITE, bare_bytes(id.b, sizeof id.b), bare_bytes(random, 32),
                                   now_s};
    struct comment_insert_in in = {.site = BARE_SITE,
                                   .id = comment_id_of(thread, number).v,
                                   .thread = thread.v,
                                   .depth = 1,
                                   .root = number,
                                   .path = path_root(c->arena, number),
                                   .state = COMMENT_PUBLISHED,
                                   .placed = 1,
                                   .created_s = now_s,
                                   .commenter = bare_bytes(id.b, sizeof id.b),
                                   .idem = bare_bytes(random + 32, 16),
                                   .text_hash = bare_bytes(random + 48, 16),
                                   .lang = str_of(t->lang),
                                   .name = {t->name, t->name_n},
                                   .text = {t->words, t->words_n}};
    struct thread_change_in change = {
        .site = BARE_SITE, .id = thread.v, .numbers = 1, .placed = 1, .revs = 1};
    struct arrival_add_in network = {BARE_SITE, comment_id_of(thread, number).v,
                                     bare_bytes(random + 64, NETWORK_BYTES), now_s};
    (void)bare_put(&c->db, SQL_COMMENTER_NEW, &who);
    (void)bare_put(&c->db, SQL_COMMENT_INSERT, &in);
    (void)bare_put(&c->db, SQL_ARRIVAL_ADD, &network);
    (void)bare_put(&c->db, SQL_THREAD_CHANGE, &change);
    arena_reset(c->arena);
    c->rows++;
}

/* A write-ahead log that has its size already is faster than one that grows, as it does once. */
static void warm_up(struct ceiling *c, int64_t now_s)
{
    (void)bare_number(&c->db, "BEGIN IMMEDIATE");
    for (int i = 0; i < WARMING_ROWS; i++)
        row_put(c, now_s);
    (void)bare_number(&c->db, "COMMIT");
    (void)bare_number(&c->db, "PRAGMA wal_checkpoint(RESTART)");
    c->rows = 0;
}

static double rows_a_second(struct ceiling *c, int64_t batch, int64_t seconds)
{
    warm_up(c, clock_now_s(&clock_system));
    int64_t began_ms = clock_ticks_ms(&clock_system), now_ms = began_ms;
    while (now_ms - began_ms < seconds * 1000) {
        int64_t now_s = clock_now_s(&clock_system);
        (void)bare_number(&c->db, "BEGIN IMMEDIATE");
        for (int64_t i = 0; i < batch; i++)
            row_put(c, now_s);
        (void)bare_number(&c->db, "COMMIT");
        now_ms = clock_ticks_ms(&clock_system);
    }
    return (double)c->rows * 1000 / (double)(now_ms - began_ms);
}

int main(int argc, char **argv)
{
    static const char *const settings[] = {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                                           "PRAGMA secure_delete=ON", "PRAGMA cache_size=-65536",
                                           "PRAGMA wal_autocheckpoint=16384"};
    struct ceiling c = {.rows = 0};
    if (argc != 5)
        errx(2, "usage: ceiling DATABASE ROWS-IN-A-TRANSACTION SECONDS SEED");
    c.arena = arena_new(0);
    texts_make(&c, strtoull(argv[4], NULL, 10));
    bare_open(&c.db, argv[1]);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        (void)bare_number(&c.db, settings[i]);
    for (int64_t id = 1; id <= THREADS; id++) {
        char sql[96];
        (void)snprintf(sql, sizeof sql, "SELECT next_number FROM thread WHERE id = %lld",
                       (long long)id);
        if ((c.next[id] = bare_number(&c.db, sql)) == 0)
            errx(1, "there are less than %d conversations", THREADS);
    }
    (void)printf("%.1f\n",
                 rows_a_second(&c, strtoll(argv[2], NULL, 10), strtoll(argv[3], NULL, 10)));
    bare_close(&c.db);
    arena_free(&c.arena);
    free(c.texts);
    return 0;
}
