/* Every statement is prepared, and what goes in and comes out fits, on the engine under test. */
#include "store/statements.h"
#include "tests/unit/db/fixture.h"

static void statements_fit_their_engine(void **state)
{
    (void)state;
    struct fixture f;
    struct err e;
    fixture_make(&f);
    f.options.schema = &store_schema;
    if (!db_open(&f.options, &f.db, &e))
        fail_msg("open: %s", e.why);
    if (!db_check_statements(f.db, &e))
        fail_msg("%s", e.why);
    if (!db_check(f.db, &e))
        fail_msg("%s", e.why);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(statements_fit_their_engine)};
    return RUN_TESTS(tests);
}
