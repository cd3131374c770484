#include "tests/unit/i18n/open.h"

static void languages_name_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *name;
    } cases[] = {
        {"kk", "Қазақ тілі"}, {"RU", "Русский"}, {"uz-Cyrl", "Ўзбекча"},     {"ar", "العربية"},
        {"it", "Italiano"},   {"xx", "xx"},      {"not a tag", "not a tag"}, {"", ""},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(i18n_language_name(a, str_of(cases[i].tag)), cases[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(languages_name_themselves)};
    return RUN_TESTS(tests);
}
