/*
 * Jobs that ask ahead end as if each had run alone, whatever they ask and whoever of them fails; on
 * a server their questions are asked together.
 */
#include "tests/unit/db/fixture.h"

#define JOBS 40

struct job {
    struct db_write w;
    struct arena *arena;
    int64_t id;    /* of the note it adds, */
    int64_t after; /* if there is one with this number; 0: of no matter */
    bool counts;   /* names it after how many notes there are */
    bool keeps;    /* and says that others need not count anew: they see tx_others */
    bool looks;    /* after it has written, for the note it has added */
    bool fails;    /* after that */
    int begun;     /* how often it came to the changes */
    int told[2];   /* what it was told: no, yes */
    bool is_done, ok;
    enum err_kind kind;
};

static void job_told(void *context, bool ok)
{
    struct job *job = context;
    job->told[ok]++;
}

/* Asks whether the note is there that must be; not finding it is a refusal before any change. */
static bool job_looks(struct tx *tx, int64_t id, struct err *e)
{
    struct note_find_in in = {id};
    struct note_find_out row;
    bool found;
    if (id == 0)
        return true;
    if (!t_note_find(tx, &in, &row, &found, e))
        return false;
    return found || err_set(e, ERR_MISSING, 0, "no note %d", (int)id);
}

/* How many notes there are, those included that were added beside. */
static bool job_counts(struct tx *tx, const struct job *job, int64_t *ret_n, struct err *e)
{
    struct note_count_out row;
    if (!t_note_count(tx, &row, e))
        return false;
    void **others = tx_others(tx);
    *ret_n = row.n + (job->keeps && others ? (intptr_t)*others : 0);
    return true;
}

static bool job_work(struct tx *tx, void *context, struct err *e)
{
    struct job *job = context;
    struct note_add_late_in in = {.id = job->id};
    int64_t n = job->id;
    if (!job_looks(tx, job->after, e) || (job->counts && !job_counts(tx, job, &n, e)) ||
        !tx_begin_changes(tx, e))
        return false;
    job->begun++;
    tx_after(tx, job_told, job);
    in.name = arena_printf(tx_arena(tx), "%c%d", job->counts ? 'c' : 'n', (int)n);
    if (!t_note_add_late(tx, &in, NULL, e) || !job_looks(tx, job->looks ? job->id : 0, e))
        return false;
    if (job->fails)
        return err_set(e, ERR_DENIED, 0, "the job does not want to");
    void **others = tx_others(tx);
    if (job->keeps && others) {
        tx_keeps_answers(tx);
        *others = (void *)((intptr_t)*others + 1);
    }
    return true;
}

static void job_done(void *context, bool ok, const struct err *e)
{
    struct job *job = context;
    job->is_done = true;
    job->ok = ok;
    job->kind = ok ? ERR_NONE : e->kind;
}

struct wanted {
    int64_t id;
    struct note_find_out row;
    bool found;
};

static bool find_work(struct tx *tx, void *context, struct err *e)
{
    struct wanted *wanted = context;
    struct note_find_in in = {wanted->id};
    return t_note_find(tx, &in, &wanted->row, &wanted->found, e);
}

static bool note_is(struct fixture *f, int64_t id, const char *name)
{
    struct wanted wanted = {.id = id};
    struct err e;
    assert_true(db_read(f->db, f->arena, find_work, &wanted, &e));
    return name ? wanted.found && str_eq(wanted.row.name, str_of(name)) : !wanted.found;
}

/* Runs the jobs in one batch, to the end; calls_left as in db_fault. Returns how many it took. */
static int64_t jobs_run(struct fixture *f, struct job *jobs, size_t n, int64_t calls_left)
{
    struct gate gate;
    struct err e;
    gate_shut(&gate, f->db);
    for (size_t i = 0; i < n; i++) {
        jobs[i].arena = arena_new(256);
        jobs[i].w = (struct db_write){.work = job_work,
                                      .done = job_done,
                                      .context = &jobs[i],
                                      .arena = jobs[i].arena,
                                      .asks_ahead = true};
        assert_true(db_write_later(f->db, &jobs[i].w, &e));
    }
    atomic_store(&f->fault.calls_left, calls_left);
    gate_lift(&gate);
    while (!db_write_now(f->db, f->arena, find_work, &(struct wanted){.id = 1}, &e))
        assert_int_equal(e.kind, ERR_BROKEN); /* the test's */
    int64_t calls = calls_left - atomic_exchange(&f->fault.calls_left, 0);
    for (size_t i = 0; i < n; i++) {
        assert_true(jobs[i].is_done);
        assert_int_equal(jobs[i].told[true], jobs[i].ok);
        assert_int_equal(jobs[i].told[true] + jobs[i].told[false], jobs[i].begun);
        arena_free(&jobs[i].arena);
    }
    return calls;
}

/* On SQLite nothing is asked ahead, and nothing has to be run again. */
static void check_counts(struct fixture *f, uint64_t least_ahead, uint64_t alone)
{
    struct db_counts counts;
    db_count(f->db, &counts);
    assert_int_equal(counts.alone, fixture_is_postgres() ? alone : 0);
    assert_true(fixture_is_postgres() ? counts.ahead >= least_ahead : counts.ahead == 0);
}

/* A connection prepares a statement when it first runs it, and until then asks nothing ahead. */
static void warm(struct fixture *f)
{
    struct job one = {.id = 900000, .after = 900001, .counts = true};
    fixture_open(f);
    note_must_add(f, 900001);
    jobs_run(f, &one, 1, 0);
    assert_true(one.ok);
}

static void those_that_wait_ask_together(void **state)
{
    struct fixture f;
    struct job jobs[JOBS] = {0};
    (void)state;
    warm(&f);
    for (int i = 0; i < JOBS; i++)
        jobs[i] = (struct job){.id = i + 1, .after = 900001};
    jobs_run(&f, jobs, JOBS, 0);
    for (int i = 0; i < JOBS; i++)
        assert_true(jobs[i].ok && jobs[i].begun == 1);
    check_counts(&f, JOBS, 0);
    fixture_close(&f);
}

static void who_is_refused_before_a_change_disturbs_nobody(void **state)
{
    struct fixture f;
    struct job jobs[3] = {{.id = 1, .after = 900001}, {.id = 2, .after = 77}, {.id = 3}};
    (void)state;
    warm(&f);
    jobs_run(&f, jobs, 3, 0);
    assert_true(jobs[0].ok && jobs[2].ok);
    assert_int_equal(jobs[1].kind, ERR_MISSING);
    assert_int_equal(jobs[1].begun, 0);
    assert_true(note_is(&f, 2, NULL));
    check_counts(&f, 2, 0);
    fixture_close(&f);
}

/* The first adds what the second needs: an answer that came before says it is not there. */
static void an_answer_is_not_used_when_it_may_be_out_of_date(void **state)
{
    struct fixture f;
    struct job jobs[3] = {
        {.id = 1}, {.id = 2, .after = 1, .counts = true}, {.id = 3, .after = 2, .counts = true}};
    (void)state;
    warm(&f);
    jobs_run(&f, jobs, 3, 0);
    for (int i = 0; i < 3; i++)
        assert_true(jobs[i].ok);
    assert_true(note_is(&f, 2, "c3") && note_is(&f, 3, "c4"));
    check_counts(&f, 2, 0);
    fixture_close(&f);
}

static void who_knows_of_the_others_needs_not_ask_again(void **state)
{
    struct fixture f;
    struct job jobs[4] = {0};
    (void)state;
    warm(&f);
    for (int i = 0; i < 4; i++)
        jobs[i] = (struct job){.id = i + 1, .counts = true, .keeps = true};
    jobs_run(&f, jobs, 4, 0);
    assert_true(note_is(&f, 1, "c2") && note_is(&f, 4, "c5"));
    check_counts(&f, 4, 0);
    fixture_close(&f);
}

/* What waits to be written together is seen by whoever looks, and by all behind it. */
static void what_waits_is_seen(void **state)
{
    struct fixture f;
    struct job jobs[JOBS] = {0};
    (void)state;
    warm(&f);
    for (int i = 0; i < JOBS; i++)
        jobs[i] = (struct job){.id = i + 1, .counts = true, .looks = i % 7 == 6};
    jobs_run(&f, jobs, JOBS, 0);
    for (int i = 0; i < JOBS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "c%d", i + 2); /* those before, and two of warm() */
        assert_true(jobs[i].ok && note_is(&f, i + 1, name));
    }
    check_counts(&f, JOBS, 0);
    fixture_close(&f);
}

/* As fewer statements than jobs, with the values of each. */
static void what_is_alike_is_written_together(void **state)
{
    struct fixture f;
    struct job jobs[JOBS] = {0};
    (void)state;
    warm(&f);
    for (int i = 0; i < JOBS; i++)
        jobs[i] = (struct job){.id = i + 1};
    int64_t calls = jobs_run(&f, jobs, JOBS, 1000);
    for (int i = 0; i < JOBS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "n%d", i + 1);
        assert_true(jobs[i].ok && jobs[i].begun == 1 && note_is(&f, i + 1, name));
    }
    assert_true(fixture_is_postgres() ? calls < JOBS / 2 : calls > JOBS);
    fixture_close(&f);
}

static void a_failure_is_of_its_job_only(void **state)
{
    struct fixture f;
    struct job jobs[5] = {
        {.id = 1}, {.id = 2, .fails = true}, {.id = 1}, {.id = 4, .after = 1}, {.id = 5}};
    static const enum err_kind kinds[5] = {ERR_NONE, ERR_DENIED, ERR_CONFLICT, ERR_NONE, ERR_NONE};
    (void)state;
    warm(&f);
    jobs_run(&f, jobs, 5, 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(jobs[i].kind, kinds[i]);
    assert_true(note_is(&f, 2, NULL) && note_is(&f, 4, "n4"));
    check_counts(&f, 1, 1);
    fixture_close(&f);
}

static void each_call_that_fails_leaves_all_or_nothing(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t struck = 0;
    int64_t call = 0;
    warm(&f);
    do {
        call++;
        struct job jobs[3] = {{.id = call * 10, .after = 900001},
                              {.id = call * 10 + 1, .after = 900001},
                              {.id = call * 10 + 2, .after = 900001}};
        struck = atomic_load(&f.fault.struck);
        jobs_run(&f, jobs, 3, call);
        for (size_t i = 0; i < 3; i++) {
            char name[32];
            (void)snprintf(name, sizeof name, "n%d", (int)jobs[i].id);
            assert_true(note_is(&f, jobs[i].id, jobs[i].ok ? name : NULL));
        }
    } while (atomic_load(&f.fault.struck) > struck);
    assert_true(call > 8);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_wait_ask_together),
        cmocka_unit_test(who_is_refused_before_a_change_disturbs_nobody),
        cmocka_unit_test(an_answer_is_not_used_when_it_may_be_out_of_date),
        cmocka_unit_test(who_knows_of_the_others_needs_not_ask_again),
        cmocka_unit_test(what_waits_is_seen),
        cmocka_unit_test(what_is_alike_is_written_together),
        cmocka_unit_test(a_failure_is_of_its_job_only),
        cmocka_unit_test(each_call_that_fails_leaves_all_or_nothing),
    };
    return RUN_TESTS(tests);
}
