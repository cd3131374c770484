#include "text/language.h"

#include "tests/lib/unit.h"

static void tags_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {"kk", "uz-Latn", "pt-BR", "zh-Hant-TW", "ckb", "es-419"};
    static const char *const bad[] = {"",        "k",  "kk-",    "-kk",      "kazakh", "kk_KZ",
                                      "kk-KZ-x", "k1", "uz-Lat", "kk-KZ-KZ", "en-",    "қаз"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(language_is_tag(str_of(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (language_is_tag(str_of(bad[i])))
            fail_msg("%s", bad[i]);
    }
}

static void directions_are_known(void **state)
{
    (void)state;
    static const char *const rtl[] = {"ar", "AR", "ar-EG",   "fa",        "ug",
                                      "he", "ur", "kk-Arab", "az-Arab-IR"};
    static const char *const ltr[] = {"kk", "ru", "en", "ug-Cyrl", "", "x", "arn"};
    for (size_t i = 0; i < ARRAY_LEN(rtl); i++)
        assert_int_equal(language_direction(str_of(rtl[i])), DIRECTION_RTL);
    for (size_t i = 0; i < ARRAY_LEN(ltr); i++)
        assert_int_equal(language_direction(str_of(ltr[i])), DIRECTION_LTR);
}

static void the_first_strong_character_decides(void **state)
{
    (void)state;
    assert_int_equal(language_text_direction(STR("123 – مرحبا hello"), DIRECTION_LTR),
                     DIRECTION_RTL);
    assert_int_equal(language_text_direction(STR("«Сәлем» مرحبا"), DIRECTION_RTL), DIRECTION_LTR);
    assert_int_equal(language_text_direction(STR("12:30 👍"), DIRECTION_RTL), DIRECTION_RTL);
    /* What is isolated does not count: U+2067 … U+2069. */
    assert_int_equal(language_text_direction(STR("\xE2\x81\xA7"
                                                 "مرحبا\xE2\x81\xA9 hello"),
                                             DIRECTION_RTL),
                     DIRECTION_LTR);
}

static void texts_are_guessed(void **state)
{
    (void)state;
    static const struct str site[] = {STR_INIT("ru"), STR_INIT("kk"), STR_INIT("uz"),
                                      STR_INIT("ky"), STR_INIT("en"), STR_INIT("ar")};
    static const struct {
        const char *text, *language;
    } cases[] = {
        {"Бұл мақала маған қатты ұнады, рақмет!", "kk"},
        {"Мақала өте жақсы екен", "kk"},
        {"Бул макала мага абдан жакты, көп рахмат, үзгүлтүксүз окуйм", "ky"},
        {"Очень хорошая статья, спасибо автору", "ru"},
        {"Bu maqola menga juda yoqdi, katta rahmat, oʻqib chiqdim", "uz"},
        {"Bu maqola juda zo'r, o'qidim va g'oyasi yoqdi", "uz"},
        {"Ушбу мақола менга жуда ёқди, ўқиб чиқдим, ҳаммага тавсия", "uz"},
        {"A very good article, quite unique", "en"},
        {"مقال رائع جدا", "ar"},
        {"123 👍", "ru"},
        {"", "ru"},
        {"中文", "ru"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str got = language_guess(str_of(cases[i].text), site, ARRAY_LEN(site), STR("ru"));
        if (!str_eq(got, str_of(cases[i].language)))
            fail_msg("%s: " STR_FMT, cases[i].text, STR_ARG(got));
    }
    assert_str(language_guess(STR("Ўзбекча матн"), (struct str[]){STR("uz-Latn"), STR("uz-Cyrl")},
                              2, STR("uz-Latn")),
               "uz-Cyrl");
    assert_str(language_guess(STR("text"), NULL, 0, STR("kk")), "kk");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_checked),
        cmocka_unit_test(directions_are_known),
        cmocka_unit_test(the_first_strong_character_decides),
        cmocka_unit_test(texts_are_guessed),
    };
    return RUN_TESTS(tests);
}
