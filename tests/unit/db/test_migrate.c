/* Opening, creating and bringing the schema up to date. */
#include "tests/unit/db/fixture.h"

/* The schema with other migrations. */
static struct db_schema schema_with(const struct db_migration *migrations, size_t n)
{
    struct db_schema schema = test_schema;
    schema.migrations = migrations;
    schema.n_migrations = n;
    return schema;
}

static void a_database_grows_with_the_program(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_make(&f);
    struct db_schema older = schema_with(test_schema.migrations, 1);
    f.options.schema = &older;
    assert_true(db_open(&f.options, &f.db, &e));
    note_must_add(&f, 1);
    assert_false(db_check_statements(f.db, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    db_close(&f.db);
    f.options.schema = &test_schema;
    for (int round = 0; round < 2; round++) {
        assert_true(db_open(&f.options, &f.db, &e));
        assert_true(db_check_statements(f.db, &e));
        assert_int_equal(note_total(&f), 1);
        db_close(&f.db);
    }
    f.options.schema = &older;
    assert_false(db_open(&f.options, &f.db, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_null(f.db);
    fixture_close(&f);
}

static void a_failing_migration_leaves_nothing(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_make(&f);
    struct db_migration bad[] = {
        test_schema.migrations[0],
        {2, "bad", "CREATE TABLE reply (id BIGINT); INSERT INTO nowhere VALUES (1);", NULL}};
    struct db_schema schema = schema_with(bad, 2);
    f.options.schema = &schema;
    assert_false(db_open(&f.options, &f.db, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_non_null(strstr(e.why, "0002_bad"));
    f.options.schema = &test_schema;
    assert_true(db_open(&f.options, &f.db, &e));
    assert_int_equal(note_total(&f), 0);
    fixture_close(&f);
}

static void orphans_are_refused(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_make(&f);
    struct db_migration bad[] = {
        test_schema.migrations[0],
        test_schema.migrations[1],
        {3, "orphan", "INSERT INTO reply (id, note) VALUES (1, 77);", NULL}};
    struct db_schema schema = schema_with(bad, 3);
    f.options.schema = &schema;
    assert_false(db_open(&f.options, &f.db, &e));
    f.options.schema = &test_schema;
    assert_true(db_open(&f.options, &f.db, &e));
    fixture_close(&f);
}

/* Each database call of the migrations fails in turn. */
static void a_migration_cut_short_is_made_again(void **state)
{
    struct err e;
    bool ok = false;
    (void)state;
    for (int64_t n = 1; !ok; n++) {
        struct fixture f;
        fixture_make(&f);
        atomic_store(&f.fault.calls_left, n);
        ok = db_open(&f.options, &f.db, &e);
        atomic_store(&f.fault.calls_left, 0);
        if (!ok)
            assert_true(db_open(&f.options, &f.db, &e));
        assert_int_equal(note_total(&f), 0);
        note_must_add(&f, 1);
        fixture_close(&f);
        assert_true(n < 50);
    }
}

static void what_is_there_is_not_made_again(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_open(&f);
    assert_false(db_create(str_of(f.address), &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    db_close(&f.db);
    fixture_close(&f);
}

static void what_is_not_there_is_missing(void **state)
{
    struct fixture f;
    struct err e;
    struct db *db = NULL;
    (void)state;
    fixture_make(&f);
    char address[500];
    (void)snprintf(address, sizeof address, "%s/none/none", f.address);
    if (!fixture_is_postgres()) {
        f.options.address = str_of(address);
        assert_false(db_open(&f.options, &db, &e));
        assert_int_equal(e.kind, ERR_MISSING);
        f.options.exclusive = true;
        assert_false(db_open(&f.options, &db, &e));
        assert_true(e.kind == ERR_MISSING || e.kind == ERR_BROKEN);
    }
    f.options.address = STR("postgresql:///x?host=/nonexistent/socket");
    f.options.busy_ms = 50;
    assert_false(db_open(&f.options, &db, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_null(db);
    fixture_close(&f);
}

static void only_one_is_exclusive_and_others_may_write(void **state)
{
    struct fixture f;
    struct err e;
    (void)state;
    fixture_make(&f);
    struct db *second = NULL;
    f.options.exclusive = true;
    assert_true(db_open(&f.options, &f.db, &e));
    if (!fixture_is_postgres()) {
        assert_false(db_open(&f.options, &second, &e));
        assert_int_equal(e.kind, ERR_CONFLICT);
    }
    f.options.exclusive = false;
    assert_true(db_open(&f.options, &second, &e));
    struct fixture other = f;
    other.db = second;
    note_must_add(&other, 1);
    note_must_add(&f, 2);
    assert_int_equal(note_total(&f), 2);
    assert_int_equal(note_total(&other), 2);
    db_close(&second);
    db_close(&f.db);
    f.options.exclusive = true;
    assert_true(db_open(&f.options, &f.db, &e));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_grows_with_the_program),
        cmocka_unit_test(a_failing_migration_leaves_nothing),
        cmocka_unit_test(orphans_are_refused),
        cmocka_unit_test(a_migration_cut_short_is_made_again),
        cmocka_unit_test(what_is_there_is_not_made_again),
        cmocka_unit_test(what_is_not_there_is_missing),
        cmocka_unit_test(only_one_is_exclusive_and_others_may_write),
    };
    return RUN_TESTS(tests);
}
