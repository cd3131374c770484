/* Reading may take so long and no longer (read_ms); writing as long as it takes. */
#include "tests/unit/db/fixture.h"

#define READ_MS 200
#define COUNT_FOR_MINUTES INT64_C(4000000000)

static struct fixture f;

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    db_close(&f.db);
    f.options.read_ms = READ_MS;
    struct err e;
    assert_true(db_open(&f.options, &f.db, &e));
    note_must_add(&f, 1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

static void pause_ms(int64_t ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static bool count_long(struct tx *tx, void *context, struct err *e)
{
    (void)context;
    struct note_endless_in in = {COUNT_FOR_MINUTES};
    struct note_endless_out out;
    return t_note_endless(tx, &in, &out, e);
}

static void a_statement_is_ended(void **state)
{
    (void)state;
    struct err e;
    int64_t began_ms = clock_ticks_ms(&clock_system);
    assert_false(db_read(f.db, f.arena, count_long, NULL, &e));
    int64_t took_ms = clock_ticks_ms(&clock_system) - began_ms;
    assert_int_equal(e.kind, ERR_BUSY);
    assert_true(took_ms >= READ_MS - 10 && took_ms < 10 * READ_MS);
    assert_int_equal(note_total(&f), 1); /* the connection goes on */
}

static bool count_pause_count(struct tx *tx, void *context, struct err *e)
{
    int64_t *n_counted = context;
    struct note_count_out out;
    if (!t_note_count(tx, &out, e))
        return false;
    (*n_counted)++;
    pause_ms(READ_MS + 50);
    if (!t_note_count(tx, &out, e))
        return false;
    (*n_counted)++;
    return true;
}

static void a_transaction_is_ended_between_statements(void **state)
{
    (void)state;
    struct err e;
    int64_t n_counted = 0;
    assert_false(db_read(f.db, f.arena, count_pause_count, &n_counted, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_int_equal(n_counted, 1);
    assert_int_equal(note_total(&f), 1); /* the next one has time of its own */
}

static void writing_is_not_limited(void **state)
{
    (void)state;
    struct err e;
    int64_t n_counted = 0;
    assert_true(db_write_now(f.db, f.arena, count_pause_count, &n_counted, &e));
    assert_int_equal(n_counted, 2);
}

static void reading_without_a_limit_goes_on(void **state)
{
    (void)state;
    struct err e;
    int64_t n_counted = 0;
    db_close(&f.db);
    f.options.read_ms = 0;
    assert_true(db_open(&f.options, &f.db, &e));
    assert_true(db_read(f.db, f.arena, count_pause_count, &n_counted, &e));
    assert_int_equal(n_counted, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_statement_is_ended, start, end),
        cmocka_unit_test_setup_teardown(a_transaction_is_ended_between_statements, start, end),
        cmocka_unit_test_setup_teardown(writing_is_not_limited, start, end),
        cmocka_unit_test_setup_teardown(reading_without_a_limit_goes_on, start, end),
    };
    return RUN_TESTS(tests);
}
