#include "text/slug.h"

#include "base/buf.h"
#include "tests/lib/unit.h"

static void slugs_are_checked(void **state)
{
    (void)state;
    char long_one[98];
    memset(long_one, 'a', sizeof long_one);
    assert_true(slug_is_valid((struct str){long_one, 96}));
    assert_false(slug_is_valid((struct str){long_one, 97}));
    static const char *const good[] = {"a", "0", "a-b", "2026-budget"};
    static const char *const bad[] = {"",    "-",   "-a", "a-",  "a--b", "A",
                                      "a b", "a_b", "é",  "a/b", "a."};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(slug_is_valid(str_of(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(slug_is_valid(str_of(bad[i])));
}

static void headlines_become_slugs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *slug;
    } cases[] = {
        {"Hello, World!", "hello-world"},
        {"  --  ", "x"},
        {"", "x"},
        {"Қазақстан үкіметі жаңа заң қабылдады", "qazaqstan-ukimeti-zhana-zan-qabyldady"},
        {"Щедрый хлеб: цены растут!", "shchedryi-khleb-tseny-rastut"},
        {"Объём выборов", "obem-vyborov"},
        {"Кыргызстан: өнөр жана эл", "kyrgyzstan-onor-zhana-el"},
        {"Oʻzbekiston gʻalabasi", "ozbekiston-galabasi"},
        {"Ўзбекистон ғалабаси", "ozbekiston-galabasi"},
        {"Don’t stop", "dont-stop"},
        {"Żółć é ß", "zolc-e-ss"},
        {"İstanbul", "istanbul"},
        {"COVID-19 – 100%", "covid-19-100"},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_str(slug_make(a, str_of(cases[i].text)), cases[i].slug);
}

static void every_slug_is_valid(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "العربية",  "中文标题", "हिन्दी", "日本語", "ქართული", "👩‍👧 🇰🇿",
        "\xCC\x81", "ﷺﷺﷺﷺﷺﷺﷺﷺ", "ᏣᎳᎩ",   "𝐀𝐝𝐦𝐢𝐧"};
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct buf b = buf_in(a, MiB);
        for (int n = 0; n < 300; n++)
            buf_put(&b, str_of(texts[i]));
        assert_true(slug_is_valid(slug_make(a, str_of(texts[i]))));
        assert_true(slug_is_valid(slug_make(a, buf_str(&b))));
    }
    /* Cut between words. */
    struct str slug = slug_make(a, STR("бір екі үш төрт бес алты жеті сегіз тоғыз он он бір он екі "
                                       "он үш он төрт он бес он алты он жеті он сегіз"));
    assert_true(slug.n <= SLUG_BYTES_MAX && slug.n > 80);
    assert_true(str_ends(slug, STR("-on")) || str_ends(slug, STR("-bes")) || slug_is_valid(slug));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_are_checked),
        cmocka_unit_test(headlines_become_slugs),
        cmocka_unit_test(every_slug_is_valid),
    };
    return RUN_TESTS(tests);
}
