#include "text/utf8.h"

#include "tests/lib/unit.h"

static void malformed_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC3",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xE2\x82",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "a\xFE",
        "\xF0\x9F\x98",
        "\xC3(",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(utf8_is_valid(str_of(bad[i])));
    assert_true(utf8_is_valid(STR("")));
    assert_true(utf8_is_valid(STR("a\0b")));
    assert_true(utf8_is_valid(STR("Айтыс \xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF")));
}

/* Every scalar value is written and read back, and nothing else is well-formed. */
static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        struct str s = {bytes, utf8_print(c, bytes)};
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        if (utf8_is_valid(s) == surrogate)
            fail_msg("U+%04X", c);
        size_t at = 0;
        if (!surrogate && (utf8_next(s, &at) != c || at != s.n))
            fail_msg("U+%04X", c);
    }
}

static void controls_are_no_text(void **state)
{
    (void)state;
    assert_true(utf8_is_text(STR("Сәлем\tдоктор\r\n"), true));
    assert_false(utf8_is_text(STR("a\nb"), false));
    assert_false(utf8_is_text(STR("a\tb"), false));
    assert_true(utf8_is_text(STR("a b"), false));
    static const struct str bad[] = {
        STR_INIT("a\0b"),          STR_INIT("\x01"),
        STR_INIT("\x1b[0m"),       STR_INIT("\x7f"),
        STR_INIT("\xC2\x85"),      STR_INIT("\xEF\xBF\xB9"),
        STR_INIT("a\xEF\xBB\xBF"), STR_INIT("\xEF\xBF\xBE"),
        STR_INIT("\xEF\xB7\x90"),  STR_INIT("\xF0\x9F\xBF\xBF"),
        STR_INIT("\xC3"),
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(utf8_is_text(bad[i], true));
    assert_true(utf8_is_text(STR("\xEF\xBB\xBF"
                                 "a"),
                             true));
    assert_true(utf8_is_text(STR("\xEF\xBF\xBD \xE2\x80\xAE"), true));
}

static void heads_end_between_code_points(void **state)
{
    (void)state;
    assert_str(utf8_head(STR("Ай"), 4), "Ай");
    assert_str(utf8_head(STR("Ай"), 3), "А");
    assert_str(utf8_head(STR("Ай"), 1), "");
    assert_str(utf8_head(STR("\xF0\x9F\x98\x80"), 3), "");
    assert_str(utf8_head(STR("ab"), 0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_bytes_are_refused),
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(controls_are_no_text),
        cmocka_unit_test(heads_end_between_code_points),
    };
    return RUN_TESTS(tests);
}
