#include "tests/lib/unit.h"

static void numbers_are_whole(void **state)
{
    (void)state;
    int64_t n = 7;
    assert_true(str_to_int64(STR("0"), 0, 9, &n));
    assert_int_equal(n, 0);
    assert_true(str_to_int64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MIN);
    assert_true(str_to_int64(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MAX);
    n = 7;
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "01",
                                      "-0",
                                      "1x",
                                      "0x1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "10"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(str_to_int64(str_of(bad[i]), 0, 9, &n));
    assert_int_equal(n, 7);
}

static void parts_come_in_order(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), part;
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "b");
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "");
    assert_false(str_next(&rest, ',', &part));
}

static void pieces_are_found(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabd"), STR("abd")), 3);
    assert_int_equal(str_find(STR("abc"), STR("x")), -1);
    assert_int_equal(str_find_char(STR("abc"), 'c'), 2);
    assert_true(str_begins(STR("abc"), STR("ab")));
    assert_false(str_begins(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_str(str_trim(STR(" \t a b \r\n")), "a b");
    assert_true(str_eq_nocase(STR("Content-Type"), STR("content-type")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
}

static void hex_is_exact(void **state)
{
    (void)state;
    uint8_t b[2] = {9, 9};
    assert_true(str_to_bytes(STR("0aFf"), b, 2));
    assert_int_equal(b[0], 10);
    assert_int_equal(b[1], 255);
    assert_false(str_to_bytes(STR("0aFg"), b, 2));
    assert_false(str_to_bytes(STR("0aF"), b, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(parts_come_in_order),
        cmocka_unit_test(pieces_are_found),
        cmocka_unit_test(hex_is_exact),
    };
    return RUN_TESTS(tests);
}
