#include "text/bare.h"

#include "tests/lib/unit.h"
#include "text/utf8.h"

/* What is left of a text, as UTF-8. */
static struct str bare(struct arena *a, const char *text, const char *name)
{
    struct bare b = bare_text(a, str_of(text), str_of(name), 1);
    char *p = arena_take(a, 4 * b.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < b.n; i++)
        n += utf8_print(b.p[i], p + n);
    return (struct str){p, n};
}

static void disguises_fall(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
    } pairs[] = {
        {"Купите ТОВАР", "kупитe ToBAP"},           /* Latin letters in Russian words */
        {"free money", "frее mоnеу"},               /* and the other way round */
        {"free money", "𝐟𝐫𝐞𝐞 ｍｏｎｅｙ"},          /* mathematical, full width */
        {"free money", "ⓕⓡⓔⓔ 🅼🅾🅽🅴🆈"},               /* circled, squared */
        {"free money", "fr\xE2\x80\x8B"             /* zero-width space, soft hyphen, */
                       "ee mo\xC2\xADn\xE2\x81\xA0" /* word joiner */
                       "ey"},
        {"free money", "f.r.e.e m-o-n-e-y"},  /* pulled apart */
        {"free money", "freeeeee moooooney"}, /* stretched */
        {"free money", "fr33 m0n3y"},         /* digits */
        {"password", "p@s$w0rd"},             /* signs within words */
        {"free money", "fr\xCC\xB6"           /* struck through, accented */
                       "e\xCC\x81"
                       "e möney"},
        {"зачем тебе это", "3а4ем те6е э7о"},               /* the Cyrillic way */
        {"қазақ тілі үшін ғылым", "казак тiлi yшiн гылым"}, /* without Kazakh letters */
        {"тоҷикӣ забони", "точики забони"},                 /* or Tajik ones */
        {"o‘zbek tili", "ozbek tili"},
        {"ёлка и йод", "елка и иод"},
        {"مرحبا بكم", "مرحـــبا بكم"}, /* tatweel */
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct str one = bare(a, pairs[i].one, ""), other = bare(a, pairs[i].other, "");
        if (one.n == 0 || !str_eq(one, other))
            fail_msg("\"%s\" gives \"" STR_FMT "\", \"%s\" gives \"" STR_FMT "\"", pairs[i].one,
                     STR_ARG(one), pairs[i].other, STR_ARG(other));
    }
}

static void other_words_stay_other(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
    } pairs[] = {
        {"free money", "free honey"},
        {"вода вернулась", "вода ушла"},
        {"жақсы", "жаман"},
        {"سلام", "سلامة"},
        {"한국어", "한국말"},
        {"東京都", "京都東"},
        {"end of story. the rest", "end of story."},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct str one = bare(a, pairs[i].one, ""), other = bare(a, pairs[i].other, "");
        assert_true(one.n > 0 && other.n > 0 && !str_eq(one, other));
    }
}

static void links_and_names_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"buy now", ""},
        {"buy https://shop.example/a?b=c#d now", ""},
        {"buy nowhttp://shop.example", ""},
        {"HTTP://SHOP.EXAMPLE/ buy now", ""},
        {"buy ｈｔｔｐｓ：／／shop.example now", ""},
        {"[buy](https://shop.example/a) now", ""},
        {"buy www.shop.example, now", ""},
        {"buy t.me/shop now", ""},
        {"buy now shop.kz.", ""},
        {"buy now Shop-24.RU!", ""},
        {"@reader_1 buy now", ""},
        {"@Айгүл-2, buy now", ""},
        {"buy now. Ivan", "Ivan"},
        {"Iv\xD0\xB0n: buy now", "ivan"}, /* a Cyrillic a */
        {"> who sells?\nbuy now", ""},
        {"buy now\n  > who sells?\n", ""},
    };
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str expected = bare(a, "buy now", "");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str got = bare(a, cases[i].text, cases[i].name);
        if (!str_eq(got, expected))
            fail_msg("\"%s\" gives \"" STR_FMT "\"", cases[i].text, STR_ARG(got));
    }
    /* What only looks like one stays. */
    assert_str(bare(a, "it ends.Then", ""), "ltendsthen");
    assert_str(bare(a, "a@b", ""), "ab");
    assert_str(bare(a, "Jo joked", "Jo"), "jojoked"); /* too short a name */
}

static void quotes_stay_when_there_is_little_else(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    struct str text = STR("> all of the words\nyes");
    assert_int_equal(bare_text(a, text, STR_NONE, 3).n, 3);
    assert_int_equal(bare_text(a, text, STR_NONE, 4).n, 15);
}

static void any_text_is_bounded(void **state)
{
    (void)state;
    ON_LEAVE(arena_free) struct arena *a = arena_new(0);
    char *p = arena_take(a, 300000);
    for (size_t i = 0; i < 300000; i++)
        p[i] = "ab"[i & 1];
    assert_int_equal(bare_text(a, (struct str){p, 300000}, STR_NONE, 1).n, BARE_LETTERS_MAX);
    /* U+FDFA: 18 letters and spaces. */
    for (size_t i = 0; i + 3 <= 300000; i += 3)
        memcpy(p + i, "\xEF\xB7\xBA", 3);
    arena_reset(a);
    p = arena_take(a, 30000);
    for (size_t i = 0; i + 3 <= 30000; i += 3)
        memcpy(p + i, "\xEF\xB7\xBA", 3);
    size_t before = arena_taken(a);
    assert_int_equal(bare_text(a, (struct str){p, 30000}, STR_NONE, 1).n, BARE_LETTERS_MAX);
    assert_true(arena_taken(a) - before <= 100 * 4 * (size_t)BARE_LETTERS_MAX);
    assert_int_equal(bare_text(a, STR_NONE, STR_NONE, 1).n, 0);
    assert_int_equal(bare_text(a, STR("🌚💛 ... @x"), STR_NONE, 1).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disguises_fall),
        cmocka_unit_test(other_words_stay_other),
        cmocka_unit_test(links_and_names_are_left_out),
        cmocka_unit_test(quotes_stay_when_there_is_little_else),
        cmocka_unit_test(any_text_is_bounded),
    };
    return RUN_TESTS(tests);
}
