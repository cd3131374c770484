#include "db/postgres_libpq.h"
#include "tests/unit/db/fixture.h"

static void every_function_is_found(void **state)
{
    (void)state;
    struct err e;
    struct libpq loaded = {0};
    assert_true(libpq_load(LIBPQ_FILE, &loaded, &e));
#define CALL(name) assert_ptr_equal(loaded.name, name); /* this test is linked with it */
#include "db/postgres_libpq.def"
#undef CALL
    assert_true(libpq_open(&e));
    assert_memory_equal(&pq, &loaded, sizeof pq);
    assert_true(libpq_open(&e));
}

static void a_library_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct err e;
    struct libpq loaded = {0};
    assert_false(libpq_load("libpq-of-nobody.so.5", &loaded, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    assert_non_null(strstr(e.why, "libpq-of-nobody.so.5 is not installed"));
    assert_null(loaded.PQexec);
}

static void a_library_that_lacks_a_function_is_refused(void **state)
{
    (void)state;
    struct err e;
    struct libpq loaded = {0};
    assert_false(libpq_load("libc.so.6", &loaded, &e));
    assert_int_equal(e.kind, ERR_BROKEN);
    assert_non_null(strstr(e.why, "PQbackendPID"));
    assert_null(loaded.PQexec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_is_found),
        cmocka_unit_test(a_library_that_is_not_there_is_named),
        cmocka_unit_test(a_library_that_lacks_a_function_is_refused),
    };
    return RUN_TESTS(tests);
}
