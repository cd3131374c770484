#include "i18n/zone.h"

#include <stdlib.h>
#include <time.h>

#include "tests/unit/i18n/open.h"

/* Two hundred years by the C library, which reads the same files. */
static void clocks_agree_with_libc(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Asia/Almaty",       "Asia/Qyzylorda",  "Asia/Tashkent",       "Asia/Bishkek",
        "Europe/Moscow",     "Europe/Berlin",   "America/New_York",    "America/Sao_Paulo",
        "Asia/Tehran",       "Africa/Cairo",    "Asia/Jerusalem",      "Europe/Dublin",
        "Africa/Casablanca", "America/Nuuk",    "Australia/Lord_Howe", "Antarctica/Troll",
        "Pacific/Apia",      "Pacific/Chatham", "Etc/GMT+5",           "UTC",
        "Asia/Kathmandu",    "America/Caracas", "Australia/Sydney",    "America/Santiago",
    };
    struct zones *zones = zones_new();
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();
        for (int64_t s = 0; s < 4000000000; s += 86400 * 3 + 1237) {
            struct tm tm;
            time_t t = (time_t)s;
            int32_t offset;
            assert_non_null(localtime_r(&t, &tm));
            assert_true(zone_offset(zones, str_of(names[i]), s, &offset));
            if (offset != tm.tm_gmtoff)
                fail_msg("%s at %lld: %d, libc %ld", names[i], (long long)s, offset, tm.tm_gmtoff);
        }
    }
    zones_free(&zones);
    assert_int_equal(unsetenv("TZ"), 0);
}

static void a_change_is_exact(void **state)
{
    (void)state;
    struct zones *zones = zones_new();
    int32_t offset;
    /* Kazakhstan set its clocks back on 1 March 2024, at local midnight of UTC+6. */
    assert_true(zone_offset(zones, STR("Asia/Almaty"), 1709229599, &offset));
    assert_int_equal(offset, 6 * 3600);
    assert_true(zone_offset(zones, STR("Asia/Almaty"), 1709229600, &offset));
    assert_int_equal(offset, 5 * 3600);
    zones_free(&zones);
}

static void other_names_are_no_zones(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",         "Asia",         "../../etc/passwd", "/etc/localtime",
        "Asia/",    "Asia//Almaty", "Asia/../UTC",      "No/Where",
        "zone.tab", "UTC\n",        "tzdata.zi",        "Азия/Алматы"};
    struct zones *zones = zones_new();
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        int32_t offset = 7;
        if (zone_offset(zones, str_of(names[i]), 0, &offset))
            fail_msg("%s", names[i]);
        assert_int_equal(offset, 0);
    }
    zones_free(&zones);
    ON_LEAVE(close_all) struct opened o = open_all();
    const struct i18n_lang *l = i18n_find(o.i18n, STR("en"));
    assert_true(i18n_zone_is_known(l, STR("Asia/Almaty")));
    assert_false(i18n_zone_is_known(l, STR("Asia/Nowhere")));
    assert_str(i18n_date(o.arena, l, 0, STR("Asia/Nowhere"), I18N_DATE), "January 1, 1970");
}

static void rules_are_read(void **state)
{
    (void)state;
    struct zone_change changes[4];
    int32_t standard = 0;
    assert_int_equal(zone_rule_expand(STR("<+05>-5"), 2026, 2026, changes, &standard), 0);
    assert_int_equal(standard, 5 * 3600);
    assert_int_equal(
        zone_rule_expand(STR("CET-1CEST,M3.5.0,M10.5.0/3"), 2026, 2027, changes, &standard), 4);
    assert_true(changes[0].at_s == 1774746000 && changes[0].offset_s == 7200);
    assert_true(changes[1].at_s == 1792890000 && changes[1].offset_s == 3600);
    /* South of the equator summer ends first; days may be counted without 29 February. */
    assert_int_equal(zone_rule_expand(STR("X-10Y,J275,J60"), 2024, 2024, changes, &standard), 0);
    assert_int_equal(zone_rule_expand(STR("AAA-10BBB,J275,J60"), 2024, 2024, changes, &standard),
                     2);
    assert_true(changes[0].offset_s == 36000 && changes[1].offset_s == 39600);
    static const char *const bad[] = {"",
                                      "5",
                                      "EST",
                                      "EST5EDT",
                                      "EST5EDT,M13.1.0,M11.1.0",
                                      "EST5EDT,M3.2.0",
                                      "EST5EDT,M3.2.0,M11.1.0x",
                                      "<+05-5"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(zone_rule_expand(str_of(bad[i]), 2026, 2026, changes, &standard), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_agree_with_libc),
        cmocka_unit_test(a_change_is_exact),
        cmocka_unit_test(other_names_are_no_zones),
        cmocka_unit_test(rules_are_read),
    };
    return RUN_TESTS(tests);
}
