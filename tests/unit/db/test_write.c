/* Group commit, savepoints, the queue, and reading meanwhile. */
#include "tests/unit/db/fixture.h"

#define JOBS 40

struct job {
    struct db_write w;
    struct arena *arena;
    struct db *db;
    int64_t id;
    bool fails;        /* work returns false after it has written */
    bool is_duplicate; /* writes the same row twice, and says that all is well */
    bool is_late;
    int64_t seen;         /* what done was told: 1 ok, 2 failed */
    int64_t after, twice; /* what tx_after's were told before, as digits */
    enum err_kind kind;
    atomic_int *n_done;
};

static void job_after(void *context, bool ok)
{
    struct job *job = context;
    assert_int_equal(job->seen, 0);
    job->after = job->after * 10 + (ok ? 1 : 2);
}

static void job_twice(void *context, bool ok)
{
    struct job *job = context;
    assert_int_equal(job->after, ok ? 1 : 2); /* in the order they were asked for */
    job->twice = job->twice * 10 + (ok ? 1 : 2);
}

static bool job_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    tx_after(tx, job_after, job);
    tx_after(tx, job_twice, job);
    struct note_add_in in = {.id = job->id};
    struct note_add_late_in late = {.id = job->id};
    in.name = late.name = arena_printf(tx_arena(tx), "n%lld", (long long)job->id);
    bool ok = job->is_late ? t_note_add_late(tx, &late, NULL, e) : t_note_add(tx, &in, NULL, e);
    if (!ok)
        return false;
    if (job->is_duplicate) {
        struct note_count_out n;
        assert_false(t_note_add(tx, &in, NULL, e));
        assert_int_equal(e->kind, ERR_CONFLICT);
        assert_false(t_note_count(tx, &n, e));
        assert_int_equal(e->kind, ERR_CONFLICT);
        return true;
    }
    if (job->fails)
        return err_set(e, ERR_DENIED, 0, "the job does not want to");
    return true;
}

static void job_done(void *context, bool ok, const struct err *e)
{
    struct job *job = context;
    job->seen = ok ? 1 : 2;
    assert_int_equal(job->after, job->seen); /* once, and before */
    assert_int_equal(job->twice, job->seen);
    job->kind = ok ? ERR_NONE : e->kind;
    atomic_fetch_add(job->n_done, 1);
}

static bool job_queue(struct fixture *f, struct job *job, atomic_int *n_done, struct err *e)
{
    job->arena = arena_new(256);
    job->n_done = n_done;
    job->w =
        (struct db_write){.work = job_work, .done = job_done, .context = job, .arena = job->arena};
    return db_write_later(f->db, &job->w, e);
}

static void jobs_free(struct job *jobs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        arena_free(&jobs[i].arena);
}

static uint64_t commits(struct fixture *f)
{
    struct db_counts counts;
    db_count(f->db, &counts);
    return counts.commits;
}

/* A write behind all others: when it is done they are. */
static void queue_drain(struct fixture *f)
{
    note_must_add(f, 1000000);
}

static void many_jobs_share_one_commit(void **state)
{
    struct fixture f;
    struct gate gate;
    struct job jobs[JOBS] = {0};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_open(&f);
    gate_shut(&gate, f.db);
    for (int i = 0; i < JOBS; i++) {
        jobs[i].id = i;
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    }
    assert_int_equal(note_total(&f), 0);
    assert_int_equal(atomic_load(&n_done), 0);
    gate_lift(&gate);
    queue_drain(&f);
    assert_int_equal(n_done, JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(jobs[i].seen, 1);
    assert_int_equal(note_total(&f), JOBS + 1);
    assert_true(commits(&f) <= 2);
    jobs_free(jobs, JOBS);
    fixture_close(&f);
}

static void a_failing_job_takes_only_its_own_rows(void **state)
{
    struct fixture f;
    struct gate gate;
    struct job jobs[6] = {
        {.id = 1}, {.id = 2, .fails = true},        {.id = 3},
        {.id = 1}, {.id = 4, .is_duplicate = true}, {.id = 5, .is_late = true},
    };
    static const int seen[6] = {1, 2, 1, 2, 2, 1};
    static const enum err_kind kinds[6] = {ERR_NONE,     ERR_DENIED,   ERR_NONE,
                                           ERR_CONFLICT, ERR_CONFLICT, ERR_NONE};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_open(&f);
    gate_shut(&gate, f.db);
    for (int i = 0; i < 6; i++)
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    gate_lift(&gate);
    queue_drain(&f);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(jobs[i].seen, seen[i]);
        assert_int_equal(jobs[i].kind, kinds[i]);
    }
    assert_int_equal(note_total(&f), 4);
    assert_true(commits(&f) <= 2);
    jobs_free(jobs, 6);
    fixture_close(&f);
}

/* The one that begins the transaction too, and those that then take its place. */
static void a_failing_first_job_leaves_the_others(void **state)
{
    struct fixture f;
    struct gate gate;
    struct job jobs[5] = {
        {.id = 1, .fails = true}, {.id = 2, .is_duplicate = true}, {.id = 3}, {.id = 3}, {.id = 1}};
    static const int seen[5] = {2, 2, 1, 2, 1};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_open(&f);
    gate_shut(&gate, f.db);
    gate.refuses = true;
    for (int i = 0; i < 5; i++)
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    gate_lift(&gate);
    queue_drain(&f);
    for (int i = 0; i < 5; i++)
        assert_int_equal(jobs[i].seen, seen[i]);
    assert_int_equal(note_total(&f), 3);
    assert_true(commits(&f) <= 2);
    jobs_free(jobs, 5);
    fixture_close(&f);
}

static void a_late_error_fails_its_job_only(void **state)
{
    struct fixture f;
    struct gate gate;
    struct job jobs[4] = {{.id = 1, .is_late = true},
                          {.id = 1, .is_late = true},
                          {.id = 2, .is_late = true},
                          {.id = 3}};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_open(&f);
    gate_shut(&gate, f.db);
    for (int i = 0; i < 4; i++)
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    gate_lift(&gate);
    queue_drain(&f);
    assert_int_equal(jobs[0].seen, 1);
    assert_int_equal(jobs[1].seen, 2);
    assert_int_equal(jobs[1].kind, ERR_CONFLICT);
    assert_int_equal(jobs[2].seen, 1);
    assert_int_equal(jobs[3].seen, 1);
    assert_int_equal(note_total(&f), 4);
    jobs_free(jobs, 4);
    fixture_close(&f);
}

static void a_full_queue_is_busy_and_calls_nobody(void **state)
{
    struct fixture f;
    struct gate gate;
    struct job jobs[4] = {{.id = 1}, {.id = 2}, {.id = 3}, {.id = 4}};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_make(&f);
    f.options.queue_max = 3;
    assert_true(db_open(&f.options, &f.db, &e));
    gate_shut(&gate, f.db);
    for (int i = 0; i < 3; i++)
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    assert_false(job_queue(&f, &jobs[3], &n_done, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    gate_lift(&gate);
    queue_drain(&f);
    assert_int_equal(n_done, 3);
    assert_int_equal(jobs[3].seen, 0);
    assert_int_equal(note_total(&f), 4);
    struct db_counts counts;
    db_count(f.db, &counts);
    assert_int_equal(counts.queue_longest, 3);
    assert_int_equal(counts.queue_length, 0);
    jobs_free(jobs, 4);
    fixture_close(&f);
}

static void closing_finishes_what_is_queued(void **state)
{
    struct fixture f;
    struct job jobs[JOBS] = {0};
    atomic_int n_done = 0;
    struct err e;
    (void)state;
    fixture_open(&f);
    for (int i = 0; i < JOBS; i++) {
        jobs[i].id = i;
        assert_true(job_queue(&f, &jobs[i], &n_done, &e));
    }
    db_close(&f.db);
    assert_int_equal(n_done, JOBS);
    assert_true(db_open(&f.options, &f.db, &e));
    assert_int_equal(note_total(&f), JOBS);
    jobs_free(jobs, JOBS);
    fixture_close(&f);
}

static bool snapshot_work(struct tx *tx, void *context, struct err *e)
{
    struct fixture *f = context;
    struct note_count_out before, after;
    if (!t_note_count(tx, &before, e))
        return false;
    note_must_add(f, 2);
    if (!t_note_count(tx, &after, e))
        return false;
    assert_int_equal(before.n, after.n);
    return true;
}

static void a_reader_sees_one_moment(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    note_must_add(&f, 1);
    assert_true(db_read(f.db, f.arena, snapshot_work, &f, &e));
    assert_int_equal(note_total(&f), 2);
    fixture_close(&f);
}

static bool nested_work(struct tx *tx, void *context, struct err *e)
{
    struct fixture *f = context;
    (void)tx;
    (void)e;
    struct err inner;
    struct note_count_out n;
    (void)n;
    assert_false(db_read(f->db, f->arena, nested_work, f, &inner));
    assert_int_equal(inner.kind, ERR_BUSY);
    return true;
}

static void readers_that_are_all_taken_are_busy(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_make(&f);
    f.options.readers = 1;
    f.options.busy_ms = 50;
    assert_true(db_open(&f.options, &f.db, &e));
    assert_true(db_read(f.db, f.arena, nested_work, &f, &e));
    fixture_close(&f);
}

static bool once_work(struct tx *tx, void *context, struct err *e)
{
    int64_t *changed = context;
    struct note_add_once_in in = {7, STR("seven")};
    struct note_name_set_in set = {1, 100, STR("other")};
    return t_note_add_once(tx, &in, &changed[0], e) && t_note_add_once(tx, &in, &changed[1], e) &&
           t_note_name_set(tx, &set, &changed[2], e);
}

static bool reply_work(struct tx *tx, void *context, struct err *e)
{
    struct reply_add_in in = {1, 55};
    (void)context;
    return t_reply_add(tx, &in, NULL, e);
}

static bool thirteen_work(struct tx *tx, void *context, struct err *e)
{
    struct note_add_in in = {.id = 1, .name = STR("a"), .number = {true, 13}};
    (void)context;
    return t_note_add(tx, &in, NULL, e);
}

static void changes_are_counted_and_constraints_told(void **state)
{
    struct fixture f;
    struct err e;
    int64_t changed[3] = {9, 9, 9};
    (void)state;
    fixture_open(&f);
    assert_true(db_write_now(f.db, f.arena, once_work, changed, &e));
    assert_int_equal(changed[0], 1);
    assert_int_equal(changed[1], 0);
    assert_int_equal(changed[2], 1);
    assert_false(db_write_now(f.db, f.arena, reply_work, NULL, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_false(db_write_now(f.db, f.arena, thirteen_work, NULL, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_int_equal(note_total(&f), 1);
    fixture_close(&f);
}

/* Threads that read and write at once, for the sanitizers. */
static void *busy_thread(void *context)
{
    struct fixture *f = context;
    static atomic_int next = 5000;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct fixture own = *f;
    own.arena = a;
    for (int i = 0; i < 50; i++) {
        note_must_add(&own, atomic_fetch_add(&next, 1));
        if (note_total(&own) < i)
            return context;
        (void)db_changed_elsewhere(f->db);
        if (i % 10 == 0)
            db_scrub(f->db);
    }
    return NULL;
}

static void threads_may_do_all_of_it_at_once(void **state)
{
    struct fixture f;
    pthread_t threads[6];
    (void)state;
    fixture_open(&f);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, busy_thread, &f), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_null(result);
    }
    assert_int_equal(note_total(&f), 300);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_jobs_share_one_commit),
        cmocka_unit_test(a_failing_job_takes_only_its_own_rows),
        cmocka_unit_test(a_failing_first_job_leaves_the_others),
        cmocka_unit_test(a_late_error_fails_its_job_only),
        cmocka_unit_test(a_full_queue_is_busy_and_calls_nobody),
        cmocka_unit_test(closing_finishes_what_is_queued),
        cmocka_unit_test(a_reader_sees_one_moment),
        cmocka_unit_test(readers_that_are_all_taken_are_busy),
        cmocka_unit_test(changes_are_counted_and_constraints_told),
        cmocka_unit_test(threads_may_do_all_of_it_at_once),
    };
    return RUN_TESTS(tests);
}
