#include "tests/unit/i18n/open.h"

static void the_nearest_language_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *found;
    } cases[] = {
        {"kk", "kk"},    {"KK-kz", "kk"}, {"kk-Cyrl-KZ", "kk"}, {"uz-Latn-UZ", "uz"},
        {"ar-EG", "ar"}, {"en-GB", "en"}, {"de", "en"},         {"", "en"},
        {"k", "en"},     {"-", "en"},     {"kkx", "en"},        {"--kk", "en"},
    };
    ON_LEAVE(close_all) struct opened o = open_all();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(i18n_tag(i18n_find(o.i18n, str_of(cases[i].tag))), cases[i].found);
}

static void browsers_are_understood(void **state)
{
    (void)state;
    static const struct str site[] = {STR_INIT("ru"), STR_INIT("kk"), STR_INIT("uz-Latn"),
                                      STR_INIT("en")};
    static const struct {
        const char *header, *language;
    } cases[] = {
        {"", "ru"},
        {"kk", "kk"},
        {"kk-KZ,kk;q=0.9,ru;q=0.8,en;q=0.7", "kk"},
        {"de-DE,de;q=0.9,en;q=0.5", "en"},
        {"en;q=0.5, kk;q=0.8", "kk"},
        {"uz", "uz-Latn"},
        {"uz-UZ", "ru"},
        {"UZ-latn-UZ", "uz-Latn"},
        {"de", "ru"},
        {"*", "ru"},
        {"en;q=0.1,*;q=0.5", "ru"},
        {"en;q=0", "ru"},
        {"en;q=2", "ru"},
        {"en;q=0.1234", "ru"},
        {"en;q=x, kk;q=0.001", "kk"},
        {"en ; q=0.3 , kk ; q=0.4", "kk"},
        {",,;,;q=,kk", "kk"},
        {"kk;level=1", "kk"},
        {"-,--,*-*", "ru"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str got = i18n_negotiate(str_of(cases[i].header), site, ARRAY_LEN(site), STR("ru"));
        if (!str_eq(got, str_of(cases[i].language)))
            fail_msg("%s: " STR_FMT, cases[i].header, STR_ARG(got));
    }
    char long_header[4000];
    memset(long_header, ',', sizeof long_header);
    assert_str(i18n_negotiate((struct str){long_header, sizeof long_header}, site, 4, STR("ru")),
               "ru");
    assert_str(i18n_negotiate(STR("kk"), NULL, 0, STR("ru")), "ru");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_language_is_found),
        cmocka_unit_test(browsers_are_understood),
    };
    return RUN_TESTS(tests);
}
