#include <unistd.h>

#include "base/log.h"
#include "tests/lib/unit.h"

static void a_line_stays_a_line(void **state)
{
    (void)state;
    int ends[2];
    char got[200] = "";
    assert_int_equal(pipe(ends), 0);
    struct log l = {.fd = ends[1], .least = LOG_LEVEL_INFO, .journal = true};
    log_info(&l, "request", "path=%s", "/a\nb\x1b");
    log_debug(&l, "request", "quiet=%d", 1);
    assert_true(read(ends[0], got, sizeof got - 1) > 0);
    assert_string_equal(got, "<6>request path=/a\\x0ab\\x1b\n");
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void errors_rise_with_their_place(void **state)
{
    (void)state;
    struct err e = {0};
    assert_false(err_set(&e, ERR_INVALID, 3, "no %s", "slug"));
    assert_false(err_where(&e, "%s:%d", "a.md", 4));
    assert_string_equal(e.why, "a.md:4: no slug");
    assert_int_equal(e.kind, ERR_INVALID);
    assert_int_equal(e.say, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_stays_a_line),
        cmocka_unit_test(errors_rise_with_their_place),
    };
    return RUN_TESTS(tests);
}
