#include "domain/totp.h"
#include "tests/lib/unit.h"

/* RFC 6238, appendix B, SHA-1; the last six of its eight digits. */
static const struct totp_secret rfc = {"12345678901234567890"};
static const struct {
    int64_t at_s;
    const char *code;
} vectors[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"},
};

static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        char code[TOTP_DIGITS + 1];
        int64_t step = 0;
        totp_code(&rfc, vectors[i].at_s / TOTP_STEP_S, code);
        assert_string_equal(code, vectors[i].code);
        assert_true(totp_find(&rfc, str_of(vectors[i].code), vectors[i].at_s, -1, &step));
        assert_int_equal(step, vectors[i].at_s / TOTP_STEP_S);
    }
}

/* A clock may be a step early or late, and no more. */
static void clocks_may_differ_by_a_step(void **state)
{
    (void)state;
    int64_t now = 40000000, step;
    for (int64_t drift = -3; drift <= 3; drift++) {
        char code[TOTP_DIGITS + 1];
        totp_code(&rfc, now + drift, code);
        bool expected = drift >= -TOTP_DRIFT && drift <= TOTP_DRIFT;
        assert_int_equal(totp_find(&rfc, str_of(code), now * TOTP_STEP_S, 0, &step), expected);
        if (expected)
            assert_int_equal(step, now + drift);
    }
}

static void no_step_is_taken_twice(void **state)
{
    (void)state;
    int64_t now = 40000000, step;
    char code[TOTP_DIGITS + 1], older[TOTP_DIGITS + 1];
    totp_code(&rfc, now, code);
    totp_code(&rfc, now - 1, older);
    assert_true(totp_find(&rfc, str_of(code), now * TOTP_STEP_S, now - 1, &step));
    assert_false(totp_find(&rfc, str_of(code), now * TOTP_STEP_S, now, &step));
    assert_false(totp_find(&rfc, str_of(older), now * TOTP_STEP_S, now, &step));
}

static void spaces_are_forgiven_and_nothing_else(void **state)
{
    (void)state;
    int64_t step;
    assert_true(totp_find(&rfc, STR("287 082"), 59, -1, &step));
    assert_true(totp_find(&rfc, STR(" 28 70 82 "), 59, -1, &step));
    static const char *const bad[] = {"",        "28708",    "2870820",  "28708x", "+287082",
                                      "287-082", "0x287082", "287082\n", "٢٨٧٠٨٢"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(totp_find(&rfc, str_of(bad[i]), 59, -1, &step));
}

static void secrets_are_written_as_apps_read_them(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    /* RFC 4648 of "12345678901234567890". */
    assert_str(totp_text(a, &rfc), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    assert_str(totp_address(a, &rfc, STR("The Daily: News"), STR("Айдана")),
               "otpauth://totp/The%20Daily%3A%20News:%D0%90%D0%B9%D0%B4%D0%B0%D0%BD%D0%B0"
               "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=The%20Daily%3A%20News");
    arena_free(&a);
}

/* A name has at most so many characters, but each of them may be many bytes. */
static void a_long_name_is_written_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    char name[2400], encoded[3 * sizeof name];
    for (size_t i = 0; i < sizeof name; i += 4)
        memcpy(name + i, "\xF0\x9F\x91\xA9", 4);
    for (size_t i = 0; i < sizeof encoded; i += 12)
        memcpy(encoded + i, "%F0%9F%91%A9", 12);
    struct str account = {name, sizeof name}, site = str_head(account, 200);
    struct str address = totp_address(a, &rfc, site, account);
    assert_true(str_find(address, (struct str){encoded, sizeof encoded}) > 0);
    assert_true(str_ends(address, (struct str){encoded, 600}));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(clocks_may_differ_by_a_step),
        cmocka_unit_test(no_step_is_taken_twice),
        cmocka_unit_test(spaces_are_forgiven_and_nothing_else),
        cmocka_unit_test(secrets_are_written_as_apps_read_them),
        cmocka_unit_test(a_long_name_is_written_whole),
    };
    return RUN_TESTS(tests);
}
