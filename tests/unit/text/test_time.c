#include "text/time.h"

#include "tests/lib/unit.h"

static void times_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t s;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-03-02T09:30:00+05:00", 1772425800},
        {"2026-03-02T09:30+05:00", 1772425800},
        {"2026-03-02t04:30:00z", 1772425800},
        {"2026-03-02T04:30:00.999Z", 1772425800},
        {"2026-03-01T23:30:00-05:00", 1772425800},
        {"2024-02-29T00:00:00Z", 1709164800},
        {"2000-02-29T12:00:00Z", 951825600},
        {"2016-12-31T23:59:60Z", 1483228800},
        {"2017-01-01T04:59:60+05:00", 1483228800},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"1969-12-31T20:00:00-05:00", 3600},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        int64_t s = -1;
        if (!time_parse(str_of(good[i].text), &s) || s != good[i].s)
            fail_msg("%s: %lld", good[i].text, (long long)s);
    }
}

static void other_things_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T09:30:00",
        "2026-03-02 09:30:00Z",
        "2026-03-02T09:30:00+0500",
        "2026-03-02T09:30:00+5:00",
        "2026-03-02T09:30:00+24:00",
        "2026-03-02T09:30:00+05:60",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T09:60:00Z",
        "2026-03-02T09:30:61Z",
        "2026-03-02T09:30:60Z",
        "2026-03-02T09:30:00.Z",
        "2026-03-02T09:30:00Z ",
        " 2026-03-02T09:30:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "+2026-03-02T09:30:00Z",
        "26-03-02T09:30:00Z",
    };
    int64_t s = 7;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (time_parse(str_of(bad[i]), &s))
            fail_msg("%s", bad[i]);
    }
    assert_false(time_parse(STR("2026-03-02T09:30\0:00Z"), &s));
    assert_int_equal(s, 7);
}

static void times_are_printed(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    assert_str(time_print(a, 1772425800), "2026-03-02T04:30:00Z");
    assert_str(time_print(a, 0), "1970-01-01T00:00:00Z");
    assert_str(time_print(a, -1), "1969-12-31T23:59:59Z");
    assert_str(time_print_http(a, 1772425800), "Mon, 02 Mar 2026 04:30:00 GMT");
    assert_str(time_print_http(a, 784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

/* Every day from 1600 to 2500 by the C library's reckoning. */
static void days_agree_with_libc(void **state)
{
    (void)state;
    for (int64_t s = -11676096000; s < 16725225600; s += 86400 + 3661) {
        struct tm tm;
        time_t t = (time_t)s;
        struct time_civil c = time_civil(s);
        assert_non_null(gmtime_r(&t, &tm));
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday ||
            c.hour != tm.tm_hour || c.minute != tm.tm_min || c.second != tm.tm_sec ||
            c.weekday != tm.tm_wday)
            fail_msg("%lld", (long long)s);
        assert_true(time_of_civil(c.year, c.month, c.day) == s - (((s % 86400) + 86400) % 86400));
    }
}

static void what_is_printed_parses(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (int64_t s = 0; s < 253402300799; s += 86400 * 97 + 12345) {
        int64_t back;
        assert_true(time_parse(time_print(a, s), &back));
        assert_true(back == s);
        arena_reset(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_parsed),       cmocka_unit_test(other_things_are_refused),
        cmocka_unit_test(times_are_printed),      cmocka_unit_test(days_agree_with_libc),
        cmocka_unit_test(what_is_printed_parses),
    };
    return RUN_TESTS(tests);
}
