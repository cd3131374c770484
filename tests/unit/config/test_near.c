#include "config/near.h"
#include "tests/lib/unit.h"

static void distances_count_changes(void **state)
{
    (void)state;
    assert_int_equal(near_distance(STR("site.name"), STR("site.name")), 0);
    assert_int_equal(near_distance(STR("site.nmae"), STR("site.name")), 1);
    assert_int_equal(near_distance(STR("site.nam"), STR("site.name")), 1);
    assert_int_equal(near_distance(STR(""), STR("abc")), 3);
    assert_int_equal(near_distance(STR("kitten"), STR("sitting")), 3);
    char long_word[65];
    memset(long_word, 'a', sizeof(long_word));
    assert_true(near_distance((struct str){long_word, sizeof(long_word)}, STR("a")) == SIZE_MAX);
}

static void distance_is_symmetric(void **state)
{
    (void)state;
    static const char *const words[] = {"publish", "pubilsh", "check", "chekc", "x", "", "backup"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        for (size_t j = 0; j < ARRAY_LEN(words); j++)
            assert_int_equal(near_distance(str_of(words[i]), str_of(words[j])),
                             near_distance(str_of(words[j]), str_of(words[i])));
}

static void slips_are_small(void **state)
{
    (void)state;
    assert_true(near_is_slip(2, 4));
    assert_true(near_is_slip(3, 9));
    assert_false(near_is_slip(4, 9));
    assert_false(near_is_slip(SIZE_MAX, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_changes),
        cmocka_unit_test(distance_is_symmetric),
        cmocka_unit_test(slips_are_small),
    };
    return RUN_TESTS(tests);
}
