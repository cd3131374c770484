/* The Nth database call fails, for every N: what is told is what is stored. */
#include "tests/unit/db/fixture.h"

#define JOBS 4

struct job {
    struct db_write w;
    struct arena *arena;
    int64_t id;
    int told; /* 1 ok, 2 failed */
};

/* Two rows, or neither. */
static bool pair_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    struct note_add_in a = {.id = job->id * 2};
    struct note_add_late_in b = {.id = job->id * 2 + 1};
    struct note_count_out n;
    a.name = arena_printf(tx_arena(tx), "a%lld", (long long)job->id);
    b.name = arena_printf(tx_arena(tx), "b%lld", (long long)job->id);
    return t_note_add(tx, &a, NULL, e) && t_note_count(tx, &n, e) &&
           t_note_add_late(tx, &b, NULL, e);
}

static void pair_done(void *context, bool ok, const struct err *e)
{
    struct job *job = context;
    job->told = ok ? 1 : 2;
    if (!ok)
        assert_int_not_equal(e->kind, ERR_NONE);
}

static bool find_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    struct note_find_out row;
    bool a = false, b = false;
    struct note_find_in in_a = {job->id * 2}, in_b = {job->id * 2 + 1};
    if (!t_note_find(tx, &in_a, &row, &a, e) || !t_note_find(tx, &in_b, &row, &b, e))
        return false;
    assert_int_equal(a, job->told == 1);
    assert_int_equal(b, job->told == 1);
    return true;
}

/* Queues all jobs at a closed gate, so that they run in one transaction. */
static void batch_with_fault(struct fixture *f, struct job *jobs, int64_t n, int64_t *ret_left)
{
    struct gate gate;
    struct err e;
    gate_shut(&gate, f->db);
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = (struct job){.arena = arena_new(256), .id = n * 100 + i};
        jobs[i].w = (struct db_write){
            .work = pair_work, .done = pair_done, .context = &jobs[i], .arena = jobs[i].arena};
        assert_true(db_write_later(f->db, &jobs[i].w, &e));
    }
    atomic_store(&f->fault.calls_left, n);
    gate_lift(&gate);
    for (int tries = 0; tries < 100; tries++) {
        struct db_counts counts;
        db_count(f->db, &counts);
        if (counts.writes + counts.writes_failed >= (uint64_t)n * (JOBS + 2) - 1)
            break;
        struct timespec t = {0, 5000000};
        (void)nanosleep(&t, NULL);
    }
    *ret_left = atomic_exchange(&f->fault.calls_left, 0);
    note_must_add(f, -n); /* when this is done they are */
    for (int i = 0; i < JOBS; i++)
        arena_free(&jobs[i].arena);
}

static void each_call_fails_in_turn(void **state)
{
    struct fixture f;
    struct err e;
    int64_t left = 0;
    (void)state;
    fixture_open(&f);
    for (int64_t n = 1; left == 0; n++) {
        struct job jobs[JOBS];
        batch_with_fault(&f, jobs, n, &left);
        for (int i = 0; i < JOBS; i++) {
            assert_int_not_equal(jobs[i].told, 0);
            if (!db_read(f.db, f.arena, find_work, &jobs[i], &e))
                fail_msg("find: %s", e.why);
        }
        assert_true(n < 100);
    }
    assert_true(db_check(f.db, &e));
    fixture_close(&f);
}

static bool total_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out row;
    bool ok = t_note_count(tx, &row, e);
    if (ok)
        *(int64_t *)context = row.n;
    return ok;
}

static void reading_fails_and_goes_on(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    note_must_add(&f, 1);
    for (int64_t n = 1; n <= 3; n++) {
        int64_t total = -1;
        atomic_store(&f.fault.calls_left, n);
        assert_false(db_read(f.db, f.arena, total_work, &total, &e));
        assert_int_equal(e.kind, ERR_BROKEN);
        assert_int_equal(note_total(&f), 1);
    }
    fixture_close(&f);
}

/* Says that all is well, although a statement has failed. */
static bool swallowing_work(struct tx *tx, void *context, struct err *e)
{
    struct note_count_out row = {.n = -1};
    if (!t_note_count(tx, &row, e))
        e->kind = ERR_NONE;
    *(int64_t *)context = row.n;
    return true;
}

/* Says that there is none, because it could not look. */
static bool missing_work(struct tx *tx, UNUSED void *context, struct err *e)
{
    struct note_count_out row;
    return t_note_count(tx, &row, e) || err_set(e, ERR_MISSING, 0, "no such note");
}

static void a_read_that_hides_a_failure_has_failed(void **state)
{
    struct fixture f;
    struct err e;
    int64_t total = 0;
    (void)state;
    fixture_open(&f);
    atomic_store(&f.fault.calls_left, 2);
    assert_false(db_read(f.db, f.arena, swallowing_work, &total, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    atomic_store(&f.fault.calls_left, 2);
    assert_false(db_read(f.db, f.arena, missing_work, NULL, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_true(db_read(f.db, f.arena, swallowing_work, &total, &e));
    assert_int_equal(total, 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_fails_in_turn),
        cmocka_unit_test(reading_fails_and_goes_on),
        cmocka_unit_test(a_read_that_hides_a_failure_has_failed),
    };
    return RUN_TESTS(tests);
}
