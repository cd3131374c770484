/*
 * A process that writes without pause is killed; all that it was told is stored must be there.
 * (Power cuts lose more than a kill does: this alone does not prove durability.)
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/db/fixture.h"

#define ROUNDS 10
#define WRITERS 16

struct endless {
    struct db_write w;
    struct db *db;
    struct arena *arena;
    atomic_int_fast64_t *next;
    int64_t id;
    int fd; /* where acknowledged numbers go */
};

static bool endless_work(struct tx *tx, void *context, struct err *e)
{
    struct endless *endless = context;
    struct note_add_in in = {.id = endless->id};
    in.name = arena_printf(tx_arena(tx), "n%lld", (long long)endless->id);
    in.words = (struct str){arena_take(tx_arena(tx), 600), 0};
    memset((char *)(uintptr_t)in.words.p, 'w', 600);
    in.words.n = 600;
    return t_note_add(tx, &in, NULL, e);
}

static void endless_queue(struct endless *endless);

static void endless_done(void *context, bool ok, const struct err *e)
{
    struct endless *endless = context;
    (void)e;
    if (ok && write(endless->fd, &endless->id, sizeof endless->id) != sizeof endless->id)
        _exit(1);
    arena_reset(endless->arena);
    endless_queue(endless);
}

static void endless_queue(struct endless *endless)
{
    struct err e;
    endless->id = atomic_fetch_add(endless->next, 1);
    endless->w = (struct db_write){
        .work = endless_work, .done = endless_done, .context = endless, .arena = endless->arena};
    if (!db_write_later(endless->db, &endless->w, &e))
        _exit(1);
}

static void child_run(struct fixture *f, int fd, int64_t first)
{
    struct err e;
    static struct endless all[WRITERS];
    static atomic_int_fast64_t next;
    atomic_store(&next, first);
    if (!db_open(&f->options, &f->db, &e))
        _exit(2);
    for (int i = 0; i < WRITERS; i++) {
        all[i] = (struct endless){.db = f->db, .arena = arena_new(0), .next = &next, .fd = fd};
        endless_queue(&all[i]);
    }
    for (;;)
        (void)pause();
}

/* Reads what was acknowledged until the child is dead; kills it meanwhile. */
static size_t acknowledged(struct fixture *f, int fd, pid_t child, int64_t **ret_ids)
{
    int64_t *ids = NULL, id = 0;
    size_t n = 0, capacity = 0, kill_at = 300 + (size_t)child % 1000;
    ssize_t got;
    while ((got = read(fd, &id, sizeof id)) == sizeof id) {
        *ARENA_PUSH(f->arena, ids, n, capacity) = id;
        if (n == kill_at)
            assert_int_equal(kill(child, SIGKILL), 0);
    }
    *ret_ids = ids;
    return n;
}

static bool list_work(struct tx *tx, void *context, struct err *e)
{
    struct note_list_in in = {*(int64_t *)context};
    struct note_list_out *rows = NULL;
    size_t n = 0;
    if (!t_note_list(tx, &in, &rows, &n, e))
        return false;
    bool *is_stored = context;
    memset(is_stored, 0, 100000);
    for (size_t i = 0; i < n && rows[i].id - in.from_id < 100000; i++)
        is_stored[rows[i].id - in.from_id] = true;
    return true;
}

static void round_run(struct fixture *f, int64_t first)
{
    int ends[2], status = 0;
    struct err e;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(f, ends[1], first);
    }
    (void)close(ends[1]);
    int64_t *ids = NULL;
    size_t n = acknowledged(f, ends[0], child, &ids);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(n > 0);
    if (!db_open(&f->options, &f->db, &e))
        fail_msg("open: %s", e.why);
    bool *is_stored = arena_take(f->arena, 100000);
    memcpy(is_stored, &first, sizeof first);
    assert_true(db_read(f->db, f->arena, list_work, is_stored, &e));
    for (size_t i = 0; i < n; i++) {
        if (!is_stored[ids[i] - first])
            fail_msg("%lld was acknowledged and is lost", (long long)ids[i]);
    }
    assert_true(db_check(f->db, &e));
    db_close(&f->db);
}

static void a_killed_writer_loses_nothing_acknowledged(void **state)
{
    struct fixture f;
    (void)state;
    fixture_make(&f);
    f.options.exclusive = true;
    f.options.readers = 1;
    for (int64_t i = 0; i < ROUNDS; i++)
        round_run(&f, i * 1000000);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_loses_nothing_acknowledged),
    };
    return RUN_TESTS(tests);
}
